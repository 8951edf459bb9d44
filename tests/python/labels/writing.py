"""Writes many sheets, for a test that kills it: FOLDER, number of labels, `inner` or `outer`."""

import sys
from pathlib import Path

from tests.python.labels.reading import inner_labels, outer_labels
from weilian.labels import LabelRun, OutputOptions, read_layout, write_sheets

LAYOUT = read_layout("a4-24")
RECIPIENT = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg"


def main(folder, count, kind):
    inner = kind == "inner"
    labels = inner_labels(count) if inner else outer_labels(count)
    recipients = (RECIPIENT,) if inner else ()
    options = OutputOptions(recipients, workers=2, per_file=2)
    return write_sheets(folder, LabelRun(labels, count, kind, inner), LAYOUT, options)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])

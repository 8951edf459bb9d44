"""Printed labels: the outer one with a Digital Link, the hidden one with the claim code."""

from weilian.labels.label import Label, LabelRun, inner_label, outer_label
from weilian.labels.layout import SheetLayout, read_layout
from weilian.labels.output import OutputOptions, write_images, write_sheets

__all__ = [
    "Label",
    "LabelRun",
    "OutputOptions",
    "SheetLayout",
    "inner_label",
    "outer_label",
    "read_layout",
    "write_images",
    "write_sheets",
]

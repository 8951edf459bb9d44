"""Where the tests find example data."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
TEA = EXAMPLES / "tea"
PUBLIC_DATA = ROOT.parent / "shared" / "data"

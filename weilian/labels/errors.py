"""The base of what can be wrong with labels."""

from weilian.errors import WeilianError


class LabelError(WeilianError, ValueError):
    """Base of the errors about labels."""

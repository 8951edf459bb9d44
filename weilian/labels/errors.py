"""The base of what can be wrong with labels."""

from weilian.errors import WeilianError


class LabelError(WeilianError, ValueError):
    """Base of the errors about labels; they pass from one process to another unchanged."""

    def __reduce__(self) -> tuple[object, ...]:
        # NOTE: pickle would call the class with the finished message instead of its parts.
        return _again, (type(self), str(self))


def _again(kind: type[LabelError], message: str) -> LabelError:
    error = kind.__new__(kind)
    error.args = (message,)
    return error

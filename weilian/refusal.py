"""How a model of a contract says no."""

from weilian.errors import WeilianError


class RefusedError(WeilianError, ValueError):
    """The contract reverts with the custom error `error` and these `inputs`.

    Where a model keeps the thing itself instead of its id (an order, a plan), the thing stands.
    """

    def __init__(self, error: str, **inputs: object) -> None:
        self.error = error
        self.inputs = inputs
        super().__init__(f"{error}({', '.join(f'{k}={v}' for k, v in inputs.items())})")


class InvariantError(WeilianError, AssertionError):
    """A model broke a promise that every operation must keep."""

    def __init__(self, promise: str, found: object) -> None:
        super().__init__(f"{promise}; found {found}")

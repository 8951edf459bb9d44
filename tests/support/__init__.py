"""What the tests share."""

import pytest

pytest.register_assert_rewrite("tests.support.money", "tests.support.reverts")

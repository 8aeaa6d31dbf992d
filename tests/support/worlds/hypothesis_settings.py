"""How many examples Hypothesis draws: the same on every machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings

Test = TypeVar("Test", bound=Callable[..., None])
SLOW_TOO = "slow_too"
"""Marks tests of which `-m 'not slow'` draws few examples, and any other run all."""
_left_out = False


def leave_out_slow(*, left_out: bool) -> None:
    """Say whether this run leaves out what is slow, before any test is imported."""
    global _left_out  # noqa: PLW0603
    _left_out = left_out


def examples(count: int, *, quick: int | None = None) -> Callable[[Test], Test]:
    """The same examples on every machine, however slow it is.

    A run without slow tests draws only `quick` of them, and one of slow tests all.
    """
    chosen = settings(
        max_examples=quick if quick and _left_out else count,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )

    def decorated(test: Test) -> Test:
        made: Test = chosen(test)
        return made if quick is None else pytest.mark.slow_too(made)

    return decorated

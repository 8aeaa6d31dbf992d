"""Output of commands: results on standard output, warnings on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import count


def say(text: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(text + "\n")


def warn(text: str) -> None:
    """Write a warning to standard error."""
    sys.stderr.write(f"warning: {text}\n")


def step_counter(tick: Callable[[str], None], step: str) -> Callable[[], None]:
    """A function that reports to `tick` how often it was called within a step.

    Examples
    --------
    >>> steps = []
    >>> draw = step_counter(steps.append, "draws")
    >>> draw(), draw(), steps
    (None, None, ['draws 1', 'draws 2'])
    """
    numbers = count(1)
    return lambda: tick(f"{step} {next(numbers)}")

"""What a command says: results on the one stream, warnings on the other."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import count


def say(text: str) -> None:
    """A line of the answer."""
    sys.stdout.write(text + "\n")


def warn(text: str) -> None:
    """A line that is no part of the answer."""
    sys.stderr.write(f"warning: {text}\n")


def counted(tick: Callable[[str], None], step: str) -> Callable[[], None]:
    """A function that tells how often it was called within a step.

    Examples
    --------
    >>> told = []
    >>> draw = counted(told.append, "draws")
    >>> draw(), draw(), told
    (None, None, ['draws 1', 'draws 2'])
    """
    numbers = count(1)
    return lambda: tick(f"{step} {next(numbers)}")

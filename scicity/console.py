"""What a command says: results on the one stream, warnings on the other."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """A line of the answer."""
    sys.stdout.write(text + "\n")


def warn(text: str) -> None:
    """A line that is no part of the answer."""
    sys.stderr.write(f"warning: {text}\n")

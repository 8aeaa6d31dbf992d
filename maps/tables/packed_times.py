"""Tables of travel times packed into short text, and unpacked by the page's script.

Times from a zone are much like those of its neighbour, the way there takes about as long as the way
back, and most scenarios change little. So a table is told as differences, which Deflate (RFC 1951,
which every browser can undo) makes short:

1. a table that refers to another one becomes that one minus itself;
2. below the diagonal stands the way back, minus the way there;
3. in a table that refers to none, above the diagonal stands each time minus the one to its left.

All differences are modulo 256, so that a byte holds each.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEVEL = 6


@dataclass(frozen=True)
class PackedTimes:
    """A table of times, packed.

    Attributes
    ----------
    reference
        Number of the table to which it refers; None if to none.
    text
        Base64 of the zlib stream of its bytes, row by row.
    """

    reference: int | None
    text: str


def _text(differences: np.ndarray) -> str:
    packed = zlib.compress(np.ascontiguousarray(differences).tobytes(), LEVEL)
    return base64.b64encode(packed).decode("ascii")


def _folded(table: np.ndarray, above: np.ndarray) -> np.ndarray:
    """`above` on and above the diagonal, the table's way back minus the way there below it."""
    return np.where(np.tri(len(table), k=-1, dtype=bool), table - table.T, above)


def packed_times(times: np.ndarray, references: Sequence[tuple[int, np.ndarray]]) -> PackedTimes:
    """A table as text.

    Parameters
    ----------
    times
        points x points, uint8.
    references
        Numbers and tables that it may refer to, same shape; the one with most times in common is
        chosen. Without any it stands for itself.

    Examples
    --------
    >>> table = np.zeros((300, 300), dtype=np.uint8)
    >>> packed = packed_times(table, [(4, table)])
    >>> packed.reference, len(packed.text) < 400
    (4, True)
    """
    if not references:
        left = np.diff(times, axis=1, prepend=np.uint8(0))
        np.fill_diagonal(left, times.diagonal())
        return PackedTimes(None, _text(_folded(times, left)))
    changes = [(number, table - times) for number, table in references]
    number, change = min(changes, key=lambda pair: np.count_nonzero(pair[1]))
    return PackedTimes(number, _text(_folded(change, change)))

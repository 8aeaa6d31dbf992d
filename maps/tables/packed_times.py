"""Tables of travel times packed into short text, and unpacked by the page's script.

Times from a zone are much like those from its neighbour, a trip takes about as long as its return,
and most scenarios change little. So a table is stored as differences, which Deflate (RFC 1951,
known to every browser) compresses well:

1. a table with a reference table becomes the reference minus itself;
2. below the diagonal, each time has the time of the opposite direction subtracted;
3. without a reference, above the diagonal each time has its left neighbour subtracted.

All differences are modulo 256, so each fits in a byte.
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
        Index of the reference table; None without one.
    text
        Base64 of the zlib stream of its bytes, row by row.
    """

    reference: int | None
    text: str


def _text(differences: np.ndarray) -> str:
    packed_streets = zlib.compress(np.ascontiguousarray(differences).tobytes(), LEVEL)
    return base64.b64encode(packed_streets).decode("ascii")


def _folded(table: np.ndarray, above: np.ndarray) -> np.ndarray:
    """`above` on and above the diagonal; below it, the table minus its transpose."""
    return np.where(np.tri(len(table), k=-1, dtype=bool), table - table.T, above)


def packed_times(times: np.ndarray, references: Sequence[tuple[int, np.ndarray]]) -> PackedTimes:
    """A table as text.

    Parameters
    ----------
    times
        points x points, uint8.
    references
        Indices and tables of the same shape that may be the reference; the one with most times in
        common is taken. If empty, the table has no reference.

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

"""Lines as encoded polylines, a short text for pages with many lines."""

from __future__ import annotations

import numpy as np
import shapely

from maps.style.overlay import DECIMALS

_CHUNK_BITS = 5
_MORE = 1 << _CHUNK_BITS
_FIRST_LETTER = 63
_CHUNKS = 6
"""Six chunks of five bits hold any difference of two coordinates."""


def _letters(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Letters of all numbers, concatenated, and the count of letters of each."""
    # zigzag code: the sign becomes the lowest bit
    folded = np.where(numbers < 0, ~(numbers << 1), numbers << 1)[:, None]
    shift = _CHUNK_BITS * np.arange(_CHUNKS)
    is_used = (folded >> shift) > 0
    is_used[:, 0] = True
    # each letter holds five bits; all but the last letter of a number have the bit `_MORE` set
    continues = np.pad(is_used[:, 1:], ((0, 0), (0, 1)))
    chunk = (folded >> shift) & (_MORE - 1)
    letters = (chunk + np.where(continues, _MORE, 0) + _FIRST_LETTER).astype(np.uint8)
    return letters[is_used], is_used.sum(axis=1)


def encoded_lines(lines: np.ndarray) -> list[str]:
    """Lines in longitude and latitude as Google's encoded polylines, rounded to `DECIMALS`.

    Google's "Encoded Polyline Algorithm Format", latitude first, each point as the difference
    from the previous one. A point takes about 4 letters, in GeoJSON about 20.

    Parameters
    ----------
    lines
        LineStrings.

    Examples
    --------
    >>> encoded_lines(np.array([shapely.LineString([(-120.2, 38.5), (-120.95, 40.7)])]))
    ['_p~iF~ps|U_ulLnnqC']
    """
    if not len(lines):
        return []
    points, line = shapely.get_coordinates(lines, return_index=True)
    whole = np.round(points[:, ::-1] * 10**DECIMALS).astype(np.int64)
    is_first = np.diff(line, prepend=-1) > 0
    steps = np.where(is_first[:, None], whole, np.diff(whole, axis=0, prepend=0))
    letters, counts = _letters(steps.ravel())
    ends = np.cumsum(counts.reshape(-1, 2).sum(axis=1))[np.append(is_first[1:], True)]
    text = letters.tobytes().decode("ascii")
    return [text[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)]

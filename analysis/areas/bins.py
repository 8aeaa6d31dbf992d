"""Square bins over the plane, so that what is near a place is found at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

BINS_EACH = 4
"""Bins for each thing in them, at most: a few things far apart get wider bins."""


class Bins(NamedTuple):
    """Bins in rows from south to north.

    Attributes
    ----------
    x, y
        The corner in the south-west.
    width
        Metres.
    columns, rows
        How many there are.
    """

    x: float
    y: float
    width: float
    columns: int
    rows: int


def bins_over(x: np.ndarray, y: np.ndarray, width: float) -> Bins:
    """Bins of a width, or wider, that hold some places.

    Examples
    --------
    >>> bins_over(np.array([0.0, 25.0]), np.array([0.0, 5.0]), 10.0)
    Bins(x=0.0, y=0.0, width=10.0, columns=3, rows=1)
    """
    low, high = (x.min(), y.min()), (x.max(), y.max())
    east, north = high[0] - low[0], high[1] - low[1]
    while (east // width + 1) * (north // width + 1) > BINS_EACH * len(x) + 1:
        width *= 2
    columns, rows = int(east // width) + 1, int(north // width) + 1
    return Bins(float(low[0]), float(low[1]), float(width), columns, rows)

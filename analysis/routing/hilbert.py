"""Numbering along Hilbert's curve: neighbours in the plane become neighbours in memory."""

from __future__ import annotations

import numpy as np

LEVELS = 16
"""How often the plane is halved in each direction."""


def along_curve(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Positions of the points in the order of Hilbert's curve through their bounding square.

    Hilbert, "Ueber die stetige Abbildung einer Linie auf ein Flaechenstueck", Mathematische
    Annalen 38, 1891.

    Examples
    --------
    >>> along_curve(np.array([0.0, 9.0, 0.0, 9.0]), np.array([0.0, 0.0, 9.0, 9.0])).tolist()
    [0, 2, 3, 1]
    """
    if len(x) == 0:
        return np.empty(0, dtype=np.int64)
    size = 1 << LEVELS
    span = max(np.ptp(x), np.ptp(y)) or 1.0
    column = ((x - x.min()) / span * (size - 1)).astype(np.int64)
    row = ((y - y.min()) / span * (size - 1)).astype(np.int64)
    distance = np.zeros(len(x), dtype=np.int64)
    half = size // 2
    while half:
        right, up = (column & half) > 0, (row & half) > 0
        distance += half * half * np.where(right, np.where(up, 2, 3), up)
        flip = ~up & right
        column, row = np.where(flip, size - 1 - column, column), np.where(flip, size - 1 - row, row)
        column, row = np.where(up, column, row), np.where(up, row, column)
        half //= 2
    return np.argsort(distance, kind="stable")

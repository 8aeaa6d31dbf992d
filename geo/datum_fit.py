"""Whether a layer would lie better on what is there if it were in a Chinese map datum."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Transformer

from geo.bd09 import bd09_from_gcj02
from geo.crs import WGS84, projected
from geo.datums import SHIFTED, wgs84_positions
from geo.gcj02 import gcj02_from_wgs84, in_china

NEAR_M = 3_000.0
"""Points farther from everything say nothing."""
FEWEST, MOST = 30, 1_000
"""Points without which nothing is clear, and those of a large layer that are looked at."""
CELL_M = 250.0
"""One point is looked at in each such cell."""
CLEAR_T = 4.0
"""Student's t of the paired gain in the root of the distance: with 30 points once in 5,000 by
chance."""
CLEAR_SHARE = 0.95
"""Of the fit as it stands and of that after every other turn of the shift."""
TURNS = 12

Move = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Fit:
    """How much better a layer fits in another datum.

    Attributes
    ----------
    datum
        `gcj02` or `bd09`.
    off_m
        How far the layer lies off, the median.
    before_m, after_m
        Median distance to what is there, as the layer stands and as it would lie.
    """

    datum: str
    off_m: float
    before_m: float
    after_m: float


def _forward(lonlat: np.ndarray, datum: str) -> np.ndarray:
    lon, lat = gcj02_from_wgs84(*lonlat.T)
    return np.column_stack(bd09_from_gcj02(lon, lat) if datum == "bd09" else (lon, lat))


INTO_WGS84: Mapping[str, Move] = {
    datum: lambda lonlat, datum=datum: wgs84_positions(lonlat, datum)  # type: ignore[misc]
    for datum in SHIFTED
}
"""The points are suspected."""
FROM_WGS84: Mapping[str, Move] = {
    datum: lambda lonlat, datum=datum: _forward(lonlat, datum)  # type: ignore[misc]
    for datum in SHIFTED
}
"""What is there is suspected: points of WGS 84 would fit if they were moved to it."""


def _roots(tree: shapely.STRtree, xy: np.ndarray) -> np.ndarray:
    """Square roots of the distances to what is there: a few far points do not decide."""
    _, metres = tree.query_nearest(shapely.points(xy), return_distance=True, all_matches=False)
    return np.sqrt(np.asarray(metres))


def _thinned(xy: np.ndarray) -> np.ndarray:
    """The first point of each cell: neighbours that move together are one witness."""
    _, first = np.unique(np.floor(xy / CELL_M), axis=0, return_index=True)
    return np.asarray(xy[np.sort(first)])


def _turned(shift: np.ndarray, turn: int) -> np.ndarray:
    angle = 2 * np.pi * turn / TURNS
    cos, sin = np.cos(angle), np.sin(angle)
    return shift @ np.array([[cos, sin], [-sin, cos]])


def _is_clear(tree: shapely.STRtree, xy: np.ndarray, shift: np.ndarray, before: np.ndarray) -> bool:
    """Whether a shift makes points fit, and no other one of its length does."""
    after = _roots(tree, xy + shift)
    gain = before - after
    error = gain.std(ddof=1) / np.sqrt(len(gain))
    if gain.mean() <= CLEAR_T * error:
        return False
    others = [_roots(tree, xy + _turned(shift, turn)).mean() for turn in range(1, TURNS)]
    return bool(after.mean() < CLEAR_SHARE * min(before.mean(), *others))


def better_fit(
    xy: np.ndarray, there: np.ndarray, crs: str, moves: Mapping[str, Move] = INTO_WGS84
) -> Fit | None:
    """The map datum in which points clearly lie better on what is there; None if there is none.

    The right datum must bring the points nearer by more than chance does, and its shift must do
    better than the same shift turned to any of eleven other directions: a layer that has nothing
    to do with what is there fits all of them alike.

    Parameters
    ----------
    xy
        Positions (n x 2), projected, held for WGS 84.
    there
        Lines or points, projected.
    crs
        The projected system.
    moves
        To longitudes and latitudes from such, by datum: `INTO_WGS84` or `FROM_WGS84`.
    """
    xy = _thinned(xy[np.isfinite(xy).all(axis=1)])
    if len(xy) < FEWEST or not len(there):
        return None
    xy = xy[np.linspace(0, len(xy) - 1, min(len(xy), MOST)).astype(int)]
    tree = shapely.STRtree(there)
    roots = _roots(tree, xy)
    near = roots <= np.sqrt(NEAR_M)
    xy, roots = xy[near], roots[near]
    back = Transformer.from_crs(crs, WGS84, always_xy=True)
    lonlat = np.column_stack(back.transform(*xy.T))
    if len(xy) < FEWEST or not in_china(*lonlat.T).all():
        return None
    found = []
    for datum, move in moves.items():
        shift = projected(move(lonlat), crs) - xy
        if _is_clear(tree, xy, shift, roots):
            before, after = (np.median(r) ** 2 for r in (roots, _roots(tree, xy + shift)))
            off = np.median(np.hypot(*shift.T))
            found.append(Fit(datum, float(off), float(before), float(after)))
    return min(found, key=lambda fit: fit.after_m, default=None)

"""Detection of layers that are in an undeclared Chinese map datum.

A layer is compared with reference geometry (such as roads): if it fits clearly better once it is
taken for GCJ-02 or BD-09, it probably is.
"""

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
"""Points farther than this from the reference do not count."""
MIN_POINTS, MAX_POINTS = 30, 1_000
"""Fewest points for a decision, and most points of a large layer that are examined."""
CELL_M = 250.0
"""Side of the grid cells, in each of which one point is examined."""
CLEAR_T = 4.0
"""Student's t of the paired gain in the square root of the distance: with 30 points it occurs by
chance once in 5,000 layers."""
CLEAR_SHARE = 0.95
"""The fit must be below this share of the fit as declared, and of that for every rotated shift."""
ROTATIONS = 12

Move = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Fit:
    """How much better a layer fits in another datum.

    Attributes
    ----------
    datum
        `gcj02` or `bd09`.
    off_m
        Median offset of the layer.
    declared_m, converted_m
        Median distance to the reference geometry, as declared and as converted from `datum`.
    """

    datum: str
    off_m: float
    declared_m: float
    converted_m: float


def _forward(lonlat: np.ndarray, datum: str) -> np.ndarray:
    lon, lat = gcj02_from_wgs84(*lonlat.T)
    return np.column_stack(bd09_from_gcj02(lon, lat) if datum == "bd09" else (lon, lat))


INTO_WGS84: Mapping[str, Move] = {
    datum: lambda lonlat, datum=datum: wgs84_positions(lonlat, datum)  # type: ignore[misc]
    for datum in SHIFTED
}
"""Moves that test whether the points are in the datum."""
FROM_WGS84: Mapping[str, Move] = {
    datum: lambda lonlat, datum=datum: _forward(lonlat, datum)  # type: ignore[misc]
    for datum in SHIFTED
}
"""Moves that test whether the reference is in the datum: WGS 84 points are moved to it."""


def _roots(tree: shapely.STRtree, xy: np.ndarray) -> np.ndarray:
    """Square roots of the distances to the reference: a few far points must not decide."""
    _, metres = tree.query_nearest(shapely.points(xy), return_distance=True, all_matches=False)
    return np.sqrt(np.asarray(metres))


def _thinned(xy: np.ndarray) -> np.ndarray:
    """The first point of each cell: neighbours that shift together are no independent evidence."""
    _, first = np.unique(np.floor(xy / CELL_M), axis=0, return_index=True)
    return np.asarray(xy[np.sort(first)])


def _rotated(shift: np.ndarray, step: int) -> np.ndarray:
    angle = 2 * np.pi * step / ROTATIONS
    cos, sin = np.cos(angle), np.sin(angle)
    return shift @ np.array([[cos, sin], [-sin, cos]])


def _is_clear(
    tree: shapely.STRtree, xy: np.ndarray, shift: np.ndarray, declared: np.ndarray
) -> bool:
    """Whether a shift makes points fit better, and no rotation of it does so as well."""
    converted = _roots(tree, xy + shift)
    gain = declared - converted
    error = gain.std(ddof=1) / np.sqrt(len(gain))
    if gain.mean() <= CLEAR_T * error:
        return False
    rotated = [_roots(tree, xy + _rotated(shift, step)).mean() for step in range(1, ROTATIONS)]
    return bool(converted.mean() < CLEAR_SHARE * min(declared.mean(), *rotated))


def better_fit(
    xy: np.ndarray, reference: np.ndarray, crs: str, moves: Mapping[str, Move] = INTO_WGS84
) -> Fit | None:
    """The map datum in which points clearly fit the reference better; None if there is none.

    The conversion must bring the points nearer by more than chance, and must do better than the
    same shift rotated to any of eleven other directions: a layer that is unrelated to the
    reference fits equally well in all of them.

    Parameters
    ----------
    xy
        Positions (n x 2), projected, taken for WGS 84.
    reference
        Reference lines or points, projected.
    crs
        The projected CRS.
    moves
        Functions of longitudes and latitudes, by datum: `INTO_WGS84` or `FROM_WGS84`.
    """
    xy = _thinned(xy[np.isfinite(xy).all(axis=1)])
    if len(xy) < MIN_POINTS or not len(reference):
        return None
    xy = xy[np.linspace(0, len(xy) - 1, min(len(xy), MAX_POINTS)).astype(int)]
    tree = shapely.STRtree(reference)
    roots = _roots(tree, xy)
    near = roots <= np.sqrt(NEAR_M)
    xy, roots = xy[near], roots[near]
    to_wgs84 = Transformer.from_crs(crs, WGS84, always_xy=True)
    lonlat = np.column_stack(to_wgs84.transform(*xy.T))
    if len(xy) < MIN_POINTS or not in_china(*lonlat.T).all():
        return None
    fits = []
    for datum, move in moves.items():
        shift = projected(move(lonlat), crs) - xy
        if _is_clear(tree, xy, shift, roots):
            declared, converted = (np.median(r) ** 2 for r in (roots, _roots(tree, xy + shift)))
            off = np.median(np.hypot(*shift.T))
            fits.append(Fit(datum, float(off), float(declared), float(converted)))
    return min(fits, key=lambda fit: fit.converted_m, default=None)

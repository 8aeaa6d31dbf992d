"""The area around what is reached.

T(x) is the least, over all points p of the network, of the time at p and the time off the network
from p to x, and off the network one goes at most R (`max_offroad_m`) at the mode's connector
speed, with the usual detour: w seconds a metre. So x is within a cutoff c where

    f(x) = min over p of max(T(p) + w |x - p| - c, w (|x - p| - R))

is not positive. f falls or rises by at most w a metre, so its zero contour on a grid is smooth and
true to a fraction of a cell. Nobody leaves a tunnel, bridge or motorway between its ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from contourpy import FillType, contour_generator
from shapely.geometry.base import BaseGeometry

from analysis.reach import Reach, times_along
from layers.assumptions import Assumptions

FAR_CELLS = 2
"""Beyond so many cells outside the area f no longer matters and is held level."""


@dataclass(frozen=True)
class Samples:
    """Points of the network where one can leave it, and how to go on from there.

    Attributes
    ----------
    points, secs
        n x 2 coordinates, and the time at each.
    secs_per_m
        Time off the network, detour included.
    cell_m, offroad_m
        Spacing of the grid; farthest one goes off the network.
    """

    points: np.ndarray
    secs: np.ndarray
    secs_per_m: float
    cell_m: float
    offroad_m: float

    @property
    def level_secs(self) -> float:
        """The value of f far outside the area."""
        return FAR_CELLS * self.cell_m * self.secs_per_m


def margin_secs(connector_mps: float, assumptions: Assumptions) -> float:
    """How far beyond a cutoff times must be known for its area, in seconds."""
    return FAR_CELLS * assumptions.surface_cell_m * assumptions.detour / connector_mps


def network_samples(reach: Reach, assumptions: Assumptions) -> Samples:
    """Points along the streets a cell apart, the origin, and the stops reached."""
    cell = assumptions.surface_cell_m
    along, secs = times_along(reach, cell)
    spots = shapely.get_coordinates(reach.spots.geometry.to_numpy())
    return Samples(
        np.concatenate([along, spots]),
        np.concatenate([secs, reach.spots["secs"].to_numpy()]),
        assumptions.detour / reach.connector_mps,
        cell,
        assumptions.max_offroad_m,
    )


@dataclass(frozen=True)
class _Field:
    """f on a square grid whose lines are multiples of the cell."""

    x: np.ndarray
    y: np.ndarray
    value: np.ndarray


def _field(samples: Samples, cutoff_secs: float) -> _Field:
    near = samples.secs <= cutoff_secs + samples.level_secs
    points, late = samples.points[near], samples.secs[near] - cutoff_secs
    cell, per_m = samples.cell_m, samples.secs_per_m
    reach = int(np.ceil(samples.offroad_m / cell)) + FAR_CELLS
    base = np.floor(points / cell).astype(int)
    low, high = base.min(axis=0) - reach, base.max(axis=0) + reach + 2
    columns, rows = high - low
    value = np.full(rows * columns, samples.level_secs)
    for down in range(-reach, reach + 2):
        for right in range(-reach, reach + 2):
            at = base + np.array((right, down))
            metres = np.hypot(*(points - at * cell).T)
            f = np.maximum(late + metres * per_m, (metres - samples.offroad_m) * per_m)
            inside = f < samples.level_secs
            spot = (at[inside, 1] - low[1]) * columns + at[inside, 0] - low[0]
            np.minimum.at(value, spot, f[inside])
    x, y = np.arange(low[0], high[0]) * cell, np.arange(low[1], high[1]) * cell
    return _Field(x, y, value.reshape(rows, columns))


def reached_area(samples: Samples, cutoff_secs: float) -> BaseGeometry:
    """The area reached within a cutoff.

    The same cutoff gives the same area whatever else is asked, and a larger one contains a
    smaller one.

    Returns
    -------
    Polygon or MultiPolygon
        Valid; islands and holes are kept. Empty if nothing is reached.
    """
    if not (samples.secs <= cutoff_secs).any():
        return shapely.Polygon()
    field = _field(samples, cutoff_secs)
    generator = contour_generator(
        x=field.x, y=field.y, z=field.value, fill_type=FillType.OuterOffset
    )
    filled: Any = generator.filled(-np.inf, 0.0)
    polygons = []
    for points, ends in zip(*filled, strict=True):
        rings = [points[a:b] for a, b in pairwise(ends)]
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    whole = [p if p.is_valid else shapely.make_valid(p, method="structure") for p in polygons]
    return shapely.union_all(whole)

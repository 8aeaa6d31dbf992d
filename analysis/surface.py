"""The travel-time surface and its contours.

T(x) is the least, over all points of the network, of the time at that point and the time off the
network from it to x. Off the network one goes at most `max_offroad_m`, at the mode's connector
speed with the usual detour. Nobody leaves a tunnel, bridge or motorway between its ends.
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


@dataclass(frozen=True)
class Surface:
    """Travel time on a square grid.

    Attributes
    ----------
    x, y
        Coordinates of columns and rows, metres; multiples of the cell.
    secs
        rows x columns; infinite where nothing reaches.
    margin_secs
        Time to cross a cell off the network: how far beyond a cutoff the surface must be known
        for its contour.
    """

    x: np.ndarray
    y: np.ndarray
    secs: np.ndarray
    margin_secs: float


def margin_secs(connector_mps: float, assumptions: Assumptions) -> float:
    """Seconds to cross one cell of the surface diagonally, off the network."""
    diagonal = assumptions.surface_cell_m * np.sqrt(2)
    return float(diagonal * assumptions.detour / connector_mps)


def _stamped(
    points: np.ndarray, secs: np.ndarray, grid: tuple[np.ndarray, np.ndarray], per_m: float
) -> np.ndarray:
    """Times at the four grid points around each sample."""
    x, y = grid
    cell = x[1] - x[0]
    column = np.floor((points[:, 0] - x[0]) / cell).astype(int)
    row = np.floor((points[:, 1] - y[0]) / cell).astype(int)
    out = np.full((len(y), len(x)), np.inf)
    for down in (0, 1):
        for right in (0, 1):
            away = np.hypot(points[:, 0] - x[column + right], points[:, 1] - y[row + down])
            np.minimum.at(out, (row + down, column + right), secs + away * per_m)
    return out


def _spread(stamped: np.ndarray, cell: float, reach_m: float, per_m: float) -> np.ndarray:
    """Every grid point reached from every other within `reach_m`, straight across."""
    out = stamped.copy()
    cells = int(reach_m // cell)
    rows, columns = stamped.shape
    for down in range(-cells, cells + 1):
        for right in range(-cells, cells + 1):
            away = np.hypot(down, right) * cell
            if away == 0 or away > reach_m:
                continue
            to_rows = slice(max(down, 0), rows + min(down, 0))
            to_columns = slice(max(right, 0), columns + min(right, 0))
            from_rows = slice(max(-down, 0), rows + min(-down, 0))
            from_columns = slice(max(-right, 0), columns + min(-right, 0))
            target = out[to_rows, to_columns]
            np.minimum(target, stamped[from_rows, from_columns] + away * per_m, out=target)
    return out


def travel_time_surface(reach: Reach, limit_secs: float, assumptions: Assumptions) -> Surface:
    """Time at every grid point around what is reached within the limit.

    Parameters
    ----------
    reach
        Times over the streets from one origin, known up to the limit.
    limit_secs
        Points of the network beyond this are left out.
    assumptions
        `surface_cell_m`, `max_offroad_m`, `detour`.
    """
    cell, per_m = assumptions.surface_cell_m, assumptions.detour / reach.connector_mps
    along, secs = times_along(reach, cell / 2)
    points = np.concatenate([along, shapely.get_coordinates(reach.spots.geometry.to_numpy())])
    times = np.concatenate([secs, reach.spots["secs"].to_numpy()])
    near = times <= limit_secs
    points, times = points[near], times[near]
    pad = int(assumptions.max_offroad_m // cell) + 2
    low = np.floor(points.min(axis=0) / cell).astype(int) - pad
    high = np.ceil(points.max(axis=0) / cell).astype(int) + pad
    x = np.arange(low[0], high[0] + 1) * cell
    y = np.arange(low[1], high[1] + 1) * cell
    stamped = _stamped(points, times, (x, y), per_m)
    spread = _spread(stamped, cell, assumptions.max_offroad_m, per_m)
    return Surface(x, y, spread, margin_secs(reach.connector_mps, assumptions))


def reached_area(surface: Surface, cutoff_secs: float) -> BaseGeometry:
    """The area reached within a cutoff.

    The same cutoff gives the same area whatever the surface's limit was, and a larger one
    contains a smaller one: beyond the cutoff only one cell's crossing time counts.

    Returns
    -------
    Polygon or MultiPolygon
        Valid; islands and holes are kept. Empty if nothing is reached.
    """
    clipped = np.minimum(surface.secs, cutoff_secs + surface.margin_secs)
    generator = contour_generator(
        x=surface.x, y=surface.y, z=clipped, fill_type=FillType.OuterOffset
    )
    filled: Any = generator.filled(-1.0, cutoff_secs)
    polygons = []
    for ring_points, ends in zip(*filled, strict=True):
        rings = [ring_points[a:b] for a, b in pairwise(ends)]
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    whole = [p if p.is_valid else shapely.make_valid(p, method="structure") for p in polygons]
    return shapely.union_all(whole)

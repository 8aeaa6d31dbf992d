"""Travel times on a grid: the surface whose contours are the isochrones."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, hypot

import numpy as np

from analysis.graph.routable_network import RoutableNetwork
from analysis.kernels import kernel
from analysis.surface.ground import Ground, ground_of, ground_secs
from analysis.surface.reach import longest_walk_secs, reach_from, walks_of


@dataclass(frozen=True)
class TimeGrid:
    """Times from one point at the centres of square cells.

    Attributes
    ----------
    secs
        float64, northernmost row first; infinite where not reached within the limit.
    west, north
        Outer corner of the first cell, metres in `crs`.
    cell_m
        Side of a cell.
    crs
        Projected system.
    """

    secs: np.ndarray
    west: float
    north: float
    cell_m: float
    crs: str


@kernel
def _spread(points: tuple, corner: tuple, terms: tuple, grid: np.ndarray) -> None:
    """Lower the cells around each point to its time plus the time from there to their centres."""
    x, y, secs, offroad_m = points
    west, south = corner
    cell_m, secs_per_m = terms
    for p in range(x.size):
        reach = ceil(offroad_m[p] / cell_m) + 1
        column, row = int((x[p] - west) / cell_m), int((y[p] - south) / cell_m)
        for r in range(max(row - reach, 0), min(row + reach + 1, grid.shape[0])):
            for c in range(max(column - reach, 0), min(column + reach + 1, grid.shape[1])):
                distance_m = hypot(
                    west + (c + 0.5) * cell_m - x[p], south + (r + 0.5) * cell_m - y[p]
                )
                if distance_m <= offroad_m[p]:
                    grid[r, c] = min(grid[r, c], secs[p] + distance_m * secs_per_m)


def _grid(
    ground: Ground, secs: np.ndarray, left_secs: np.ndarray, secs_per_m: float
) -> tuple[np.ndarray, float, float]:
    """Times, southernmost row first, with the grid's western and southern edge.

    `left_secs` is how long one may walk on off the streets.
    """
    cell_m, offroad_m = ground.cell_m, ground.offroad_m
    reached = np.isfinite(secs)
    x, y = ground.blocks.x[reached], ground.blocks.y[reached]
    # edges at multiples of a cell, so that the grids of one study are aligned
    west, south = (np.floor((axis.min() - offroad_m) / cell_m) * cell_m for axis in (x, y))
    columns, rows = (
        int(np.ceil((axis.max() + offroad_m - edge) / cell_m))
        for axis, edge in ((x, west), (y, south))
    )
    grid = np.full((rows, columns), np.inf)
    terms = (float(cell_m), float(secs_per_m))
    offroad = np.minimum(left_secs[reached] / secs_per_m, offroad_m)
    _spread((x, y, secs[reached], offroad), (float(west), float(south)), terms, grid)
    return grid, float(west), float(south)


def time_grid(routable: RoutableNetwork, origin_id: str, *, limit_secs: float) -> TimeGrid:
    """Times from a point to the centres of cells, as in isochrones (DESIGN, section 5).

    T(x) is the minimum of the time at a point of the network plus the time off the network from
    there to x, at most `max_offroad_m` away. Points of the network are at most a cell apart.

    Parameters
    ----------
    routable
        A routable network whose points are indexed by id.
    origin_id
        One of those ids.
    limit_secs
        Longer times are infinite.
    """
    point = int(routable.points.index.get_indexer([origin_id])[0])
    reach = reach_from(routable, point, limit_secs)
    ground = ground_of(routable)
    secs = ground_secs(ground, reach.streets, reach.entries, reach.spots)
    most, left = longest_walk_secs(routable), np.full(len(secs), np.inf)
    if np.isfinite(most):
        walks = walks_of(reach, most)
        left = most - ground_secs(ground, walks.streets, walks.entries, walks.spots)
    grid, west, south = _grid(ground, secs, left, routable.off_street_secs_per_m)
    times = np.where(grid <= limit_secs, grid, np.inf)[::-1]
    north = south + times.shape[0] * ground.cell_m
    return TimeGrid(times, west, north, ground.cell_m, str(routable.points.crs))

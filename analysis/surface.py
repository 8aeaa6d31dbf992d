"""The area around what is reached.

T(x) is the least, over all points p of the network, of the time at p and the time off the network
from p to x, and off the network one goes at most R (`max_offroad_m`) at the mode's connector
speed, with the usual detour: w seconds a metre. So x is within a cutoff c where

    f(x) = min over p of max(T(p) + w |x - p| - c, w (|x - p| - R))

is not positive. f falls or rises by at most w a metre, so its zero contour on a grid is smooth and
true to a fraction of a cell. Nobody leaves a tunnel, bridge or motorway between its ends.

f is exact where it is sampled (`analysis.areas.pieces`): at the corners of the grid and where
streets cross it (`analysis.areas.mesh`). So streets are inside as far as they are reached, and the
smallest alley is not lost between the corners. Only where the edge goes is f asked for
(`analysis.areas.field`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from shapely.geometry.base import BaseGeometry

from analysis.areas.contours import area_within
from analysis.areas.field import Field, crossed
from analysis.areas.pieces import OffRoad, pieces
from analysis.areas.squares import FAR_CELLS
from analysis.reach import Reach
from layers.assumptions import Assumptions

PARTS_EACH = 4
"""Parts into which the search for an edge is cut for each thread: some have less to do."""


def margin_secs(connector_mps: float, assumptions: Assumptions) -> float:
    """How far beyond a cutoff times must be known for its area, in seconds."""
    return FAR_CELLS * assumptions.surface_cell_m * assumptions.detour / connector_mps


def _field(reach: Reach) -> Field:
    ground = reach.ground
    assumptions = ground.assumptions
    off_road = OffRoad(assumptions.detour / ground.connector_mps, assumptions.max_offroad_m)
    found = pieces(
        ground.lines,
        reach.ways,
        times=reach.times,
        spots=(*reach.spots, reach.spot_secs),
        off_road=off_road,
        cell_m=assumptions.surface_cell_m,
    )
    return Field(found, ground.mesh)


def reached_areas(reach: Reach, cutoffs_secs: Sequence[float]) -> list[BaseGeometry]:
    """The area reached within each cutoff.

    The same cutoff gives the same area whatever else is asked, and a larger one contains a
    smaller one.

    Parameters
    ----------
    reach
        Times from one origin, `margin_secs` beyond the cutoffs.
    cutoffs_secs
        Time limits in seconds.

    Returns
    -------
    list of Polygon or MultiPolygon
        Valid; islands and holes are kept. Empty if nothing is reached.
    """
    field = _field(reach)
    threads = os.cpu_count() or 1
    with ThreadPoolExecutor(threads) as pool:
        searches = {
            cutoff: [pool.submit(task) for task in field.tasks(cutoff, PARTS_EACH * threads)]
            for cutoff in sorted(set(cutoffs_secs), reverse=True)
        }
        outlines = {
            cutoff: pool.submit(area_within, crossed([part.result() for part in parts]))
            for cutoff, parts in searches.items()
        }
        return [outlines[cutoff].result() for cutoff in cutoffs_secs]

"""Destinations: costs at points from the costs of rows, over egress and direct legs."""

from __future__ import annotations

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR
from analysis.routing.hierarchy.selection import NO_ROW
from analysis.routing.sweep.phast import LANES


@kernel
def _lower(lanes: np.ndarray, row: np.ndarray, cost: int) -> None:
    for lane in range(LANES):
        lanes[lane] = min(lanes[lane], np.int32(row[lane] + cost))


@kernel
def write_destination_costs(
    egress: tuple, streets: tuple, transit: tuple, limit: np.int32, block: np.ndarray
) -> None:
    """Write the cheapest cost into each point, in every lane; `FAR` beyond the limit.

    Parameters
    ----------
    egress
        By point: first connector; the row it leads from; whether that is a transit row; costs.
    streets, transit
        Tables and whether their rows are reached, see `analysis.routing.sweep.phast`.
    limit
        Units.
    block
        Result, int32, points x `LANES`.
    """
    first, rows, is_transit, costs = egress
    table, reached = streets
    transit_table, transit_reached = transit
    lanes = np.empty(LANES, np.int32)
    for point in range(first.size - 1):
        lanes[:] = FAR
        for connector in range(first[point], first[point + 1]):
            row = rows[connector]
            if is_transit[connector] and transit_reached[row]:
                _lower(lanes, transit_table[row], costs[connector])
            if not is_transit[connector] and reached[row]:
                _lower(lanes, table[row], costs[connector])
        block_row = block[point]
        for lane in range(LANES):
            block_row[lane] = lanes[lane] if lanes[lane] <= limit else FAR


@kernel
def write_direct_costs(direct: tuple, limit: np.int32, block: np.ndarray) -> None:
    """Lower costs to those of direct legs; these lead to a row of the block, or to none."""
    first, at, costs = direct
    for lane in range(first.size - 1):
        for connector in range(first[lane], first[lane + 1]):
            if at[connector] != NO_ROW and costs[connector] <= limit:
                block[at[connector], lane] = min(block[at[connector], lane], costs[connector])

"""Where searches end: costs at the points asked about."""

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
    legs: tuple, streets: tuple, beside: tuple, limit: np.int32, block: np.ndarray
) -> None:
    """The cheapest way into each point, in every lane; `FAR` beyond the limit.

    Parameters
    ----------
    legs
        By point: first leg; the row each leads from; whether that stands beside the streets;
        costs.
    streets, beside
        Tables and whether their rows are reached, see `analysis.routing.sweep.phast`.
    limit
        Units.
    block
        Result, int32, points x `LANES`.
    """
    first, rows, is_beside, costs = legs
    table, reached = streets
    beside_table, beside_reached = beside
    lanes = np.empty(LANES, np.int32)
    for point in range(first.size - 1):
        lanes[:] = FAR
        for leg in range(first[point], first[point + 1]):
            row = rows[leg]
            if is_beside[leg] and beside_reached[row]:
                _lower(lanes, beside_table[row], costs[leg])
            if not is_beside[leg] and reached[row]:
                _lower(lanes, table[row], costs[leg])
        own = block[point]
        for lane in range(LANES):
            own[lane] = lanes[lane] if lanes[lane] <= limit else FAR


@kernel
def write_direct_costs(legs: tuple, limit: np.int32, block: np.ndarray) -> None:
    """Ways from point to point that need no network; they lead to a row of the block, or none."""
    first, at, costs = legs
    for lane in range(first.size - 1):
        for leg in range(first[lane], first[lane + 1]):
            if at[leg] != NO_ROW and costs[leg] <= limit:
                block[at[leg], lane] = min(block[at[leg], lane], costs[leg])

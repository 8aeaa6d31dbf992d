"""Origins: upward searches through the hierarchy."""

from __future__ import annotations

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR
from analysis.routing.hierarchy.selection import NO_ROW
from analysis.routing.sweep.phast import LANES


@kernel
def _lower_lane(table: np.ndarray, marks: tuple, row: int, lane: int, cost: int) -> None:
    """Lower one lane of a row to a cost."""
    reached, least = marks
    if not reached[row]:
        reached[row] = True
        for other in range(LANES):
            table[row, other] = FAR
    table[row, lane] = min(table[row, lane], np.int32(cost))
    least[row] = min(least[row], np.int32(cost))


@kernel
def _search_upwards(
    up: tuple, start: int, cost: int, limit: np.int32, dist: np.ndarray, stack: np.ndarray
) -> int:
    """Upward search: fill `dist` for all ranks above one and list them in `stack`; their number."""
    first, highs, costs, parent, _ = up
    count, rank = 0, start
    while rank >= 0:
        stack[count] = rank
        count += 1
        rank = parent[rank]
    dist[start] = cost
    for i in range(count):
        rank = stack[i]
        if dist[rank] <= limit:
            for arc in range(first[rank], first[rank + 1]):
                new = np.int32(dist[rank] + costs[arc])
                dist[highs[arc]] = min(dist[highs[arc]], new)
    return count


@kernel
def _write_ranks(
    ranks: np.ndarray, dist: np.ndarray, limit: np.int32, lane: int, selection: tuple
) -> None:
    """Lower one lane to the costs of some ranks, where the selection has a row for them."""
    row, table, marks = selection
    for rank in ranks:
        if row[rank] != NO_ROW and dist[rank] <= limit:
            _lower_lane(table, marks, row[rank], lane, dist[rank])


@kernel
def seed_origins(
    starts: tuple, up: tuple, rank_of: np.ndarray, selections: tuple, limit: np.int32, work: tuple
) -> None:
    """Seed the tables with the upward search from each lane's origin.

    Parameters
    ----------
    starts
        By lane: first connector, vertices, costs.
    up
        Upward arcs and parents, see `analysis.routing.hierarchy.contraction.Hierarchy`; number of
        vertices of the whole graph.
    rank_of
        Rank of each street vertex.
    selections
        Two selections: the row of each rank, table, its marks (see `analysis.routing.sweep.phast`).
        The table of the second, the core, has the transit rows after its street rows.
    limit
        Units.
    work
        Costs by rank, initially all `FAR`; a stack of ranks.
    """
    first, at, costs = starts
    destinations, core = selections
    dist, stack = work
    core_rows = core[2][0].size
    for lane in range(first.size - 1):
        for connector in range(first[lane], first[lane + 1]):
            if costs[connector] > limit:
                continue
            if at[connector] >= rank_of.size:
                row = core_rows - (up[4] - at[connector])
                _lower_lane(core[1], core[2], row, lane, costs[connector])
                continue
            count = _search_upwards(
                up, rank_of[at[connector]], costs[connector], limit, dist, stack
            )
            _write_ranks(stack[:count], dist, limit, lane, destinations)
            _write_ranks(stack[:count], dist, limit, lane, core)
            for rank in stack[:count]:
                dist[rank] = FAR

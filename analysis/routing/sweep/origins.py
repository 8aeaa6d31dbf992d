"""Where searches start: costs from each origin up through the hierarchy."""

from __future__ import annotations

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR
from analysis.routing.hierarchy.selection import NO_ROW
from analysis.routing.sweep.phast import LANES


@kernel
def _touch(table: np.ndarray, marks: tuple, row: int, lane: int, cost: int) -> None:
    """Note a cost in one lane of a row."""
    reached, least = marks
    if not reached[row]:
        reached[row] = True
        for other in range(LANES):
            table[row, other] = FAR
    table[row, lane] = min(table[row, lane], np.int32(cost))
    least[row] = min(least[row], np.int32(cost))


@kernel
def _climb(
    up: tuple, start: int, cost: int, limit: np.int32, dist: np.ndarray, stack: np.ndarray
) -> int:
    """Costs of all ranks above one, in `dist`; `stack` lists them. `dist` is `FAR` elsewhere."""
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
def _note(ranks: np.ndarray, dist: np.ndarray, limit: np.int32, lane: int, part: tuple) -> None:
    """Note the costs of some ranks in one lane, where the part has a row for them."""
    row, table, marks = part
    for rank in ranks:
        if row[rank] != NO_ROW and dist[rank] <= limit:
            _touch(table, marks, row[rank], lane, dist[rank])


@kernel
def seed_origins(
    starts: tuple, up: tuple, rank_of: np.ndarray, parts: tuple, limit: np.int32, work: tuple
) -> None:
    """Note the costs from each lane's origin upwards.

    Parameters
    ----------
    starts
        By lane: first leg, vertices, costs.
    up
        Arcs upwards and parents, see `analysis.routing.hierarchy.contraction.Hierarchy`; how many
        vertices the whole graph has.
    rank_of
        Of each vertex on a street.
    parts
        Two parts: the row of each rank, table, its marks (see `analysis.routing.sweep.phast`).
        After the rows of the second part, its table has those of the vertices beside the streets.
    limit
        Units.
    work
        Costs by rank, all `FAR`; ranks.
    """
    first, at, costs = starts
    ends, core = parts
    dist, stack = work
    core_rows = core[2][0].size
    for lane in range(first.size - 1):
        for leg in range(first[lane], first[lane + 1]):
            if costs[leg] > limit:
                continue
            if at[leg] >= rank_of.size:
                row = core_rows - (up[4] - at[leg])
                _touch(core[1], core[2], row, lane, costs[leg])
                continue
            count = _climb(up, rank_of[at[leg]], costs[leg], limit, dist, stack)
            _note(stack[:count], dist, limit, lane, ends)
            _note(stack[:count], dist, limit, lane, core)
            for rank in stack[:count]:
                dist[rank] = FAR

"""Many searches at once: sweeps through a hierarchy that carry one cost for each of 64 origins.

Delling, Goldberg, Nowatzyk and Werneck, "PHAST: hardware-accelerated shortest path trees", Journal
of Parallel and Distributed Computing 73(7), 2013: costs flow down from higher to lower vertices,
each vertex once, so memory is read in order and all lanes move together.

Tables are int32, rows x `LANES`. `when` holds for each row the round in which it last became
cheaper, `NEVER` for rows not reached, whose content does not count.
"""

from __future__ import annotations

import numpy as np

from analysis.kernels import kernel
from analysis.paths.graph import FAR

LANES = 64
"""Origins that are swept together: a row is 256 bytes."""
NEVER = -1


@kernel
def sweep_down(
    first: np.ndarray, highs: np.ndarray, costs: np.ndarray, when: np.ndarray, table: np.ndarray
) -> None:
    """Let costs flow down into every row."""
    lanes = np.empty(LANES, np.int32)
    for low in range(when.size - 1, -1, -1):
        own = table[low]
        if when[low] == NEVER:
            for lane in range(LANES):
                lanes[lane] = FAR
        else:
            for lane in range(LANES):
                lanes[lane] = own[lane]
        for arc in range(first[low], first[low + 1]):
            above, cost = table[highs[arc]], costs[arc]
            for lane in range(LANES):
                lanes[lane] = min(lanes[lane], np.int32(above[lane] + cost))
        for lane in range(LANES):
            own[lane] = lanes[lane]
        when[low] = 0


@kernel
def sweep_down_from(
    first: np.ndarray,
    highs: np.ndarray,
    costs: np.ndarray,
    when: np.ndarray,
    now: int,
    table: np.ndarray,
) -> None:
    """Let what became cheaper from round `now` on flow down; rows not reached are not looked at."""
    lanes = np.empty(LANES, np.int32)
    for low in range(when.size - 1, -1, -1):
        own, touched = table[low], False
        for arc in range(first[low], first[low + 1]):
            if when[highs[arc]] < now:
                continue
            if not touched:
                touched = True
                for lane in range(LANES):
                    lanes[lane] = own[lane] if when[low] != NEVER else FAR
            above, cost = table[highs[arc]], costs[arc]
            for lane in range(LANES):
                lanes[lane] = min(lanes[lane], np.int32(above[lane] + cost))
        if touched and written(own, lanes, when[low] == NEVER):
            when[low] = now


@kernel
def written(own: np.ndarray, lanes: np.ndarray, new: bool) -> bool:  # noqa: FBT001
    """Write the lanes into a row; whether one of them became cheaper."""
    change = np.int32(0)
    for lane in range(LANES):
        old = FAR if new else own[lane]
        change |= old ^ lanes[lane]
        own[lane] = lanes[lane]
    return change != 0


@kernel
def sweep_up_from(
    first: np.ndarray,
    highs: np.ndarray,
    costs: np.ndarray,
    when: np.ndarray,
    now: int,
    table: np.ndarray,
) -> None:
    """Let what became cheaper from round `now` on flow up."""
    lanes = np.empty(LANES, np.int32)
    for low in range(first.size - 1):
        if when[low] < now:
            continue
        below = table[low]
        for arc in range(first[low], first[low + 1]):
            high, cost = highs[arc], costs[arc]
            own, new = table[high], when[high] == NEVER
            for lane in range(LANES):
                old = FAR if new else own[lane]
                lanes[lane] = min(old, np.int32(below[lane] + cost))
            if written(own, lanes, new):
                when[high] = now


@kernel
def pull(arcs: tuple, when: np.ndarray, now: int, table: np.ndarray) -> bool:
    """One pass over the arcs beside the streets, row by row.

    Parameters
    ----------
    arcs
        Rows to fill in their order, first arc of each, rows they lead from, costs.
    when, now, table
        Rows that became cheaper from round `now` on count; what becomes cheaper now is marked
        with the next round.

    Returns
    -------
    bool
        Whether any row became cheaper.
    """
    heads, first, tails, costs = arcs
    lanes, any_change = np.empty(LANES, np.int32), False
    for i in range(heads.size):
        own, touched = table[heads[i]], False
        new = when[heads[i]] == NEVER
        for arc in range(first[i], first[i + 1]):
            if when[tails[arc]] < now:
                continue
            if not touched:
                touched = True
                for lane in range(LANES):
                    lanes[lane] = FAR if new else own[lane]
            before, cost = table[tails[arc]], costs[arc]
            for lane in range(LANES):
                lanes[lane] = min(lanes[lane], np.int32(before[lane] + cost))
        if touched and written(own, lanes, new):
            when[heads[i]], any_change = now + 1, True
    return any_change

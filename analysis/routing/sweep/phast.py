"""PHAST: sweeps through a hierarchy for 64 origins at once, one cost for each in every row.

Delling, Goldberg, Nowatzyk and Werneck, "PHAST: hardware-accelerated shortest path trees", Journal
of Parallel and Distributed Computing 73(7), 2013: costs flow down from higher to lower vertices,
each vertex once, so memory is read in order and all lanes (origins) are updated together.

Tables are int32, rows x `LANES`. Each has marks: whether a row is `reached` (else its content is
undefined), and the `least` of the row's improved costs, `FAR` if none improved. An arc is skipped
if even the least cost would exceed the limit behind it.
"""

from __future__ import annotations

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR

LANES = 64
"""Number of origins swept together: a row is 256 bytes."""


@kernel
def _copy_row(row: np.ndarray, lanes: np.ndarray, reached: bool) -> None:  # noqa: FBT001
    """Copy a row into the lanes; `FAR` if it is not reached."""
    for lane in range(LANES):
        lanes[lane] = row[lane] if reached else FAR


@kernel
def sweep_down(
    first: np.ndarray, highs: np.ndarray, costs: np.ndarray, reached: np.ndarray, table: np.ndarray
) -> None:
    """Propagate costs downwards into every row."""
    lanes = np.empty(LANES, np.int32)
    for low in range(reached.size - 1, -1, -1):
        row = table[low]
        _copy_row(row, lanes, reached[low])
        for arc in range(first[low], first[low + 1]):
            above, cost = table[highs[arc]], costs[arc]
            for lane in range(LANES):
                lanes[lane] = min(lanes[lane], np.int32(above[lane] + cost))
        for lane in range(LANES):
            row[lane] = lanes[lane]
        reached[low] = True


@kernel
def least_of(lanes: np.ndarray) -> np.int32:
    """The least value of a row; several times as fast as numba's `min`."""
    least = FAR
    for lane in range(LANES):
        least = min(least, lanes[lane])
    return least


@kernel
def sweep_down_from(arcs: tuple, marks: tuple, limit: np.int32, table: np.ndarray) -> None:
    """Propagate costs downwards; rows not reached within the limit are skipped.

    Parameters
    ----------
    arcs
        First arc of each row, rows above, costs.
    marks
        `reached` and `least`.
    limit
        Units.
    table
        Costs.
    """
    first, highs, costs = arcs
    reached, least = marks
    lanes = np.empty(LANES, np.int32)
    for low in range(first.size - 2, -1, -1):
        row, touched = table[low], False
        for arc in range(first[low], first[low + 1]):
            if least[highs[arc]] + costs[arc] > limit:
                continue
            if not touched:
                touched = True
                _copy_row(row, lanes, reached[low])
            above, cost = table[highs[arc]], costs[arc]
            for lane in range(LANES):
                lanes[lane] = min(lanes[lane], np.int32(above[lane] + cost))
        if touched:
            for lane in range(LANES):
                row[lane] = lanes[lane]
            reached[low], least[low] = True, least_of(lanes)


@kernel
def lower(
    row: np.ndarray,
    source: np.ndarray,
    cost: np.int32,
    reached: bool,  # noqa: FBT001
) -> np.int32:
    """Lower a row to the costs along an arc; return the least improved cost, or `FAR`."""
    least = FAR
    for lane in range(LANES):
        old, new = row[lane] if reached else FAR, np.int32(source[lane] + cost)
        least = min(least, new if new < old else FAR)
        row[lane] = min(old, new)
    return least


@kernel
def flow(
    arcs: tuple,
    tails: np.ndarray,
    marks: tuple,
    limit: np.int32,
    table: np.ndarray,
    once: bool,  # noqa: FBT001
) -> bool:
    """Propagate improved costs along arcs, row by row.

    Parameters
    ----------
    arcs
        First arc of each row, heads (rows), costs.
    tails
        Rows to propagate from, in this order.
    marks
        `reached`, `least`, and the least of the costs improved since the last ride.
    limit, table
        See `sweep_down_from`.
    once
        Whether a row's `least` is reset, so that its costs are not propagated again.

    Returns
    -------
    bool
        Whether any cost improved.
    """
    first, heads, costs = arcs
    reached, least, waiting = marks
    any_change = False
    for tail in tails:
        cheapest, source = least[tail], table[tail]
        if cheapest == FAR:
            continue
        if once:
            least[tail] = FAR
        for arc in range(first[tail], first[tail + 1]):
            head, cost = heads[arc], costs[arc]
            if cheapest + cost <= limit:
                lowest = lower(table[head], source, cost, reached[head])
                if lowest <= limit:
                    reached[head], any_change = True, True
                    least[head] = min(least[head], lowest)
                    waiting[head] = min(waiting[head], lowest)
    return any_change

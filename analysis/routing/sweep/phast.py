"""Many searches at once: sweeps through a hierarchy that carry one cost for each of 64 origins.

Delling, Goldberg, Nowatzyk and Werneck, "PHAST: hardware-accelerated shortest path trees", Journal
of Parallel and Distributed Computing 73(7), 2013: costs flow down from higher to lower vertices,
each vertex once, so memory is read in order and all lanes move together.

Tables are int32, rows x `LANES`. Beside each stand its marks: whether a row is `reached` (else its
content does not count), and the `least` of what became cheaper there, `FAR` if nothing did. Nobody
follows an arc along which even the least ends beyond the limit.
"""

from __future__ import annotations

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR

LANES = 64
"""Origins that are swept together: a row is 256 bytes."""


@kernel
def _take(own: np.ndarray, lanes: np.ndarray, reached: bool) -> None:  # noqa: FBT001
    """Copy what a row holds; `FAR` if it is not reached."""
    for lane in range(LANES):
        lanes[lane] = own[lane] if reached else FAR


@kernel
def sweep_down(
    first: np.ndarray, highs: np.ndarray, costs: np.ndarray, reached: np.ndarray, table: np.ndarray
) -> None:
    """Let costs flow down into every row."""
    lanes = np.empty(LANES, np.int32)
    for low in range(reached.size - 1, -1, -1):
        own = table[low]
        _take(own, lanes, reached[low])
        for arc in range(first[low], first[low + 1]):
            above, cost = table[highs[arc]], costs[arc]
            for lane in range(LANES):
                lanes[lane] = min(lanes[lane], np.int32(above[lane] + cost))
        for lane in range(LANES):
            own[lane] = lanes[lane]
        reached[low] = True


@kernel
def least_of(lanes: np.ndarray) -> np.int32:
    """The least of a row; several times as quick as numba's own."""
    least = FAR
    for lane in range(LANES):
        least = min(least, lanes[lane])
    return least


@kernel
def sweep_down_from(arcs: tuple, marks: tuple, limit: np.int32, table: np.ndarray) -> None:
    """Let costs flow down; rows that are not reached within the limit are not looked at.

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
        own, touched = table[low], False
        for arc in range(first[low], first[low + 1]):
            if least[highs[arc]] + costs[arc] > limit:
                continue
            if not touched:
                touched = True
                _take(own, lanes, reached[low])
            above, cost = table[highs[arc]], costs[arc]
            for lane in range(LANES):
                lanes[lane] = min(lanes[lane], np.int32(above[lane] + cost))
        if touched:
            for lane in range(LANES):
                own[lane] = lanes[lane]
            reached[low], least[low] = True, least_of(lanes)


@kernel
def lower(
    own: np.ndarray,
    source: np.ndarray,
    cost: np.int32,
    reached: bool,  # noqa: FBT001
) -> np.int32:
    """Lower a row to what comes along an arc; the least of what became cheaper, or `FAR`."""
    least = FAR
    for lane in range(LANES):
        old, new = own[lane] if reached else FAR, np.int32(source[lane] + cost)
        least = min(least, new if new < old else FAR)
        own[lane] = min(old, new)
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
    """Let what became cheaper flow along arcs, row by row.

    Parameters
    ----------
    arcs
        First arc of each row, rows that they lead to, costs.
    tails
        From which rows, in this order.
    marks
        `reached`, `least`, and the least of what became cheaper and did not ride since.
    limit, table
        See `sweep_down_from`.
    once
        Whether what has flowed from a row is forgotten, so that it does not flow again.

    Returns
    -------
    bool
        Whether anything became cheaper.
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

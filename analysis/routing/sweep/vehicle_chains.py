"""Chains beside the streets: vehicles' ways, ridden from end to end without rows of their own.

Between stops a rider changes nothing, so the vertices on a vehicle's way need no memory: one row
of costs is carried along the way, takes in who boards and hands out to where he may leave. This is
how Delling, Pajor and Werneck scan a route ("Round-based public transit routing", Transportation
Science 49(3), 2015), and it reads and writes stops only, which stay in the cache.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR, rows
from analysis.routing.sweep.phast import LANES, lower


@dataclass(frozen=True)
class Chains:
    """Rows that are passed through, in the order of travel.

    Attributes
    ----------
    passed
        bool, by row: whether it is passed through and never holds costs.
    links
        int32, by place in the chains: cost from the place before, `FAR` where a chain begins.
    into, out
        By place: first arc, the rows that these come from or lead to, costs.
    """

    passed: np.ndarray
    links: np.ndarray
    into: tuple[np.ndarray, np.ndarray, np.ndarray]
    out: tuple[np.ndarray, np.ndarray, np.ndarray]


def _passed(
    tails: np.ndarray, heads: np.ndarray, held: np.ndarray, streets: int, step: int
) -> np.ndarray:
    """Rows joined to the next one, and else to rows that hold costs only; none of them streets."""
    next_one = heads == tails + step
    passed = np.zeros(len(held), dtype=np.bool_)
    passed[tails[next_one]], passed[heads[next_one]] = True, True
    passed[heads[tails < streets]], passed[tails[heads < streets]] = False, False
    passed[:streets], passed[held] = False, False
    passed[heads[passed[tails] & passed[heads] & ~next_one]] = False
    return passed


def chains(
    arcs: tuple[np.ndarray, np.ndarray, np.ndarray], held: np.ndarray, streets: int, step: int
) -> Chains:
    """The chains among some arcs.

    Parameters
    ----------
    arcs
        Tails, heads (rows), costs.
    held
        bool, by row: whether its costs are asked for, or searches start there.
    streets
        The rows below this number are streets.
    step
        1 if vehicles go to higher rows, -1 if to lower ones.
    """
    tails, heads, costs = arcs
    passed = _passed(tails, heads, held, streets, step)
    along = np.flatnonzero(passed)[::step]
    place = np.zeros(len(passed), dtype=np.int32)
    place[along] = np.arange(len(along))
    links = np.full(len(along), FAR, dtype=np.int32)
    linked = passed[tails] & passed[heads]
    links[place[heads[linked]]] = costs[linked]
    on, off = passed[heads] & ~passed[tails], passed[tails] & ~passed[heads]
    into = rows(place[heads[on]], tails[on], costs[on], len(along))
    out = rows(place[tails[off]], heads[off], costs[off], len(along))
    return Chains(passed, links, into, out)


@kernel
def _board(
    riders: np.ndarray,
    source: np.ndarray,
    cost: np.int32,
    empty: bool,  # noqa: FBT001
) -> None:
    """Let those who wait at a row join the riders."""
    for lane in range(LANES):
        new = np.int32(source[lane] + cost)
        riders[lane] = new if empty else min(riders[lane], new)


@kernel
def ride(chains: tuple, waiting: tuple, marks: tuple, limit: np.int32, table: np.ndarray) -> bool:
    """Ride along all chains from where anybody waits; whether anything became cheaper.

    Parameters
    ----------
    chains
        `links`, `into`, `out`.
    waiting
        By row: the least that waits to ride, `FAR` if nothing does.
    marks, limit, table
        See `analysis.routing.sweep.phast.flow`.
    """
    links, (first_on, on, on_costs), (first_off, off, off_costs) = chains
    riders = np.empty(LANES, np.int32)
    reached, least_of, waiting_then = marks
    least, since, any_change = FAR, np.int32(0), False
    for place in range(links.size):
        # what the riders' lanes hold was so `since` the way ridden after that
        since = np.int32(since + links[place]) if least != FAR else np.int32(0)
        least = np.int32(least + links[place]) if links[place] != FAR and least != FAR else FAR
        least = least if least <= limit else FAR
        for arc in range(first_on[place], first_on[place + 1]):
            new = np.int32(waiting[on[arc]] + on_costs[arc])
            if new <= limit:
                since = np.int32(0) if least == FAR else since
                _board(riders, table[on[arc]], np.int32(on_costs[arc] - since), least == FAR)
                least = min(least, new)
        if least == FAR:
            continue
        for arc in range(first_off[place], first_off[place + 1]):
            head = off[arc]
            if least + off_costs[arc] <= limit:
                lowest = lower(table[head], riders, np.int32(since + off_costs[arc]), reached[head])
                if lowest <= limit:
                    reached[head], any_change = True, True
                    least_of[head] = min(least_of[head], lowest)
                    waiting_then[head] = min(waiting_then[head], lowest)
    return any_change

"""Vehicle chains: rides of vehicles scanned from end to end, without rows for their vertices.

The vertices of a vehicle need no memory: one row of costs is carried along its chain, lowered where
travellers board and written to the rows where they alight. This is how Delling, Pajor and Werneck
scan a route ("Round-based public transit routing", Transportation Science 49(3), 2015); it reads
and writes stops only, which stay in the cache.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR, rows
from analysis.routing.sweep.phast import LANES, lower


@dataclass(frozen=True)
class VehicleChains:
    """Rows that are only passed through, in the order of travel.

    Attributes
    ----------
    is_passed
        bool, by row: whether it belongs to a chain and never holds costs.
    links
        int32, by position in the chains: cost from the previous position, `FAR` where a chain
        begins.
    boarding, alighting
        By position: first arc, tails (boarding) or heads (alighting) as rows, costs.
    """

    is_passed: np.ndarray
    links: np.ndarray
    boarding: tuple[np.ndarray, np.ndarray, np.ndarray]
    alighting: tuple[np.ndarray, np.ndarray, np.ndarray]


def _passed_rows(
    tails: np.ndarray, heads: np.ndarray, is_linked: np.ndarray, streets: int, step: int
) -> np.ndarray:
    """Transit rows in chains: apart from chain arcs, all their arcs touch rows that hold costs."""
    to_next = heads == tails + step
    is_passed = np.zeros(len(is_linked), dtype=np.bool_)
    is_passed[tails[to_next]], is_passed[heads[to_next]] = True, True
    is_passed[heads[tails < streets]], is_passed[tails[heads < streets]] = False, False
    is_passed[:streets], is_passed[is_linked] = False, False
    is_passed[heads[is_passed[tails] & is_passed[heads] & ~to_next]] = False
    return is_passed


def vehicle_chains(
    arcs: tuple[np.ndarray, np.ndarray, np.ndarray], is_linked: np.ndarray, streets: int, step: int
) -> VehicleChains:
    """The vehicle chains among some arcs.

    Parameters
    ----------
    arcs
        Tails, heads (rows), costs.
    is_linked
        bool, by row: whether a connector ends or starts there, so that it must hold costs.
    streets
        Number of street rows (the first ones).
    step
        1 if vehicles travel to higher rows, -1 if to lower ones.
    """
    tails, heads, costs = arcs
    is_passed = _passed_rows(tails, heads, is_linked, streets, step)
    rows_in_order = np.flatnonzero(is_passed)[::step]
    position = np.zeros(len(is_passed), dtype=np.int32)
    position[rows_in_order] = np.arange(len(rows_in_order))
    links = np.full(len(rows_in_order), FAR, dtype=np.int32)
    within = is_passed[tails] & is_passed[heads]
    links[position[heads[within]]] = costs[within]
    boards, alights = is_passed[heads] & ~is_passed[tails], is_passed[tails] & ~is_passed[heads]
    boarding = rows(position[heads[boards]], tails[boards], costs[boards], len(rows_in_order))
    alighting = rows(position[tails[alights]], heads[alights], costs[alights], len(rows_in_order))
    return VehicleChains(is_passed, links, boarding, alighting)


@kernel
def _board(
    riders: np.ndarray,
    source: np.ndarray,
    cost: np.int32,
    empty: bool,  # noqa: FBT001
) -> None:
    """Lower the riders' costs to those of boarding from a row."""
    for lane in range(LANES):
        new = np.int32(source[lane] + cost)
        riders[lane] = new if empty else min(riders[lane], new)


@kernel
def ride(chains: tuple, waiting: tuple, marks: tuple, limit: np.int32, table: np.ndarray) -> bool:
    """Scan all chains from the rows with waiting travellers; return whether any cost improved.

    Parameters
    ----------
    chains
        `links`, `boarding`, `alighting`.
    waiting
        By row: the least improved cost since the last ride, `FAR` if none.
    marks, limit, table
        See `analysis.routing.sweep.phast.flow`.
    """
    links, (first_on, on, on_costs), (first_off, off, off_costs) = chains
    riders = np.empty(LANES, np.int32)
    reached, least_marks, waiting_next = marks
    least, since, any_change = FAR, np.int32(0), False
    for position in range(links.size):
        # the lanes hold costs as of an earlier position; `since` is the ride from there to here
        since = np.int32(since + links[position]) if least != FAR else np.int32(0)
        least = (
            np.int32(least + links[position]) if links[position] != FAR and least != FAR else FAR
        )
        least = least if least <= limit else FAR
        for arc in range(first_on[position], first_on[position + 1]):
            new = np.int32(waiting[on[arc]] + on_costs[arc])
            if new <= limit:
                since = np.int32(0) if least == FAR else since
                _board(riders, table[on[arc]], np.int32(on_costs[arc] - since), least == FAR)
                least = min(least, new)
        if least == FAR:
            continue
        for arc in range(first_off[position], first_off[position + 1]):
            head = off[arc]
            if least + off_costs[arc] <= limit:
                lowest = lower(table[head], riders, np.int32(since + off_costs[arc]), reached[head])
                if lowest <= limit:
                    reached[head], any_change = True, True
                    least_marks[head] = min(least_marks[head], lowest)
                    waiting_next[head] = min(waiting_next[head], lowest)
    return any_change

"""Selection (RPHAST): the part of a hierarchy that the costs at some vertices depend on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.kernels import kernel
from analysis.routing.hierarchy.contraction import Hierarchy, Upward

NO_ROW = -1
"""The row of vertices outside the selection."""


@dataclass(frozen=True)
class Selection:
    """Ranks with all ranks above them, as rows 0, 1, ... in the order of the ranks.

    Attributes
    ----------
    row
        int32, by rank; `NO_ROW` outside the selection.
    size
        Number of rows.
    up, down
        Arcs between rows.
    """

    row: np.ndarray
    size: int
    up: Upward
    down: Upward


@kernel
def _close_upwards(inside: np.ndarray, first: np.ndarray, highs: np.ndarray) -> None:
    """Add all ranks above those inside."""
    for low in range(first.size - 1):
        if inside[low]:
            for arc in range(first[low], first[low + 1]):
                inside[highs[arc]] = True


@kernel
def _close_both(inside: np.ndarray, up: tuple, down: tuple) -> None:
    for low in range(inside.size):
        if inside[low]:
            for arc in range(up[0][low], up[0][low + 1]):
                inside[up[1][arc]] = True
            for arc in range(down[0][low], down[0][low + 1]):
                inside[down[1][arc]] = True


@kernel
def _arcs_within(arcs: tuple, row: np.ndarray, size: int, limit: np.int32) -> tuple:
    """The arcs between rows of the selection whose costs are within the limit."""
    first, highs, costs = arcs
    row_first = np.zeros(size + 1, np.int32)
    row_highs, row_costs = np.empty(highs.size, np.int32), np.empty(highs.size, np.int32)
    end, place = 0, 0
    for low in range(first.size - 1):
        if row[low] == NO_ROW:
            continue
        for arc in range(first[low], first[low + 1]):
            if costs[arc] <= limit:
                row_highs[end], row_costs[end] = row[highs[arc]], costs[arc]
                end += 1
        place += 1
        row_first[place] = end
    return row_first, row_highs[:end], row_costs[:end]


def selection(hierarchy: Hierarchy, ranks: np.ndarray, limit: np.int32, *, both: bool) -> Selection:
    """The part of a hierarchy that the costs at some ranks depend on.

    Parameters
    ----------
    hierarchy
        The whole hierarchy.
    ranks
        int32: ranks whose costs are needed.
    limit
        Longer arcs are left out.
    both
        Whether searches also start at these ranks; else `up` of the selection is empty.
    """
    inside = np.zeros(len(hierarchy.parent), dtype=np.bool_)
    inside[ranks] = True
    down = (hierarchy.down.first, hierarchy.down.highs, hierarchy.down.costs)
    up = (hierarchy.up.first, hierarchy.up.highs, hierarchy.up.costs)
    if both:
        _close_both(inside, up, down)
    else:
        _close_upwards(inside, down[0], down[1])
    row = np.where(inside, np.cumsum(inside) - 1, NO_ROW).astype(np.int32)
    size = int(inside.sum())
    upward = Upward(*_arcs_within(up, row, size, limit)) if both else Upward.empty(size)
    return Selection(row, size, upward, Upward(*_arcs_within(down, row, size, limit)))

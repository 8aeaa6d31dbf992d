"""The selected part of a hierarchy: what is enough to know the costs at some of its vertices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.kernels import kernel
from analysis.routing.hierarchy.contraction import Hierarchy, Upward

NO_ROW = -1
"""Stands for vertices outside the part."""


@dataclass(frozen=True)
class Selection:
    """Ranks with all that stands above them, as rows 0, 1, ... in the order of the ranks.

    Attributes
    ----------
    row
        int32, by rank; `NO_ROW` where not in the part.
    size
        How many rows there are.
    up, down
        Arcs between rows.
    """

    row: np.ndarray
    size: int
    up: Upward
    down: Upward


@kernel
def _close(inside: np.ndarray, first: np.ndarray, highs: np.ndarray) -> None:
    """Add all that stands above."""
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
def _within(arcs: tuple, row: np.ndarray, size: int, limit: np.int32) -> tuple:
    """The arcs between rows of the part that are no longer than the limit."""
    first, highs, costs = arcs
    own_first = np.zeros(size + 1, np.int32)
    own_highs, own_costs = np.empty(highs.size, np.int32), np.empty(highs.size, np.int32)
    end, at = 0, 0
    for low in range(first.size - 1):
        if row[low] == NO_ROW:
            continue
        for arc in range(first[low], first[low + 1]):
            if costs[arc] <= limit:
                own_highs[end], own_costs[end] = row[highs[arc]], costs[arc]
                end += 1
        at += 1
        own_first[at] = end
    return own_first, own_highs[:end], own_costs[:end]


def selection(hierarchy: Hierarchy, ranks: np.ndarray, limit: np.int32, *, both: bool) -> Selection:
    """The part that is enough for the costs at some ranks.

    Parameters
    ----------
    hierarchy
        The whole.
    ranks
        int32: where costs are wanted.
    limit
        Longer arcs are left out.
    both
        Whether searches also start at these ranks; else the part's `up` is not whole.
    """
    inside = np.zeros(len(hierarchy.parent), dtype=np.bool_)
    inside[ranks] = True
    down = (hierarchy.down.first, hierarchy.down.highs, hierarchy.down.costs)
    up = (hierarchy.up.first, hierarchy.up.highs, hierarchy.up.costs)
    if both:
        _close_both(inside, up, down)
    else:
        _close(inside, down[0], down[1])
    row = np.where(inside, np.cumsum(inside) - 1, NO_ROW).astype(np.int32)
    size = int(inside.sum())
    upward = Upward(*_within(up, row, size, limit)) if both else Upward.empty(size)
    return Selection(row, size, upward, Upward(*_within(down, row, size, limit)))

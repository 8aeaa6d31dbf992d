"""The field f: how far each corner of a grid lies beyond the area reached, in metres.

T(x) is the minimum, over all points p of the network, of the time at p plus the time off the
network from p to x. Off the network, travellers go at most R (`max_offroad_m`) at the mode's
connector speed, with the usual detour: w seconds a metre. So x is within a cutoff c where

    f(x) = min over p of max(T(p) / w + |x - p| - c / w, |x - p| - R)
         = min over p of (|x - p| + max(T(p) / w - c / w, -R))

is not positive. f is in metres and its slope is at most one. So its zero contour on a grid is exact
to a fraction of a cell, and values beyond one cell from zero are irrelevant: f is clamped there.
Where T(p) is just below c, the area is a wedge too thin for the grid, and the end of a street would
be cut off; so a reached point covers `NEAR` of a cell, and with it a corner of the grid.

T(p) / w is called the lead of a point here, and c / w the limit.
"""

from __future__ import annotations

from math import hypot, sqrt
from typing import NamedTuple

import numpy as np

from analysis.kernels import kernel
from analysis.surface.blocks import BLOCK
from analysis.surface.ground import NEAR, Ground
from layers.caching import cached_by_identity

ACROSS = BLOCK * sqrt(2.0)
"""Largest distance from a corner of the grid to a point of its block, in cells."""
TO_CORNER = (BLOCK - 1) / sqrt(2.0)
"""Distance from the centre of a block's corners to the outermost ones, in cells."""
SURE = 2.0**-10
"""Smallest distance of a corner of the grid from the contour, in cells: rings never touch."""


class Window(NamedTuple):
    """A rectangle of blocks: column and row of the first, and numbers of columns and rows."""

    column: int
    row: int
    columns: int
    rows: int


class Leads(NamedTuple):
    """The lead of every point of the ground, and the least and greatest lead of each block.

    A block without points has infinity and minus infinity.
    """

    of_points: np.ndarray
    least: np.ndarray
    greatest: np.ndarray


@kernel
def _ranges(
    first: np.ndarray, of_points: np.ndarray, least: np.ndarray, greatest: np.ndarray
) -> None:
    for block in range(least.size):
        low, high = np.inf, -np.inf
        for point in range(first[block], first[block + 1]):
            low, high = min(low, of_points[point]), max(high, of_points[point])
        least[block], greatest[block] = low, high


def leads(ground: Ground, of_points: np.ndarray) -> Leads:
    """The leads of all points (metres, infinite where not reached)."""
    count = len(ground.blocks.first) - 1
    leads_of_blocks = Leads(of_points, np.empty(count), np.empty(count))
    _ranges(ground.blocks.first, *leads_of_blocks)
    return leads_of_blocks


@kernel
def _weight(lead: float, limit: float, terms: tuple) -> float:
    """The term that a point adds to the distance from it."""
    cell_m, offroad_m = terms[0], terms[1]
    weight = max(lead - limit, -offroad_m)
    return weight if lead > limit else min(weight, -NEAR * cell_m)


@kernel
def _only_offroad_limit(greatest: np.ndarray, columns: int, at: tuple, terms: tuple) -> bool:
    """Whether all points around a block are reached so early that only R limits the area."""
    column, row, limit = at
    offroad_m, reach = terms[1], terms[2]
    for r in range(row - reach, row + reach + 1):
        for c in range(column - reach, column + reach + 1):
            if greatest[r * columns + c] > limit - offroad_m:
                return False
    return True


@kernel
def _gather(
    ground: tuple, leads: tuple, at: tuple, terms: tuple, near: np.ndarray
) -> tuple[int, float]:
    """Fill in the points that may decide f at a corner of a block: x, y, weight, least value.

    Returns their number and an upper bound of f at all corners.
    """
    x, y, first, corner, columns = ground
    of_points, least = leads[0], leads[1]
    column, row, limit = at
    cell_m, reach = terms[0], terms[2]
    middle_x = ((corner[0] + column) * BLOCK + 0.5 * (BLOCK - 1)) * cell_m
    middle_y = ((corner[1] + row) * BLOCK + 0.5 * (BLOCK - 1)) * cell_m
    half, bound, count = TO_CORNER * cell_m, cell_m, 0
    for r in range(row - reach, row + reach + 1):
        for c in range(column - reach, column + reach + 1):
            block = r * columns + c
            apart = BLOCK * cell_m * hypot(max(abs(r - row) - 1, 0), max(abs(c - column) - 1, 0))
            if _weight(least[block], limit, terms) + apart >= bound:
                continue
            for p in range(first[block], first[block + 1]):
                weight = _weight(of_points[p], limit, terms)
                dx, dy = x[p] - middle_x, y[p] - middle_y
                value = weight + sqrt(dx * dx + dy * dy)
                if value - half < bound:
                    near[0, count], near[1, count] = x[p], y[p]
                    near[2, count], near[3, count] = weight, value - half
                    bound = min(bound, value + half)
                    count += 1
    return count, bound


@kernel
def _lower(near: np.ndarray, count: int, bound: float, corners: np.ndarray) -> None:
    """Lower f at the corners of a block to the values from the gathered points."""
    x, y, f = corners[0], corners[1], corners[2]
    for i in range(count):
        if near[3, i] < bound:
            at_x, at_y, weight = near[0, i], near[1, i], near[2, i]
            for k in range(f.size):
                dx, dy = x[k] - at_x, y[k] - at_y
                value = weight + sqrt(dx * dx + dy * dy)
                f[k] = value if value < f[k] else f[k]  # noqa: FURB136 - min is no vector instruction


@kernel
def _compute_block(ground: tuple, leads: tuple, at: tuple, terms: tuple, workspace: tuple) -> None:
    """Values of f at the corners of a block, from the points around it."""
    corner, cell_m = ground[3], terms[0]
    near, corners = workspace
    for k in range(corners.shape[1]):
        corners[0, k] = ((corner[0] + at[0]) * BLOCK + k % BLOCK) * cell_m
        corners[1, k] = ((corner[1] + at[1]) * BLOCK + k // BLOCK) * cell_m
        corners[2, k] = cell_m
    count, bound = _gather(ground, leads, at, terms, near)
    _lower(near, count, bound, corners)


@kernel
def _fill(ground: tuple, leads: tuple, cutoff: tuple, terms: tuple, fields: tuple) -> None:
    """Values of f at the corners of the blocks in a window."""
    limit, window, crowd = cutoff
    cell_m, (values, all_reached) = terms[0], fields
    workspace = np.empty((4, crowd)), np.empty((3, BLOCK * BLOCK))
    f = workspace[1][2]
    for up in range(window[3]):
        for right in range(window[2]):
            at = (window[0] + right, window[1] + up, limit)
            least_weight = _weight(leads[1][at[1] * ground[4] + at[0]], limit, terms)
            if least_weight + ACROSS * cell_m <= -cell_m:
                f[:] = -cell_m
            elif _only_offroad_limit(leads[2], ground[4], at, terms):
                for k in range(f.size):
                    f[k] = all_reached[at[1] * BLOCK + k // BLOCK, at[0] * BLOCK + k % BLOCK]
            else:
                _compute_block(ground, leads, at, terms, workspace)
            for k in range(f.size):
                # never zero, and with its sign kept
                value, margin = max(f[k], -cell_m), SURE * cell_m
                if abs(value) < margin:
                    value = margin if value > 0 else -margin
                values[up * BLOCK + k // BLOCK, right * BLOCK + k % BLOCK] = value


def field(
    ground: Ground, point_leads: Leads, limit_m: float, window: Window, *, all_reached: np.ndarray
) -> np.ndarray:
    """Values of f at the corners of a grid.

    Parameters
    ----------
    ground, point_leads
        Points where travellers can leave the network, and their leads.
    limit_m
        The cutoff as the distance off the network covered in that time, metres.
    window
        Blocks of the ground, at least its reach from its edge.
    all_reached
        `field_all_reached` of the ground.

    Returns
    -------
    ndarray
        Metres, `BLOCK` rows and columns a block, southernmost row first; from minus a cell to a
        cell, and never zero.
    """
    blocks, terms = ground.blocks, (ground.cell_m, ground.offroad_m, ground.reach)
    crowd = int(np.diff(blocks.first).max()) * (2 * ground.reach + 1) ** 2
    values = np.empty((window.rows * BLOCK, window.columns * BLOCK))
    cutoff = (float(limit_m), tuple(window), crowd)
    _fill(tuple(blocks), tuple(point_leads), cutoff, terms, (values, all_reached))
    return values


@cached_by_identity
def field_all_reached(ground: Ground) -> np.ndarray:
    """The field of the whole ground if all points were reached long before the cutoff."""
    reach, columns = ground.reach, ground.blocks.columns
    rows = (len(ground.blocks.first) - 1) // columns
    window = Window(reach, reach, columns - 2 * reach, rows - 2 * reach)
    zero_leads = leads(ground, np.zeros(len(ground.blocks.x)))
    # an infinite greatest lead, so that this field itself is computed and not looked up
    forced = zero_leads._replace(greatest=np.full(columns * rows, np.inf))
    inner = field(ground, forced, ground.offroad_m, window, all_reached=np.empty((0, 0)))
    return np.pad(inner, reach * BLOCK, constant_values=ground.cell_m)

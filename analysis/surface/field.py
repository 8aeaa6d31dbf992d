"""How far each corner of a grid lies beyond what is reached.

T(x) is the least, over all points p of the network, of the time at p and the time off the network
from p to x, and off the network one goes at most R (`max_offroad_m`) at the mode's connector
speed, with the usual detour: w seconds a metre. So x is within a cutoff c where

    f(x) = min over p of max(T(p) / w + |x - p| - c / w, |x - p| - R)
         = min over p of (|x - p| + max(T(p) / w - c / w, -R))

is not positive. f is in metres and falls or rises by at most one a metre. So its zero contour on a
grid is true to a fraction of a cell, and it does not matter what f is farther than a cell from
zero: there it is held level. Where T(p) is just below c the area is a wedge too thin for the grid,
and the end of a street would be cut off; so a point that is reached covers `NEAR` of a cell, and
with it a corner of the grid.

T(p) / w is called the lead of a point here, and c / w the limit.
"""

from __future__ import annotations

from math import hypot, sqrt
from typing import NamedTuple

import numpy as np

from analysis.kernels import kernel
from analysis.surface.ground import BLOCK, NEAR, Ground
from layers.caching import cached_by_identity

ACROSS = BLOCK * sqrt(2.0)
"""From a corner of the grid to a point of its block, in cells, at most."""
TO_CORNER = (BLOCK - 1) / sqrt(2.0)
"""From the middle of a block's corners to the outer ones, in cells."""
SURE = 2.0**-10
"""No corner of the grid is nearer to the contour, in cells, so that rings never touch."""


class Window(NamedTuple):
    """Blocks looked at: column and row of the first, and how many of them there are."""

    column: int
    row: int
    columns: int
    rows: int


class Leads(NamedTuple):
    """The lead of every point of the ground, and the least and greatest of each block.

    Of a block without points they are infinite, and minus infinite.
    """

    of_points: np.ndarray
    least: np.ndarray
    greatest: np.ndarray


@kernel
def _ranges(first: np.ndarray, of_points: np.ndarray, least: np.ndarray, most: np.ndarray) -> None:
    for block in range(least.size):
        low, high = np.inf, -np.inf
        for point in range(first[block], first[block + 1]):
            low, high = min(low, of_points[point]), max(high, of_points[point])
        least[block], most[block] = low, high


def leads(ground: Ground, of_points: np.ndarray) -> Leads:
    """The leads of all points (metres, infinite where not reached)."""
    count = len(ground.blocks.first) - 1
    found = Leads(of_points, np.empty(count), np.empty(count))
    _ranges(ground.blocks.first, *found)
    return found


@kernel
def _weight(lead: float, limit: float, terms: tuple) -> float:
    """What a point adds to the distance from it."""
    cell_m, offroad_m = terms[0], terms[1]
    weight = max(lead - limit, -offroad_m)
    return weight if lead > limit else min(weight, -NEAR * cell_m)


@kernel
def _all_long_ago(greatest: np.ndarray, columns: int, at: tuple, terms: tuple) -> bool:
    """Whether all points around a block are reached so early that R alone matters."""
    column, row, limit = at
    offroad_m, reach = terms[1], terms[2]
    for r in range(row - reach, row + reach + 1):
        for c in range(column - reach, column + reach + 1):
            if greatest[r * columns + c] > limit - offroad_m:
                return False
    return True


@kernel
def _gathered(
    ground: tuple, leads: tuple, at: tuple, terms: tuple, near: np.ndarray
) -> tuple[int, float]:
    """Points that may be the nearest of some corner of a block: x, y, weight, least value.

    How many, and a value that f exceeds at none of the corners.
    """
    x, y, first, corner, columns = ground
    of_points, least = leads[0], leads[1]
    column, row, limit = at
    cell_m, reach = terms[0], terms[2]
    middle_x = ((corner[0] + column) * BLOCK + 0.5 * (BLOCK - 1)) * cell_m
    middle_y = ((corner[1] + row) * BLOCK + 0.5 * (BLOCK - 1)) * cell_m
    half, most, count = TO_CORNER * cell_m, cell_m, 0
    for r in range(row - reach, row + reach + 1):
        for c in range(column - reach, column + reach + 1):
            block = r * columns + c
            apart = BLOCK * cell_m * hypot(max(abs(r - row) - 1, 0), max(abs(c - column) - 1, 0))
            if _weight(least[block], limit, terms) + apart >= most:
                continue
            for p in range(first[block], first[block + 1]):
                weight = _weight(of_points[p], limit, terms)
                dx, dy = x[p] - middle_x, y[p] - middle_y
                value = weight + sqrt(dx * dx + dy * dy)
                if value - half < most:
                    near[0, count], near[1, count] = x[p], y[p]
                    near[2, count], near[3, count] = weight, value - half
                    most = min(most, value + half)
                    count += 1
    return count, most


@kernel
def _lower(near: np.ndarray, count: int, most: float, corners: np.ndarray) -> None:
    """Lower f at the corners of a block to what the gathered points say."""
    x, y, f = corners[0], corners[1], corners[2]
    for i in range(count):
        if near[3, i] < most:
            at_x, at_y, weight = near[0, i], near[1, i], near[2, i]
            for k in range(f.size):
                dx, dy = x[k] - at_x, y[k] - at_y
                value = weight + sqrt(dx * dx + dy * dy)
                f[k] = value if value < f[k] else f[k]  # noqa: FURB136 - min is no vector instruction


@kernel
def _searched(ground: tuple, leads: tuple, at: tuple, terms: tuple, workspace: tuple) -> None:
    """Values of f at the corners of a block, from the points around it."""
    corner, cell_m = ground[3], terms[0]
    near, corners = workspace
    for k in range(corners.shape[1]):
        corners[0, k] = ((corner[0] + at[0]) * BLOCK + k % BLOCK) * cell_m
        corners[1, k] = ((corner[1] + at[1]) * BLOCK + k // BLOCK) * cell_m
        corners[2, k] = cell_m
    count, most = _gathered(ground, leads, at, terms, near)
    _lower(near, count, most, corners)


@kernel
def _fill(ground: tuple, leads: tuple, cutoff: tuple, terms: tuple, fields: tuple) -> None:
    """Values of f at the corners of the blocks in a window."""
    limit, window, crowd = cutoff
    cell_m, (found, of_all) = terms[0], fields
    workspace = np.empty((4, crowd)), np.empty((3, BLOCK * BLOCK))
    f = workspace[1][2]
    for up in range(window[3]):
        for right in range(window[2]):
            at = (window[0] + right, window[1] + up, limit)
            own = _weight(leads[1][at[1] * ground[4] + at[0]], limit, terms)
            if own + ACROSS * cell_m <= -cell_m:
                f[:] = -cell_m
            elif _all_long_ago(leads[2], ground[4], at, terms):
                for k in range(f.size):
                    f[k] = of_all[at[1] * BLOCK + k // BLOCK, at[0] * BLOCK + k % BLOCK]
            else:
                _searched(ground, leads, at, terms, workspace)
            for k in range(f.size):
                # never zero, and on the side that it is
                value, sure = max(f[k], -cell_m), SURE * cell_m
                if abs(value) < sure:
                    value = sure if value > 0 else -sure
                found[up * BLOCK + k // BLOCK, right * BLOCK + k % BLOCK] = value


def field(
    ground: Ground, given: Leads, limit_m: float, window: Window, *, of_all: np.ndarray
) -> np.ndarray:
    """Values of f at the corners of a grid.

    Parameters
    ----------
    ground, given
        Points where one can leave the network, and their leads.
    limit_m
        The cutoff, as far as one goes off the network in that time.
    window
        Blocks of the ground, so far from its edge as its reach.
    of_all
        `field_of_all` of the ground.

    Returns
    -------
    ndarray
        Metres, `BLOCK` rows and columns a block, southernmost row first; from minus a cell to a
        cell, and never zero.
    """
    blocks, terms = ground.blocks, (ground.cell_m, ground.offroad_m, ground.reach)
    crowd = int(np.diff(blocks.first).max()) * (2 * ground.reach + 1) ** 2
    found = np.empty((window.rows * BLOCK, window.columns * BLOCK))
    cutoff = (float(limit_m), tuple(window), crowd)
    _fill(tuple(blocks), tuple(given), cutoff, terms, (found, of_all))
    return found


@cached_by_identity
def field_of_all(ground: Ground) -> np.ndarray:
    """The field of the whole ground if all of it was reached long ago."""
    reach, columns = ground.reach, ground.blocks.columns
    rows = (len(ground.blocks.first) - 1) // columns
    window = Window(reach, reach, columns - 2 * reach, rows - 2 * reach)
    at_once = leads(ground, np.zeros(len(ground.blocks.x)))
    # not so early that its own answer would be looked up
    searched = at_once._replace(greatest=np.full(columns * rows, np.inf))
    inner = field(ground, searched, ground.offroad_m, window, of_all=np.empty((0, 0)))
    return np.pad(inner, reach * BLOCK, constant_values=ground.cell_m)

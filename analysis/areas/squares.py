"""Which squares of the mesh the edge of an area goes through.

f rises or falls by at most w a metre. So if f at the middle of a block of squares is farther from
zero than w times the way to its corners, no edge goes through it; other blocks are cut in four.
Only pieces that may be the nearest somewhere in a block are looked at again in its parts.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from analysis.areas.pieces import ROWS
from analysis.areas.samples import MOST_POINTS, SLOTS, square
from analysis.areas.values import (
    DIAGONAL,
    earliest_near,
    gather,
    keep,
    pieces_near,
    surely_within,
    values_at,
)

FAR_CELLS = 2
"""No two samples of a square are farther apart, so values beyond do not matter."""
NEAR_ZERO = 1e-4
"""Values nearer to zero than so many cells are moved away from it: then no two places of an edge
coincide, and outlines never touch."""
ROOM = 1_000
"""Pieces that there is space for at first. (With a power of two, the rows of a table would get in
each other's way in the processor's cache.)"""
SQUARES, SAMPLES = 8_192, 65_536
"""Room for what is found, at first."""
SIDES = 5
WIDTH = 3 + SIDES
"""Numbers of a square, and of its sides."""
Part = tuple[np.ndarray, np.ndarray]
"""Squares found, and their samples."""


@njit(cache=True, nogil=True)
def _sampled(kept: tuple, cut: tuple, near: float, points: np.ndarray, samples: np.ndarray) -> bool:
    """Fill x, y and f of some points; whether f is positive at some and negative at others."""
    table, count, values = kept
    below, above = False, False
    for k in range(samples.shape[0]):
        value = values_at(table, (0, count), (points[k, 0], points[k, 1]), cut, values)
        value = min(value, -near) if value < 0 else max(value, near)
        samples[k, 0], samples[k, 1], samples[k, 2] = points[k, 0], points[k, 1], value
        below, above = below or value < 0, above or value > 0
    return below and above


@njit(cache=True, nogil=True)
def _cut_in_four(stack: np.ndarray, n: int) -> int:
    """Put the four parts of the block on top of the stack in its place; how many there are now."""
    column, row, across, depth = stack[n - 1]
    half = across // 2
    for part in range(4):
        own = stack[n - 1 + part]
        own[0], own[1] = column + half * (part & 1), row + half * (part >> 1)
        own[2], own[3] = half, depth + 1
    return n + 3


@njit(cache=True, nogil=True)
def _add(found: tuple, place: tuple, sides: tuple, own: np.ndarray) -> None:
    """Append a square, unless there is no room left; they are counted all the same."""
    squares, samples, sizes = found
    n, start = sizes[0], sizes[1]
    sizes[0], sizes[1] = n + 1, start + own.shape[0]
    if sizes[0] <= squares.shape[0] and sizes[1] <= samples.shape[0]:
        squares[n, 0], squares[n, 1], squares[n, 2] = place[0], place[1], start
        for side in range(SIDES):
            squares[n, 3 + side] = sides[side]
        samples[start : start + own.shape[0]] = own


@njit(cache=True, nogil=True)
def _descend(mesh: tuple, cut: tuple, space: tuple, found: tuple) -> None:
    """Add the squares that the edge goes through of the one block on the stack."""
    cell, w = mesh[0], cut[1]
    values, kept, counts, stack, work, points, own = space
    n = _cut_in_four(stack, 1)
    while n > 0:
        column, row, across, depth = stack[n - 1]
        half = across * cell / 2
        place = (column * cell + half, row * cell + half)
        slack = w * half * DIAGONAL
        above, span = kept[depth - 1], (0, counts[depth - 1])
        least = values_at(above, span, place, cut, values)
        if abs(least) > slack:
            n -= 1
            continue
        counts[depth] = keep(above, span, values, least + 2 * slack, (kept[depth], 0))
        if across > 1:
            n = _cut_in_four(stack, n)
            continue
        n -= 1
        sides = square(mesh, column, row, work, points)
        size = sides[0] + sides[1] + sides[2] + sides[3] + sides[4]
        near = (kept[depth], counts[depth], values)
        if _sampled(near, cut, NEAR_ZERO * cell * w, points, own[:size]):
            _add(found, (row, column), sides, own[:size])


@njit(cache=True, nogil=True)
def _one_block(pieces: tuple, mesh: tuple, cut: tuple, space: tuple, found: tuple) -> None:
    """Add the squares of the one block on the stack."""
    values, kept, counts, stack = space[:4]
    column, row, across = stack[0, :3]
    half = across * mesh[0] / 2
    place = (column * mesh[0] + half, row * mesh[0] + half)
    metres = cut[2] + FAR_CELLS * mesh[0] + half * DIAGONAL + pieces[1].width / 2
    needed = pieces_near(pieces, place, metres)
    if needed > values.size:
        sizes = found[2]
        sizes[2] = max(sizes[2], needed)
        return
    counts[0] = gather(pieces, (place, half, cut), metres, values, kept[0])
    if counts[0] > 0:
        _descend(mesh, cut, space, found)


@njit(cache=True, nogil=True)
def _all_blocks(
    pieces: tuple, mesh: tuple, cut: tuple, blocks: tuple, space: tuple, found: tuple
) -> None:
    """Add the squares of some blocks; see `squares_crossed`."""
    near, across, left, right, low, high = blocks
    slack = cut[1] * across * mesh[0] * DIAGONAL / 2
    for row in range(low, high):
        for column in range(left, right):
            place = ((column + 0.5) * across * mesh[0], (row + 0.5) * across * mesh[0])
            if earliest_near(near, pieces[1], place) > cut[0]:
                continue
            if surely_within(pieces, place, cut, slack, space[0]):
                continue
            own = space[3][0]
            own[0], own[1], own[2], own[3] = column * across, row * across, across, 0
            _one_block(pieces, mesh, cut, space, found)


def _space(across: int, room: int) -> tuple:
    """Workspace for so many pieces, and blocks so many squares across."""
    depths = across.bit_length() + 1
    values, kept = np.empty(room), np.empty((depths, ROWS, room))
    counts, stack = np.zeros(depths, np.int64), np.empty((3 * depths + 1, 4), np.int64)
    work, points = (np.empty((4, SLOTS)), np.empty(SLOTS + 1)), np.empty((MOST_POINTS, 2))
    return values, kept, counts, stack, work, points, np.empty((MOST_POINTS, 3))


def squares_crossed(pieces: tuple, mesh: tuple, cut: tuple, blocks: tuple) -> Part:
    """The squares of some blocks that the edge goes through.

    Parameters
    ----------
    pieces
        Table, bins and first of `analysis.areas.pieces.Pieces`.
    mesh
        The fields of a `Mesh`.
    cut
        The cutoff in seconds, w and R.
    blocks
        By bin, the least time from which one might reach anything in a block there; how many
        squares blocks are across; their columns and rows, from and to.

    Returns
    -------
    ndarray
        int64, squares x `WIDTH`: row, column, first sample, and the five numbers of
        `analysis.areas.samples.square`.
    ndarray
        float64, samples x 3: x, y and f, which is never zero.
    """
    room, most = ROOM, np.array([SQUARES, SAMPLES])
    while True:
        squares, samples = np.empty((most[0], WIDTH), np.int64), np.empty((most[1], 3))
        sizes = np.zeros(3, np.int64)
        _all_blocks(pieces, mesh, cut, blocks, _space(blocks[1], room), (squares, samples, sizes))
        if sizes[2] == 0 and (sizes[:2] <= most).all():
            return squares[: sizes[0]], samples[: sizes[1]]
        # some did not fit
        room, most = max(room, int(sizes[2]) | 1), np.maximum(most, 2 * sizes[:2])

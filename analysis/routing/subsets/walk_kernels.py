"""What becomes of the rows of one block of origins when a project is added, in machine code."""

from __future__ import annotations

import numpy as np

from analysis.kernels import kernel

PIECE = 512
"""Columns that are lowered together."""
FEW = 4
"""Where one column in so many counts, the others are skipped."""


@kernel
def closed(links: np.ndarray) -> None:
    """Let every link be no dearer than any way over others; int64."""
    for via in range(len(links)):
        for tail in range(len(links)):
            for head in range(len(links)):
                around = links[tail, via] + links[via, head]
                links[tail, head] = min(links[tail, head], around)


@kernel
def _new_costs(row: np.ndarray, ends: tuple, limit: np.int32, found: tuple) -> int:
    """Terminals that a row now reaches cheaper, and their costs; how many they are."""
    tails, heads, links = ends
    which, costs = found
    count = 0
    for head in range(heads.size):
        best = np.int64(row[heads[head]])
        old = best
        for tail in range(tails.size):
            best = min(best, row[tails[tail]] + links[tail, head])
        if best < old and best <= limit:
            which[count], costs[count] = head, best
            count += 1
    return count


@kernel
def _lowered(source: np.ndarray, target: np.ndarray, ways: tuple, tables: np.ndarray) -> None:
    """The cheapest of the old way and those over some terminals.

    A piece of the row stays in the innermost cache while all terminals pass over it.
    """
    held, rows, costs = ways
    for start in range(0, target.size, PIECE):
        piece = target[start : start + PIECE]
        piece[:] = source[start : start + PIECE][: piece.size]
        for k in range(rows.size):
            on, cost = tables[held[k], rows[k]][start : start + PIECE], np.int32(costs[k])
            for column in range(piece.size):
                piece[column] = min(piece[column], np.int32(on[column] + cost))


@kernel
def _shortened(source: np.ndarray, shortcuts: tuple, origin: int) -> bool:
    """Whether a shortcut of an origin is cheaper than what it has."""
    first, columns, costs = shortcuts
    short = False
    for way in range(first[origin], first[origin + 1]):
        short = short or costs[way] < source[columns[way]]
    return short


@kernel
def _take_shortcuts(row: np.ndarray, shortcuts: tuple, origin: int) -> None:
    first, columns, costs = shortcuts
    for way in range(first[origin], first[origin + 1]):
        row[columns[way]] = min(row[columns[way]], costs[way])


@kernel
def _within(row: np.ndarray, numbers: np.ndarray, some: np.ndarray, cutoff: np.int32) -> np.int64:
    """What lies within the cutoff; whole numbers, so that the order of adding does not matter."""
    found = np.int64(0)
    if some.size * FEW < numbers.size:
        for column in some:
            found += numbers[column] if row[column] <= cutoff else 0
        return found
    for column in range(numbers.size):
        found += numbers[column] if row[column] <= cutoff else 0
    return found


@kernel
def _spent(row: np.ndarray, timed: np.ndarray, most: np.int32) -> np.int64:
    """Units to some destinations, `most` at most."""
    found = np.int64(0)
    for column in range(timed.size):
        found += min(row[column], most) if timed[column] else 0
    return found


@kernel
def sum_up(
    row: np.ndarray, timed: np.ndarray, counted: tuple, most: np.int32, sums: np.ndarray
) -> None:
    """Every sum of an origin."""
    numbers, first, some, cutoffs = counted
    for k in range(cutoffs.size):
        sums[k] = _within(row, numbers[k], some[first[k] : first[k + 1]], cutoffs[k])
    if sums.size > cutoffs.size:
        sums[cutoffs.size] = _spent(row, timed, most)


@kernel
def add(tables: np.ndarray, level: np.ndarray, sums: np.ndarray, step: tuple, asked: tuple) -> None:
    """Make the rows and sums of a level one project deeper.

    `level[d, row]` says which level's table holds the row as it is at depth d: rows that a
    project does not change are not copied.
    """
    deeper, ends, at, later, shortcuts = step
    counted, timed, (limit, most), terminals, width = asked
    found = (np.empty(at.size, np.int64), np.empty(at.size, np.int64))
    over, where = np.empty(at.size, np.int64), np.empty(at.size, np.int64)
    for place in range(later + tables.shape[1] - terminals):
        row = place if place < later else place - later + terminals
        origin, held = row - terminals, level[deeper - 1, row]
        level[deeper, row], sums[deeper, row] = held, sums[deeper - 1, row]
        count = _new_costs(tables[held, row], ends, limit, found)
        short = origin >= 0 and _shortened(tables[held, row], shortcuts, origin)
        if count == 0 and not short:
            continue
        level[deeper, row] = deeper
        for k in range(count):
            over[k] = at[found[0][k]]
            where[k] = level[deeper - 1, over[k]]
        ways = (where[:count], over[:count], found[1])
        _lowered(tables[held, row], tables[deeper, row][: width + later], ways, tables)
        if origin >= 0:
            _take_shortcuts(tables[deeper, row], shortcuts, origin)
            sum_up(tables[deeper, row], timed[origin], counted, most, sums[deeper, row])

"""Kernels: update the rows of one block of origins when a project is added."""

from __future__ import annotations

import numpy as np

from analysis.kernels import kernel

PIECE = 512
"""Columns that are updated together."""
FEW = 4
"""If at most one column in this many counts, the others are skipped."""


@kernel
def close_links(links: np.ndarray) -> None:
    """Lower every link to the cost of the best path over other links (Floyd); int64."""
    for via in range(len(links)):
        for tail in range(len(links)):
            for head in range(len(links)):
                around = links[tail, via] + links[via, head]
                links[tail, head] = min(links[tail, head], around)


@kernel
def _new_costs(row: np.ndarray, ends: tuple, limit: np.int32, improved: tuple) -> int:
    """Fill in the terminals that a row reaches cheaper, with costs; return their number."""
    tails, heads, links = ends
    terminals, costs = improved
    count = 0
    for head in range(heads.size):
        best = np.int64(row[heads[head]])
        old = best
        for tail in range(tails.size):
            best = min(best, row[tails[tail]] + links[tail, head])
        if best < old and best <= limit:
            terminals[count], costs[count] = head, best
            count += 1
    return count


@kernel
def _lower_row(source: np.ndarray, target: np.ndarray, over: tuple, tables: np.ndarray) -> None:
    """Write the minimum of the old costs and those over some terminals.

    A piece of the row stays in the innermost cache while all terminals are applied to it.
    """
    levels, rows, costs = over
    for start in range(0, target.size, PIECE):
        piece = target[start : start + PIECE]
        piece[:] = source[start : start + PIECE][: piece.size]
        for k in range(rows.size):
            via, cost = tables[levels[k], rows[k]][start : start + PIECE], np.int32(costs[k])
            for column in range(piece.size):
                piece[column] = min(piece[column], np.int32(via[column] + cost))


@kernel
def _is_shortened(source: np.ndarray, direct: tuple, origin: int) -> bool:
    """Whether a direct arc of an origin is cheaper than its current cost."""
    first, columns, costs = direct
    cheaper = False
    for arc in range(first[origin], first[origin + 1]):
        cheaper = cheaper or costs[arc] < source[columns[arc]]
    return cheaper


@kernel
def _take_direct(row: np.ndarray, direct: tuple, origin: int) -> None:
    first, columns, costs = direct
    for arc in range(first[origin], first[origin + 1]):
        row[columns[arc]] = min(row[columns[arc]], costs[arc])


@kernel
def _sum_within(
    row: np.ndarray, numbers: np.ndarray, nonzero: np.ndarray, cutoff: np.int32
) -> np.int64:
    """Sum of the numbers within the cutoff; integers, so that the order of adding is irrelevant."""
    total = np.int64(0)
    if nonzero.size * FEW < numbers.size:
        for column in nonzero:
            total += numbers[column] if row[column] <= cutoff else 0
        return total
    for column in range(numbers.size):
        total += numbers[column] if row[column] <= cutoff else 0
    return total


@kernel
def _sum_of_times(row: np.ndarray, timed: np.ndarray, most: np.int32) -> np.int64:
    """Sum of the units to some destinations, each capped at `most`."""
    total = np.int64(0)
    for column in range(timed.size):
        total += min(row[column], most) if timed[column] else 0
    return total


@kernel
def sum_up(
    row: np.ndarray, timed: np.ndarray, counted: tuple, most: np.int32, sums: np.ndarray
) -> None:
    """Fill in every sum of an origin."""
    numbers, first, nonzero, cutoffs = counted
    for k in range(cutoffs.size):
        sums[k] = _sum_within(row, numbers[k], nonzero[first[k] : first[k + 1]], cutoffs[k])
    if sums.size > cutoffs.size:
        sums[cutoffs.size] = _sum_of_times(row, timed, most)


@kernel
def add(
    tables: np.ndarray, level: np.ndarray, sums: np.ndarray, step: tuple, request: tuple
) -> None:
    """Compute the rows and sums of the next level, with one more project.

    `level[d, row]` is the level whose table holds the row at depth d: rows that a project does not
    change are not copied.
    """
    deeper, ends, at, later, direct = step
    counted, timed, (limit, most), terminals, width = request
    improved = (np.empty(at.size, np.int64), np.empty(at.size, np.int64))
    over, levels = np.empty(at.size, np.int64), np.empty(at.size, np.int64)
    for place in range(later + tables.shape[1] - terminals):
        row = place if place < later else place - later + terminals
        origin, current = row - terminals, level[deeper - 1, row]
        level[deeper, row], sums[deeper, row] = current, sums[deeper - 1, row]
        count = _new_costs(tables[current, row], ends, limit, improved)
        cheaper = origin >= 0 and _is_shortened(tables[current, row], direct, origin)
        if count == 0 and not cheaper:
            continue
        level[deeper, row] = deeper
        for k in range(count):
            over[k] = at[improved[0][k]]
            levels[k] = level[deeper - 1, over[k]]
        via = (levels[:count], over[:count], improved[1])
        _lower_row(tables[current, row], tables[deeper, row][: width + later], via, tables)
        if origin >= 0:
            _take_direct(tables[deeper, row], direct, origin)
            sum_up(tables[deeper, row], timed[origin], counted, most, sums[deeper, row])

"""Rows of eight 64-bit words, held in registers.

Written out word by word: a loop over arrays would have to fear that one array is a part of another,
and would go word by word through memory. So the compiler makes vector instructions of them.
"""

from __future__ import annotations

import numpy as np

from analysis.kernels import inlined

WORDS = 8
LANES = 64 * WORDS


@inlined
def load(table: np.ndarray, at: int) -> tuple:
    """A row of a table (rows x words)."""
    return (
        table[at, 0],
        table[at, 1],
        table[at, 2],
        table[at, 3],
        table[at, 4],
        table[at, 5],
        table[at, 6],
        table[at, 7],
    )


@inlined
def store(table: np.ndarray, at: int, row: tuple) -> None:
    """Overwrite a row of a table."""
    table[at, 0] = row[0]
    table[at, 1] = row[1]
    table[at, 2] = row[2]
    table[at, 3] = row[3]
    table[at, 4] = row[4]
    table[at, 5] = row[5]
    table[at, 6] = row[6]
    table[at, 7] = row[7]


@inlined
def union(one: tuple, other: tuple) -> tuple:
    """What is in either row."""
    return (
        one[0] | other[0],
        one[1] | other[1],
        one[2] | other[2],
        one[3] | other[3],
        one[4] | other[4],
        one[5] | other[5],
        one[6] | other[6],
        one[7] | other[7],
    )


@inlined
def without(one: tuple, other: tuple) -> tuple:
    """What is in the first row and not in the second."""
    return (
        one[0] & ~other[0],
        one[1] & ~other[1],
        one[2] & ~other[2],
        one[3] & ~other[3],
        one[4] & ~other[4],
        one[5] & ~other[5],
        one[6] & ~other[6],
        one[7] & ~other[7],
    )


@inlined
def is_empty(row: tuple) -> bool:
    """Whether a row has no bit."""
    low, high = row[0] | row[1] | row[2] | row[3], row[4] | row[5] | row[6] | row[7]
    return (low | high) == 0


@inlined
def add(table: np.ndarray, at: int, row: tuple) -> None:
    """Add the bits of a row to that of a table."""
    store(table, at, union(load(table, at), row))

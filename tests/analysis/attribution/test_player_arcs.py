"""Links that need players."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.attribution.network.nodes import Links
from analysis.attribution.network.player_arcs import Labelled, NotAdditiveError, cheaper


def links_of(*rows: tuple[int, int, int]) -> Links:
    tails, heads, costs = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Links(tails, heads, costs)


def rows_of(found: Links) -> list[tuple[int, ...]]:
    return sorted(zip(*(part.tolist() for part in found), strict=True))


def test_what_is_new_or_cheaper() -> None:
    """Of two links between the same ends the cheaper one counts."""
    known = links_of((0, 1, 5), (1, 2, 5))
    found = links_of((0, 1, 5), (1, 2, 4), (1, 2, 9), (2, 0, 7))
    assert rows_of(cheaper(found, known)) == [(1, 2, 4), (2, 0, 7)]


@pytest.mark.parametrize("found", [[(0, 1, 5)], [(0, 1, 5), (1, 2, 6)], []])
def test_what_is_gone_or_dearer(found: list[tuple[int, int, int]]) -> None:
    with pytest.raises(NotAdditiveError):
        cheaper(links_of(*found), links_of((0, 1, 5), (1, 2, 5)))


def test_what_there_is_with_some_players() -> None:
    known = Labelled.of(links_of((0, 1, 9))).and_new(links_of((0, 1, 8)), 0b01)
    known = known.and_new(links_of((0, 1, 7), (1, 0, 3)), 0b11)
    wanted = {
        0b00: [(0, 1, 9)],
        0b01: [(0, 1, 8)],
        0b10: [(0, 1, 9)],
        0b11: [(0, 1, 7), (1, 0, 3)],
    }
    for built, rows in wanted.items():
        assert rows_of(known.with_players(built)) == rows

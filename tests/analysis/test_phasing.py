"""When the gains come: years and slips computed by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from easy_values import conditions
from phasing_worlds import HERE, IDS, PROJECTS, TRAVELS, WITHIN, means, phases, zones

from analysis import phasing
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.phasing import (
    OPENING_COLUMNS,
    SLIP_COLUMNS,
    YEARLY_COLUMNS,
    Phases,
    Programme,
    openings,
    slips,
    yearly,
)


def test_what_opens_when() -> None:
    found = openings(phases().programme)
    assert tuple(found.columns) == OPENING_COLUMNS
    assert found["year"].tolist() == [2024, 2025, 2026, 2027, 2028]
    assert found["new_ids"].tolist() == [(), ("one", "two"), (), (), ("bus",)]
    assert found["open_ids"].tolist() == [(), *[("one", "two")] * 3, IDS]


def test_what_is_there_already_opens_no_more() -> None:
    programme = phases(already=("one",)).programme
    found = openings(programme).set_index("year")
    assert found.index.tolist() == list(range(2022, 2029))
    assert found.loc[2022, "open_ids"] == ("one",)
    assert found.loc[2023, "new_ids"] == ("two",)
    assert programme.open_in(1900) == ("one",)


def test_every_year_by_hand() -> None:
    """A car reaches three blocks; nobody walks a block; the bus takes a wait of 300 s and 60."""
    ticks: list[None] = []
    found = yearly(phases(), tick=lambda: ticks.append(None))
    assert tuple(found.columns) == YEARLY_COLUMNS
    assert len(ticks) == 5
    assert len(found) == 5 * 2 * 3
    before = (3 * 3 + 12 * 12 + 48 * 48) / 63
    joined = (1 * 15 + 2 * 31 + 4 * 63 + 8 * 63 + 16 * 62 + 32 * 60) / 63
    drive = {2024: before, **dict.fromkeys(range(2025, 2029), joined)}
    assert means(found, "drive") == pytest.approx(drive)
    west = (3 * 3 + 4 * 12) / 7, (1 * 15 + 2 * 31 + 4 * 63) / 7
    assert means(found, "drive", "west")[2024] == pytest.approx(west[0])
    assert means(found, "drive", "west")[2028] == pytest.approx(west[1])
    alone = sum(4**n for n in range(6)) / 63
    transit = {**dict.fromkeys(range(2024, 2028), alone), 2028: alone + 2 * 32 / 63}
    assert means(found, "transit") == pytest.approx(transit)
    last = found.loc[(found["year"] == 2028) & (found["area_id"] == "all")]
    assert last["change"].tolist() == pytest.approx([joined - before, 2 * 32 / 63])
    people = found.groupby("area_id")["people"].unique()
    assert people["west"] == 7
    assert people["all"] == 63


def test_every_slip_by_hand() -> None:
    ticks: list[None] = []
    found = slips(phases(), [1, 2, 5], tick=lambda: ticks.append(None))
    assert tuple(found.columns) == SLIP_COLUMNS
    assert len(ticks) == 9
    assert len(found) == 9 * 2
    rows = found.set_index(["project_id", "delay_years", "mode"])
    before = (3 * 3 + 12 * 12 + 48 * 48) / 63
    half = (15 * 15 + 48 * 48) / 63
    joined = (1 * 15 + 2 * 31 + 4 * 63 + 8 * 63 + 16 * 62 + 32 * 60) / 63
    for delay in (1, 2, 5):
        one = rows.loc["one", delay, "drive"]
        assert one["shortfall"] == pytest.approx(delay * (joined - before))
        assert one["waiting_ids"] == ("two",)
        assert (one["opens"], one["opens_late"]) == (2025, 2025 + delay)
        bus = rows.loc["bus", delay, "transit"]
        assert bus["shortfall"] == pytest.approx(delay * 64 / 63)
        assert bus["waiting_ids"] == ()
        # two has two years to spare
        two = rows.loc["two", delay, "drive"]
        assert two["opens_late"] == max(2025, 2023 + delay)
        assert two["shortfall"] == pytest.approx(max(delay - 2, 0) * (joined - half))
        for name, mode in (("one", "transit"), ("two", "transit"), ("bus", "drive")):
            assert rows.loc[name, delay, mode]["shortfall"] == 0


def test_nothing_opens() -> None:
    asked = phases(already=IDS)
    assert list(openings(asked.programme).columns) == list(OPENING_COLUMNS)
    assert yearly(asked).empty
    assert slips(asked, [1]).empty


def test_where_nobody_lives_nobody_gains() -> None:
    programme, empty = Programme(HERE.network(), PROJECTS, IDS), zones().assign(population=0.0)
    asked = Phases(programme, empty, measures=[WITHIN], travels=TRAVELS, conditions=conditions())
    assert yearly(asked).empty
    assert slips(asked, [1]).empty


def test_no_network_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """By car the bus is nothing new; years in which nothing opens are like those before."""
    asked: list[str] = []

    def counting(*args: Any, travel: Travel, **values: Any) -> Any:
        asked.append(travel.mode)
        return routable_network(*args, travel=travel, **values)

    monkeypatch.setattr(phasing, "routable_network", counting)
    found = phases()
    first = yearly(found)
    assert sorted(asked) == ["drive"] * 2 + ["transit"] * 3
    pd.testing.assert_frame_equal(yearly(found), first)
    slips(found, [1, 2])
    # whatever is late, each set of open projects has been met before
    assert sorted(asked) == ["drive"] * 2 + ["transit"] * 3

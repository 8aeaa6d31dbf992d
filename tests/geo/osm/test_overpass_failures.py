"""Overpass servers that fail, are busy or cannot be reached: politely, and to be continued."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from osm_extract import assert_same
from overpass_server import (
    FAILURES,
    STATUS,
    OverpassServer,
)
from overpass_village import FOUR, VILLAGE, at, nobody, the_fault, village, whole_village

from geo.faults import BadInputError
from geo.osm import overpass
from geo.osm.overpass import Overpass, fetch_osm


def test_fetch_goes_on_where_it_was_broken_off(server: OverpassServer, tmp_path: Path) -> None:
    asked = replace(at(server), tile_km2=FOUR)

    def end_at_third(tile: str) -> None:
        if tile == "tile 3 of 4":
            # What a program leaves that is ended while it writes an answer.
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_osm(VILLAGE, asked, cache=tmp_path, tick=end_at_third)
    assert len(server.queries) == 4
    seen: list[str] = []
    found = fetch_osm(VILLAGE, asked, cache=tmp_path, tick=seen.append)
    assert seen == [f"tile {number} of 4" for number in (1, 2, 3, 4)]
    assert len(server.queries) == len(set(server.queries)) == 8
    assert_same(found, whole_village())
    assert all(path.suffix == ".json" for path in tmp_path.iterdir())


def test_half_an_answer_is_not_trusted(
    server: OverpassServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program is ended while OSMnx writes."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", end)
        with pytest.raises(KeyboardInterrupt):
            fetch_osm(VILLAGE, at(server), cache=tmp_path)
    [half] = tmp_path.glob("*.part/*.json")
    half.write_text(half.read_text()[:100])
    assert_same(fetch_osm(VILLAGE, at(server), cache=tmp_path), whole_village())
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".json"]


def test_answers_serve_again_for_the_same_question_only(
    server: OverpassServer, tmp_path: Path
) -> None:
    asked = at(server)
    first = fetch_osm(VILLAGE, asked, cache=tmp_path)
    patient = replace(asked, timeout_secs=30, retry_waits_secs=(1,), tile_km2=100)
    assert_same(fetch_osm(VILLAGE, patient, cache=tmp_path), first)
    assert (len(server.queries), server.statuses) == (2, 5)
    fetch_osm(VILLAGE, replace(asked, date=dt.date(2022, 4, 20)), cache=tmp_path)
    assert len(server.queries) == 4
    with OverpassServer(village()) as other:
        fetch_osm(VILLAGE, at(other), cache=tmp_path)
        assert len(other.queries) == 2
    server.__exit__()
    assert_same(fetch_osm(VILLAGE, asked, cache=tmp_path), first)


# Politeness and failure ---------------------------------------------------------------------


def test_failures_are_tried_again(
    server: OverpassServer, tmp_path: Path, rests: list[float]
) -> None:
    first, then = FAILURES[:3], FAILURES[3:]
    server.fails(*first, "", *then)
    found = fetch_osm(VILLAGE, Overpass(server.url), cache=tmp_path)
    assert_same(found, whole_village())
    assert rests == [30, 60, 120, 30, 60, 120]
    assert len(server.queries) == len(FAILURES) + 2


def test_what_failed_for_good_is_told_and_the_rest_is_kept(
    server: OverpassServer, tmp_path: Path, rests: list[float]
) -> None:
    asked = replace(at(server), tile_km2=FOUR, retry_waits_secs=(1, 2))
    server.fails("", "", "", "remark", "500", "remark")
    with pytest.raises(BadInputError) as error:
        fetch_osm(VILLAGE, asked, cache=tmp_path)
    fault = the_fault(error)
    assert (fault.file, fault.feature) == (server.url, "tile 2 of 4")
    assert fault.code == "server-no-answer"
    assert "Query timed out" in fault.message
    assert "scicity fetch --osm FILE" in fault.allowed
    assert "same command again" in fault.allowed
    assert rests == [1, 2]
    fetch_osm(VILLAGE, asked, cache=tmp_path)
    assert len(server.queries) == 6 + 5


def test_a_query_that_is_refused_is_not_sent_again(
    server: OverpassServer, tmp_path: Path, rests: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overpass, "STREETS", "[highway")
    with pytest.raises(BadInputError, match="400 Client Error"):
        fetch_osm(VILLAGE, Overpass(server.url), cache=tmp_path)
    assert (len(server.queries), rests) == (1, [])


def test_more_answers_than_one_are_not_mixed_up(
    server: OverpassServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were OSMnx to cut a tile again, here because it may ask for 1 km2 only."""
    monkeypatch.setattr(overpass, "GROWN_KM", 1 - overpass.TILE_KM2**0.5)
    with pytest.raises(BadInputError, match=r"[^01] answers to one request"):
        fetch_osm(VILLAGE, at(server), cache=tmp_path)


def test_offline_is_told_at_once(tmp_path: Path, rests: list[float]) -> None:
    with pytest.raises(BadInputError) as error:
        fetch_osm(VILLAGE, Overpass(nobody()), cache=tmp_path)
    fault = the_fault(error)
    assert fault.message == "there is no connection to it"
    assert "scicity fetch --osm FILE" in fault.allowed
    assert rests == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        (STATUS, 5),
        ("", 0),
        (re.sub(r"Rate limit: 2\n.*available.*\n", "Rate limit: 0\n", STATUS), 3),
    ],
    ids=["slots", "no status", "no slots"],
)
def test_slots_are_waited_for_where_there_are_any(
    server: OverpassServer, tmp_path: Path, rests: list[float], status: str, asked: int
) -> None:
    """We ask before the first and before each request; OSMnx asks again if there are slots."""
    server.status = status
    assert len(fetch_osm(VILLAGE, at(server), cache=tmp_path).way_ids)
    assert (server.statuses, rests) == (asked, [])

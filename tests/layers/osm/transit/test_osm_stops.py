"""Members that are one stop, and entrances of stations."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from osm_routes import BUS, EVERY_10, ROW, SUBWAY, THERE, WAYS, lines, named, row, stops
from osm_worlds import CRS, OsmWorld, osm_world

from geo.osm.elements import Tags


def stop_count(gap: str, tags: Tags, *, same: bool = True, area: str = "") -> int:
    """How many stops A and B are, both served by one line; a dash is 25 m."""
    nodes = {
        "A": {"name": "P"},
        "B": {"name": "P" if same else "Q"},
        "Z": {"name": "Z"},
    }
    areas = [({"type": "public_transport", "public_transport": "stop_area"}, area)]
    here = osm_world(
        f"A{gap}B" + "-" * 80 + "Z",
        {},
        nodes=nodes,
        relations=[(tags, "A:stop Z:stop B:stop"), *areas],
    )
    return len(lines(here).stops) - 1


@pytest.mark.parametrize(
    ("tags", "dashes", "count"),
    [(BUS, 4, 1), (BUS, 6, 2), (SUBWAY, 6, 1), (SUBWAY, 10, 1), (SUBWAY, 12, 2)],
)
def test_members_of_one_name_near_each_other_are_one_stop(
    tags: Tags, dashes: int, count: int
) -> None:
    """150 m in the street, 300 m on rails; n dashes are 25 (n + 1) m."""
    assert stop_count("-" * dashes, tags) == count


def test_members_of_different_names_are_two_stops() -> None:
    assert stop_count("-", BUS, same=False) == 2


def test_a_stop_area_joins_platforms_of_a_railway_and_no_bus_stops() -> None:
    assert stop_count("-", SUBWAY, same=False, area="A B") == 1
    assert stop_count("-", BUS, same=False, area="A B") == 2


def test_a_stop_area_joins_nothing_that_is_far_apart() -> None:
    assert stop_count("-" * 12, SUBWAY, same=False, area="A B") == 2


def test_a_railway_and_a_bus_never_share_a_stop() -> None:
    here = row(({**SUBWAY, "interval": "5"}, "A:stop B:stop"), (EVERY_10, "A:stop B:stop"))
    found = lines(here)
    assert [served.stop_ids for served in found.routes] == [
        ("n65:rail", "n66:rail"),
        ("n65", "n66"),
    ]
    assert found.metro_stops == found.rail_stops == {"n65:rail", "n66:rail"}


def test_a_station_and_a_bus_stop_of_one_name_are_two_stops() -> None:
    nodes = {"A": {"name": "P"}, "B": {"name": "P"}, "C": {"name": "Q"}, "D": {"name": "Q"}}
    here = osm_world(
        "AB---CD", {}, nodes=nodes, relations=[(BUS, "A:stop C:stop"), (SUBWAY, "B:stop D:stop")]
    )
    assert [stops(served) for served in lines(here).routes] == ["AC", "BD"]


def test_a_stop_has_the_names_and_the_middle_of_its_members() -> None:
    nodes = {
        "a": {"name": "学府", "highway": "bus_stop"},
        "b": {"name": "学府", "name:en": "Xuefu", "highway": "bus_stop"},
        "Z": {"name": "Z"},
    }
    here = osm_world(
        f"a---b{'-' * 40}Z", {}, nodes=nodes, relations=[(BUS, "a:stop Z:stop b:stop")]
    )
    stop = lines(here).stops.loc[f"n{ord('a')}"]
    assert (stop["stop_name"], stop["name_en"]) == ("学府", "Xuefu")
    middle = shapely.Point(np.mean(shapely.get_coordinates(here.places[["a", "b"]]), axis=0))
    assert stop.geometry.distance(middle) < 0.01


def test_a_stop_without_a_name_is_called_by_its_id() -> None:
    nodes = {**named("ABC"), "D": {"highway": "bus_stop"}}
    found = lines(osm_world(ROW, WAYS, nodes=nodes, relations=[(EVERY_10, THERE)]))
    stop = found.stops.loc["n68"]
    assert (stop["stop_name"], stop["name_status"]) == ("n68", "not_found")
    assert [(p.kind, p.osm_id) for p in found.problems if p.kind.startswith("stop")] == [
        ("stop-name-missing", 68)
    ]


def test_a_nameless_stop_of_a_railway_and_a_bus_is_reported() -> None:
    nodes = {**named("AC"), "B": {"railway": "halt"}}
    relations = [(SUBWAY, "A:stop B:stop C:stop"), (BUS, "A:stop B:stop C:stop")]
    found = lines(osm_world(ROW, WAYS, nodes=nodes, relations=relations))
    assert {(p.kind, p.osm_id) for p in found.problems} >= {("stop-name-missing", ord("B"))}


def test_stops_that_no_line_serves_are_left_out() -> None:
    here = row((BUS, "A:stop B:stop"), ({**BUS, "ref": "2"}, "C:stop"))
    assert lines(here).stops.index.tolist() == ["n65", "n66"]
    assert lines(here).stops.crs == CRS


# Entrances ----------------------------------------------------------------------------------


def with_entrances(mode: str) -> OsmWorld:
    """Stations A and B; an entrance 100 m from A, one beyond 400 m from both."""
    nodes: dict[str, Tags] = {
        **named("AB"),
        "E": {"railway": "subway_entrance", "name": "1号口"},
        "F": {"railway": "subway_entrance"},
    }
    tags = {**SUBWAY, "route": mode}
    return osm_world(
        "A---E" + "-" * 19 + "F" + "-" * 19 + "B",
        {},
        nodes=nodes,
        relations=[(tags, "A:stop B:stop")],
    )


@pytest.mark.parametrize("mode", ["subway", "light_rail", "monorail", "train"])
def test_an_entrance_leads_to_the_nearest_station(mode: str) -> None:
    entrances = with_entrances(mode).network().entrances
    assert entrances[["entrance_id", "stop_id", "name"]].to_numpy().tolist() == [
        ["n69", "n65", "1号口"]
    ]


def test_a_metro_station_without_an_entrance_is_reported() -> None:
    problems = with_entrances("subway").network().problems
    missing = problems.loc[problems["kind"] == "station-without-entrance"]
    assert missing["osm_id"].tolist() == [ord("B")]


@pytest.mark.parametrize("mode", ["light_rail", "train"])
def test_other_stations_may_be_open(mode: str) -> None:
    problems = with_entrances(mode).network().problems
    assert "station-without-entrance" not in set(problems["kind"])


def test_buses_have_no_entrances() -> None:
    assert len(with_entrances("bus").network().entrances) == 0

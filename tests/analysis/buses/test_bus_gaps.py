"""Gaps of the bus network at borders, on worlds whose answers are known by hand."""

from __future__ import annotations

import pytest
from ascii_worlds import world
from bus_answers import LADDER, METRO, WEST_EAST, ask, kinds
from network_parts import route

from analysis.buses.gaps import GAP_COLUMNS, GAP_KINDS
from layers.transit import TransitRoute


@pytest.mark.parametrize(
    ("routes", "kind"),
    [
        ((), "unserved"),
        ((route("w", "AB"),), "one_sided"),
        ((route("e", "DC"),), "one_sided"),
        ((route("w", "AB"), route("e", "DC")), "facing_ends"),
        ((route("1", "ABCD"),), "open_end"),
        ((route("1", "ABCD"), route("w", "AB"), route("e", "DC")), "open_end"),
        ((route("w", "AB"), route("far", "HG")), "facing_ends"),
        ((route("loop", "BFEAB"), route("e", "DC")), "one_sided"),
        ((route("w", "EA"), route("e", "DC")), "facing_ends"),
        ((route("w", "FE"), route("e", "DC")), "facing_ends"),
    ],
)
def test_kinds_of_gaps(routes: tuple[TransitRoute, ...], kind: str) -> None:
    """Ends within 1.6 km of BC by road: A, B and F in the west, C, D and G in the east."""
    found = ask(LADDER.network(*routes), WEST_EAST)
    assert kinds(found)["BC"] == kind
    assert tuple(found.gaps.columns) == GAP_COLUMNS
    assert set(found.gaps["kind"]) <= set(GAP_KINDS)


def test_closed_gateways_are_no_gaps() -> None:
    assert ask(LADDER.network(route("ring", "BCGFB")), WEST_EAST).gaps.empty


def test_a_gap_names_the_routes_that_end_near_it() -> None:
    network = LADDER.network(route("w1", "AB"), route("w2", "EF"), route("e", "HG"))
    gaps = ask(network, WEST_EAST, facing_ends_m=700.0).gaps.set_index("gateway_id")
    assert gaps.loc["east|west:BC", ["kind", "routes_a", "routes_b"]].tolist() == [
        "one_sided",
        [],
        ["w1"],
    ]
    assert gaps.loc["east|west:FG", ["kind", "routes_a", "routes_b"]].tolist() == [
        "facing_ends",
        ["e"],
        ["w2"],
    ]


def test_ends_are_near_by_road_not_by_air() -> None:
    """F is 1.17 km from BC's gateway straight and 1.6 km by road."""
    network = LADDER.network(route("w", "EF"))
    for facing_ends_m, kind in ((1_599.0, "unserved"), (1_601.0, "one_sided")):
        assert kinds(ask(network, WEST_EAST, facing_ends_m=facing_ends_m))["BC"] == kind


METRO_LINE = route("7", "Ax", line="7", route_type=METRO)
STATION = world(
    """
    A---B---C---D
        |   |
    E---F---G---H
       x
    """
)


@pytest.mark.parametrize(
    ("buses", "unfed"),
    [
        ((), ["A", "x"]),
        ((route("1", "EF"),), ["A", "x"]),
        ((route("1", "EFGH"),), ["A"]),
        ((route("1", "EFB"), route("2", "BCD")), ["A", "x"]),
        ((route("1", "ABCD"),), ["x"]),
    ],
)
def test_a_spine_station_wants_a_bus_over_the_border(
    buses: tuple[TransitRoute, ...], unfed: list[str]
) -> None:
    """Within 600 m of a stop of a bus that crosses; a bus that stays on its side feeds nothing."""
    network = STATION.network(METRO_LINE, *buses)
    gaps = ask(network, WEST_EAST, spines=["7"], bus_catchment_m=600.0).gaps
    stations = gaps.loc[gaps["kind"] == "unfed_station"]
    assert sorted(stations["stop_id"]) == unfed
    assert stations["gateway_id"].isna().all()
    assert set(stations["border_id"]) == {"east|west"}


def test_only_stations_of_the_spines_near_the_border_count() -> None:
    """A lies 1600 m from the border, x 850 m; nobody asks for line 5."""
    network = STATION.network(METRO_LINE)
    for spines, unfed_m, count in ((["7"], 1_601.0, 2), (["7"], 1_599.0, 1), (["5"], 3_000.0, 0)):
        gaps = ask(network, WEST_EAST, spines=spines, unfed_station_m=unfed_m).gaps
        assert (gaps["kind"] == "unfed_station").sum() == count

"""What links are worth: minutes saved as the engine finds them, buses by hand, best sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from ascii_worlds import World, world
from bus_answers import ask
from bus_worlds import WEST_EAST, ladder
from coordinates import CRS, point
from easy_values import conditions, easy
from hypothesis import event, given
from hypothesis import strategies as st
from hypothesis_settings import examples
from link_worlds import AREAS, NEAR, STOPS, buses, planner, towns
from network_parts import route, stops
from travel_times_between import times

from analysis.buses.lines.bus_line import BusLine
from analysis.buses.lines.planner import Planner
from analysis.buses.lines.savings import trip_times
from analysis.buses.links.link_sets import link_sets
from analysis.buses.links.link_table import GapLine, closing_links, gap_lines
from geo.areas import area_of
from layers.network import TransportNetwork
from layers.transit import TransitRoute

LETTERS = "ABCDEFGHI"


def links_of(plan: Planner, closed: Sequence[GapLine]) -> gpd.GeoDataFrame:
    """The table of links."""
    return closing_links(plan, closed, plan.times([item.line for item in closed]))


def zones_of(town: World, people: Sequence[int]) -> gpd.GeoDataFrame:
    """Squares of 200 m around the corners of a town."""
    corners = town.at(LETTERS)
    table = {"area_id": area_of(AREAS, corners), "population": list(people)}
    squares = corners.buffer(100, cap_style="square").to_list()
    return gpd.GeoDataFrame(table, geometry=squares, crs=CRS)


def line_of(stop_ids: Sequence[str], hop_secs: Sequence[float], *, is_loop: bool) -> BusLine:
    """A line whose course does not matter."""
    shape = gpd.GeoSeries([point(0, 0), point(1, 0)]).union_all().convex_hull
    return BusLine(tuple(stop_ids), tuple(hop_secs), shape, 1_000.0, is_loop)


def without_pairs(routes: Sequence[TransitRoute], stop_ids: Sequence[str]) -> list[TransitRoute]:
    """The routes, each without its stops but one of those of a line."""
    found = []
    for item in routes:
        shared = [stop for stop in item.stop_ids if stop in stop_ids][:1]
        kept = [stop for stop in item.stop_ids if stop not in stop_ids or stop in shared]
        kept = [a for a, b in zip(kept, [*kept[1:], ""], strict=True) if a != b]
        if len(kept) > 1:
            found.append(route(item.route_id, kept, 120, bidirectional=item.bidirectional))
    return found


def saved_by_engine(
    network: TransportNetwork, line: BusLine, zones: gpd.GeoDataFrame, sides: tuple[str, str]
) -> float:
    """Person-minutes that the engine's times fall with the line added as a route."""
    with_line = replace(network, routes=(*network.routes, line.route("new", "new", easy())))
    before, after = (
        times(each, zones.geometry.centroid, mode="transit").clip(upper=easy().max_trip_secs)
        for each in (network, with_line)
    )
    area, people = zones["area_id"].to_numpy(), zones["population"].to_numpy(dtype=float)
    total = 0.0
    for here, there in (sides, sides[::-1]):
        at_origin, at_destination = people * (area == here), people * (area == there)
        if at_destination.sum() > 0:
            less = (before - after).to_numpy()
            total += at_origin @ less @ at_destination / at_destination.sum()
    return total / 60


@examples(40, quick=12)
@given(
    towns(),
    buses(),
    st.lists(st.sampled_from(STOPS), min_size=2, max_size=4, unique=True),
    st.lists(st.integers(60, 600), min_size=4, max_size=4),
    st.lists(st.integers(0, 99), min_size=9, max_size=9),
    st.booleans(),
)
def test_minutes_saved_are_those_of_the_engine(
    town: World,
    routes: list[TransitRoute],
    line_stops: list[str],
    hops: list[int],
    people: list[int],
    is_loop: bool,  # noqa: FBT001 - drawn
) -> None:
    """No other route serves two stops of the line."""
    around = [*line_stops, line_stops[0]] if is_loop else line_stops
    line = line_of(around, [float(secs) for secs in hops[: len(around) - 1]], is_loop=is_loop)
    own = town.network(*without_pairs(routes, line_stops))
    missing = [stop for stop in STOPS if stop not in own.stops.index]
    network = replace(own, stops=pd.concat([own.stops, stops(town.at(missing))]))
    zones = zones_of(town, people)
    known = trip_times(network, [line], zones, conditions=conditions())
    for sides in combinations(["w", "n", "s"], 2):
        saved = known.saved_person_minutes(line, sides, easy().link_headway_secs)
        wanted = saved_by_engine(network, line, zones, sides)
        event("saves" if wanted else "saves nothing")
        assert saved >= 0
        assert saved == pytest.approx(wanted, rel=1e-3, abs=1e-3)


# By hand ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hop_secs", "is_loop", "headway_secs", "cycle_secs", "count"),
    [
        ([300, 300], False, 600, 1_800, 3),
        ([300, 301], False, 600, 1_802, 4),
        ([300, 300, 300], True, 600, 1_200, 2),
        ([60], False, 900, 720, 1),
        ([60], True, 300, 360, 2),
    ],
)
def test_cycle_time_and_buses(
    hop_secs: list[float],
    is_loop: bool,  # noqa: FBT001 - a column of the table
    headway_secs: float,
    cycle_secs: float,
    count: int,
) -> None:
    """There and back with two layovers of 300 s, or once around with one."""
    line = line_of(STOPS[: len(hop_secs) + 1], hop_secs, is_loop=is_loop)
    assert line.cycle_secs(300.0) == cycle_secs
    assert line.buses(easy(layover_secs=300.0, link_headway_secs=headway_secs)) == count
    assert line.minutes == sum(hop_secs) / 60


def test_a_line_by_hand() -> None:
    """Lines F-G, B-F and C-G cross by FG only: B-C, 1 km, closes BC and FG.

    A car takes 200 s at the peak, a bus 1.2 times that and 30 s at the stop: 270 s. There and back
    with two layovers of 300 s that is 1140 s, two buses. The 10 people of B and the 30 of C walked
    1000 s to each other; now they wait 300 s and ride 270: 430 s less each.
    """
    here = ladder()
    network = here.network(route("1", "EFGH"), route("2", "BF"), route("3", "CG"))
    people = {"area_id": ["w", "e"], "population": [10, 30]}
    zones = gpd.GeoDataFrame(people, geometry=here.at("BC").buffer(100).to_list(), crs=CRS)
    plan = planner(network, WEST_EAST, zones=zones)
    closed = gap_lines(plan)
    links = links_of(plan, closed)
    assert links["gap_id"].tolist() == ["gap:e|w:BC", "gap:e|w:FG"]
    for link in links.itertuples():
        assert link.link_id == "link:B:C"
        assert link.stop_ids == ["B", "C"]
        assert link.gateways == ["e|w:BC"]
        assert link.length_km == pytest.approx(1, abs=1e-5)
        assert link.minutes == pytest.approx(4.5)
        assert link.cycle_minutes == pytest.approx(19)
        assert link.buses == 2
        assert link.saved_person_minutes == pytest.approx((10 + 30) * 430 / 60, rel=1e-3)
        assert link.saved_per_bus_km == pytest.approx(link.saved_person_minutes / 2, rel=1e-3)


# Sets ---------------------------------------------------------------------------------------


def test_sets_by_hand() -> None:
    """Four roads over the border, buses on FG and down both sides.

    Each of B-C, J-K and N-O closes its own gateway and, the first of them, FG. J and K have most
    people, but B-C is the link of two gaps.
    """
    here = world(
        """
        A---B---C---D
            |   |
        E---F---G---H
            |   |
        I---J---K---L
            |   |
        M---N---O---P
        """
    )
    network = here.network(route("1", "FG"), route("2", "BFJN"), route("3", "CGKO"))
    people = {"area_id": ["w", "e"] * 3, "population": [60, 60, 70, 70, 5, 5]}
    places = here.at("BCJKNO").buffer(100).to_list()
    plan = planner(network, WEST_EAST, zones=gpd.GeoDataFrame(people, geometry=places, crs=CRS))
    closed = gap_lines(plan)
    found = link_sets(plan, closed, links_of(plan, closed))
    everywhere = found.loc[found["scope"] == "all"]
    assert everywhere["links"].tolist() == [1, 2, 3]
    assert everywhere["closes"].tolist() == [2, 3, 4]
    assert everywhere["at_most"].tolist() == [4, 4, 4]
    assert everywhere["is_best"].all()
    assert everywhere["link_ids"].tolist() == [
        ["link:B:C"],
        ["link:B:C", "link:J:K"],
        ["link:B:C", "link:J:K", "link:N:O"],
    ]
    columns = ["links", "closes", "at_most", "link_ids"]
    border = found.loc[found["scope"] == "e|w", columns]
    assert border.to_numpy().tolist() == everywhere[columns].to_numpy().tolist()


def closed_with(plan: Planner, chosen: Sequence[GapLine]) -> set[str]:
    """The gaps that are closed once some lines run."""
    more = [item.line.route(item.link_id, item.link_id, plan.assumptions) for item in chosen]
    network = replace(plan.network, routes=(*plan.network.routes, *more))
    after = ask(network, AREAS, **NEAR).gateways.set_index("gateway_id")["state"]
    return {gap for gap in plan.diagnosis.gaps["gateway_id"] if after[gap] == "closed"}


@examples(15, quick=5)
@given(towns(), buses())
def test_the_best_sets_are_those_of_trying_all(town: World, routes: list[TransitRoute]) -> None:
    plan = planner(town.network(*routes), zones=zones_of(town, range(10, 19)))
    closed = gap_lines(plan)
    links = links_of(plan, closed)
    found = link_sets(plan, closed, links)
    lines = {item.link_id: item for item in closed}
    event(f"{len(lines)} links")
    known = {
        frozenset(some): closed_with(plan, [lines[link] for link in some])
        for count in range(1, len(lines) + 1)
        for some in combinations(sorted(lines), count)
    }
    border = plan.diagnosis.gaps.set_index("gateway_id")["border_id"]
    for row in found.itertuples():
        everywhere = row.scope == "all"
        own = set(links.loc[everywhere | (links["border_id"] == row.scope), "link_id"])
        closes = {
            some: {gap for gap in gaps if everywhere or border[gap] == row.scope}
            for some, gaps in known.items()
            if some <= own
        }
        of_that_size = [len(gaps) for some, gaps in closes.items() if len(some) == row.links]
        assert row.is_best
        assert row.closes == max(of_that_size)
        assert set(row.gateways) == closes[frozenset(row.link_ids)]
        assert len(row.link_ids) == row.links
        assert row.at_most == max(map(len, closes.values()))
    assert bool(len(found)) == bool(lines)
    assert np.all(found["closes"] <= found["at_most"])

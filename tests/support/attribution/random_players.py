"""Random small worlds with a package of players."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
from coordinates import CRS
from hypothesis import assume
from hypothesis import strategies as st
from judged_worlds import SNAP_M, Judged, asked, player
from network_parts import project, road, route, stops
from random_roads import bent, points_near, random_roads
from shapely.geometry import Point

from geo.faults import BadInputError
from layers.network import TransportNetwork
from layers.planned.joinable_streets import can_be_joined
from layers.projects import Project
from layers.roads import RoadNetwork, road_network, streets
from layers.scenarios import Plans, Scenario
from layers.transit import TransitRoute

OLD_STOPS, NEW_STOPS = ("a", "b", "c", "d"), ("e", "f", "g")


@st.composite
def _crossings(draw: st.DrawFn, roads: RoadNetwork) -> RoadNetwork:
    """Some streets cross a ridge or a river."""
    table = streets(roads)
    one_of = st.sampled_from([None, None, "ridge", "river"])
    lines = draw(st.lists(one_of, min_size=len(table), max_size=len(table)))
    column = np.array(lines, dtype=object)
    return road_network(roads.nodes, table.assign(screenline=column, crossing=None))


@st.composite
def _line(draw: st.DrawFn, name: str, known: Sequence[str]) -> TransitRoute:
    """A line over some of the stops; its vehicles may go on as others, it may be closed."""
    pool = st.sampled_from(OLD_STOPS + NEW_STOPS)
    served = draw(st.lists(pool, min_size=2, max_size=4, unique=True))
    if len(served) > 2 and draw(st.integers(0, 3)) == 0:
        served = [*served, served[0]]
    hops = draw(st.lists(st.integers(30, 500), min_size=len(served) - 1, max_size=len(served) - 1))
    through = draw(st.lists(st.sampled_from(known), max_size=2, unique=True)) if known else []
    return route(
        name,
        served,
        [float(secs) for secs in hops],
        headway_secs=draw(st.sampled_from([120.0, 400.0, 900.0])),
        stop_access_secs=draw(st.sampled_from([0.0, 60.0])),
        boarding_secs=draw(st.sampled_from([0.0, 45.0])),
        bidirectional=draw(st.booleans()),
        through_routes=tuple(through),
    )


@st.composite
def _ends(draw: st.DrawFn, roads: RoadNetwork) -> list[Point]:
    """Three places on or beside streets that roads can join."""
    lines = roads.drawn.geometry.to_numpy()[can_be_joined(roads.drawn)]
    assume(len(lines))
    found = []
    for k in range(3):
        line = lines[draw(st.integers(0, len(lines) - 1))]
        on = line.interpolate((draw(st.integers(1, 13)) + 0.2 * k) / 16, normalized=True)
        off = draw(st.sampled_from([(0, 0), (0, 0), (60, 110), (-120, 40)]))
        found.append(Point(on.x + off[0], on.y + off[1]))
    return found


@st.composite
def _roads_of(draw: st.DrawFn, name: str, roads: RoadNetwork) -> list[dict[str, Any]]:
    """A road or tunnel in one part or two, by itself or across a screenline."""
    a, b, c = draw(_ends(roads))
    lines = [bent(a, b, 0.07)] if draw(st.booleans()) else [bent(a, c, 0.07), bent(c, b, -0.09)]
    attributes = {
        "maxspeed": draw(st.sampled_from([30.0, 80.0])),
        "oneway": draw(st.integers(0, 3)) == 0,
        "tunnel": draw(st.integers(0, 2)) == 0,
        "lanes": draw(st.sampled_from([2, 4])),
    }
    line = draw(st.sampled_from([None, "ridge", "ridge", "river"]))
    crossing = {"screenline": line, "crossing": f"{name} crossing"} if line else {}
    return [
        road(f"{name}.{k}", drawn, **attributes, **(crossing if k == 0 else {}))
        for k, drawn in enumerate(lines)
    ]


@st.composite
def _project(
    draw: st.DrawFn, name: str, roads: RoadNetwork, *, places: gpd.GeoSeries, before: Any
) -> Project:
    ids, routes = before
    kind = draw(st.sampled_from(["road", "line", "line", "both"]))
    ways = draw(_roads_of(name, roads)) if kind != "line" else []
    lines = []
    for k in range(draw(st.integers(1, 2)) if kind != "road" else 0):
        lines.append(draw(_line(f"{name}{k}", routes + [line.route_id for line in lines])))
    required = draw(st.sampled_from(ids)) if ids and draw(st.integers(0, 3)) == 0 else None
    return project(
        name,
        roads=ways,
        routes=lines,
        stops_at=places if lines else None,
        requires=(required,) if required else (),
    )


def applied_to(baseline: TransportNetwork, projects: Mapping[str, Project]) -> TransportNetwork:
    """With all projects; examples in which one meets nothing are thrown away."""
    scenario = Scenario("s", "", "", tuple(projects))
    try:
        return Plans(baseline, projects, SNAP_M).applied(scenario).network
    except BadInputError:
        assume(condition=False)
        raise


@st.composite
def random_players(draw: st.DrawFn, *, most: int = 3) -> Judged:
    """Two to `most` players of one or two projects on random roads with two bus lines."""
    roads = draw(random_roads().flatmap(_crossings))
    at = draw(points_near(roads, count=len(OLD_STOPS), offset_m=150))
    old = gpd.GeoSeries(at.to_numpy(), index=list(OLD_STOPS), crs=CRS)
    routes: list[TransitRoute] = []
    for k in range(2):
        line = draw(_line(f"r{k}", []))
        kept = tuple(s for s in line.stop_ids if s in OLD_STOPS)
        if len(set(kept)) == len(kept) > 1:
            routes.append(replace(line, stop_ids=kept, hop_secs=line.hop_secs[: len(kept) - 1]))
    baseline = TransportNetwork(roads, stops(old), tuple(routes))
    new = draw(points_near(roads, count=len(NEW_STOPS), offset_m=400))
    named = gpd.GeoSeries(new.to_numpy(), index=list(NEW_STOPS), crs=CRS)
    projects: dict[str, Project] = {}
    players = []
    known = [item.route_id for item in routes]
    for k in range(draw(st.integers(2, most))):
        ids = [f"P{k}{part}" for part in "ab"[: draw(st.integers(1, 2))]]
        for name in ids:
            near = applied_to(baseline, projects).roads if draw(st.booleans()) else roads
            made = draw(_project(name, near, places=named, before=(list(projects), known)))
            projects[name] = made
            known = known + [item.route_id for item in made.routes]
        players.append(player(f"P{k}", *ids))
    whole = applied_to(baseline, projects)
    middles = [*draw(points_near(roads, count=4, offset_m=400))]
    middles += [*draw(points_near(whole.roads, count=4, offset_m=600))]
    places = draw(points_near(whole.roads, count=4, offset_m=300))
    question = asked(
        middles,
        places,
        areas=draw(st.sampled_from(["WWWWWWWW", "WEWEWEWE", "WWWWEEEE"])),
        place_areas=["W", "E", "", "W"],
    )
    return Judged(baseline, projects, tuple(players), question)

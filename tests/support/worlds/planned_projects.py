"""Projects applied to a drawn network, and random plans."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from ascii_worlds import world
from coordinates import CRS
from hypothesis import assume
from hypothesis import strategies as st
from network_parts import project, road, route, stops
from random_roads import bent, points_near, random_roads

from geo.faults import BadInputError, Fault
from layers.network import TransportNetwork
from layers.projects import Project
from layers.roads import RoadNetwork, streets
from layers.scenarios import (
    Applied,
    Scenario,
    applied_with_faults,
    apply_scenario,
)

SNAP_M = 300.0


def scenario(*project_ids: str) -> Scenario:
    return Scenario("plan", "规划", "Plan", project_ids)


def applied(baseline: TransportNetwork, *projects: Project) -> Applied:
    """The baseline with projects in this order."""
    known = {item.project_id: item for item in projects}
    return apply_scenario(baseline, scenario(*known), projects=known, portal_snap_m=SNAP_M)


def faults_of(baseline: TransportNetwork, *projects: Project) -> list[Fault]:
    """What is wrong with the projects in this order."""
    known = {item.project_id: item for item in projects}
    with pytest.raises(BadInputError) as caught:
        apply_scenario(baseline, scenario(*known), projects=known, portal_snap_m=SNAP_M)
    return list(caught.value.faults)


def table_of(applied_to: Applied) -> pd.DataFrame:
    """Ends and lengths of every street, by name; of a split street, one row each part."""
    return streets(applied_to.network.roads)[["osmid", "u", "v", "length"]]


# Joining ------------------------------------------------------------------------------------

THREE_STREETS = world(
    """
    A   C   E
    |   |   |
    p   x   q
    |   |   |
    B   D   F
    """
)


# Invariants ---------------------------------------------------------------------------------


@st.composite
def random_project(draw: st.DrawFn, roads: RoadNetwork, name: str) -> Project:
    """A road between two places near the network, in one part or two, or a bus line."""
    ends = draw(points_near(roads, count=3, offset_m=200))
    a, b, c = ends
    kind = draw(st.sampled_from(["road", "two roads", "line"]))
    if kind == "line":
        named = gpd.GeoSeries(list(ends), index=[f"{name}{k}" for k in range(3)], crs=CRS)
        hop = float(draw(st.integers(30, 300)))
        return project(name, routes=[route(name, named.index, hop)], stops_at=named)
    lines = [bent(a, b, 0.07)] if kind == "road" else [bent(a, c, 0.07), bent(c, b, -0.09)]
    speed = draw(st.sampled_from([30.0, 80.0]))
    attributes = {"maxspeed": speed, "oneway": draw(st.booleans())}
    records = [road(f"{name}.{k}", line, **attributes) for k, line in enumerate(lines)]
    return project(name, roads=records)


def network_with(baseline: TransportNetwork, *projects: Project) -> TransportNetwork:
    """The network; examples whose projects meet nothing are thrown away."""
    known = {item.project_id: item for item in projects}
    found, faults = applied_with_faults(
        baseline, scenario(*known), projects=known, portal_snap_m=SNAP_M
    )
    assume(not faults)
    return found.network


Planned = tuple[TransportNetwork, gpd.GeoSeries, tuple[Project, Project]]


@st.composite
def random_plans(draw: st.DrawFn) -> Planned:
    """A network, places in it, and two projects; the second may lie near the first."""
    roads = draw(random_roads())
    places = draw(points_near(roads, count=3, offset_m=300))
    at = draw(points_near(roads, count=3, offset_m=150))
    at = gpd.GeoSeries(at.to_numpy(), index=["a", "b", "c"], crs=CRS)
    baseline = TransportNetwork(roads, stops(at), (route("bus", "abc", 200, headway_secs=600),))
    first = draw(random_project(roads, "P"))
    near = network_with(baseline, first).roads if draw(st.booleans()) else roads
    return baseline, places, (first, draw(random_project(near, "Q")))

"""Isochrones: exact streets, and areas that are what the definition says.

The oracles ask for the travel time to points laid densely along the streets; those times are
proven by `test_travel_times.py`. The area is then computed again on a fine raster, point by point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from ascii_worlds import world
from coordinates import CRS, point
from easy_values import conditions, easy
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import project, route, stops, tunnel
from random_roads import points_near, random_roads
from shapely.geometry import LineString, Point
from travel_times_between import question, times

from analysis.graph.routable_network import MODES, Mode
from analysis.isochrones import CHANGE_COLUMNS, Isochrones, isochrone_change, isochrones
from analysis.surface.reached_streets import REACHED_COLUMNS
from layers.assumptions import Assumptions
from layers.network import TransportNetwork
from layers.roads import RoadNetwork, streets
from layers.scenarios import Scenario, apply_scenario

ASSUMED = easy(surface_cell_m=20.0, max_offroad_m=100.0)
NO_STOPPING = ("motorway", "motorway_link")
NO_WALKING = (*NO_STOPPING, "trunk", "trunk_link")


def asked(
    network: TransportNetwork,
    origin: Point,
    cutoffs: Sequence[float],
    mode: Mode = "walk",
    assumptions: Assumptions = ASSUMED,
) -> Isochrones:
    """Isochrones of one point."""
    places = gpd.GeoSeries({"o": origin}, crs=CRS)
    graph = question(network, places, mode, under=conditions(assumptions))
    return isochrones(graph, "o", cutoffs_secs=cutoffs)


def parts_of(found: Isochrones, cutoff: float) -> list[tuple[str, float, float]]:
    """Name and fractions of every part reached, in order."""
    table = found.streets.loc[found.streets["cutoff_secs"] == cutoff]
    rows = zip(table["osmid"], table["from_fraction"], table["to_fraction"], strict=True)
    return sorted((name, round(start, 9), round(end, 9)) for name, start, end in rows)


def area_of_cutoff(found: Isochrones, cutoff: float) -> shapely.Geometry:
    return found.areas.set_index("cutoff_secs").geometry[cutoff]


def same_area(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """But for rounding."""
    return shapely.symmetric_difference(one, other).area <= 1e-6 * max(one.area, 1.0)


# Streets ------------------------------------------------------------------------------------


def test_streets_are_reached_in_part() -> None:
    """A walker from A: 500 m along AB, then all of AB and 250 m into BC and BD."""
    here = world(
        """
        A---B---C
            |
            D
        """
    )
    found = asked(here.network(), here.places["A"], [500, 1_250])
    assert tuple(found.streets.columns) == REACHED_COLUMNS
    assert parts_of(found, 500) == [("AB", 0, 0.5)]
    assert parts_of(found, 1_250) == [("AB", 0, 1), ("BC", 0, 0.25), ("BD", 0, 0.25)]
    length = found.streets.geometry.length.groupby(found.streets["cutoff_secs"]).sum()
    assert length.to_dict() == pytest.approx({500: 500, 1_250: 1_500})


def test_streets_longer_than_drawn_are_reached_in_proportion() -> None:
    """1000 m in 4000 m of street are a quarter of what is drawn."""
    here = world("A---B", length=4_000.0)
    found = asked(here.network(), here.places["A"], [1_000])
    assert parts_of(found, 1_000) == [("AB", 0, 0.25)]
    assert found.streets.geometry.length.tolist() == pytest.approx([250])


def test_the_street_of_the_origin() -> None:
    """Both ways from s; on a one-way street only ahead, and round the block from behind."""
    here = world(
        """
        A-s-B
        |   |
        C---D
        """
    )
    origin = here.places["s"]
    assert parts_of(asked(here.network(), origin, [100]), 100) == [("AB", 0.4, 0.6)]
    one_way = replace(here, roads=world("A-s-B", oneway=True).roads).network()
    assert parts_of(asked(one_way, origin, [20, 500], "drive"), 20) == [("AB", 0.5, 0.6)]
    assert parts_of(asked(one_way, origin, [500], "drive"), 500) == [("AB", 0.5, 1)]


def test_a_one_way_street_is_entered_at_its_start_only() -> None:
    """5 m/s by car: from A 300 s are 1500 m; from C no street leads away."""
    here = world("A---B---C", streets={"BC": {"oneway": True}})
    network = here.network()
    assert parts_of(asked(network, here.places["A"], [300], "drive"), 300) == [
        ("AB", 0, 1),
        ("BC", 0, 0.5),
    ]
    assert parts_of(asked(network, here.places["C"], [300], "drive"), 300) == []


def test_a_street_reached_from_both_ends_counts_once() -> None:
    """From A both B and C take 1000 s, and D 500 s more by either."""
    here = world(
        """
        A-----------B
        |           |
        C-----------D
        """,
        scale_m=1_000 / 3,
        streets={"AC": {"length": 1_000.0}, "BD": {"length": 500.0}, "CD": {"length": 500.0}},
    )
    found = asked(here.network(), here.places["A"], [1_200, 1_500, 9_000])
    assert parts_of(found, 1_200) == [("AB", 0, 1), ("AC", 0, 1), ("BD", 0, 0.4), ("CD", 0, 0.4)]
    for cutoff in (1_500, 9_000):
        assert parts_of(found, cutoff) == [(name, 0, 1) for name in ("AB", "AC", "BD", "CD")]


def test_parts_from_both_ends_meet() -> None:
    """B takes 100 s and D, by C, 1500 s: the 5000 m between them meet after 3300 s."""
    here = world(
        """
        A---B
        |   |
        C---D
        """,
        streets={"AB": {"length": 100.0}, "AC": {"length": 500.0}, "BD": {"length": 5_000.0}},
    )
    found = asked(here.network(), here.places["A"], [1_700, 3_299, 3_301])
    assert parts_of(found, 1_700) == [
        ("AB", 0, 1),
        ("AC", 0, 1),
        ("BD", 0, 0.32),
        ("BD", 0.96, 1),
        ("CD", 0, 1),
    ]
    assert len(parts_of(found, 3_299)) == 5
    assert parts_of(found, 3_301) == [(name, 0, 1) for name in ("AB", "AC", "BD", "CD")]


def test_passengers_come_onto_a_street_midway() -> None:
    """By bus at s after 30 + 60 s; from there 110 m to both sides of it."""
    here = world("A       C---s---D")
    bus = route("1", "As", 60, headway_secs=60)
    found = asked(here.network(bus), here.places["A"], [200], "transit")
    assert parts_of(found, 200) == [("CD", 0.5 - 0.055, 0.5 + 0.055)]


def test_a_tunnel_is_reached_in_part_too() -> None:
    here = world("A---B.......C", maxspeed=36.0)
    found = asked(here.network(), here.places["A"], [400], "drive")
    assert parts_of(found, 400) == [("AB", 0, 1), ("BC", 0, 0.5)]


def test_nothing_is_reached_in_no_time_or_without_a_street() -> None:
    here = world("A---B                                o")
    assert asked(here.network(), here.places["A"], [0]).streets.empty
    assert asked(here.network(), here.places["o"], [600]).streets.empty


# Random worlds ------------------------------------------------------------------------------

Drawn = tuple[TransportNetwork, Point]


@st.composite
def random_worlds(draw: st.DrawFn) -> Drawn:
    """A network with a line of three stops on its footways, and an origin in it."""
    roads = draw(random_roads())
    walkable = ~(roads.edges["highway"].isin(NO_WALKING) | roads.edges["tunnel"])
    assume(walkable.any())
    footways = RoadNetwork(roads.nodes, roads.edges.loc[walkable])
    at = draw(points_near(footways, count=3, offset_m=0))
    at = gpd.GeoSeries(at.to_numpy(), index=["a", "b", "c"], crs=CRS)
    line = route("1", "abc", 150, headway_secs=300)
    origin = draw(points_near(roads, count=1, offset_m=80)).iloc[0]
    return TransportNetwork(roads, stops(at), (line,)), origin


def open_streets(network: TransportNetwork, mode: Mode) -> gpd.GeoDataFrame:
    """Streets of the mode that one can leave anywhere."""
    table = streets(network.roads)
    closed = NO_STOPPING if mode == "drive" else NO_WALKING
    return table.loc[~(table["tunnel"] | table["highway"].isin(closed))]


def portals(network: TransportNetwork, mode: Mode) -> list[Point]:
    """The ends of the mode's tunnels, where one leaves the network too; walkers use short ones."""
    table = streets(network.roads)
    closed = NO_STOPPING if mode == "drive" else NO_WALKING
    longest_m = np.inf if mode == "drive" else 300.0
    use = table["tunnel"] & ~table["highway"].isin(closed) & (table["length"] <= longest_m)
    return list(shapely.get_parts(table.geometry.boundary[use].to_numpy()))


@dataclass(frozen=True)
class Dense:
    """Points in the middles of equal pieces of the open streets: place, time, piece's length."""

    points: np.ndarray
    secs: np.ndarray
    piece_m: np.ndarray


def dense(network: TransportNetwork, origin: Point, mode: Mode, piece_m: float) -> Dense:
    """Travel times from the origin to everywhere on the open streets."""
    points, lengths = [], []
    for line in open_streets(network, mode).geometry:
        pieces = int(np.ceil(line.length / piece_m))
        middles = (np.arange(pieces) + 0.5) / pieces
        points += list(shapely.line_interpolate_point(line, middles, normalized=True))
        lengths += [line.length / pieces] * pieces
    secs = secs_to(network, origin, points, mode)
    return Dense(shapely.get_coordinates(points), secs, np.array(lengths))


def secs_to(
    network: TransportNetwork, origin: Point, ends: Sequence[Point], mode: Mode
) -> np.ndarray:
    """Travel times from one point to many."""
    places = gpd.GeoSeries([origin, *ends], crs=CRS)
    return times(network, places, mode=mode, under=conditions(ASSUMED)).to_numpy()[0, 1:]


CUTOFFS = (300.0, 700.0, 1_500.0)
each_mode = pytest.mark.parametrize("mode", MODES)


@each_mode
@examples(12)
@given(random_worlds())
def test_reached_length_is_that_of_dense_points(mode: Mode, drawn: Drawn) -> None:
    """Up to one piece for each end of a part."""
    network, origin = drawn
    found = asked(network, origin, CUTOFFS, mode)
    points = dense(network, origin, mode, 20.0)
    for cutoff in CUTOFFS:
        parts = found.streets.loc[found.streets["cutoff_secs"] == cutoff]
        parts = parts.loc[parts["osmid"].isin(open_streets(network, mode)["osmid"])]
        wanted = points.piece_m[points.secs <= cutoff].sum()
        assert abs(parts.length.sum() - wanted) <= 20.0 * (2 * len(parts) + 1)


@each_mode
@examples(10)
@given(random_worlds())
def test_areas_nest_and_stand_alone(mode: Mode, drawn: Drawn) -> None:
    """Valid, around the origin, one in the next, and the same if asked alone."""
    network, origin = drawn
    found = asked(network, origin, CUTOFFS, mode)
    areas = found.areas.geometry.to_numpy()
    assert shapely.is_valid(areas).all()
    assert set(shapely.get_type_id(areas)) <= {3, 6}
    assert shapely.contains(areas, origin).all()
    for small, large in pairwise(areas):
        assert shapely.difference(small, large).area <= 1e-6 * small.area
    alone = asked(network, origin, CUTOFFS[1:2], mode)
    assert same_area(alone.areas.geometry.iloc[0], areas[1])
    more = asked(network, origin, (CUTOFFS[1], 10_000.0), mode)
    assert same_area(more.areas.geometry.iloc[0], areas[1])
    assert found.areas["area_km2"].tolist() == pytest.approx(shapely.area(areas) / 1e6)


@each_mode
@examples(4)
@given(random_worlds())
def test_areas_are_discs_around_everything_reached(mode: Mode, drawn: Drawn) -> None:
    """From the origin, the open streets and the portals one goes on straight.

    As far as time and `max_offroad_m` allow. (The stops here lie on open streets.) On average the
    edge is true to an eighth of a cell.
    """
    network, origin = drawn
    cutoff = CUTOFFS[1]
    area = area_of_cutoff(asked(network, origin, [cutoff], mode), cutoff)
    on, ends = dense(network, origin, mode, 8.0), portals(network, mode)
    points = np.concatenate([on.points, shapely.get_coordinates([origin, *ends])])
    secs = np.concatenate([on.secs, [0.0], secs_to(network, origin, ends, mode)])
    mps = 10.0 if mode == "drive" else 1.0
    reach = np.minimum((cutoff - secs) * mps, ASSUMED.max_offroad_m)
    discs = shapely.buffer(shapely.points(points[reach > 0]), reach[reach > 0], quad_segs=16)
    wanted = shapely.union_all(discs)
    wrong = shapely.symmetric_difference(area, wanted).area
    assert wrong <= ASSUMED.surface_cell_m / 8 * wanted.length


# Areas --------------------------------------------------------------------------------------


def one_area(
    network: TransportNetwork, origin: Point, cutoff: float, mode: Mode = "walk", **values: Any
) -> shapely.Geometry:
    """The area of one cutoff."""
    found = asked(network, origin, [cutoff], mode, replace(ASSUMED, **values))
    return found.areas.geometry.iloc[0]


@pytest.mark.parametrize(
    ("cutoff", "offroad_m", "radius_m"), [(300.0, 900.0, 300.0), (900.0, 300.0, 300.0)]
)
def test_open_ground_is_a_disc(cutoff: float, offroad_m: float, radius_m: float) -> None:
    """No street anywhere: time is up after 300 m, or one does not go farther than 300 m."""
    here = world("A---B                                                o")
    origin = here.places["o"]
    area = one_area(here.network(), origin, cutoff, max_offroad_m=offroad_m)
    assert area.area == pytest.approx(np.pi * radius_m**2, rel=0.02)
    edge = shapely.distance(shapely.points(shapely.get_coordinates(area)), origin)
    assert edge == pytest.approx(radius_m, abs=10.0)


def test_a_straight_street_is_a_band() -> None:
    """Walking 1000 m along it from its start, up to 100 m off it, with a detour of 2 off it.

    After x metres 1000 - x seconds are left, and (1000 - x) / 2 metres off the street, so the
    band is 200 m wide for 800 m, and then narrows; a half disc lies behind the start.
    """
    here = world("A---------------B")
    area = one_area(here.network(), here.places["A"], 1_000.0, detour=2.0)
    wedge = 2 * sum(min(100.0, (1_000 - x) / 2) for x in range(1_000))
    assert area.area == pytest.approx(wedge + np.pi * 100**2 / 2, rel=0.02)


def test_the_inside_of_a_ring_is_a_hole() -> None:
    """A block of 1 km; nobody goes farther than 100 m into it."""
    here = world(
        """
        A---B
        |   |
        C---D
        """
    )
    area = one_area(here.network(), here.places["A"], 5_000.0)
    (hole,) = area.interiors
    assert shapely.Polygon(hole).area == pytest.approx(800.0**2, rel=0.02)
    assert not area.covers(point(500, 500))


def test_metro_exits_are_islands() -> None:
    """A ride of 60 s to s and 60 s to t, 3 and 6 km off; nothing is reached in between."""
    here = world("A---B       s           t")
    metro = route("1", "Ast", 60, headway_secs=60)
    area = one_area(here.network(metro), here.places["A"], 210.0, mode="transit")
    parts = sorted(shapely.get_parts(area), key=lambda part: part.centroid.x)
    assert len(parts) == 3
    assert parts[1].centroid.distance(here.places["s"]) < 5
    # 210 - 30 - 60 = 120 s are left at s, but 100 m is the limit; at t 60 s
    assert parts[1].area == pytest.approx(np.pi * 100**2, rel=0.03)
    assert parts[2].area == pytest.approx(np.pi * 60**2, rel=0.03)


@pytest.mark.parametrize(
    "closed", [{"tunnel": True}, {"bridge": True}, {"highway": "motorway"}], ids=str
)
def test_nobody_leaves_a_tunnel_bridge_or_motorway_midway(closed: dict[str, Any]) -> None:
    """Two valleys are reached and the ridge between them is not."""
    here = world("A---B-------C---D", streets={"BC": closed})
    found = asked(here.network(), here.places["A"], [2_000], "drive")
    west, east = sorted(found.areas.geometry.iloc[0].geoms, key=lambda part: part.centroid.x)
    assert west.bounds[2] == pytest.approx(here.places["B"].x + 100, abs=10)
    assert east.bounds[0] == pytest.approx(here.places["C"].x - 100, abs=10)
    assert parts_of(found, 2_000) == [("AB", 0, 1), ("BC", 0, 1), ("CD", 0, 1)]


@pytest.mark.parametrize(
    "closed", [{"tunnel": True}, {"bridge": True}, {"highway": "motorway"}], ids=str
)
def test_times_to_places_agree_with_the_area(closed: dict[str, Any]) -> None:
    """The place p lies over the ridge, beside the middle of BC: nobody gets off there."""
    here = world(
        """
        A---B-------C---D
                p
        """,
        scale_m=400,
        streets={"BC": closed},
    )
    area = one_area(here.network(), here.places["A"], 1_000.0, mode="drive")
    assert not area.covers(here.places["p"])
    drive = times(here.network(), here.at("ABp"), under=conditions(ASSUMED))
    leaving_at_b = here.places["B"].distance(here.places["p"]) / 10
    assert drive.loc["A", "p"] == pytest.approx(drive.loc["A", "B"] + leaving_at_b)


def test_streets_out_of_reach_stay_outside_by_a_cell() -> None:
    """Two parallel streets 300 m apart, not joined; one goes 100 m off the first."""
    here = world(
        """
        A-------B

        C-------D
        """,
        scale_m=300,
    )
    area = one_area(here.network(), here.places["A"], 5_000.0)
    other = LineString([here.places["C"], here.places["D"]])
    assert area.distance(other) == pytest.approx(200, abs=ASSUMED.surface_cell_m)


def test_finer_cells_find_the_same_area() -> None:
    here = world(
        """
        A---B---C
            |   |
            D---E
        """,
        scale_m=300,
    )
    areas = [
        one_area(here.network(), here.places["A"], 900.0, surface_cell_m=cell)
        for cell in (40.0, 10.0)
    ]
    assert shapely.symmetric_difference(*areas).area <= 0.03 * areas[1].area


# Before and after ---------------------------------------------------------------------------


def table_of(areas: Sequence[shapely.Geometry], mode: str = "walk") -> gpd.GeoDataFrame:
    """Isochrones of one origin, one cutoff each."""
    columns = {"mode": mode, "origin_id": "o", "cutoff_secs": [60.0 * k for k in range(len(areas))]}
    return gpd.GeoDataFrame(columns, geometry=list(areas), crs=CRS)


def test_gained_and_lost_parts_add_up() -> None:
    """A tunnel opens a valley, and the street over the pass is closed for it."""
    here = world(
        """
        A---B   C---D
            |   |
            E---F
        """
    )
    baseline = here.network()
    plan = project("T", roads=[tunnel("T", here.line("BC"))], replaces=("EF",), routes=[])
    after = apply_scenario(
        baseline, Scenario("s", "", "", ("T",)), projects={"T": plan}, portal_snap_m=300
    ).network
    cutoffs = [500.0, 620.0, 900.0]
    tables = [
        asked(network, here.places["A"], cutoffs, "drive").areas.assign(mode="drive")
        for network in (baseline, after)
    ]
    change = isochrone_change(*tables)
    assert tuple(change.columns) == CHANGE_COLUMNS
    for was, now, cutoff in zip(*(table.geometry for table in tables), cutoffs, strict=True):
        parts = change.loc[change["cutoff_secs"] == cutoff].set_index("change")
        gained, lost = parts.geometry["gained"], parts.geometry["lost"]
        assert same_area(shapely.union(shapely.difference(was, lost), gained), now)
        assert shapely.intersection(gained, was).area <= 1e-3
        assert shapely.intersection(lost, now).area <= 1e-3
        assert now.area == pytest.approx(was.area + gained.area - lost.area, rel=1e-9)
        assert parts["area_km2"].to_dict() == pytest.approx(
            {"gained": gained.area / 1e6, "lost": lost.area / 1e6}
        )


def test_what_does_not_change_has_no_row() -> None:
    box = shapely.box(0, 0, 1_000, 1_000)
    assert isochrone_change(table_of([box]), table_of([box])).empty
    grown = isochrone_change(table_of([box, box]), table_of([box, box.buffer(100)]))
    assert grown[["cutoff_secs", "change"]].to_numpy().tolist() == [[60.0, "gained"]]


def test_changes_are_by_mode_origin_and_cutoff() -> None:
    """Areas that only touch lose and gain all they have."""
    west, east = shapely.box(0, 0, 1_000, 1_000), shapely.box(1_000, 0, 3_000, 1_000)
    was = pd.concat([table_of([west]), table_of([east], "drive")])
    now = pd.concat([table_of([east], "drive"), table_of([east])])
    change = isochrone_change(was, now)
    assert change[["mode", "change", "area_km2"]].to_numpy().tolist() == [
        ["walk", "gained", 2.0],
        ["walk", "lost", 1.0],
    ]

"""Isochrones: exact streets, areas that nest, islands and ridges kept."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from ascii_worlds import World, world
from coordinates import CRS, point
from easy_values import conditions, easy
from hypothesis import given
from hypothesis_settings import examples
from network_parts import route
from random_roads import points_near, random_roads
from travel_times_between import question

from analysis.isochrones import Isochrones, isochrone_change, isochrones
from analysis.surface.ground import ground, ground_secs
from analysis.surface.reach import reach_from
from analysis.surface.reached_streets import reached_streets
from layers.network import TransportNetwork
from layers.roads import RoadNetwork

ON_FOOT = easy(surface_cell_m=25.0, max_offroad_m=100.0)


def reached(here: World, origin: str, cutoffs: list[float], **kind: object) -> Isochrones:
    mode = str(kind.get("mode", "walk"))
    network = here.network(*kind.get("routes", ()))
    asked = question(network, here.at(origin), mode, under=conditions(ON_FOOT))
    return isochrones(asked, origin, cutoffs_secs=cutoffs)


def lengths(found: Isochrones) -> list[float]:
    table = found.streets
    return table.assign(m=table.length).groupby("cutoff_secs")["m"].sum().tolist()


def test_streets_are_cut_where_the_time_is_up() -> None:
    here = world(
        """
        A---B---C
            |
            D
        """
    )
    # at 1 m/s: 500 m along AB; then AB, and 500 m of BC and of BD
    assert lengths(reached(here, "A", [500, 1_500])) == pytest.approx([500, 2_000])


def test_a_one_way_street_is_entered_from_its_start_only() -> None:
    here = world("A---B---C", streets={"BC": {"oneway": True}})
    by_car = question(here.network(), here.at("AC"), "drive")
    reach = reach_from(by_car, 0, 300.0)
    # 5 m/s for 300 s from A: all of AB and 500 m of BC; from C nothing leaves
    assert reached_streets(reach, by_car.streets.table, [300]).length.sum() == pytest.approx(1_500)
    reach = reach_from(by_car, 1, 300.0)
    assert reached_streets(reach, by_car.streets.table, [300]).length.sum() == pytest.approx(0)


def test_overlapping_parts_of_a_street_count_once() -> None:
    here = world(
        "A---B",
        also={
            "AB2": {
                "geometry": shapely.LineString([point(0, 0), point(500, -600), point(1_000, 0)])
            }
        },
    )
    found = reached(here, "A", [2_000]).streets
    whole = found.groupby("osmid")[["from_fraction", "to_fraction"]].agg(["min", "max", "count"])
    assert (whole["from_fraction"]["count"] == 1).all()
    assert (whole["to_fraction"]["max"] == 1).all()


def test_a_passenger_walks_on_from_his_stop() -> None:
    here = world("A---B---C---D")
    bus = route("bus", "AC", 100, headway_secs=200)
    found = reached(here, "A", [500], mode="transit", routes=(bus,))
    # 500 m on foot from A; 100 s wait and 100 s ride to C leave 300 m either way
    assert lengths(found) == pytest.approx([500 + 300 + 300])
    assert len(shapely.get_parts(found.areas.geometry.iloc[0])) == 2


def test_areas_nest_contain_their_origin_and_do_not_depend_on_what_else_is_asked() -> None:
    here = world(
        """
        A---B---C
        |   |   |
        D---E---F
        """
    )
    together = reached(here, "E", [120, 600, 1_200]).areas.geometry
    alone = reached(here, "E", [600]).areas.geometry
    assert together.is_valid.all()
    assert together.iloc[1].equals(alone.iloc[0])
    assert together.covers(here.places["E"]).all()
    small, middle, large = together
    assert shapely.difference(small, middle).area <= 1e-6
    assert shapely.difference(middle, large).area <= 1e-6
    assert small.area < middle.area < large.area


def test_a_ring_round_nothing_keeps_its_hole() -> None:
    here = world(
        """
        A---B
        |   |
        C---D
        """
    )
    area = reached(here, "A", [3_000]).areas.geometry.iloc[0]
    assert len(area.interiors) == 1
    # the streets with 100 m on either side: a 1.2 km square without its rounded corners, less
    # a hole of 0.8 km
    expected = 1_200**2 - (4 - np.pi) * 100**2 - 800**2
    assert area.area == pytest.approx(expected, rel=0.01)


def test_nobody_leaves_a_tunnel_midway() -> None:
    here = world("A---B.......C---D")
    by_car = question(here.network(), here.at("A"), "drive", under=conditions(ON_FOOT))
    found = isochrones(by_car, "A", cutoffs_secs=[2_000])
    middle = here.line("BC").interpolate(0.5, normalized=True)
    assert not found.areas.geometry.iloc[0].intersects(middle.buffer(500))
    assert found.streets.length.sum() == pytest.approx(4_000)


def test_open_ground_is_a_disc() -> None:
    """A walker at the end of a street: off the street nothing is nearer than straight."""
    here = world("A---B", length=50_000.0)
    wide = easy(surface_cell_m=20.0, max_offroad_m=400.0)
    asked = question(here.network(), here.at("A"), "walk", under=conditions(wide))
    area = isochrones(asked, "A", cutoffs_secs=[300]).areas.geometry.iloc[0]
    assert area.area == pytest.approx(np.pi * 300**2, rel=0.01)


def test_gains_and_losses_add_up() -> None:
    def squares(*boxes: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
        shapes = [shapely.box(*box) for box in boxes]
        table = {"mode": "drive", "origin_id": "A", "cutoff_secs": [600.0] * len(shapes)}
        return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)

    was, now = squares((0, 0, 2, 2)), squares((1, 0, 4, 2))
    change = isochrone_change(was, now).set_index("change").area
    assert change.to_dict() == pytest.approx({"gained": 4.0, "lost": 2.0})
    assert now.area.sum() == was.area.sum() + change["gained"] - change["lost"]
    assert isochrone_change(was, was).empty


@examples(40)
@given(random_roads())
def test_reached_length_is_what_dense_sampling_says(roads: RoadNetwork) -> None:
    """A sample every few metres along every street, each with its own time."""
    places = gpd.GeoSeries({"o": roads.nodes.geometry.iloc[0]}, crs=CRS)
    network = TransportNetwork(roads, gpd.GeoDataFrame(geometry=[], crs=CRS), ())
    asked = question(network, places, "drive")
    reach = reach_from(asked, 0, 600.0)
    everywhere = asked.streets.table.assign(can_stop=True, can_end=True)
    where = ground(everywhere, shapely.get_coordinates(places), cell_m=10.0, offroad_m=0.0)
    secs = ground_secs(where, reach.streets, reach.entries, reach.spots)[where.laid.place]
    pieces = np.diff(where.laid.first) - 1
    step = np.repeat(shapely.length(everywhere.geometry.to_numpy()) / pieces, pieces + 1)
    weight = step.copy()
    weight[where.laid.first[:-1]] /= 2
    weight[where.laid.first[1:] - 1] /= 2
    sampled = weight[secs <= 600].sum()
    exact = reached_streets(reach, asked.streets.table, [600]).length.sum()
    assert exact == pytest.approx(sampled, abs=10.0 * 2 * len(everywhere))


@examples(25)
@given(random_roads().flatmap(lambda roads: points_near(roads, count=1).map(lambda p: (roads, p))))
def test_areas_are_valid_and_hold_the_streets_reached(
    drawn: tuple[RoadNetwork, gpd.GeoSeries],
) -> None:
    roads, places = drawn
    coarse = easy(surface_cell_m=50.0, max_offroad_m=150.0)
    network = TransportNetwork(roads, gpd.GeoDataFrame(geometry=[], crs=CRS), ())
    asked = question(network, places, "walk", under=conditions(coarse))
    found = isochrones(asked, places.index[0], cutoffs_secs=[300, 900])
    small, large = found.areas.geometry
    assert small.is_valid
    assert large.is_valid
    assert shapely.difference(small, large).area <= 1e-3
    assert small.covers(places.iloc[0])
    walked = found.streets.loc[found.streets["cutoff_secs"] == 900].geometry.union_all()
    tunnels = streets_that_cannot_be_left(asked.streets.table)
    outside = shapely.difference(shapely.difference(walked, tunnels.buffer(1)), large.buffer(75))
    assert outside.length <= 1


def streets_that_cannot_be_left(table: gpd.GeoDataFrame) -> shapely.Geometry:
    return table.loc[~table["can_stop"]].geometry.union_all()

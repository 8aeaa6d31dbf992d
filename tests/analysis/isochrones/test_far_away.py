"""Stops, origins and streets far away: they cost no memory, or are refused with a reason."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import geopandas as gpd
import pytest
import shapely
from ascii_worlds import world
from coordinates import CRS, point
from easy_values import conditions, easy
from network_parts import route, stops
from travel_times_between import routable

from analysis.graph.travel import Travel
from analysis.isochrones import Isochrones, isochrones
from analysis.surface import blocks
from analysis.surface.time_grid import time_grid
from geo.faults import BadInputError
from geo.hexagons import hexagons
from layers.network import TransportNetwork

UNDER = conditions(
    easy(surface_cell_m=25.0, max_offroad_m=200.0, snap_limit_m=500.0, max_direct_walk_m=300.0)
)
HERE = world("A---a---b---B")
FAR_KM = {"far": 1_300.0, "farther": -1_500.0, "near": 15.0}
MOST_MB = 300.0


def network(*names: str, stops_at: str = "ab") -> TransportNetwork:
    """A bus from a to b, and a train from b to each of some far stops."""
    away = gpd.GeoSeries({n: point(1e3 * FAR_KM[n], 2e5 * (n != "near")) for n in names}, crs=CRS)
    places = gpd.GeoSeries({**HERE.at(stops_at), **away}, crs=CRS)
    trains = [route(f"to {n}", ["b", n], 900, headway_secs=60) for n in names]
    lines = (route("bus", "ab", 60, headway_secs=60), *trains)
    return TransportNetwork(HERE.roads, stops(places), lines)


def reached(here: TransportNetwork, **refuse: bool) -> Isochrones:
    return isochrones(
        here,
        HERE.at("A"),
        travel=Travel("transit"),
        conditions=UNDER,
        cutoffs_secs=[900.0, 2_700.0],
        **refuse,
    )


def test_stops_far_away_change_nothing_and_cost_nothing() -> None:
    """Although trains lead there within the cutoff."""
    plain = reached(network())
    tracemalloc.start()
    found = reached(network("far", "farther"))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MOST_MB * 1e6
    assert found.areas.geometry.geom_equals(plain.areas.geometry).all()
    assert found.streets.equals(plain.streets)


def test_a_stop_beyond_the_edge_of_the_streets_is_an_island_still() -> None:
    found = reached(network("near")).areas.geometry
    assert [len(shapely.get_parts(area)) for area in found] == [1, 2]
    assert found.iloc[1].covers(point(15e3, 0))


def test_grids_of_times_are_bounded_too() -> None:
    grids = [
        time_grid(routable(here, HERE.at("A"), "transit", under=UNDER), "A", limit_secs=2_700.0)
        for here in (network(), network("far", "farther"))
    ]
    assert grids[0].secs.shape == grids[1].secs.shape
    assert (grids[0].secs == grids[1].secs).all()


@pytest.mark.parametrize("metres", [600.0, 21_000.0, 9_000_000.0])
@pytest.mark.parametrize("mode", ["walk", "transit", "drive"])
def test_an_origin_far_from_all_streets_is_refused(metres: float, mode: str) -> None:
    origins = gpd.GeoSeries({"here": point(1_000, 0), "off": point(1_000, metres)}, crs=CRS)
    asked = {"travel": Travel(mode), "conditions": UNDER, "cutoffs_secs": [900.0]}  # type: ignore[arg-type]
    with pytest.raises(BadInputError) as told:
        isochrones(HERE.network(), origins, **asked)  # type: ignore[arg-type]
    (fault,) = told.value.faults
    assert (fault.code, fault.message) == ("far-from-network", "'off': no street within 500 m")
    found = isochrones(HERE.network(), origins, refuse_far=False, **asked)  # type: ignore[arg-type]
    areas = dict(zip(found.areas["origin_id"], found.areas["area_km2"], strict=True))
    assert areas["off"] < 0.2 < areas["here"]


def test_an_origin_beside_a_stop_alone_is_none_of_those() -> None:
    """Nobody walks to a street there, but the train stops."""
    here = network("near")
    origins = gpd.GeoSeries({"off": point(15e3, 100)}, crs=CRS)
    back = replace(here, routes=(*here.routes, route("back", ["near", "b"], 600)))
    found = isochrones(
        back, origins, travel=Travel("transit"), conditions=UNDER, cutoffs_secs=[3_600.0]
    )
    assert found.areas.geometry.iloc[0].intersects(HERE.line("AB"))


def test_streets_over_half_a_continent_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInputError) as told:
        blocks.sorted_into_blocks(shapely.get_coordinates([point(0, 0), point(3e6, 3e6)]), 25.0, 4)
    assert "3001 x 3001 km" in str(told.value)
    monkeypatch.setattr(blocks, "MOST_CELLS", 1_000)
    with pytest.raises(BadInputError, match="surface_cell_m"):
        reached(network())


def test_zones_over_half_a_continent_are_refused() -> None:
    wide = gpd.GeoSeries([shapely.box(0, 0, 8e6, 8e6)], crs=CRS)
    with pytest.raises(BadInputError, match="8000 x 8000 km"):
        hexagons(wide, 1_000.0)

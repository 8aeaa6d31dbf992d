"""Zones of a study area: people and other counts come into them whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from coordinates import CRS
from population_files import AREA, HALVES, X, Y, box, by_area, layer, raster_of, spread, tif
from rasterio.transform import Affine

from analysis.zones import check_totals, population_zones
from geo.areal.catchments import catchments
from geo.areas import StudyArea, area_of
from geo.faults import BadInputError
from geo.hexagons import hexagons
from layers.assumptions import Assumptions
from layers.counts import Counts, no_counts, point_counts, read_counts, read_population
from layers.totals import Total, total_in

NO_DISTRICTS = gpd.GeoDataFrame({"district_id": []}, geometry=[], crs=CRS)
HERE = replace(Assumptions(), zone_across_m=700.0)


def zones_of(
    population: Counts, opportunities: Mapping[str, Counts] | None = None
) -> gpd.GeoDataFrame:
    return population_zones(
        AREA,
        NO_DISTRICTS,
        population=population,
        opportunities=opportunities or {},
        assumptions=HERE,
    )


@pytest.mark.parametrize("across_m", [150.0, 700.0, 2_000.0, 4_800.0])
def test_catchments_partition_every_planning_area(across_m: float) -> None:
    """Also where a hexagon is larger than an area, which then may have none of its own."""
    grid = hexagons(HALVES.geometry, across_m)
    grid = grid.assign(area_id=area_of(AREA, grid.centroid))
    pieces = catchments(AREA, grid, across_m)
    assert shapely.union_all(pieces.geometry).symmetric_difference(AREA.outline).area < 1e-3
    assert pieces.area.sum() == pytest.approx(AREA.outline.area, rel=1e-12)
    if set(grid["area_id"]) == set(HALVES["area_id"]):
        own = grid["area_id"].to_numpy()[pieces["zone"]]
        sizes = pieces.area.groupby(own).sum()[HALVES["area_id"]]
        assert sizes.to_numpy() == pytest.approx(HALVES.area.to_numpy(), rel=1e-9)
    assert (len(set(grid["area_id"])) == 1) == (across_m == 4_800)
    away = pieces.distance(grid.geometry.iloc[pieces["zone"]].reset_index(drop=True))
    assert away.max() < 2 * across_m


def test_areas_hold_their_share_of_a_raster(tmp_path: Path) -> None:
    rows = np.random.default_rng(3).uniform(0, 9, (60, 70))
    path = tif(tmp_path / "people.tif", rows, Affine(100, 0, X - 500, 0, -100, Y + 5_500))
    population, faults = read_population(path, AREA)
    assert not faults
    zones = zones_of(population)
    west, east = spread(raster_of(path, AREA.outline), HALVES.geometry)
    assert by_area(zones) == pytest.approx({"west": west, "east": east}, rel=1e-9)
    inner = zones.loc[zones.within(HALVES.geometry.iloc[0])]
    assert len(inner) > 10
    exact = spread(raster_of(path, AREA.outline), inner.geometry)
    whole = np.isclose(inner["population"], exact, rtol=1e-9)
    assert whole.mean() > 0.5  # hexagons at the edge also speak for the slivers beside them
    assert (inner["population"] >= np.array(exact) - 1e-6).all()
    check_totals(zones, {"population": total_in(population, AREA, "population")})


def test_polygons_count_by_the_share_inside(tmp_path: Path) -> None:
    """A township wholly inside, one half outside, one far away."""
    inside, across = box(500, 500, 900, 900), box(-300, 1_000, 300, 1_500)
    shapes = [inside, across, box(90_000, 0, 90_500, 500)]
    path = layer(tmp_path / "towns.geojson", shapes, town_id=[*"abc"], population=[64, 1000, 4096])
    population, faults = read_population(path, AREA)
    assert (faults, population.kind) == ([], "polygons")
    assert by_area(zones_of(population)) == {"west": pytest.approx(64 + 500, abs=0.01)}
    total = total_in(population, AREA, "population")
    assert (total.near, total.inside) == pytest.approx((1064, 564), abs=0.01)
    [warning] = total.warnings()
    assert (warning.code, warning.severity) == ("counts-outside", "warning")
    assert "of 1064 population at the study area, 500 (47.0%) lie outside" in warning.message


def test_people_by_point_count_whole_where_they_live(tmp_path: Path) -> None:
    """One in the middle, one whose disc alone reaches in, one far away."""
    points = [shapely.Point(X + dx, Y + 2_000) for dx in (1_500, -400, -40_000)]
    path = layer(tmp_path / "towns.geojson", points, town_id=[*"abc"], population=[900, 6000, 70])
    population, _ = read_population(path, AREA)
    assert by_area(zones_of(population)) == {"west": pytest.approx(900)}
    total = total_in(population, AREA, "population", density_per_km2=6000.0)
    assert (total.near, total.inside) == (6900, 900)
    assert [w.code for w in total.warnings()] == ["counts-outside"]


def test_other_counts_come_from_any_kind_of_file(tmp_path: Path) -> None:
    """Powers of two: a raster, polygons, points with a number, points of one each."""
    spots = [shapely.Point(X + 1_000, Y + 1_000), shapely.Point(X - 1_000, Y)]
    files = {
        "jobs": (tif(tmp_path / "jobs.TIF", [[1, 2], [4, 8]]), None),
        "beds": (layer(tmp_path / "beds.geojson", [box(9, 9, 99, 99)], beds=[16], x=["?"]), "beds"),
        "floor": (layer(tmp_path / "floor.json", spots, floor=[32.5, 9.0]), "floor"),
        "clinics": (layer(tmp_path / "clinics.geojson", spots, name=["a", "b"]), None),
    }
    read = {name: read_counts(path, AREA, column) for name, (path, column) in files.items()}
    assert [f for _, faults in read.values() for f in faults if f.severity == "error"] == []
    zones = zones_of(no_counts(CRS), {name: counts for name, (counts, _) in read.items()})
    assert zones[[*files]].sum().to_dict() == pytest.approx(
        {"jobs": 15, "beds": 16, "floor": 32.5, "clinics": 1}, rel=1e-6
    )
    totals = {name: total_in(counts, AREA, name) for name, (counts, _) in read.items()}
    check_totals(zones, totals)
    assert not zones["population"].any()


@pytest.mark.filterwarnings("error")
def test_zones_need_nobody_to_live_in_them() -> None:
    spot = gpd.GeoDataFrame(geometry=[shapely.Point(X + 700, Y + 700)], crs=CRS)
    zones = zones_of(no_counts(CRS), {"parks": point_counts(spot)})
    assert zones[["population", "parks"]].to_numpy().tolist() == [[0.0, 1.0]]
    assert zones_of(no_counts(CRS)).empty
    tiny = StudyArea(HALVES.assign(geometry=[box(1, 1, 9, 9), box(9, 1, 18, 9)]))
    nowhere = population_zones(
        tiny, NO_DISTRICTS, population=no_counts(CRS), opportunities={}, assumptions=HERE
    )
    assert nowhere.empty


def test_a_point_between_zones_counts_once() -> None:
    grid = hexagons(HALVES.geometry, 700.0)
    corners = shapely.get_coordinates(grid.geometry.to_numpy())
    inside = shapely.contains_xy(AREA.outline.buffer(-50), corners)
    points = gpd.GeoDataFrame(geometry=shapely.points(corners[inside]), crs=CRS)
    zones = zones_of(no_counts(CRS), {"corners": point_counts(points)})
    assert zones["corners"].sum() == inside.sum() > 100


def test_a_lost_person_is_told() -> None:
    zones = gpd.GeoDataFrame({"population": [3.0, 4.0], "jobs": [1.0, 1.0]})
    check_totals(zones, {"population": Total("population", "a.tif", 9.0, 7.0000001)})
    with pytest.raises(BadInputError) as raised:
        check_totals(
            zones,
            {
                "population": Total("population", "a.tif", 9.0, 7.001),
                "jobs": Total("jobs", "b.tif", 2.0, 0.0),
            },
        )
    assert [(f.code, f.file) for f in raised.value.faults] == [
        ("total-not-kept", "a.tif"),
        ("total-not-kept", "b.tif"),
    ]

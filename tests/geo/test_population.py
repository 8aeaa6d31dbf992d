"""People and other counts: every zone holds its exact share, and nobody is lost."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import rasterio
import shapely
from coordinates import CRS, ORIGIN
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from rasterio.transform import Affine

from analysis.catchments import catchments
from analysis.zones import check_totals, population_zones
from geo.areal.area_shares import area_shares, count_inside, spread_counts
from geo.areal.convex_overlap import common_areas, convex_rings
from geo.areal.raster_cells import cells, raster_inside
from geo.areal.rasters import Raster, read_raster
from geo.areas import StudyArea, area_of
from geo.faults import BadInputError, Fault
from geo.formats.geojson import write_geojson
from geo.hexagons import hexagons
from layers.assumptions import Assumptions
from layers.counts import Counts, no_counts, point_counts, read_counts, read_population
from layers.totals import Total, total_in
from scicity.cli import main
from scicity.inputs.read_study import bundled_study, read_study
from scicity.inputs.study import Study
from scicity.outputs.run_record import input_hashes
from scicity.settings.settings import read_settings

X, Y = ORIGIN
SQUARE = shapely.box(X, Y, X + 200, Y + 200)


def tif(path: Path, counts: Any, transform: Affine | None = None, **profile: Any) -> Path:
    """A GeoTIFF of counts; cells of 100 m whose south-west corner is `ORIGIN` unless told."""
    rows = np.atleast_2d(np.asarray(counts))
    how: dict[str, Any] = {
        "driver": "GTiff",
        "height": rows.shape[0],
        "width": rows.shape[1],
        "count": 1,
        "dtype": rows.dtype if rows.dtype.kind == "f" else "float64",
        "crs": CRS,
        "transform": transform or Affine(100, 0, X, 0, -100, Y + 100 * rows.shape[0]),
        **profile,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(path, "w", **how) as target:
        for band in range(1, how["count"] + 1):
            target.write(rows.astype(how["dtype"]), band)
    return path


def raster_of(path: Path, place: shapely.Geometry = SQUARE, crs: str = CRS) -> Raster:
    raster, faults = read_raster(path, place, crs)
    assert raster is not None, faults
    return raster


def spread(raster: Raster, zones: Iterable[shapely.Geometry]) -> list[float]:
    """The counts in zones, of all strips of the raster's cells."""
    shapes = np.array(list(zones))
    found = np.zeros(len(shapes))
    for patch in cells(raster, shapely.union_all(shapes), CRS):
        found += spread_counts(patch["count"].to_numpy(), patch.geometry.to_numpy(), shapes)
    return found.tolist()


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Metres from `ORIGIN`."""
    return shapely.box(X + west, Y + south, X + east, Y + north)


# Cells --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zones", "people"),
    [
        ([box(0, 0, 100, 200), box(100, 0, 200, 200)], [5, 10]),
        ([box(0, 100, 200, 200), box(0, 0, 200, 100)], [3, 12]),
        ([box(0, 0, 50, 50)], [1]),  # a quarter of the cell of 4
        ([box(50, 50, 150, 150)], [15 / 4]),
        ([box(0, 0, 25, 100), box(25, 0, 75, 100)], [1, 2]),  # and a quarter in no zone
        ([box(-500, -500, 50, 50), box(150, 150, 900, 900)], [1, 0.5]),
        ([box(200, 0, 300, 200)], [0]),  # only touches
        ([box(900, 900, 999, 999)], [0]),
        ([box(-9, -9, 209, 209).difference(box(0, 0, 100, 100))], [11]),
        ([shapely.union(box(0, 0, 50, 100), box(150, 100, 200, 200))], [2 + 1]),
    ],
)
def test_zones_take_the_share_of_each_cell_that_they_cover(
    tmp_path: Path, zones: list[shapely.Polygon], people: list[float]
) -> None:
    """Cells of 1, 2 (north) and 4, 8 people (south)."""
    raster = raster_of(tif(tmp_path / "four.tif", [[1, 2], [4, 8]]))
    assert spread(raster, zones) == pytest.approx(people, abs=1e-9)


def test_no_data_is_nobody(tmp_path: Path) -> None:
    """The declared value, NaN, infinity and the negative marks of some makers."""
    rows = np.array([[1.0, -99999, np.nan], [-200, 64, 7], [np.inf, 2, 0]])
    place = box(0, 0, 300, 300)
    raster = raster_of(tif(tmp_path / "gaps.tif", rows, nodata=7), place)
    assert spread(raster, [place]) == [1 + 64 + 2]
    masked = tif(tmp_path / "masked.tif", [[1.0, 2], [4, 8]])
    with rasterio.open(masked, "r+") as target:
        target.write_mask(np.array([[True, False], [True, True]]))
    assert spread(raster_of(masked), [SQUARE]) == [13]


def test_whole_numbers_and_scaled_cells_are_counts_too(tmp_path: Path) -> None:
    path = tif(tmp_path / "whole.tif", [[1, 2], [4, 255]], dtype="uint8", nodata=255)
    assert spread(raster_of(path), [SQUARE]) == [7]
    with rasterio.open(path, "r+") as target:
        target.scales = (0.5,)
    assert spread(raster_of(path), [SQUARE]) == [3.5]


def test_a_turned_raster_lies_where_its_transform_says(tmp_path: Path) -> None:
    """Two cells of 100 x 100 m on their corners: the middle line halves the first."""
    turned = Affine.translation(X, Y) @ Affine.rotation(45) @ Affine.scale(100, 100)
    side = 100 / np.sqrt(2)
    place = box(-200, -10, 200, 300)
    raster = raster_of(tif(tmp_path / "turned.tif", [[16, 1]], turned), place)
    assert spread(raster, [box(-200, 0, 0, 300), box(0, 0, side, 300)]) == pytest.approx([8, 8.5])
    upside_down = Affine(100, 0, X, 0, 100, Y)
    path = tif(tmp_path / "south_up.tif", [[1, 2], [4, 8]], upside_down)
    assert spread(raster_of(path), [box(0, 0, 200, 100), box(0, 100, 200, 200)]) == [3, 12]


@pytest.mark.parametrize(
    ("crs", "step"),
    [("EPSG:4326", 1 / 1200), ("ESRI:54009", 100.0), ("EPSG:4545", 77.0)],
    ids=["WorldPop's", "GHSL's", "CGCS2000"],
)
def test_cells_of_another_system_are_their_four_projected_corners(
    tmp_path: Path, crs: str, step: float
) -> None:
    """Against the definition, one cell at a time."""
    out = pyproj.Transformer.from_crs(crs, CRS, always_xy=True)
    x, y = out.transform(X, Y, direction="INVERSE")
    there = Affine(step, 0, x - 4 * step, 0, -step, y + 3.3 * step)
    rows = np.random.default_rng(5).uniform(0, 9, (7, 8))
    expected = np.zeros(2)
    zones = [shapely.Point(ORIGIN).buffer(150), shapely.Point(ORIGIN).buffer(280, quad_segs=3)]
    for (row, column), count in np.ndenumerate(rows):
        corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
        spots = [there @ (column + right, row + down) for right, down in corners]
        cell = shapely.Polygon([out.transform(*spot) for spot in spots])
        expected += [count * cell.intersection(zone).area / cell.area for zone in zones]
    raster = raster_of(tif(tmp_path / "there.tif", rows, there, crs=crs), zones[0])
    assert raster.counts.size < rows.size
    raster = raster_of(tif(tmp_path / "there.tif", rows, there, crs=crs), zones[1])
    assert spread(raster, zones) == pytest.approx(expected.tolist(), rel=1e-9)


def test_only_the_window_over_the_place_is_read_and_it_is_enough(tmp_path: Path) -> None:
    """Tiles of 64 x 64 cells, a place across four of them, in a system of its own."""
    rows = np.random.default_rng(1).uniform(0, 5, (400, 400))
    how = {"tiled": True, "blockxsize": 64, "blockysize": 64, "compress": "deflate"}
    path = tif(tmp_path / "large.tif", rows, Affine(100, 0, X, 0, -100, Y + 40_000), **how)
    place = box(12_500, 12_550, 13_333, 13_100)
    raster = raster_of(path, place)
    assert max(raster.counts.shape) <= 12
    whole = Raster(rows, (100, 0, X, 0, -100, Y + 40_000), raster.crs)
    assert spread(raster, [place]) == pytest.approx(spread(whole, [place]), rel=1e-12)
    lonlat = gpd.GeoSeries([place], crs=CRS).to_crs(4326).iloc[0]
    seen = raster_of(path, lonlat, "EPSG:4326")
    assert max(seen.counts.shape) <= 12
    assert spread(seen, [place]) == pytest.approx(spread(whole, [place]), rel=1e-12)


def test_strips_of_cells_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.random.default_rng(2).uniform(0, 5, (9, 9))
    place = box(130, 140, 777, 811)
    raster = raster_of(tif(tmp_path / "nine.tif", rows), place)
    parts = [place.intersection(box(0, 0, 400, 900)), place.intersection(box(400, 0, 900, 900))]
    at_once = spread(raster, parts)
    monkeypatch.setattr("geo.areal.raster_cells._CELLS_AT_ONCE", 20)
    assert len(list(cells(raster, place, CRS))) > 3
    assert spread(raster, parts) == pytest.approx(at_once, rel=1e-12)


@st.composite
def partitions(draw: st.DrawFn) -> np.ndarray:
    """A square of 1 km at `ORIGIN` cut into cells round random points."""
    spot = st.tuples(st.integers(0, 40), st.integers(0, 40))
    spots = draw(st.lists(spot, min_size=2, max_size=9, unique=True))
    points = shapely.MultiPoint([(X + 25 * x, Y + 25 * y) for x, y in spots])
    around = shapely.voronoi_polygons(points, extend_to=box(0, 0, 1000, 1000))
    return shapely.intersection(shapely.get_parts(around), box(0, 0, 1000, 1000))


@st.composite
def rasters(draw: st.DrawFn) -> Raster:
    """Cells of 40 to 300 m near `ORIGIN`, turned by anything; some of them empty."""
    height, width = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    counts = draw(st.lists(st.integers(0, 1000), min_size=height * width, max_size=height * width))
    shift = Affine.translation(X + draw(st.integers(-300, 900)), Y + draw(st.integers(-300, 900)))
    turn = Affine.rotation(draw(st.sampled_from([0, 0, 90, 30, 45, 200])))
    size = Affine.scale(draw(st.sampled_from([40, 100, 300])), draw(st.sampled_from([-40, 100])))
    rows = np.array(counts, dtype=float).reshape(height, width)
    return Raster(rows, tuple(shift @ turn @ size)[:6], CRS)


@examples(60)
@given(rasters(), partitions(), st.randoms())
def test_a_partition_holds_exactly_what_lies_in_the_whole(
    raster: Raster, zones: np.ndarray, chance: Any
) -> None:
    """Whatever the zones' order, and as found without them in two ways."""
    found = np.array(spread(raster, zones))
    square = box(0, 0, 1000, 1000)
    table = next(cells(raster, square, CRS))
    _, inside = count_inside(table["count"].to_numpy(), table.geometry.to_numpy(), square)
    assert found.sum() == pytest.approx(inside, rel=1e-9, abs=1e-6)
    assert raster_inside(raster, square, CRS) == pytest.approx(inside, rel=1e-9, abs=1e-6)
    order = list(range(len(zones)))
    chance.shuffle(order)
    assert (np.array(spread(raster, zones[order])) == found[order]).all()


@examples(40)
@given(rasters(), partitions())
def test_cells_cut_in_four_change_nothing(raster: Raster, zones: np.ndarray) -> None:
    """Within a system of its own a cell's count is spread evenly, so a quarter has a quarter."""
    fine = np.kron(raster.counts, np.full((2, 2), 0.25))
    quarters = Raster(fine, tuple(Affine(*raster.transform) @ Affine.scale(0.5))[:6], CRS)
    assert spread(quarters, zones) == pytest.approx(spread(raster, zones), rel=1e-9, abs=1e-6)


# Pairs of convex polygons -------------------------------------------------------------------


@st.composite
def convex_pairs(draw: st.DrawFn) -> np.ndarray:
    """Two polygons of 3 to 6 corners on a coarse grid, so that sides and corners often meet.

    Both are then turned together, which shakes every coordinate by some rounding.
    """
    spot = st.tuples(st.integers(0, 6), st.integers(0, 6))
    corners = st.lists(spot, min_size=3, max_size=6, unique=True)
    hulls = [shapely.MultiPoint(draw(corners)).convex_hull for _ in range(2)]
    turn = draw(st.sampled_from([0.0, 0.3, 1.0, np.pi / 6]))
    across = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    moved = draw(st.sampled_from([0.0, 1e-13, 1e-9, 0.01, 1.0]))
    hulls[1] = shapely.transform(hulls[1], lambda xy: xy + moved)
    return shapely.transform(np.array(hulls), lambda xy: xy @ across * 17 + np.array(ORIGIN))


@examples(300)
@given(convex_pairs())
def test_convex_areas_are_shapely_s(pair: np.ndarray) -> None:
    convex, rings = convex_rings(pair)
    if convex.all():  # not a line or a point
        expected = shapely.intersection(*pair).area
        assert common_areas(rings[:1], rings[1:])[0] == pytest.approx(expected, abs=1e-5)
        assert common_areas(rings[1:], rings[:1])[0] == pytest.approx(expected, abs=1e-5)
        assert common_areas(rings, rings) == pytest.approx(shapely.area(pair), rel=1e-9)


def test_a_raster_that_follows_the_zones_sides_is_whole() -> None:
    """Cells and zones of the same square grid, turned: every pair shares a side or a corner."""
    turned = tuple(Affine.translation(X, Y) @ Affine.rotation(33) @ Affine.scale(100, 100))[:6]
    raster = Raster(np.arange(1, 26, dtype=float).reshape(5, 5), turned, CRS)
    around = box(-900, -900, 900, 900)
    shapes = next(cells(raster, around, CRS)).geometry.to_numpy()
    shares = area_shares(shapes, shapes.copy())
    assert (shares.source == np.arange(25)).all()
    assert shares.share == pytest.approx(np.ones(25), abs=1e-9)


# Zones of a study area ----------------------------------------------------------------------

HALVES = gpd.GeoDataFrame(
    {"area_id": ["west", "east"], "role": "ring"},
    geometry=[
        shapely.Polygon([(X, Y), (X + 2_600, Y), (X + 3_100, Y + 4_000), (X, Y + 5_000)]),
        shapely.Polygon([(X + 2_600, Y), (X + 6_000, Y + 300), (X + 3_100, Y + 4_000)]),
    ],
    crs=CRS,
)
AREA = StudyArea(HALVES)
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


def by_area(zones: gpd.GeoDataFrame, column: str = "population") -> dict[str, float]:
    return {str(k): float(v) for k, v in zones.groupby("area_id")[column].sum().items()}


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


def layer(path: Path, shapes: list[shapely.Geometry], **columns: Any) -> Path:
    """A GeoJSON file of features at metres in `CRS`."""
    write_geojson(gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS), path)
    return path


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


# Bad input ----------------------------------------------------------------------------------


def cut_short(path: Path, part: float) -> Path:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(part * len(whole))])
    return path


def plain(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def both_kinds(path: Path) -> Path:
    shapes = [box(0, 0, 9, 9), shapely.Point(X, Y), box(10, 0, 19, 9)]
    return layer(path, shapes, town_id=[*"abc"], population=[1, 2, 3])


OF_A_SITE = 'LOCAL_CS["a building site",UNIT["metre",1]]'
NOWHERE = Affine(0, 0, X, 0, 0, Y)
Make = Callable[[Path], Path]
FILES: list[tuple[Make, str, str]] = [
    (lambda p: p / "none.tif", "file-missing", "none.tif"),
    (lambda p: plain(p / "a.tif", "<VRTDataset/>"), "file-unreadable", "whole GeoTIFF"),
    (lambda p: plain(p / "a.tif", ""), "file-unreadable", "whole GeoTIFF"),
    (lambda p: tif(p / "a.tif", [[1, 2]], count=2), "raster-bands", "one band"),
    (lambda p: tif(p / "a.tif", [[1, 2]], dtype="complex64"), "value-wrong-type", "numbers"),
    (lambda p: tif(p / "a.tif", [[1, 2]], crs=None), "crs-missing", "GeoTIFF"),
    (lambda p: tif(p / "a.tif", [[1, 2]], crs=OF_A_SITE), "crs-wrong", "known"),
    (lambda p: tif(p / "a.tif", [[1, 2]], NOWHERE), "raster-not-placed", "GeoTIFF"),
    (lambda p: tif(p / "a.tif", [[1, 2]], crs="EPSG:32601"), "raster-elsewhere", "study area"),
    (lambda p: tif(p / "a.tif", [[1, 2]]), "raster-too-small", "all of it"),
    (lambda p: plain(p / "a.xls", ""), "file-kind-unknown", ".tif, .tiff, .geojson, .json"),
    (lambda p: plain(p / "a.geojson", "{"), "file-unreadable", "GeoJSON"),
    (lambda p: both_kinds(p / "a.geojson"), "geometry-mixed", "points or polygons only"),
    (
        lambda p: layer(p / "a.geojson", [shapely.LineString([(X, Y), (X, Y + 9)])], town_id=["a"]),
        "geometry-wrong-type",
        "Point",
    ),
    (
        lambda p: layer(p / "a.geojson", [box(0, 0, 9, 9)], town_id=["a"], population=[-1]),
        "value-out-of-range",
        "0 to",
    ),
]


@pytest.mark.parametrize(("make", "code", "allowed"), FILES, ids=[code for _, code, _ in FILES])
@pytest.mark.filterwarnings("error")
def test_each_wrong_file_is_named(tmp_path: Path, make: Make, code: str, allowed: str) -> None:
    path = make(tmp_path)
    _, faults = read_population(path, AREA)
    found = [f for f in faults if f.code == code]
    assert found, faults
    assert found[0].file == path.name
    assert allowed in found[0].allowed
    assert str(tmp_path) not in str(faults)


def test_areas_at_fault_add_no_fault_of_the_raster(tmp_path: Path) -> None:
    """Areas that overlap, and no area at all."""
    path = tif(tmp_path / "a.tif", np.ones((60, 70)), Affine(100, 0, X - 500, 0, -100, Y + 5_500))
    shifted = HALVES.assign(geometry=HALVES.translate(300))
    twins = StudyArea(gpd.GeoDataFrame(pd.concat([HALVES, shifted])))
    for area in (twins, StudyArea(HALVES.iloc[:0])):
        counts, faults = read_population(path, area)
        assert faults == []
        assert (counts.raster is None) == area.areas.empty


@pytest.mark.parametrize("column", [None, "jobs", "work"])
def test_a_count_needs_its_column(tmp_path: Path, column: str | None) -> None:
    path = layer(tmp_path / "jobs.geojson", [box(0, 0, 9, 9)], jobs=[None], work=["many"])
    _, [fault] = read_counts(path, AREA, column)
    assert (fault.file, fault.feature) == ("jobs.geojson", "#1" if column else "")
    assert fault.code == {None: "column-missing", "jobs": "key-missing"}.get(
        column, "value-wrong-type"
    )
    _, [fault] = read_counts(path, AREA, "staff")
    assert (fault.code, fault.allowed) == ("column-missing", "jobs, work")


@pytest.mark.parametrize("part", [0.0, 0.001, 0.01, 0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("compress", ["none", "deflate"])
def test_a_cut_raster_is_a_fault_and_no_traceback(
    tmp_path: Path, part: float, compress: str
) -> None:
    rows = np.random.default_rng(4).uniform(0, 9, (60, 70))
    path = tif(tmp_path / "cut.tif", rows, compress=compress)
    raster, faults = read_raster(cut_short(path, part), box(0, 0, 7_000, 6_000), CRS)
    assert raster is None
    assert [f.severity for f in faults] == ["error"]
    assert faults[0].code in ("file-unreadable", "crs-missing")  # the system stands at the end


def test_without_rasterio_one_fault_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tif(tmp_path / "four.tif", [[1, 2], [4, 8]])
    monkeypatch.setitem(sys.modules, "rasterio", None)
    _, [fault] = read_population(path, AREA)
    assert (fault.code, fault.file) == ("rasterio-missing", "four.tif")
    assert fault.allowed == 'pip install "scicity[raster]"'


def edited(folder: Path, was: str, now: str) -> None:
    path = folder / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("entry", "code", "feature"),
    [
        ('{ file = "../jobs.tif" }', "path-outside-study", "opportunities"),
        ('{ file = "a.tif", column = "jobs" }', "opportunity-unclear", "opportunities.parks"),
        ('{ file = "a.tif", places = ["park"] }', "opportunity-unclear", "opportunities.parks"),
        ('{ column = "jobs" }', "opportunity-unclear", "opportunities.parks"),
        ("{ }", "opportunity-unclear", "opportunities.parks"),
        ("{ file = 3 }", "value-wrong-type", "opportunities.parks"),
        ('{ file = "a.tif" }\npopulation = { file = "b.tif" }', "id-duplicate", "population"),
    ],
)
def test_an_opportunity_is_said_in_one_way(copy: Path, entry: str, code: str, feature: str) -> None:
    parks = 'parks = { name_zh = "园区", name_en = "parks", places = ["park", "science"] }'
    edited(copy, parks, f"parks = {entry}")
    _, faults = read_settings(copy)
    assert [f.code for f in faults] == [code]
    assert feature in faults[0].feature


# A whole study ------------------------------------------------------------------------------


def small_study(folder: Path) -> Path:
    """The bundled study without its projects, which zones do not look at."""
    ignored = shutil.ignore_patterns("build", "source", "__pycache__", "projects")
    shutil.copytree(bundled_study(), folder, ignore=ignored)
    (folder / "projects").mkdir()
    path = folder / "study.toml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("[scenarios.plan]"), text.index("[assumptions.")
    plan = '[scenarios.plan]\nname_zh = "x"\nname_en = "x"\nprojects = []\n'
    path.write_text(text[:start] + plan + text[end:], encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def raster_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with a raster of people, jobs by polygon and a raster of beds."""
    folder = small_study(tmp_path_factory.mktemp("raster") / "my 研究")
    rows = np.random.default_rng(6).uniform(0, 90, (200, 110))
    lonlat = Affine(0.01, 0, 105.7, 0, -0.01, 30.3)
    profile = {"crs": "EPSG:4326", "nodata": -99999}
    tif(folder / "places/people.tif", rows, lonlat, **profile)
    tif(folder / "places/beds.tif", rows / 10, lonlat, **profile)
    shapes = [shapely.box(632_000, 3_270_000, 634_000, 3_272_000)]
    layer(folder / "places/jobs.geojson", shapes, jobs=[2048])
    edited(folder, "places/population.geojson", "places/people.tif")
    edited(
        folder,
        "[opportunities]\n",
        '[opportunities]\nbeds = { file = "places/beds.tif" }\n'
        'jobs = { file = "places/jobs.geojson", column = "jobs" }\n',
    )
    return folder


@pytest.fixture(scope="module")
def raster_study(raster_folder: Path) -> Study:
    return read_study(raster_folder)


def test_the_areas_of_a_study_hold_what_its_raster_holds(
    raster_study: Study, raster_folder: Path
) -> None:
    zones, areas = raster_study.zones(), raster_study.area.areas
    outline = raster_study.area.outline
    raster = raster_of(raster_folder / "places/people.tif", outline)
    wanted = dict(zip(areas["area_id"], spread(raster, areas.geometry), strict=True))
    assert by_area(zones) == pytest.approx(wanted, rel=1e-6)
    assert zones["population"].sum() == pytest.approx(raster_study.totals["population"].inside)
    assert zones["beds"].sum() == pytest.approx(zones["population"].sum() / 10)
    assert zones["jobs"].sum() == pytest.approx(2048)
    assert {"schools", "parks"} <= set(zones.columns)


def test_files_of_counts_are_inputs_of_the_study(raster_study: Study, raster_folder: Path) -> None:
    """They are hashed, and copied with the study."""
    hashes = input_hashes(raster_folder, raster_study)
    assert {"places/people.tif", "places/beds.tif", "places/jobs.geojson"} <= set(hashes)
    assert "places/population.geojson" not in hashes


def test_a_study_tells_what_its_files_of_counts_lack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cut raster and jobs without their column, together, with nothing else on the screen."""
    folder = small_study(tmp_path / "study")
    lonlat = Affine(0.01, 0, 105.7, 0, -0.01, 30.3)
    path = tif(folder / "places/people.tif", np.ones((200, 110)), lonlat, crs="EPSG:4326")
    cut_short(path, 0.5)
    plain(folder / "places/jobs.geojson", json.dumps({"type": "FeatureCollection", "features": []}))
    edited(folder, "places/population.geojson", "places/people.tif")
    now = '[opportunities]\njobs = { file = "places/jobs.geojson" }\n'
    edited(folder, "[opportunities]\n", now)
    assert main(["check", "--study", str(folder)]) == 2
    said = capsys.readouterr()
    words = " ".join(said.out.split())
    assert "error file-unreadable people.tif" in words
    assert "error file-empty jobs.geojson" in words
    assert "2 faults" in said.out
    assert said.err == ""


def test_a_warning_of_a_layer_elsewhere_stops_nothing(tmp_path: Path) -> None:
    path = layer(tmp_path / "away.geojson", [box(90_000, 0, 90_500, 500)], jobs=[5])
    counts, _ = read_counts(path, AREA, "jobs")
    [warning] = total_in(counts, AREA, "jobs").warnings()
    expected = "no jobs of it lies in the study area"
    assert warning == Fault(
        "away.geojson", "", "counts-empty", expected, "the right place", "warning"
    )

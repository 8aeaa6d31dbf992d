"""Counts on a raster: every zone holds its exact share, and nobody is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from coordinates import CRS, ORIGIN
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from population_files import SQUARE, X, Y, box, raster_of, spread, tif
from rasterio.transform import Affine

from geo.areal.area_shares import area_shares, count_inside
from geo.areal.convex_overlap import common_areas, convex_rings
from geo.areal.raster_cells import cells, raster_inside
from geo.areal.rasters import Raster


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

"""The area around timed points, and parts of lines, each against plain arithmetic."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from coordinates import CRS
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from shapely.geometry import LineString
from shapely.ops import substring

from analysis.surface.contour import Surface
from analysis.surface.ground import ground
from geo.lines import parts_of, points_along

NO_STREETS = gpd.GeoDataFrame(
    {"can_stop": np.empty(0, bool), "can_end": np.empty(0, bool)}, geometry=[], crs=CRS
)
SECS_PER_M = 1.25
CUTOFF_SECS = 300.0


def surface(points: np.ndarray, secs: np.ndarray, cell_m: float, offroad_m: float) -> Surface:
    """Around points that belong to no street."""
    where = ground(NO_STREETS, points, cell_m=cell_m, offroad_m=offroad_m)
    at = np.full(len(points), np.inf)
    at[where.spots] = secs
    return Surface(where, at, SECS_PER_M)


def beyond_m(
    points: np.ndarray, secs: np.ndarray, corners: np.ndarray, cell_m: float, offroad_m: float
) -> np.ndarray:
    """How far each corner is beyond the cutoff, straight from the definition."""
    metres = np.hypot(*(corners[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    left = (CUTOFF_SECS - secs) / SECS_PER_M
    far = np.minimum(left, max(offroad_m, cell_m / np.sqrt(2)))
    return np.min(metres - np.where(left >= 0, np.maximum(far, cell_m / np.sqrt(2)), far), axis=1)


@examples(60)
@given(st.integers(0, 2**32 - 1), st.sampled_from([10.0, 25.0, 60.0]), st.floats(0, 400))
def test_every_corner_of_the_grid_is_on_its_side(
    seed: int, cell_m: float, offroad_m: float
) -> None:
    """Some points are reached at once, some late and some never."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(-900, 900, (rng.integers(1, 40), 2)) + rng.integers(-3, 3, 2) * 1_000
    secs = np.where(rng.random(len(points)) < 0.2, np.inf, rng.uniform(0, 500, len(points)))
    area = surface(points, secs, cell_m, offroad_m).area(CUTOFF_SECS)
    low, high = points.min(axis=0) - offroad_m - 100, points.max(axis=0) + offroad_m + 100
    axes = [np.arange(a, b) * cell_m for a, b in zip(low // cell_m, high // cell_m, strict=True)]
    corners = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    beyond = beyond_m(points, secs, corners, cell_m, offroad_m)
    shapely.prepare(area)
    inside = shapely.contains_xy(area, *corners.T)
    sure = np.abs(beyond) > 1e-9
    assert (inside[sure] == (beyond[sure] < 0)).all()
    assert area.is_valid


def test_the_outline_lies_between_the_corners_in_proportion() -> None:
    """One point, reached at once: a disc of 240 m, true to a hundredth of a cell of 20 m."""
    area = surface(np.array([[3.0, 7.0]]), np.zeros(1), 20.0, 500.0).area(CUTOFF_SECS)
    radius = shapely.distance(
        shapely.points(shapely.get_coordinates(area)), shapely.Point(3.0, 7.0)
    )
    assert radius == pytest.approx(240.0, abs=0.25)
    small = surface(np.array([[3.0, 7.0]]), np.zeros(1), 20.0, 100.0).area(CUTOFF_SECS)
    assert small.area == pytest.approx(np.pi * 100**2, rel=0.01)


def test_an_area_of_nothing_is_empty() -> None:
    assert surface(np.zeros((1, 2)), np.array([np.inf]), 20.0, 100.0).area(CUTOFF_SECS).is_empty


@st.composite
def bent_lines(draw: st.DrawFn) -> np.ndarray:
    """Some lines of two to five places, which may cross themselves or stand still for a while."""
    place = st.tuples(st.integers(-50, 50), st.integers(-50, 50))
    line = st.lists(place, min_size=2, max_size=5).map(LineString).filter(lambda ln: ln.length > 0)
    return np.array(draw(st.lists(line, min_size=1, max_size=4)), dtype=object)


@examples(150)
@given(bent_lines(), st.floats(0, 0.99), st.floats(0.01, 1))
def test_places_and_parts_of_lines_are_shapelys(
    lines: np.ndarray, start: float, share: float
) -> None:
    end = min(start + share, 1.0)
    row = np.arange(len(lines))
    for fraction in (start, end):
        found = points_along(lines, row, np.full(len(lines), fraction))
        wanted = shapely.line_interpolate_point(lines, fraction, normalized=True)
        assert found == pytest.approx(shapely.get_coordinates(wanted), abs=1e-9)
    parts = parts_of(lines, np.full(len(lines), start), np.full(len(lines), end))
    for part, line in zip(parts, lines, strict=True):
        wanted = substring(line, start, end, normalized=True)
        assert part.length == pytest.approx(wanted.length, abs=1e-9)
        assert part.hausdorff_distance(wanted) <= 1e-9

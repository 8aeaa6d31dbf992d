"""Points joined to streets, beside looking at every street; and trees that serve two tables."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from coordinates import CRS
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from shapely.geometry import LineString, MultiPoint, Point

from analysis.graph.snap_index import snap_index_of
from analysis.graph.snapping import find_links, find_nearest_linkable, find_nearest_street

LIMITS_M = (60.0, 200.0, 5_000.0)
FAR_M = 1e6
HALF_MM = 5e-4

spots = st.tuples(st.integers(0, 8), st.integers(0, 8))


def place_of(street: pd.Series) -> LineString | MultiPoint | None:
    """Where a street can be met."""
    line = street["geometry"]
    if street["linkable"]:
        return line
    return MultiPoint([line.coords[0], line.coords[-1]]) if street["linkable_at_ends"] else None


def near_by_hand(
    point: Point, streets: gpd.GeoDataFrame, limit_m: float
) -> list[tuple[float, int]]:
    """Distance and number of every street that can be met within the limit, nearest first."""
    places = {number: place_of(street) for number, street in streets.iterrows()}
    away = [(place.distance(point), number) for number, place in places.items() if place]
    return sorted((metres, number) for metres, number in away if metres <= limit_m)


def joined_by_hand(
    points: gpd.GeoSeries, streets: gpd.GeoDataFrame, limit_m: float
) -> list[tuple[int, int, float]]:
    """Point, street and metres: the nearest existing street, and of each project a nearer one."""
    rows = []
    for number, point in enumerate(points):
        near, owner = near_by_hand(point, streets, limit_m), streets["project_id"]
        existing = [found for found in near if owner[found[1]] == ""][:1]
        best = existing[0][0] if existing else limit_m
        of_project: dict[str, tuple[float, int]] = {}
        for metres, street in near:
            if owner[street] and metres < best:
                of_project.setdefault(owner[street], (metres, street))
        rows += [(number, street, metres) for metres, street in [*existing, *of_project.values()]]
    return sorted(rows)


def rows_of(found: pd.DataFrame) -> list[tuple[int, int, float]]:
    return list(found[["point", "street", "distance_m"]].itertuples(index=False, name=None))


@st.composite
def tables(draw: st.DrawFn, least: int = 0, most: int = 12) -> gpd.GeoDataFrame:
    """Streets on a grid, so that many are equally near; tunnels, motorways and projects."""
    lines = draw(st.lists(st.tuples(spots, spots), min_size=least, max_size=most))
    ends = [[a, b if a != b else (b[0], b[1] + 1)] for a, b in lines]
    kind = st.sampled_from([(True, True), (False, True), (False, False)])
    kinds = [draw(kind) for _ in ends]
    owner = [draw(st.sampled_from(["", "", "P", "Q"])) for _ in ends]
    columns = {
        "linkable": np.array([stop for stop, _ in kinds], dtype=bool),
        "linkable_at_ends": np.array([end for _, end in kinds], dtype=bool),
        "project_id": pd.array(owner, dtype="str"),
    }
    geometry = [LineString(np.array(pair) * 50.0) for pair in ends]
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS)


@st.composite
def point_sets(draw: st.DrawFn) -> gpd.GeoSeries:
    found = draw(st.lists(st.tuples(st.integers(-3, 20), st.integers(-3, 20)), max_size=6))
    return gpd.GeoSeries([Point(25.0 * x, 25.0 * y) for x, y in found], crs=CRS)


@examples(150, quick=50)
@given(point_sets(), tables(), st.sampled_from(LIMITS_M))
def test_points_join_what_looking_at_every_street_finds(
    points: gpd.GeoSeries, streets: gpd.GeoDataFrame, limit_m: float
) -> None:
    found = find_links(points, streets, limit_m)
    assert rows_of(found) == joined_by_hand(points, streets, limit_m)
    for row in found.itertuples():
        on = streets.geometry[row.street].interpolate(row.fraction, normalized=True)
        assert on.distance(points[row.point]) == pytest.approx(row.distance_m, abs=HALF_MM)


@examples(100, quick=30)
@given(point_sets(), tables(), st.sampled_from(LIMITS_M))
def test_the_nearest_of_all_streets(
    points: gpd.GeoSeries, streets: gpd.GeoDataFrame, limit_m: float
) -> None:
    near = [near_by_hand(point, streets, limit_m) for point in points]
    wanted = [(number, found[0][1], found[0][0]) for number, found in enumerate(near) if found]
    assert rows_of(find_nearest_linkable(points, streets, limit_m)) == wanted
    anywhere = streets.assign(linkable=True, linkable_at_ends=True)
    near = [near_by_hand(point, anywhere, limit_m) for point in points]
    wanted = [(number, found[0][1], found[0][0]) for number, found in enumerate(near) if found]
    assert rows_of(find_nearest_street(points, streets, limit_m)) == wanted


def grid(count: int = 40, **columns: object) -> gpd.GeoDataFrame:
    """Parallel streets 100 m apart, 1 km long."""
    lines = [LineString([(0, 100 * n), (1_000, 100 * n)]) for n in range(count)]
    told = {"linkable": True, "linkable_at_ends": True, "project_id": "", **columns}
    return gpd.GeoDataFrame(told, index=range(count), geometry=lines, crs=CRS)


@examples(100, quick=30)
@given(tables(most=3), st.sets(st.integers(0, 39), max_size=3), point_sets())
def test_a_tree_serves_streets_that_are_nearly_the_same(
    more: gpd.GeoDataFrame, gone: set[int], points: gpd.GeoSeries
) -> None:
    """Whatever is asked of one table and then of another that shares most of its lines."""
    before = grid()
    scenario = pd.concat([before.drop(index=list(gone)), more], ignore_index=True)
    assert snap_index_of(scenario).tree is snap_index_of(before).tree
    for streets in (before, scenario, before):
        for limit_m in LIMITS_M:
            found = find_links(points, streets, limit_m)
            assert rows_of(found) == joined_by_hand(points, streets, limit_m)


def test_a_tree_does_not_serve_other_streets() -> None:
    before = grid()
    copied = before.assign(geometry=shapely.from_wkb(shapely.to_wkb(before.geometry.to_numpy())))
    turned = before.iloc[::-1].reset_index(drop=True)
    few = before.iloc[:30].reset_index(drop=True)
    for other in (copied, turned, few, before.assign(linkable=False)):
        assert snap_index_of(other).tree is not snap_index_of(before).tree


def test_the_same_lines_under_other_rules() -> None:
    """The rules may change while the lines lie where they were."""
    streets, middle = grid(), gpd.GeoSeries([Point(400, 10)], crs=CRS)
    assert rows_of(find_links(middle, streets, FAR_M)) == [(0, 0, 10)]
    ends = streets.assign(linkable=False)
    assert find_links(middle, ends, FAR_M)["fraction"].tolist() == [0]
    closed = ends.assign(linkable_at_ends=np.arange(40) > 0)
    assert find_links(middle, closed, FAR_M)["street"].tolist() == [1]
    planned = streets.assign(project_id=["P", *[""] * 39])
    assert find_links(middle, planned, FAR_M)["street"].tolist() == [0, 1]
    assert rows_of(find_links(middle, streets, FAR_M)) == [(0, 0, 10)]


def test_what_lies_elsewhere_is_looked_at_anew() -> None:
    """Nothing of ours changes a table in place; if somebody does, the answer is not the old one."""
    streets, points = grid(), gpd.GeoSeries([Point(0, 10)], crs=CRS)
    assert rows_of(find_links(points, streets, FAR_M)) == [(0, 0, 10)]
    streets.loc[0, "geometry"] = LineString([(0, -50), (1_000, -50)])
    assert rows_of(find_links(points, streets, FAR_M)) == [(0, 0, 60)]
    points.iloc[0] = Point(0, 90)
    assert rows_of(find_links(points, streets, FAR_M)) == [(0, 1, 10)]


def test_no_points_and_no_streets() -> None:
    none = gpd.GeoSeries([], crs=CRS)
    for found in (find_links(none, grid(), FAR_M), find_links(none, grid().iloc[:0], FAR_M)):
        assert found.empty
        assert found.dtypes.to_dict() == find_links(grid().centroid, grid(), FAR_M).dtypes.to_dict()
    assert find_links(grid().centroid, grid().iloc[:0], FAR_M).empty

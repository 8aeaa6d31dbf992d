"""What holds for streets whatever the map."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from coordinates import point
from easy_values import easy
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import stops
from osm_roads import SAME_SECS, SPLIT_SECS
from osm_worlds import CRS, TEN_MPS, lonlat_at
from travel_times_between import times

from geo.osm.elements import OsmElements, Tags, elements
from layers.network import TransportNetwork
from layers.osm.roads.streets import osm_streets
from layers.roads import road_network

GRID = [(column, row) for row in range(3) for column in range(4)]


@st.composite
def random_ways(draw: st.DrawFn) -> dict[int, tuple[Tags, list[int]]]:
    """Ways over the nodes 1 to 12 of a bent grid, some one-way, some of them closed or crossing.

    No two run between the same two nodes: which of them a point joins would be left to chance.
    """
    ways, taken = {}, set()
    for number in range(draw(st.integers(2, 6))):
        refs = draw(st.lists(st.integers(1, len(GRID)), min_size=2, max_size=6, unique=True))
        refs += draw(st.sampled_from([[], refs[:1] if len(refs) > 2 else []]))
        pairs = {frozenset(pair) for pair in pairwise(refs)}
        assume(not pairs & taken)
        taken |= pairs
        tags = {**TEN_MPS, "oneway": draw(st.sampled_from(["yes", "no", "-1"]))}
        ways[100 + number] = (tags, refs)
    return ways


def grid_nodes(ids: Mapping[int, int] | None = None) -> dict[int, tuple[float, float]]:
    """Positions by id; no three nodes are in a row."""
    spots = {n: (100.0 * x + 7 * y * y, 100.0 * y + 11 * x * x) for n, (x, y) in enumerate(GRID, 1)}
    return {(ids or {}).get(n, n): lonlat_at(*spot) for n, spot in spots.items()}


def some_secs(found: OsmElements) -> pd.DataFrame:
    """Seconds by car between points beside the grid, wherever ways run."""
    place = shapely.box(100, 20, 110, 40)
    streets = osm_streets(found, place, crs=CRS, assumptions=easy(), min_component_m=0)
    spots = [point(90.0 * k + 13, 60.0 * k + 29) for k in range(4)]
    places = shapely.points(shapely.get_coordinates(spots))
    at = gpd.GeoSeries(places, index=list("pqrs"), crs=CRS)
    nowhere = stops(gpd.GeoSeries([], index=[], crs=CRS))
    network = TransportNetwork(road_network(streets.nodes, streets.table), nowhere, ())
    return times(network, at, period="offpeak")


Ways = dict[int, tuple[Tags, list[int]]]


@given(random_ways(), st.permutations(range(len(GRID))), st.permutations(range(6)))
@examples(8)
def test_ids_and_the_order_of_ways_do_not_matter(
    ways: Ways, nodes: list[int], order: list[int]
) -> None:
    ids = {n: 50 + nodes[n - 1] for n in range(1, len(GRID) + 1)}
    renamed = {
        order[number]: (tags, [ids[ref] for ref in refs])
        for number, (tags, refs) in enumerate(ways.values())
    }
    one = some_secs(elements(grid_nodes(), {}, ways, []))
    other = some_secs(elements(grid_nodes(ids), {}, renamed, []))
    np.testing.assert_allclose(one, other, rtol=0, atol=SAME_SECS)


@given(random_ways(), st.data())
@examples(8)
def test_splitting_a_way_changes_no_time(ways: Ways, data: st.DataObject) -> None:
    way = data.draw(
        st.sampled_from(sorted(w for w, (_, refs) in ways.items() if len(refs) > 2) or [0])
    )
    if not way:
        return
    tags, refs = ways[way]
    at = data.draw(st.integers(1, len(refs) - 2))
    split = {**ways, way: (tags, refs[: at + 1]), 999: (tags, refs[at:])}
    one = some_secs(elements(grid_nodes(), {}, ways, []))
    other = some_secs(elements(grid_nodes(), {}, split, []))
    np.testing.assert_allclose(one, other, rtol=0, atol=SPLIT_SECS)


@given(random_ways())
@examples(6)
def test_a_way_far_away_changes_no_time(ways: Ways) -> None:
    nodes = {**grid_nodes(), 90: lonlat_at(9e3, 9e3), 91: lonlat_at(9.1e3, 9e3)}
    more = {**ways, 1: (TEN_MPS, [90, 91])}
    one = some_secs(elements(nodes, {}, ways, []))
    other = some_secs(elements(nodes, {}, more, []))
    np.testing.assert_allclose(one, other, rtol=0, atol=SAME_SECS)


@given(random_ways())
@examples(8)
def test_streets_are_as_long_as_their_ways_and_ids_are_unique(ways: Ways) -> None:
    found = elements(grid_nodes(), {}, ways, [])
    place = shapely.box(100, 20, 110, 40)
    streets = osm_streets(found, place, crs=CRS, assumptions=easy(), min_component_m=0).table
    assert streets["osmid"].is_unique
    by_way = streets.groupby("way_id")["length"].sum()
    nodes = {n: shapely.Point(spot) for n, spot in grid_nodes().items()}
    lines = {w: shapely.LineString([nodes[ref] for ref in refs]) for w, (_, refs) in ways.items()}
    drawn_m = gpd.GeoSeries(lines, crs="EPSG:4326").to_crs(CRS).length
    pd.testing.assert_series_equal(by_way, drawn_m, check_names=False, check_index_type=False)

"""Isochrones of random networks are what the definition says.

The oracles ask for the travel time to points laid densely along the streets; those times are
proven by `test_travel_times.py`. The area is then computed again on a fine raster, point by point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from coordinates import CRS
from easy_values import conditions
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis_settings import examples
from isochrones_of import ASSUMED, NO_STOPPING, NO_WALKING, area_of_cutoff, asked, same_area
from network_parts import route, stops
from random_roads import points_near, random_roads
from shapely.geometry import Point
from travel_times_between import times

from analysis.graph.travel import MODES, Mode
from layers.network import TransportNetwork
from layers.roads import RoadNetwork, streets

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
@examples(12, quick=4)
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
@examples(10, quick=4)
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
@examples(4, quick=2)
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

"""Random road networks, and points beside them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from ascii_worlds import STREET, roads_of
from coordinates import CRS, point
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from layers.planned.splitting import street_parts, with_rows
from layers.roads import RoadNetwork

HIGHWAYS = ("motorway", "trunk", "primary", "primary", "tertiary_link")


@st.composite
def random_roads(draw: st.DrawFn, *, two_way: bool = False) -> RoadNetwork:
    """Four to eight nodes in 5 x 5 km, streets between any of them, bent so that none coincide.

    Some are one-way (unless told otherwise), some are tunnels, some join the same two nodes, and
    most are a little longer than they are drawn.
    """
    spot = st.tuples(st.integers(0, 99), st.integers(0, 99))
    spots = draw(st.lists(spot, min_size=4, max_size=8, unique=True))
    nodes = {f"n{k}": point(51.0 * x, 53.0 * y) for k, (x, y) in enumerate(spots)}
    count = len(nodes)
    pair = st.tuples(st.integers(0, count - 1), st.integers(1, count - 1))
    records = []
    for k, (start, further) in enumerate(draw(st.lists(pair, min_size=3, max_size=10))):
        u, v = f"n{start}", f"n{(start + further) % count}"
        bend = 0.1 * draw(st.integers(-3, 3)) + 0.017 * (k + 1)
        line = bent(nodes[u], nodes[v], bend)
        records.append(
            {
                **STREET,
                "u": u,
                "v": v,
                "osmid": f"s{k}",
                "name": f"s{k}",
                "geometry": line,
                "length": line.length * draw(st.sampled_from([1.0, 1.2])),
                "highway": draw(st.sampled_from(HIGHWAYS)),
                "maxspeed": draw(st.sampled_from([30.0, 50.0, 100.0])),
                "oneway": not two_way and draw(st.booleans()),
                "tunnel": draw(st.integers(0, 4)) == 0,
            }
        )
    return roads_of(nodes, records)


def bent(start: Point, end: Point, bend: float) -> LineString:
    """A line of two straight parts; its middle is `bend` x its length to the left."""
    east, north = end.x - start.x, end.y - start.y
    middle = (start.x + east / 2 - bend * north, start.y + north / 2 + bend * east)
    return LineString([start, middle, end])


@st.composite
def points_near(
    draw: st.DrawFn, roads: RoadNetwork, *, count: int = 3, offset_m: int = 300
) -> gpd.GeoSeries:
    """Points beside random streets, at most so far off."""
    lines = roads.edges.geometry.to_numpy()
    found = {}
    for k in range(count):
        line = lines[draw(st.integers(0, len(lines) - 1))]
        on = line.interpolate(draw(st.integers(1, 15)) / 16, normalized=True)
        east = draw(st.integers(-offset_m, offset_m))
        north = draw(st.integers(-offset_m, offset_m))
        found[f"p{k}"] = Point(on.x + east + 0.3 * k, on.y + north + 0.7 * k)
    return gpd.GeoSeries(found, crs=CRS)


def split_street(
    table: gpd.GeoDataFrame, number: int, share: float, node_id: str
) -> gpd.GeoDataFrame:
    """Streets of which one is cut in two at a share of its length, where a node comes."""
    parts = street_parts(table.iloc[number].to_dict(), [(share, node_id)])
    rest = np.delete(np.arange(len(table)), number)
    split, _ = with_rows(table, rest, parts, [number] * len(parts))
    return split

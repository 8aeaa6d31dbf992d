"""Random networks with routes and places, and each way to travel in them."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
from coordinates import CRS
from hypothesis import strategies as st
from network_parts import route, stops
from random_roads import points_near, random_roads

from analysis.graph.travel import Travel
from layers.network import TransportNetwork
from layers.transit import TransitRoute


@st.composite
def random_routes(draw: st.DrawFn, stop_ids: Sequence[str]) -> tuple[TransitRoute, ...]:
    """Up to three routes over the same few stops, so that some rides have common lines."""
    found = []
    for k in range(draw(st.integers(1, 3))):
        chosen = st.lists(st.sampled_from(stop_ids), min_size=2, max_size=4, unique=True)
        served = draw(chosen)
        hop = st.integers(30, 600)
        found.append(
            route(
                f"r{k}",
                served,
                draw(st.lists(hop, min_size=len(served) - 1, max_size=len(served) - 1)),
                headway_secs=draw(st.sampled_from([120.0, 600.0, 1200.0])),
                headway_offpeak_secs=1500.0,
                stop_access_secs=draw(st.sampled_from([0.0, 90.0])),
                boarding_secs=draw(st.sampled_from([0.0, 300.0])),
                bidirectional=draw(st.booleans()),
            )
        )
    return tuple(found)


@st.composite
def random_worlds(
    draw: st.DrawFn, *, two_way: bool = False, offset_m: int = 450
) -> tuple[TransportNetwork, gpd.GeoSeries]:
    """Roads, routes and three places; some too far from any street."""
    roads = draw(random_roads(two_way=two_way))
    places = draw(points_near(roads, count=3, offset_m=offset_m))
    at = draw(points_near(roads, count=4, offset_m=150))
    at = gpd.GeoSeries(at.to_numpy(), index=["a", "b", "c", "d"], crs=CRS)
    routes = draw(random_routes(list(at.index)))
    return TransportNetwork(roads, stops(at), routes), places


TRAVELS = (
    Travel("drive", "peak"),
    Travel("drive", "offpeak"),
    Travel("walk"),
    Travel("transit", "peak", "best"),
    Travel("transit", "peak", "expected"),
    Travel("transit", "peak", "worst"),
    Travel("transit", "offpeak"),
)

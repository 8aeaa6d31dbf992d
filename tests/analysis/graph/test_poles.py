"""Poles beside each other: lines share their frequencies there, and nowhere else."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from ascii_worlds import world
from coordinates import CRS, point
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import route, stops
from travel_time_oracle import ASSUMED, BANDS, NEAR_SECS, asked, furthest_apart, oracle

from analysis.graph.common_lines import common_legs
from analysis.graph.poles import SAME_PLACE_M, pole_legs, poles_of
from analysis.graph.travel import Band, Travel
from layers.network import TransportNetwork
from layers.transit import TransitRoute

STREET = world("A---B---C---D")
PER_M = ASSUMED.detour / ASSUMED.walk_mps


def poles(**east_m: float) -> gpd.GeoSeries:
    return gpd.GeoSeries({name: point(east, 0) for name, east in east_m.items()}, crs=CRS)


def legs(routes: list[TransitRoute], at: gpd.GeoSeries, share: float = 0.5) -> dict[str, float]:
    found = pole_legs(routes, "peak", share, poles_of(at, ASSUMED))
    pairs = zip(found["from_stop"], found["to_stop"], found["secs"], strict=True)
    return {f"{start}{end}": round(float(secs), 6) for start, end, secs in pairs}


def test_two_operators_at_one_pole_share() -> None:
    """Each every 600 s: 150 s of wait and 300 of ride; the ids make no difference."""
    two = [route("R", "AB", 300), route("Q", "ab", 300)]
    one_place = poles(A=0, a=0, B=2_000, b=2_000)
    assert legs(two, one_place) == dict.fromkeys(["AB", "BA", "ab", "ba"], 450)
    same_ids = common_legs([route("R", "AB", 300), route("Q", "AB", 300)], "peak", 0.5)
    assert same_ids["secs"].tolist() == pytest.approx([450, 450])


def test_the_walk_between_poles_counts() -> None:
    two = [route("R", "AB", 300), route("Q", "ab", 300)]
    found = legs(two, poles(A=0, a=20, B=2_000, b=2_010))
    assert found["AB"] == pytest.approx((300 + (600 + 30 * PER_M)) / 2)
    assert legs(two, poles(A=0, a=SAME_PLACE_M + 1, B=2_000, b=2_000)) == {}
    assert legs([route("R", "AB", 300)], poles(A=0, a=0, B=2_000)) == {}


def test_one_line_at_two_poles_is_no_two_lines() -> None:
    line = route("R", "AaB", [30, 300])
    assert legs([line], poles(A=0, a=10, B=2_000)) == {}


def test_a_bus_stop_above_a_metro_station_shares_nothing() -> None:
    metro, bus = route("M", "AB", 300, stop_access_secs=120), route("Q", "ab", 300)
    assert legs([metro, bus], poles(A=0, a=0, B=2_000, b=2_000)) == {}


@st.composite
def places(draw: st.DrawFn) -> tuple[TransportNetwork, gpd.GeoSeries]:
    """A street of 3 km with four places of one to three poles, and some lines between poles."""
    ids, at = [], {}
    for place in range(4):
        for pole in range(draw(st.integers(1, 3))):
            name = f"{place}{'abc'[pole]}"
            ids.append(name)
            at[name] = point(1e3 * place + draw(st.integers(0, 60)), draw(st.integers(0, 60)))
    lines = []
    for number in range(draw(st.integers(1, 4))):
        called = draw(st.lists(st.sampled_from(ids), min_size=2, max_size=4, unique=True))
        line = route(
            f"r{number}",
            called,
            [60.0 * draw(st.integers(1, 9)) for _ in called[1:]],
            headway_secs=draw(st.sampled_from([120.0, 300.0, 900.0])),
            bidirectional=draw(st.booleans()),
            stop_access_secs=draw(st.sampled_from([0.0, 0.0, 60.0])),
        )
        lines.append(line)
    network = TransportNetwork(
        STREET.network().roads, stops(gpd.GeoSeries(at, crs=CRS)), tuple(lines)
    )
    return network, poles(P=0, Q=1_030, R=2_000, S=3_000)


@examples(60, quick=20)
@given(places(), st.sampled_from(BANDS))
def test_times_are_those_of_networkx(
    here: tuple[TransportNetwork, gpd.GeoSeries], band: Band
) -> None:
    network, points = here
    travel = Travel("transit", band=band)
    found, wanted = asked(network, points, travel), oracle(network, points, travel)
    assert furthest_apart(found, wanted) <= len(points) * 4 * NEAR_SECS


@examples(30, quick=10)
@given(places())
def test_no_time_is_longer_than_with_poles_apart(
    here: tuple[TransportNetwork, gpd.GeoSeries],
) -> None:
    """With expected waiting a leg only adds a choice."""
    network, points = here
    with_legs = asked(network, points, Travel("transit"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.graph.poles.SAME_PLACE_M", -1.0)
        without = asked(network, points, Travel("transit"))
    assert (with_legs.to_numpy() <= without.to_numpy() + NEAR_SECS).all()
    assert np.isfinite(with_legs.to_numpy()).all()

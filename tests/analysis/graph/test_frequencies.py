"""What frequencies mean: trips by public transport against their closed forms.

A traveller comes at a random moment and waits anything from nothing to a whole headway: least 0,
on average half of it, at most all of it. Those are the three bands, and the product offers no
other percentiles. `test_grid_city_transit` works through single cases by hand; here the values are
drawn, on the islands of `island_lines`.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis_settings import examples
from island_lines import BANDS, EACH_BAND, HEADWAYS, NEAR, SCALES, SECS, asked
from network_parts import route

from analysis.graph.travel import WAIT_SHARE, Band


def test_the_bands_are_least_mean_and_most_of_an_even_wait() -> None:
    """No other percentile of the wait has a name."""
    assert BANDS == WAIT_SHARE
    waits = np.linspace(0, 1, 1_001)
    assert [waits.min(), pytest.approx(waits.mean()), waits.max()] == list(WAIT_SHARE.values())


# One line -----------------------------------------------------------------------------------


@examples(8)
@given(band=EACH_BAND, scale_m=SCALES, headway=HEADWAYS, ride=SECS, below=SECS, check=SECS)
def test_one_line(
    band: Band, scale_m: float, headway: float, ride: float, below: float, check: float
) -> None:
    """Walk, way down, check, wait, ride, way up, walk."""
    line = route("1", "BC", ride, headway_secs=headway, stop_access_secs=below, boarding_secs=check)
    walk = 1.5 * scale_m
    wanted = walk + below + check + BANDS[band] * Fraction(headway) + ride + below + walk
    assert asked("A", "D", line, band=band, scale_m=scale_m) == pytest.approx(wanted, abs=NEAR)


@examples(6)
@given(
    band=EACH_BAND, hops=st.lists(SECS, min_size=2, max_size=2), headway=HEADWAYS, offpeak=HEADWAYS
)
def test_one_wait_however_many_stops(
    band: Band, hops: list[float], headway: float, offpeak: float
) -> None:
    """And the headway is that of the hour asked about."""
    line = route("1", "BCE", hops, headway_secs=headway, headway_offpeak_secs=offpeak)
    for period, each in (("peak", headway), ("offpeak", offpeak)):
        found = asked("B", "E", line, band=band, period=period)  # type: ignore[arg-type]
        assert found == pytest.approx(float(BANDS[band]) * each + sum(hops), abs=NEAR)


# Changing -----------------------------------------------------------------------------------


@examples(7)
@given(
    band=EACH_BAND, scale_m=SCALES, headways=st.tuples(HEADWAYS, HEADWAYS), ride=SECS, below=SECS
)
def test_two_lines_are_two_waits(
    band: Band, scale_m: float, headways: tuple[float, float], ride: float, below: float
) -> None:
    """At C on foot to D; the second line is below ground."""
    first = route("1", "BC", ride, headway_secs=headways[0])
    second = route("2", "DE", 2 * ride, headway_secs=headways[1], stop_access_secs=below)
    walk = 1.5 * scale_m
    wanted = walk + float(BANDS[band]) * sum(headways) + ride + walk + 2 * below + 2 * ride + walk
    found = asked("A", "F", first, second, band=band, scale_m=scale_m)
    assert found == pytest.approx(wanted, abs=NEAR)


@examples(8)
@given(
    band=EACH_BAND,
    headways=st.tuples(HEADWAYS, HEADWAYS, HEADWAYS),
    below=st.tuples(SECS, SECS, SECS),
)
def test_every_change_goes_up_and_down_again(
    band: Band, headways: tuple[float, ...], below: tuple[float, ...]
) -> None:
    """Three lines one behind the other: three waits, each line's depth twice."""
    lines = [
        route(str(k), ends, 100, headway_secs=headway, stop_access_secs=depth)
        for k, (ends, headway, depth) in enumerate(
            zip(("BC", "CE", "EF"), headways, below, strict=True)
        )
    ]
    wanted = 300 + float(BANDS[band]) * sum(headways) + 2 * sum(below)
    # E-F can be walked too: 300 m
    walked = 200 + float(BANDS[band]) * sum(headways[:2]) + 2 * sum(below[:2]) + 300
    found = asked("B", "F", *lines, band=band)
    assert found == pytest.approx(min(wanted, walked), abs=NEAR)


# Walking instead ----------------------------------------------------------------------------


@examples(8)
@given(band=EACH_BAND, scale_m=SCALES, headway=HEADWAYS, ride=SECS)
def test_walking_all_the_way_competes(
    band: Band, scale_m: float, headway: float, ride: float
) -> None:
    """A-B is a street of 1.5 x scale metres at a metre a second."""
    line = route("1", "AB", ride, headway_secs=headway)
    wanted = min(1.5 * scale_m, float(BANDS[band]) * headway + ride)
    assert asked("A", "B", line, band=band, scale_m=scale_m) == pytest.approx(wanted, abs=NEAR)


@examples(8)
@given(band=EACH_BAND, scale_m=SCALES, headways=st.tuples(HEADWAYS, HEADWAYS), ride=SECS)
def test_walking_to_the_next_stop_competes(
    band: Band, scale_m: float, headways: tuple[float, float], ride: float
) -> None:
    """From A by line 1 at once, or 1.5 x scale metres on foot to line 2 at B."""
    share, walk = float(BANDS[band]), 1.5 * scale_m
    here, there = (
        route(name, stops, ride, headway_secs=headway)
        for name, stops, headway in zip("12", ("AC", "BC"), headways, strict=True)
    )
    wanted = min(share * headways[0] + ride, walk + share * headways[1] + ride)
    found = asked("A", "C", here, there, band=band, scale_m=scale_m)
    assert found == pytest.approx(wanted, abs=NEAR)


# Through routes and loops -------------------------------------------------------------------


@examples(7)
@given(
    band=EACH_BAND, headways=st.tuples(HEADWAYS, HEADWAYS), rides=st.tuples(SECS, SECS), below=SECS
)
def test_through_routes_are_one_wait_for_the_rarer_one(
    band: Band, headways: tuple[float, float], rides: tuple[float, float], below: float
) -> None:
    """Nobody leaves the platform; without through running it is two waits and four stairs."""
    share = float(BANDS[band])
    west = route("1", "BC", rides[0], headway_secs=headways[0], stop_access_secs=below)
    east = route(
        "2",
        "CE",
        rides[1],
        headway_secs=headways[1],
        stop_access_secs=below,
        through_routes=("1",),
    )
    wanted = share * max(headways) + sum(rides) + 2 * below
    assert asked("B", "E", west, east, band=band) == pytest.approx(wanted, abs=NEAR)
    assert asked("E", "B", west, east, band=band) == pytest.approx(wanted, abs=NEAR)
    apart = route("2", "CE", rides[1], headway_secs=headways[1], stop_access_secs=below)
    changed = share * sum(headways) + sum(rides) + 4 * below
    assert asked("B", "E", west, apart, band=band) == pytest.approx(changed, abs=NEAR)


@examples(7)
@given(band=EACH_BAND, headways=st.tuples(HEADWAYS, HEADWAYS, HEADWAYS).map(sorted))
def test_a_chain_of_through_routes(band: Band, headways: list[float]) -> None:
    """Rarer from one to the next, or more frequent: a wait for the rarest either way."""
    lines = [
        route(str(k), ends, 60, headway_secs=headway, through_routes=(str(k + 1),))
        for k, (ends, headway) in enumerate(zip(("BC", "CD", "DE"), headways, strict=True))
    ]
    share = float(BANDS[band])
    # C-D can be walked, for a change at each end: 300 m
    walked = share * (headways[0] + headways[2]) + 120 + 300
    wanted = min(share * headways[2] + 180, walked)
    assert asked("B", "E", *lines, band=band) == pytest.approx(wanted, abs=NEAR)
    assert asked("E", "B", *lines, band=band) == pytest.approx(wanted, abs=NEAR)


LOOP = "BCEFD"


@examples(7)
@given(
    band=EACH_BAND,
    hops=st.lists(st.integers(1, 400), min_size=5, max_size=5),
    headway=HEADWAYS,
    ends=st.tuples(st.integers(0, 4), st.integers(1, 4)),
)
def test_a_loop_line_goes_round_past_its_first_stop(
    band: Band, hops: list[int], headway: float, ends: tuple[int, int]
) -> None:
    """One way round it is one wait and the hops ahead; both ways, the shorter way round."""
    start, further = ends
    ahead = sum(hops[(start + k) % 5] for k in range(further))
    a, b = LOOP[start], LOOP[(start + further) % 5]
    assume({a, b} not in ({"C", "D"}, {"E", "F"}))  # those can be walked
    wait = float(BANDS[band]) * headway
    secs = [float(hop) for hop in hops]
    one_way = route("R", LOOP + LOOP[0], secs, headway_secs=headway, bidirectional=False)
    both_ways = route("R", LOOP + LOOP[0], secs, headway_secs=headway)
    found = asked(a, b, one_way, band=band, scale_m=20_000.0)
    assert found == pytest.approx(wait + ahead, abs=NEAR)
    shorter = min(ahead, sum(hops) - ahead)
    found = asked(a, b, both_ways, band=band, scale_m=20_000.0)
    assert found == pytest.approx(wait + shorter, abs=NEAR)


@examples(8)
@given(headway=HEADWAYS, ride=SECS)
def test_a_loop_line_and_a_line_over_the_same_two_stops(headway: float, ride: float) -> None:
    """Past the loop's first stop their frequencies still add up."""
    loop = route("R", "CEBC", ride, headway_secs=headway, bidirectional=False)
    line = route("1", "EC", 2 * ride, headway_secs=headway, bidirectional=False)
    assert asked("E", "C", loop, line) == pytest.approx(headway / 4 + 2 * ride, abs=NEAR)


# Waiting in general -------------------------------------------------------------------------


@examples(5)
@given(
    rides=st.lists(SECS, min_size=3, max_size=3),
    headways=st.lists(HEADWAYS, min_size=3, max_size=3),
    shorter=st.sampled_from([0.9, 0.5, 0.1]),
)
def test_more_frequent_is_never_slower(
    rides: list[float], headways: list[float], shorter: float
) -> None:
    """Nor is one band quicker than the band before it; waiting all is at most twice the mean."""
    lines = [
        route(str(k), ends, ride, headway_secs=headway)
        for k, (ends, ride, headway) in enumerate(
            zip(("BCE", "CE", "BE"), rides, headways, strict=True)
        )
    ]
    found = [asked("A", "F", *lines, band=band) for band in BANDS]
    assert all(quick <= slow + NEAR for quick, slow in pairwise(found))
    assert found[2] <= 2 * found[1] + NEAR
    often = [
        route(item.route_id, item.stop_ids, item.hop_secs, headway_secs=shorter * headway)
        for item, headway in zip(lines, headways, strict=True)
    ]
    assert asked("A", "F", *often) <= found[1] + NEAR

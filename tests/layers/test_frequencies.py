"""What frequencies mean: trips by public transport against their closed forms.

A traveller comes at a random moment and waits anything from nothing to a whole headway: least 0,
on average half of it, at most all of it. Those are the three bands, and the product offers no
other percentiles. `test_grid_city` works through single cases by hand; here the values are drawn.

The streets are islands, so that nobody can walk instead:

    A-----B   C-----D   E-----F
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from ascii_worlds import World, world
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import route
from travel_times_between import times

from analysis.graph.routable_network import WAIT_SHARE, Band
from analysis.routing.arcs import STEP_SECS
from layers.transit import Period, TransitRoute

BANDS: dict[Band, Fraction] = {
    "best": Fraction(0),
    "expected": Fraction(1, 2),
    "worst": Fraction(1),
}
ISLANDS = """
    A-----B   C-----D   E-----F
    """
SECS = st.integers(1, 900).map(float)
HEADWAYS = st.integers(30, 3_600).map(float)
SCALES = st.sampled_from([20.0, 200.0, 500.0])
NEAR = STEP_SECS / 2
EACH_BAND = st.sampled_from(list(BANDS))


@cache
def islands(scale_m: float) -> World:
    """A street of six characters is 1.5 x `scale_m` metres."""
    return world(ISLANDS, scale_m=scale_m)


def asked(
    start: str,
    end: str,
    *routes: TransitRoute,
    band: Band = "expected",
    scale_m: float = 200.0,
    period: Period = "peak",
) -> float:
    """Seconds between two places by transit."""
    here = islands(scale_m)
    places = here.at(dict.fromkeys(start + end))
    found = times(here.network(*routes), places, mode="transit", band=band, period=period)
    return float(found.loc[start, end])


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


# Lines together -----------------------------------------------------------------------------


def lines_between(
    ends: str, rides: Sequence[float], headways: Sequence[float]
) -> list[TransitRoute]:
    """Several routes over the same two stops."""
    return [
        route(f"{k}", ends, ride, headway_secs=headway)
        for k, (ride, headway) in enumerate(zip(rides, headways, strict=True))
    ]


@examples(8)
@given(band=EACH_BAND, ride=SECS, headways=st.lists(HEADWAYS, min_size=2, max_size=4))
def test_frequencies_of_equal_lines_add_up(band: Band, ride: float, headways: list[float]) -> None:
    """The wait is that of one line with headway 1 / (1/h1 + 1/h2 + ...)."""
    combined = 1 / sum(1 / Fraction(headway) for headway in headways)
    lines = lines_between("BC", [ride] * len(headways), headways)
    wanted = float(BANDS[band] * combined) + ride
    assert asked("B", "C", *lines, band=band) == pytest.approx(wanted, abs=NEAR)


@examples(7)
@given(band=EACH_BAND, ride=SECS, more=SECS, headways=st.tuples(HEADWAYS, HEADWAYS))
def test_of_two_lines_the_slower_counts_if_it_is_worth_taking(
    band: Band, ride: float, more: float, headways: tuple[float, float]
) -> None:
    """If it rides no longer than the faster one takes with its wait; else as if it were not."""
    fast, slow = headways
    wait = float(BANDS[band])
    both = (wait + ride / fast + (ride + more) / slow) / (1 / fast + 1 / slow)
    alone = wait * fast + ride
    wanted = both if more < wait * fast else alone
    lines = lines_between("BC", [ride, ride + more], headways)
    assert asked("B", "C", *lines, band=band) == pytest.approx(wanted, abs=NEAR)
    assert asked("B", "C", *lines[::-1], band=band) == pytest.approx(wanted, abs=NEAR)


@pytest.mark.parametrize(
    ("slow_ride", "secs"), [(599.0, 300 + 300 - 0.5), (600.0, 600.0), (601.0, 600.0)]
)
def test_the_slowest_line_that_is_taken(slow_ride: float, secs: float) -> None:
    """300 s of ride after 300 s of wait are 600: (0.5 + 300/600 + 599/600) x 300 = 599.5."""
    lines = lines_between("BC", [300.0, slow_ride], [600.0, 600.0])
    assert asked("B", "C", *lines) == pytest.approx(secs, abs=NEAR)


def attractive_secs(lines: Sequence[tuple[float, float]], share: Fraction) -> Fraction:
    """Chriqui and Robillard: the quickest line, then each next one that rides shorter than that.

    With exact fractions, and by growing the set; `test_travel_times` tries every set.
    """
    frequency, riding, now = Fraction(0), Fraction(0), None
    for ride, headway in sorted((Fraction(r), Fraction(h)) for r, h in lines):
        if now is not None and ride >= now:
            break
        frequency += 1 / headway
        riding += ride / headway
        now = (share + riding) / frequency
    assert now is not None
    return now


@examples(7)
@given(band=EACH_BAND, lines=st.lists(st.tuples(SECS, HEADWAYS), min_size=3, max_size=5))
def test_the_attractive_set_of_many_lines(band: Band, lines: list[tuple[float, float]]) -> None:
    """A further line never makes the trip longer, and none beats the best one without a wait."""
    share = BANDS[band]
    found = [
        asked("B", "C", *lines_between("BC", *zip(*lines[:count], strict=True)), band=band)
        for count in (len(lines) - 1, len(lines))
    ]
    assert found[1] == pytest.approx(float(attractive_secs(lines, share)), abs=NEAR)
    assert found[1] <= found[0] + NEAR
    assert found[1] >= min(ride for ride, _ in lines) - NEAR


@examples(6)
@given(headways=st.tuples(HEADWAYS, HEADWAYS), ride=SECS)
def test_lines_part_and_the_frequency_with_them(headways: tuple[float, float], ride: float) -> None:
    """1 and 2 together from B to C, 1 alone on to E: one wait for it, or two rides."""
    one = route("1", "BCE", ride, headway_secs=headways[0])
    two = route("2", "BCF", ride, headway_secs=headways[1])
    together = 0.5 / (1 / headways[0] + 1 / headways[1])
    assert asked("B", "C", one, two) == pytest.approx(together + ride, abs=NEAR)
    through = headways[0] / 2 + 2 * ride
    changed = together + ride + headways[0] / 2 + ride
    past = headways[1] / 2 + 2 * ride + 300  # with 2 to F, and back on foot
    assert asked("B", "E", one, two) == pytest.approx(min(through, changed, past), abs=NEAR)


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

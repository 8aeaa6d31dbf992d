"""Lines that share a stop: which of them are taken, and what wait they make."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from island_lines import BANDS, EACH_BAND, HEADWAYS, NEAR, SECS, asked
from network_parts import route

from analysis.graph.travel import Band
from layers.transit import TransitRoute


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

"""Common lines: no choice of routes is better than the one that is found."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import route

from analysis.graph.common_lines import LEG_COLUMNS, common_legs
from layers.transit import TransitRoute

SHARES = (0.0, 0.5, 1.0)


def rides_by_hand(line: TransitRoute, start: str, end: str) -> list[float]:
    """Seconds of every way to ride a route from one stop to another, street to street."""
    called, hops = list(line.stop_ids), list(line.hop_secs)
    if called[0] == called[-1]:
        called, hops = called + called[1:], hops + hops
    ways = [(called, hops)]
    if line.bidirectional:
        ways.append((called[::-1], hops[::-1]))
    extra = 2 * line.stop_access_secs + line.boarding_secs
    return [
        sum(secs[on:off]) + extra
        for names, secs in ways
        for on in range(len(names))
        for off in range(on + 1, len(names))
        if (names[on], names[off]) == (start, end)
    ]


def best_by_hand(options: list[tuple[float, float]], share: float) -> float:
    """The least wait and ride of any choice among rides (seconds, headway)."""
    found = []
    for count in range(1, len(options) + 1):
        for chosen in combinations(options, count):
            total = sum(1 / headway for _, headway in chosen)
            found.append((share + sum(ride / headway for ride, headway in chosen)) / total)
    return min(found)


@st.composite
def lines(draw: st.DrawFn) -> list[TransitRoute]:
    """A few routes that share stops; some pass one twice, some are closed."""
    found = []
    for number in range(draw(st.integers(0, 5))):
        called = draw(st.lists(st.sampled_from("ABCDE"), min_size=2, max_size=6))
        hops = draw(st.lists(st.integers(1, 9), min_size=len(called) - 1, max_size=len(called) - 1))
        found.append(
            route(
                f"r{number}",
                called,
                [60.0 * hop for hop in hops],
                headway_secs=draw(st.sampled_from([120.0, 300.0, 900.0, 3_600.0])),
                bidirectional=draw(st.booleans()),
                stop_access_secs=draw(st.sampled_from([0.0, 45.0])),
                boarding_secs=draw(st.sampled_from([0.0, 30.0])),
            )
        )
    return found


@given(lines(), st.sampled_from(SHARES))
@examples(200)
def test_no_choice_of_routes_is_better(routes: list[TransitRoute], share: float) -> None:
    found = common_legs(routes, "peak", share)
    assert tuple(found.columns) == LEG_COLUMNS
    legs = {(row.from_stop, row.to_stop): row for row in found.itertuples()}
    assert list(legs) == sorted(legs)
    for start in "ABCDE":
        for end in set("ABCDE") - {start}:
            rides = {line: rides_by_hand(line, start, end) for line in routes}
            options = [(min(secs), ln.headway_peak_secs) for ln, secs in rides.items() if secs]
            assert ((start, end) in legs) == (len(options) > 1)
            if len(options) > 1:
                assert legs[start, end].routes == len(options)
                wanted = best_by_hand(options, share)
                assert legs[start, end].secs == pytest.approx(wanted, abs=1e-9)


def test_the_period_counts() -> None:
    """Headways of 10 minutes at the peak, 20 off it: 2.5 and 5 minutes of wait, 1 of ride."""
    two = [
        route(name, "AB", 60, headway_secs=600, headway_offpeak_secs=1_200) for name in ("r", "s")
    ]
    for period, wait in (("peak", 150), ("offpeak", 300)):
        secs = common_legs(two, period, 0.5)["secs"].tolist()
        assert secs == pytest.approx([60 + wait, 60 + wait], abs=1e-9)

"""Lines of feeds by frequency: standing at stops, closed lines, periods without service."""

from __future__ import annotations

from math import inf

import pytest
from ascii_worlds import world
from network_parts import route
from travel_times_between import times

from analysis.buses.network.bus_graph import bus_routes
from analysis.graph.common_lines import common_legs
from layers.transit import Period, TransitRoute

HERE = world("A-a-B-b-C-c-D", scale_m=100_000)
"""So far apart that nobody walks."""
STANDS = (0.0, 120.0, 90.0, 0.0)


def bus(name: str = "7", stops: str = "ABCD", **values: object) -> TransitRoute:
    return route(name, stops, 300, headway_secs=600, **values)


def ride(start: str, end: str, *lines: TransitRoute, period: Period = "peak") -> float:
    found = times(HERE.network(*lines), HERE.at("ABCD"), mode="transit", period=period)
    return float(found.loc[start, end])


@pytest.mark.parametrize(
    ("start", "end", "secs"),
    [
        ("A", "D", 300 + 900 + 210),
        ("A", "B", 300 + 300),
        ("A", "C", 300 + 600 + 120),
        ("B", "D", 300 + 600 + 90),  # on board after B
        ("D", "A", 300 + 900 + 210),
        ("C", "A", 300 + 600 + 120),
        ("B", "A", 300 + 300),
    ],
)
@pytest.mark.parametrize("count", [1, 2])
def test_a_rider_stands_with_the_vehicle(start: str, end: str, secs: float, count: int) -> None:
    """Two such lines have half the wait, and the same ride: common lines stand too."""
    lines = [bus(f"{n}", dwell_secs=STANDS) for n in range(count)]
    assert ride(start, end, *lines) == pytest.approx(secs - 300 + 300 / count)


def test_a_closed_line_of_a_feed_is_left_at_its_end() -> None:
    """C to B of the circle A B C A: a second wait, unless it is said to circulate."""
    circle = {"bidirectional": False}
    assert ride("C", "B", bus(stops="ABCA", **circle)) == pytest.approx(300 + 600)
    fed = bus(stops="ABCA", feed_route_id="7", **circle)
    assert ride("C", "B", fed) == pytest.approx(300 + 300 + 300 + 300)
    two = [bus(f"{n}", "ABCA", feed_route_id="7", **circle) for n in range(2)]
    legs = common_legs(two, "peak", 0.5).set_index(["from_stop", "to_stop"])["secs"]
    assert ("C", "B") not in legs.index
    assert legs["C", "A"] == pytest.approx(150 + 300)


@pytest.mark.parametrize("period", ["peak", "offpeak"])
def test_what_does_not_run_is_not_ridden(period: Period) -> None:
    other = "offpeak" if period == "peak" else "peak"
    idle = bus(**{f"headway_{period}_secs": inf})  # type: ignore[arg-type]
    assert ride("A", "D", idle, period=period) > 10_000
    assert ride("A", "D", idle, period=other) == pytest.approx(300 + 900)  # type: ignore[arg-type]
    slow = route("8", "ABCD", 600, headway_secs=600)
    assert ride("A", "D", idle, slow, period=period) == pytest.approx(300 + 1_800)


def test_lines_that_run_in_neither_period_are_no_buses() -> None:
    never = {"headway_peak_secs": inf, "headway_offpeak_secs": inf}
    network = HERE.network(bus("7"), bus("8", **never), bus("9", headway_peak_secs=inf))
    assert [line.route_id for line in bus_routes(network)] == ["7", "9"]
    assert bus("9", headway_peak_secs=inf).day_headway_secs == 600

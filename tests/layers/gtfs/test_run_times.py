"""Run times of feeds: standing, blank and cut times, and runs that cannot be."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from gtfs_feeds import TIMES_HEAD, Feed, feed, read, routes_of

HOP_M = 200.0


def line_of(count: int, hop_m: float = HOP_M) -> str:
    """Stops s0, s1, … to the east of each other."""
    degrees = hop_m / 96_900  # at 29.5° north
    rows = (f"s{n},s{n},29.5,{106 + n * degrees:.7f}\n" for n in range(count))
    return "stop_id,stop_name,stop_lat,stop_lon\n" + "".join(rows)


def minutes(*clocks: list[int], hop_m: float = HOP_M) -> Feed:
    """Trips at s0, s1, … at these minutes after seven."""
    trips = [
        ", ".join(f"s{n} {7 + m // 60:02d}:{m % 60:02d}:00" for n, m in enumerate(clock))
        for clock in clocks
    ]
    return feed(*trips, stops=line_of(len(clocks[0]), hop_m))


def test_standing_is_part_of_the_ride(tmp_path: Path) -> None:
    (bus,) = routes_of(
        tmp_path, feed("A 07:00:00, B 07:05:00 07:07:00, C 07:12:00 07:14:00, A 07:19:00")
    )
    assert (bus.hop_secs, bus.dwell_secs) == ((300, 300, 300), (0, 120, 120, 0))
    assert bus.stands_secs == bus.dwell_secs


def test_both_ways_stand_alike(tmp_path: Path) -> None:
    (bus,) = routes_of(
        tmp_path,
        feed(
            "A 07:00:00, B 07:02:00 07:03:00, C 07:05:00",
            "C 07:00:00, B 07:02:00 07:04:00, A 07:06:00",
            directions="01",
        ),
    )
    assert bus.bidirectional
    assert bus.dwell_secs == (0, 90, 0)


def test_cut_minutes_keep_the_whole_run(tmp_path: Path) -> None:
    """25 hops of 24 s, all times cut to minutes: 600 s on the average, and no hop of 1 s."""
    clocks = [[(departs * 97 + 24 * n) // 60 for n in range(26)] for departs in range(76)]
    (bus,) = routes_of(tmp_path, minutes(*clocks))
    expected = np.mean([clock[-1] - clock[0] for clock in clocks]) * 60
    assert sum(bus.hop_secs) == pytest.approx(expected, abs=3)
    assert 10 < min(bus.hop_secs) <= max(bus.hop_secs) < 60


def test_stops_of_one_minute_are_spread(tmp_path: Path) -> None:
    clock = [0] * 11 + [3] * 10 + [9] * 10
    (bus,) = routes_of(tmp_path, minutes(clock, hop_m=100))
    assert sum(bus.hop_secs[:10]) == pytest.approx(164, abs=1)  # ten elevenths of 3 minutes
    assert sum(bus.hop_secs) == 540
    assert min(bus.hop_secs) >= 5


def test_a_trip_within_a_minute(tmp_path: Path) -> None:
    (bus,) = routes_of(tmp_path, minutes([0, 0]))
    assert bus.hop_secs == (30,)


def test_times_with_seconds_are_not_spread(tmp_path: Path) -> None:
    (bus,) = routes_of(tmp_path, feed("A 07:00:00, B 07:02:00, A 07:02:00, C 07:05:30"))
    assert bus.hop_secs == (120, 1, 210)


def test_blank_times_follow_the_distance_between_standing_and_arriving(tmp_path: Path) -> None:
    stops = line_of(4, 300)
    (bus,) = routes_of(
        tmp_path,
        feed("s0 07:00:00, s1 07:01:00 07:02:00, s2, s3 07:04:00", stops=stops),
    )
    assert bus.hop_secs == (60, 60, 60)
    assert bus.dwell_secs == (0, 60, 0, 0)


def test_tags_that_do_not_rise_do_not_count(tmp_path: Path) -> None:
    times = TIMES_HEAD.replace("\n", ",shape_dist_traveled\n")
    rows = "t0,07:00:00,,A,1,0\nt0,,,B,2,9\nt0,07:03:00,,C,3,6\n"
    (bus,) = routes_of(tmp_path, feed("A 07:00:00", stop_times=times + rows))
    assert bus.hop_secs == pytest.approx((60, 120), abs=1)


def test_the_peak_has_its_own_times(tmp_path: Path) -> None:
    slow = [f"A 0{h}:{m:02d}:00, B 0{h}:{m + 10}:00" for h in (7, 8) for m in (0, 20, 40)]
    quick = [f"A {h}:{m:02d}:00, B {h}:{m + 5:02d}:00" for h in range(10, 20) for m in (0, 30)]
    (bus,) = routes_of(tmp_path, feed(*slow, *quick))
    assert bus.hop_secs == (600,)
    (bus,) = routes_of(tmp_path, feed(*quick))
    assert bus.hop_secs == (300,)


@pytest.mark.parametrize("secs", [0, 1])
def test_impossible_runs_are_left_out(tmp_path: Path, secs: int) -> None:
    """3 km in no time, and in 30 s; a sound trip of the route stays."""
    stops = line_of(31, 100)
    sound = ", ".join(f"s{n} 08:{n:02d}:30" for n in range(31))
    bad = ", ".join(f"s{n} 07:00:{n * secs:02d}" for n in range(31))
    _, (bus,), (fault,) = read(tmp_path, feed(bad, sound, bad, stops=stops))
    assert bus.hop_secs == (60,) * 30
    assert (fault.code, fault.severity) == ("times-impossible", "warning")
    assert fault.message.startswith("2 trips of route R from s0 to s30 take")
    assert "3.0 km" in fault.message


def test_a_misplaced_stop_makes_no_trip_impossible(tmp_path: Path) -> None:
    stops = line_of(4, 300).replace("s2,s2,29.5,", "s2,s2,31.5,")
    _, routes, faults = read(
        tmp_path, feed("s0 07:00:10, s1 07:01:00, s2 07:02:00, s3 07:03:00", stops=stops)
    )
    assert (len(routes), faults) == (1, [])


def test_hops_add_up_to_the_mean_run(tmp_path: Path) -> None:
    """Random trips: the ride from any stop to any other is the mean one."""
    rng = np.random.default_rng(7)
    trips, clocks = [], []
    for number in range(5):
        arrive = np.cumsum(rng.integers(60, 300, 5)) + number * 60 + 25_200
        depart = arrive + rng.integers(0, 50, 5)
        arrive = np.maximum(arrive, np.append([0], depart[:-1] + 20))
        depart = np.maximum(arrive, depart)
        clocks.append((arrive, depart))
        text = [
            f"s{n} " + " ".join(f"{t // 3600:02d}:{t // 60 % 60:02d}:{t % 60:02d}" for t in pair)
            for n, pair in enumerate(zip(arrive.tolist(), depart.tolist(), strict=True))
        ]
        trips.append(", ".join(text))
    (bus,) = routes_of(tmp_path, feed(*trips, stops=line_of(5)))
    steps = [0.0, *(h + s for h, s in zip(bus.hop_secs, bus.stands_secs[:-1], strict=True))]
    clock = np.cumsum(steps)
    for a, b in pairwise(range(5)):
        ride = clock[b] - clock[a] - bus.stands_secs[a]
        mean = np.mean([arrive[b] - depart[a] for arrive, depart in clocks])
        assert ride == pytest.approx(mean, abs=0.3)

"""A corner of the bundled study with buses by a timetable, every ten minutes."""

from __future__ import annotations

from pathlib import Path

from bad_inputs.base import FEED, make_base, named, pack

EVERY_SECS, RIDE_SECS = 600, 300
HEAD = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"


def _clock(secs: int) -> str:
    return f"{secs // 3_600:02}:{secs // 60 % 60:02}:{secs % 60:02}"


def make_timed_corner(folder: Path) -> Path:
    """From A to B, 1 km, and back, from 5 to 22 o'clock; the rail lines have headways only."""
    make_base(folder)
    trips, times = [], []
    for leave in range(5 * 3_600, 22 * 3_600, EVERY_SECS):
        for way, ends in enumerate(("AB", "BA")):
            name = f"{ends}{leave}"
            trips.append(f"R,S,{name},{way}\n")
            for number, stop in enumerate(ends):
                at = _clock(leave + number * RIDE_SECS)
                times.append(f"{name},{at},{at},{stop},{number + 1}\n")
    tables = {
        **FEED,
        "trips": "route_id,service_id,trip_id,direction_id\n" + "".join(trips),
        "stop_times": HEAD + "".join(times),
    }
    pack(folder / "feed.zip", dict(tables))
    named("feed.zip")(folder)
    return folder

"""Random timetables: bans, blocks, rules for changes, lines with a headway."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
from coordinates import CRS
from hypothesis import strategies as st
from network_parts import route, stops
from random_roads import points_near, random_roads

from layers.network import TransportNetwork
from layers.timetable import CALL_COLUMNS, TRANSFER_COLUMNS, TRIP_COLUMNS, Timetable
from layers.transit import TransitRoute

START, END = 25_200, 28_800
"""Trips leave between these seconds, and half an hour around."""
STOP_IDS = ("a", "b", "c", "d", "e")
RULES = ("minimum", "forbidden", "timed")


@st.composite
def _trips(draw: st.DrawFn, count: int) -> tuple[list[tuple], list[tuple], list[tuple[str, ...]]]:
    """Trips, calls and the courses of their routes."""
    courses = draw(
        st.lists(
            st.lists(st.sampled_from(STOP_IDS), min_size=2, max_size=4), min_size=1, max_size=3
        )
    )
    trips, calls = [], []
    for number in range(count):
        course_number = draw(st.integers(0, len(courses) - 1))
        time = draw(st.integers(START - 1_800, END + 1_800))
        headway = draw(st.sampled_from([0, 0, 0, 0, 600]))
        end = time + 3_000 if headway else 0
        trips.append(
            (f"t{number}", f"r{course_number}", "", -1, headway, time * bool(headway), end)
        )
        for stop in courses[course_number]:
            depart = time + draw(st.sampled_from([0, 0, 60]))
            flags = draw(st.sampled_from([(True, True)] * 4 + [(True, False), (False, True)]))
            calls.append((number, stop, time, depart, *flags))
            time = depart + draw(st.integers(1, 600))
    return trips, calls, [tuple(course) for course in courses]


@st.composite
def _transfers(draw: st.DrawFn) -> list[tuple]:
    """Rules between stops, some for one route."""
    stop = st.sampled_from(STOP_IDS)
    routes = st.sampled_from(["", "", "r0", "r1"])
    rule = st.tuples(stop, stop, routes, routes, st.sampled_from(RULES), st.integers(0, 900))
    return draw(st.lists(rule, max_size=2, unique_by=lambda r: r[:4]))


def _linked(
    trips: list[tuple], calls: list[tuple], pairs: Sequence[tuple[int, int]]
) -> list[tuple]:
    """Trips with a few that continue as others, where the next leaves after the first arrives."""
    leaves = {call[0]: call[3] for call in reversed(calls)}
    arrives = {call[0]: call[2] for call in calls}
    found = [list(trip) for trip in trips]
    for one, other in pairs:
        has_clock = not trips[one][4] and not trips[other][4]
        if one != other and leaves[other] >= arrives[one] and has_clock:
            found[one][3] = other
    return [tuple(trip) for trip in found]


def timetable_of(trips: list[tuple], calls: list[tuple], transfers: list[tuple]) -> Timetable:
    """A timetable of records in the order of its columns."""
    return Timetable(
        {"feed.zip": dt.date(2022, 4, 20)},
        pd.DataFrame.from_records(trips, columns=list(TRIP_COLUMNS)),
        pd.DataFrame.from_records(calls, columns=list(CALL_COLUMNS)),
        pd.DataFrame.from_records(transfers, columns=list(TRANSFER_COLUMNS)),
    )


@st.composite
def random_timetables(
    draw: st.DrawFn, *, headway_lines: bool = False
) -> tuple[TransportNetwork, gpd.GeoSeries]:
    """Roads, a timetable, perhaps a line with a headway alone, and three places."""
    roads = draw(random_roads(two_way=draw(st.booleans())))
    places = draw(points_near(roads, count=3, offset_m=450))
    at = draw(points_near(roads, count=len(STOP_IDS), offset_m=150))
    at = gpd.GeoSeries(at.to_numpy(), index=list(STOP_IDS), crs=CRS)
    trips, calls, courses = draw(_trips(draw(st.integers(1, 8))))
    if not headway_lines:
        trips = [(*trip[:4], 0, 0, 0) for trip in trips]
    pair = st.tuples(*[st.integers(0, len(trips) - 1)] * 2)
    trips = _linked(trips, calls, draw(st.lists(pair, max_size=3)))
    routes: list[TransitRoute] = [
        route(f"r{k}", course, [60] * (len(course) - 1), headway_secs=600.0, bidirectional=False)
        for k, course in enumerate(courses)
        if any(trip[1] == f"r{k}" for trip in trips)
    ]
    if headway_lines:
        course = draw(st.lists(st.sampled_from(STOP_IDS), min_size=2, max_size=4, unique=True))
        hops = len(course) - 1
        secs = draw(st.lists(st.integers(1, 600), min_size=hops, max_size=hops))
        routes.append(
            route(
                "h",
                course,
                secs,
                headway_secs=draw(st.sampled_from([120.0, 500.0])),
                stop_access_secs=draw(st.sampled_from([0.0, 90.0])),
                boarding_secs=draw(st.sampled_from([0.0, 120.0])),
                bidirectional=draw(st.booleans()),
            )
        )
    timetable = timetable_of(trips, calls, draw(_transfers()))
    return TransportNetwork(roads, stops(at), tuple(routes), timetable), places

"""The small page with two places and the ways between them in two of its states."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from page_times import small_times
from page_worlds import frame, small_tables
from shapely.geometry import Point

from maps.tables.network_states import PageTimes
from maps.tables.packed_times import packed_times
from maps.tables.packed_ways import PlaceWays, Way, WayLeg
from maps.tables.page_tables import PageTables

WALK, WAIT = WayLeg("walk", 6), WayLeg("wait", 4)


def place_ways(evil: str = "") -> PlaceWays:
    """There by a line, back on foot; today half as quick and at a time of the day; none by year."""
    ride = WayLeg("ride", 12, "7号线" + evil, "Line 7" + evil)
    slow = WayLeg("ride", 0, "1路 / 2路" + evil, "Bus 1 / 2" + evil)
    return PlaceWays(
        {
            "today": {(0, 1): Way(432, (WALK, slow, WayLeg("walk", 38)))},
            "plan": {
                (0, 1): Way(None, (WALK, WAIT, ride, WayLeg("walk", 3))),
                (1, 0): Way(None, (WayLeg("walk", 30),)),
            },
        },
        2,
    )


def way_times(evil: str = "") -> PageTimes:
    """Between two places and four zones: the same time everywhere, but for the two places."""
    times = small_times(evil)
    minutes = np.full((6, 6), 20, dtype=np.uint8)
    np.fill_diagonal(minutes, 0)
    tables = []
    for there, back in ((44, 255), (25, 30)):
        minutes[0, 1], minutes[1, 0] = there, back
        tables.append(packed_times(minutes, []))
    numbers = {"today": 0}
    states = tuple(
        replace(state, times=dict.fromkeys(state.times, numbers.get(state.state_id, 1)))
        for state in times.states
    )
    return replace(times, states=states, tables=tuple(tables), ways=place_ways(evil))


def tables_with_ways(evil: str = "") -> PageTables:
    """The small study with a second place."""
    tables = small_tables(evil)
    second = {"place_id": "P2", "name_zh": "园区" + evil, "name_en": "Park", "category": "science"}
    more = frame([{**second, "existing": True}], [Point(106.37, 29.55)])
    return replace(tables, places=pd.concat([tables.places, more]), times=way_times(evil))

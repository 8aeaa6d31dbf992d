"""What a run says about the soundness of its figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from random_timetables import timetable_of
from shapely.geometry import Point

from layers.roads import RoadNetwork
from layers.timetable import empty_timetable
from scicity.inputs.study import Study
from scicity.report.findings import far_findings
from scicity.report.timetables import feed_findings


def test_nothing_is_far_in_the_bundled_study(study: Study) -> None:
    assert far_findings(study) == []


def test_a_place_beyond_all_streets_is_named(study: Study) -> None:
    places = study.places.copy()
    core = places["place_id"] == "SC_CENTRE"
    away = places.loc[core, "geometry"].iloc[0]
    places.loc[core, "geometry"] = Point(away.x + 500_000, away.y)
    (found,) = far_findings(replace(study, places=places))
    assert (found.code, found.feature) == ("far-from-network", "SC_CENTRE")
    assert "5000" in found.zh
    assert "SC_CENTRE" in found.en


def test_a_station_that_nobody_can_walk_to_is_named(study: Study) -> None:
    """Streets that only cars may use are beside it, but bring nobody there."""
    stops = study.baseline.stops.geometry
    stop_id = stops.index[stops.within(study.area.outline)][0]
    at = stops.loc[stop_id]
    limit = study.settings.assumptions.snap_limit_m
    edges = study.baseline.roads.edges
    near = edges.distance(at) < limit
    roads = RoadNetwork(study.baseline.roads.nodes, edges.assign(walk=edges["walk"] & ~near))
    only_cars = replace(study, baseline=replace(study.baseline, roads=roads))
    (found,) = far_findings(only_cars)
    assert stop_id in found.feature.split(", ")


def test_the_day_of_each_feed_is_told(study: Study) -> None:
    assert feed_findings(study) == []
    days = {"bus.zip": dt.date(2022, 4, 20), "metro.zip": dt.date(2022, 4, 27)}
    timetable = replace(empty_timetable(), service_dates=days)
    with_feeds = replace(study, baseline=replace(study.baseline, timetable=timetable))
    bus, metro = feed_findings(with_feeds)
    assert (bus.code, bus.feature) == ("service-day", "bus.zip")
    assert bus.en == "bus.zip: the timetable of Wednesday 2022-04-20"
    assert bus.zh == "bus.zip：采用 2022-04-20（周三）的时刻表"
    assert "2022-04-20 is outside the feed or not a normal workday of it" in metro.en


def test_lines_by_timetable_are_told_beside_those_by_headway(study: Study) -> None:
    first = study.baseline.routes[0]
    calls = [
        (0, stop, 25_200 + secs, 25_200 + secs, True, True)
        for secs, stop in enumerate(first.stop_ids[:2])
    ]
    timetable = timetable_of([("t", first.route_id, "", -1, 0, 0, 0)], calls, [])
    timed = replace(study, baseline=replace(study.baseline, timetable=timetable))
    _, found = feed_findings(timed)
    assert (found.code, found.feature) == ("timetable", study.settings.study.scenario)
    assert found.en.startswith(
        f"lines by timetable: 1 ({first.line or first.route_name}); by headway"
    )
    assert found.zh.startswith(f"1 条线路按时刻表运行（{first.line or first.route_name}），")

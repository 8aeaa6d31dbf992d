"""Proposals for the gaps of one network: links, sets of links and loop lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from analysis.buses.lines.loop_lines import (
    LINES,
    best_loops,
    loop_candidates,
    loop_proposals,
    loops_saved,
)
from analysis.buses.lines.planner import Planner
from analysis.buses.links.link_sets import link_sets
from analysis.buses.links.link_table import GapLine, closing_links, gap_lines
from layers.transit import TransitRoute

LOOP_LINES = 5
NO_BUS_BACK = "no_bus_back"
NO_STOP_ACROSS = "no_stop_across"


@dataclass(frozen=True)
class BusPlan:
    """Proposals for one network.

    Attributes
    ----------
    gaps
        Gaps of the diagnosis with `link_id`, and `no_link` where there is none: `no_bus_back` (no
        single link closes it, because no bus returns across another gateway within `max_loop_km`)
        or `no_stop_across` (no bus stop across the border within that distance).
    loops
        Loops of the diagnosis with `people` within `bus_catchment_m`, `spine_stations`, and the
        `accuracy_m` of the least certain stop.
    links
        `analysis.buses.links.link_table.LINK_COLUMNS`.
    sets
        `analysis.buses.links.link_sets.SET_COLUMNS`.
    proposals
        `analysis.buses.lines.loop_lines.PROPOSAL_COLUMNS`.
    routes
        Links and loop lines as routes, each once.
    """

    gaps: gpd.GeoDataFrame
    loops: gpd.GeoDataFrame
    links: gpd.GeoDataFrame
    sets: pd.DataFrame
    proposals: gpd.GeoDataFrame
    routes: tuple[TransitRoute, ...]


def _gaps(planner: Planner, closed: Sequence[GapLine]) -> gpd.GeoDataFrame:
    gaps = planner.diagnosis.gaps
    link_of = {item.gap: item.link_id for item in closed}
    link_id = [link_of.get(number) for number in range(len(gaps))]
    reason = [
        None if link else NO_STOP_ACROSS if kind == "unfed_station" else NO_BUS_BACK
        for link, kind in zip(link_id, gaps["kind"], strict=True)
    ]
    return gaps.assign(link_id=link_id, no_link=reason)


def _loops(planner: Planner) -> gpd.GeoDataFrame:
    """Loops with the people and stations near their stops."""
    bus = planner.diagnosis.bus
    stops: dict[str, list[str]] = {}
    for stop, area in bus.area_of_stop.items():
        stops.setdefault(area, []).append(stop)
    loop_stops = [
        [stop for area in dict.fromkeys(areas) for stop in stops[area]]
        for areas in planner.diagnosis.loops["stop_areas"]
    ]
    return planner.diagnosis.loops.assign(
        people=[planner.people(planner.catchment(stop_ids)) for stop_ids in loop_stops],
        spine_stations=[planner.spine_names(stop_ids) for stop_ids in loop_stops],
        accuracy_m=[planner.accuracy_m(stop_ids) for stop_ids in loop_stops],
    )


def bus_plan(
    planner: Planner, *, loop_count: int = LOOP_LINES, lines: Sequence[str] = LINES
) -> BusPlan:
    """All proposals for one network.

    Parameters
    ----------
    planner
        The network with its gaps.
    loop_count
        Largest number of loop lines.
    lines
        Spines; a loop line touches a station of one of them.
    """
    closed, candidates = gap_lines(planner), loop_candidates(planner, lines)
    times = planner.times([*(item.line for item in closed), *(loop.line for loop in candidates)])
    saved = loops_saved(planner, candidates, times)
    chosen = best_loops(candidates, saved, loop_count)
    loops = [candidates[n] for n in chosen]
    links = closing_links(planner, closed, times)
    proposals = loop_proposals(planner, loops, [saved[n] for n in chosen])
    lines_by_id = {item.link_id: item.line for item in closed}
    lines_by_id |= dict(zip(proposals["proposal_id"], (loop.line for loop in loops), strict=True))
    routes = tuple(
        line.route(name, _title(planner, line.stop_ids), planner.assumptions)
        for name, line in lines_by_id.items()
    )
    sets = link_sets(planner, closed, links)
    return BusPlan(_gaps(planner, closed), _loops(planner), links, sets, proposals, routes)


def _title(planner: Planner, stop_ids: Sequence[str]) -> str:
    """A line's first and last stop, or a loop's first and middle stop."""
    first, last = stop_ids[0], stop_ids[-1]
    last = last if last != first else stop_ids[len(stop_ids) // 2]
    return " — ".join(planner.names([first, last]))

"""Closing links of all gaps, with their benefits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.buses.gaps import crossing_stops
from analysis.buses.lines.bus_line import BusLine
from analysis.buses.lines.planner import Planner
from analysis.buses.lines.savings import TripTimes
from analysis.buses.links.closing_link import closing_link, feeding_link
from analysis.buses.network.bus_graph import bus_routes
from analysis.buses.network.road_paths import RoadPath, stretches
from geo.areas import area_of

LINK_COLUMNS = (
    "gap_id",
    "link_id",
    "kind",
    "border_id",
    "area_a",
    "area_b",
    "gateway_id",
    "name",
    "stop_ids",
    "stop_names",
    "routes_from",
    "routes_to",
    "gateways",
    "length_km",
    "minutes",
    "cycle_minutes",
    "buses",
    "people",
    "spine_stations",
    "saved_person_minutes",
    "saved_per_bus_km",
    "rank",
    "accuracy_m",
    "geometry",
)


@dataclass(frozen=True)
class GapLine:
    """A gap (its row) with the line that closes it and the gateways that the line passes."""

    gap: int
    link_id: str
    gateways: tuple[str, ...]
    line: BusLine


def _link_paths(planner: Planner) -> list[tuple[int, RoadPath, tuple[str, ...]]]:
    """Links of gaps: the gap's row, the road path and the gateways passed."""
    answer, limit_km = planner.diagnosis, planner.assumptions.max_loop_km
    bus, paths = answer.bus, []
    areas = area_of(planner.study_area, bus.routable.points)
    for number, gap in enumerate(answer.gaps.itertuples()):
        if gap.kind == "unfed_station":
            sides = (gap.area_a, gap.area_b)
            link = feeding_link(bus, gap.stop_id, sides=sides, areas=areas, max_km=limit_km)
        else:
            link = closing_link(bus, gap.gateway_id, limit_km)
        if link:
            paths.append((number, link.path, link.gateways))
    return paths


def gap_lines(planner: Planner) -> list[GapLine]:
    """Lines that close gaps, for all gaps that one line can close; two gaps may share one."""
    bus, closed = planner.diagnosis.bus, []
    names = [str(name).removeprefix("station:") for name in bus.routable.points.index]
    known: dict[tuple[int, int, tuple[int, ...]], tuple[str, BusLine]] = {}
    for gap, path, gateways in _link_paths(planner):
        forward = (path.start, path.end, path.vertices)
        backward = (path.end, path.start, path.vertices[::-1])
        if forward not in known and backward not in known:
            ends = names[path.start], names[path.end]
            line = planner.builder.line(stretches(bus, path), ends, path.length_m, is_loop=False)
            known[forward] = f"link:{ends[0]}:{ends[1]}", line
            others = sum(name.startswith(known[forward][0]) for name, _ in known.values()) - 1
            if others:
                known[forward] = f"{known[forward][0]}:{others + 1}", line
        link_id, line = known[forward] if forward in known else known[backward]
        closed.append(GapLine(gap, link_id, gateways, line))
    return closed


def _people_new(planner: Planner, closed: Sequence[GapLine]) -> list[float]:
    """People near a link's stops but near no stop of an existing route across its border."""
    gaps, crossing = planner.diagnosis.gaps, crossing_stops(planner.network, planner.diagnosis.bus)
    served_areas = {border: planner.catchment(sorted(stops)) for border, stops in crossing.items()}
    no_area = shapely.Polygon()
    return [
        planner.people(
            shapely.difference(
                planner.catchment(item.line.stop_ids),
                served_areas.get(gaps["border_id"].iloc[item.gap], no_area),
            )
        )
        for item in closed
    ]


def _saved(planner: Planner, closed: Sequence[GapLine], times: TripTimes) -> list[float]:
    """Person-minutes saved by each link between the areas of its gap's border."""
    headway, gaps = planner.assumptions.link_headway_secs, planner.diagnosis.gaps
    saved_by_link: dict[tuple[str, str, str], float] = {}
    saved = []
    for item in closed:
        gap = gaps.iloc[item.gap]
        key = (item.link_id, gap["area_a"], gap["area_b"])
        if key not in saved_by_link:
            saved_by_link[key] = times.saved_person_minutes(item.line, key[1:], headway)
        saved.append(saved_by_link[key])
    return saved


def _routes_at(planner: Planner, stop_id: str) -> list[str]:
    """Names of bus routes that end in a stop's stop area; if none does, of those that serve it."""
    area_of_stop = planner.diagnosis.bus.area_of_stop
    area, ending, serving = area_of_stop.get(stop_id), [], []
    for route in bus_routes(planner.network):
        if area in (area_of_stop[route.stop_ids[0]], area_of_stop[route.stop_ids[-1]]):
            ending.append(route.route_name)
        elif area in {area_of_stop[stop] for stop in route.stop_ids}:
            serving.append(route.route_name)
    return list(dict.fromkeys(ending or serving))


def _link_columns(planner: Planner, item: GapLine) -> dict[str, object]:
    """Columns of a link that do not depend on its gap."""
    line, assumptions = item.line, planner.assumptions
    return {
        "link_id": item.link_id,
        "stop_ids": list(line.stop_ids),
        "stop_names": planner.names(line.stop_ids),
        "routes_from": _routes_at(planner, line.stop_ids[0]),
        "routes_to": _routes_at(planner, line.stop_ids[-1]),
        "gateways": list(item.gateways),
        "length_km": line.length_m / 1000,
        "minutes": line.minutes,
        "cycle_minutes": line.cycle_secs(assumptions.layover_secs) / 60,
        "buses": line.buses(assumptions),
        "spine_stations": planner.spine_names(line.stop_ids),
        "accuracy_m": planner.accuracy_m(line.stop_ids),
        "geometry": line.shape,
    }


def closing_links(
    planner: Planner, closed: Sequence[GapLine], times: TripTimes
) -> gpd.GeoDataFrame:
    """The closing links as a table, best first.

    Parameters
    ----------
    planner
        The network with its gaps.
    closed
        From `gap_lines`.
    times
        Travel times between zones and the stops of these lines, `Planner.times`.

    Returns
    -------
    GeoDataFrame
        `LINK_COLUMNS`. `kind` is the gap's; `routes_from` and `routes_to` are the bus routes that
        end at the link's first and last stop and so can be extended over it (those that serve it if
        none ends there; none at a station without buses); `minutes` one way; `cycle_minutes` in
        both directions with layovers; `buses` for `link_headway_secs`; `people` newly within
        `bus_catchment_m` of a stop of a route across the border; `saved_person_minutes` see
        `analysis.buses.lines.savings`; `saved_per_bus_km` divides it by the kilometres of one round
        trip. `rank` 1 saves most a bus-kilometre. `accuracy_m` is that of its least certain stop. A
        link that several gaps share has one row for each.
    """
    gaps = planner.diagnosis.gaps
    by_link: Mapping[str, dict[str, object]] = {
        item.link_id: _link_columns(planner, item) for item in closed
    }
    saved, people = _saved(planner, closed, times), _people_new(planner, closed)
    rows = []
    for item, minutes, new in zip(closed, saved, people, strict=True):
        gap = gaps.iloc[item.gap]
        keys = ("gap_id", "kind", "border_id", "area_a", "area_b", "gateway_id", "name")
        km = max(2 * item.line.length_m / 1000, 1e-6)
        values = {"people": new, "saved_person_minutes": minutes, "saved_per_bus_km": minutes / km}
        rows.append({**{key: gap[key] for key in keys}, **by_link[item.link_id], **values})
    table = pd.DataFrame.from_records(rows, columns=[c for c in LINK_COLUMNS if c != "rank"])
    order = np.lexsort((table["gap_id"], -table["saved_per_bus_km"].to_numpy(dtype=float)))
    table = table.iloc[order].reset_index(drop=True).assign(rank=np.arange(1, len(table) + 1))
    crs = planner.study_area.crs
    return gpd.GeoDataFrame(table[list(LINK_COLUMNS)], geometry="geometry", crs=crs)

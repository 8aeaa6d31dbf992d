"""Loop lines: whole circular routes that close gaps and touch a spine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.buses.lines.bus_line import BusLine
from analysis.buses.lines.circuits import AreaLegs, Circuit, area_legs, circuit_path, circuits
from analysis.buses.lines.planner import Planner
from analysis.buses.lines.savings import TripTimes
from analysis.buses.network.hop_courses import shape_courses
from analysis.buses.network.road_paths import Stretch, stretches
from geo.areas import area_of

PROPOSAL_COLUMNS = (
    "proposal_id",
    "areas",
    "gateways",
    "closes",
    "station",
    "lines",
    "spine_stations",
    "stop_ids",
    "stop_names",
    "length_km",
    "minutes",
    "cycle_minutes",
    "buses",
    "people",
    "saved_person_minutes",
    "saved_per_bus_km",
    "accuracy_m",
    "geometry",
)
LINES = ("7", "17", "5")
"""A loop touches a station of one of these spines (clause 四(二))."""
TRIED = 60
"""Number of circuits that are turned into lines and evaluated."""
TWICE_SHARE = 0.3
"""Largest share of a circuit on road that it uses twice."""


@dataclass(frozen=True)
class LoopLine:
    """A candidate loop line: a circuit, its bus line and the gaps that it closes."""

    circuit: Circuit
    line: BusLine
    closes: tuple[str, ...]


def _station_points(planner: Planner, lines: Sequence[str]) -> np.ndarray:
    """Points that are stations of some lines."""
    served = {
        stop for route in planner.network.routes if route.line in lines for stop in route.stop_ids
    }
    names = [f"station:{stop}" for stop in planner.stations.index if stop in served]
    return np.asarray(planner.diagnosis.bus.routable.points.index.get_indexer(names))


def _legs(planner: Planner, lines: Sequence[str]) -> dict[str, AreaLegs]:
    """Metres inside each planning area between its gates and the stations of some lines."""
    bus, table = planner.diagnosis.bus, planner.diagnosis.bus.routable.streets.table
    midpoints = table.geometry.interpolate(0.5, normalized=True)
    area_of_part = area_of(planner.study_area, gpd.GeoSeries(midpoints.to_numpy(), crs=table.crs))
    area_of_part[bus.gates.table["part"].to_numpy(dtype=int)] = ""
    points = _station_points(planner, lines)
    station_areas = area_of(planner.study_area, bus.routable.points.iloc[points])
    limit_m = planner.assumptions.max_loop_km * 1000
    return {
        area: area_legs(
            bus, area_of_part, area, stations=points[station_areas == area], limit_m=limit_m
        )
        for area in planner.study_area.areas["area_id"]
    }


def _ranked(planner: Planner, by_area: dict[str, AreaLegs], gaps: set[str]) -> list[Circuit]:
    """The shortest circuit of each set of gateways, those over most gaps first."""
    shortest, longest = (
        km * 1000 for km in (planner.assumptions.loop_min_km, planner.assumptions.max_loop_km)
    )
    best: dict[frozenset[str], Circuit] = {}
    for circuit in sorted(circuits(by_area), key=lambda c: (c.length_m, c.gateways)):
        key = frozenset(circuit.gateways)
        if shortest <= circuit.length_m <= longest and key & gaps:
            best.setdefault(key, circuit)
    return sorted(best.values(), key=lambda c: -len(gaps & set(c.gateways)))


def _candidates(planner: Planner, lines: Sequence[str]) -> Iterator[LoopLine]:
    """Circuits of an allowed length as lines, those that close most gaps first."""
    bus, by_area = planner.diagnosis.bus, _legs(planner, lines)
    states = planner.diagnosis.gateways.set_index("gateway_id")["state"]
    gaps = set(states.index[states != "closed"])
    for circuit in _ranked(planner, by_area, gaps):
        along = stretches(bus, circuit_path(bus, by_area, circuit))
        if _share_used_twice(planner, along) <= TWICE_SHARE:
            stop = str(bus.routable.points.index[circuit.station]).removeprefix("station:")
            line = planner.builder.line(along, (stop, stop), circuit.length_m, is_loop=True)
            if _stops_between_gateways(planner, line):
                yield LoopLine(circuit, line, tuple(g for g in circuit.gateways if g in gaps))


def _stops_between_gateways(planner: Planner, line: BusLine) -> bool:
    """Whether a line stops between its gateways.

    If one hop passes them all, no return path crosses another gateway, and nothing is closed.
    """
    route = line.route("", "", planner.assumptions)
    stops, bus = planner.network.stops.geometry, planner.diagnosis.bus
    courses = shape_courses(
        [route], stops, planner.study_area, gates=bus.gates, limits=bus.shape_limits
    )
    return sum(bool(course.gateways) for course in courses.values()) > 1


def _share_used_twice(planner: Planner, along: Sequence[Stretch]) -> float:
    """The share of a path's length on parts of streets that it uses more than once."""
    metres = planner.diagnosis.bus.routable.streets.table["length"].to_numpy(dtype=float)
    parts = np.array([stretch.part for stretch in along])
    metres_of_stretch = metres[parts] * np.array([abs(s.upto - s.since) for s in along])
    is_repeated = pd.Series(parts).duplicated(keep=False).to_numpy()
    return float(metres_of_stretch[is_repeated].sum() / max(metres_of_stretch.sum(), 1e-9))


def loop_candidates(planner: Planner, lines: Sequence[str] = LINES) -> list[LoopLine]:
    """Up to `TRIED` circuits that touch a station of some lines: those that close most gaps."""
    return [loop for loop, _ in zip(_candidates(planner, lines), range(TRIED), strict=False)]


def best_loops(loops: Sequence[LoopLine], saved: Sequence[float], count: int) -> list[int]:
    """Up to `count` loops, each closing gaps that the loops before it do not close.

    Among loops that close most of the remaining gaps, the one with most person-minutes saved a
    bus-kilometre comes first.
    """
    worth = [minutes / loop.line.length_m for loop, minutes in zip(loops, saved, strict=True)]
    chosen: list[int] = []
    closed: set[str] = set()
    while len(chosen) < min(count, len(loops)):
        new_gaps = [len(set(loop.closes) - closed) for loop in loops]
        best = max(range(len(loops)), key=lambda n: (new_gaps[n], worth[n], -n))
        if not new_gaps[best]:
            break
        chosen.append(best)
        closed |= set(loops[best].closes)
    return chosen


def loops_saved(planner: Planner, loops: Sequence[LoopLine], times: TripTimes) -> list[float]:
    """Person-minutes saved by each loop between the areas of all borders that it crosses."""
    headway = planner.assumptions.link_headway_secs
    return [
        sum(times.saved_person_minutes(loop.line, pair, headway) for pair in _borders(loop.circuit))
        for loop in loops
    ]


def _borders(circuit: Circuit) -> list[tuple[str, str]]:
    """The pairs of areas whose borders a circuit crosses."""
    pairs = {gateway.split(":")[0] for gateway in circuit.gateways}
    return [(a, b) for a, b in (pair.split("|") for pair in sorted(pairs))]


def loop_proposals(
    planner: Planner, loops: Sequence[LoopLine], saved_minutes: Sequence[float]
) -> gpd.GeoDataFrame:
    """Loop lines as a table.

    Parameters
    ----------
    planner
        The network with its gaps.
    loops, saved_minutes
        The proposed loops and their savings, see `loops_saved`.

    Returns
    -------
    GeoDataFrame
        `PROPOSAL_COLUMNS`: the areas and gateways in order, the gaps among them (`closes`), the
        spine station where it begins and its lines, other spine stations near, stops in order (the
        first again at the end), kilometres and minutes once around, `buses` for `link_headway_secs`
        in one direction, people within `bus_catchment_m` of its stops, savings
        (`analysis.buses.lines.savings`) between the areas whose borders it crosses, in total and a
        bus-kilometre; `accuracy_m` of the least certain stop.
    """
    stations, assumptions = planner.stations, planner.assumptions
    rows = []
    for number, (loop, saved) in enumerate(zip(loops, saved_minutes, strict=True), start=1):
        line, first = loop.line, loop.line.stop_ids[0]
        km = line.length_m / 1000
        serving = [route.line for route in planner.network.routes if first in route.stop_ids]
        rows.append(
            {
                "proposal_id": f"loop-line:{number}",
                "areas": list(loop.circuit.areas),
                "gateways": list(loop.circuit.gateways),
                "closes": list(loop.closes),
                "station": stations["stop_name"].loc[first],
                "lines": [name for name in dict.fromkeys(serving) if name in planner.spines],
                "spine_stations": planner.spine_names(line.stop_ids),
                "stop_ids": list(line.stop_ids),
                "stop_names": planner.names(line.stop_ids),
                "length_km": km,
                "minutes": line.minutes,
                "cycle_minutes": line.cycle_secs(assumptions.layover_secs) / 60,
                "buses": line.buses(assumptions),
                "people": planner.people(planner.catchment(line.stop_ids)),
                "saved_person_minutes": saved,
                "saved_per_bus_km": saved / km,
                "accuracy_m": planner.accuracy_m(line.stop_ids),
                "geometry": line.shape,
            }
        )
    table = pd.DataFrame.from_records(rows, columns=list(PROPOSAL_COLUMNS))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=planner.study_area.crs)

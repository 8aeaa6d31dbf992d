"""Check the product's figures by separate arithmetic on the raw data, and write validation.md.

    python docs/tools/make_validation.py

Nothing here uses the product's own readers or graphs for its side of the comparison: files are
read as JSON, distances are pyproj's, and the one shortest path is networkx's.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
from attribution_checks import attribution_check, plan_check
from bus_checks import bus_checks
from by_hand import DATA, TO_METRES, Check, assumption, features, nearest
from shapely.geometry import LineString, Point

from scicity.inputs.pair import network_pair
from scicity.inputs.read_study import read_study
from scicity.inputs.study import Study
from scicity.results.place_times import PlaceTimes, place_results
from scicity.results.run_results import load_results

RESULT = Path(__file__).parents[1] / "validation.md"


def places() -> dict[str, Point]:
    """Named places in metres."""
    return {
        f["properties"]["place_id"]: Point(TO_METRES(*f["geometry"]["coordinates"]))
        for f in features("places/places.geojson")
    }


def walk_secs(metres: float) -> float:
    """A walk off the streets."""
    return metres * float(assumption("detour")) / (float(assumption("walk_speed_kph")) / 3.6)


def answer(results: PlaceTimes, trip: tuple[str, str], mode: str, column: str) -> float:
    """The product's own figure, at the peak."""
    table = results.times
    row = table.loc[
        (table["from_id"] == trip[0])
        & (table["to_id"] == trip[1])
        & (table["mode"] == mode)
        & (table["period"] == "peak")
    ]
    return float(row[column].iloc[0])


def walk_check(results: PlaceTimes) -> Check:
    """Two laboratories less than the direct walk apart."""
    trip = ("SC_CAS", "SC_UTED")
    at = places()
    metres = at[trip[0]].distance(at[trip[1]])
    text = (
        f"{metres:.1f} m straight x detour {assumption('detour')}"
        f" / ({assumption('walk_speed_kph')} km/h / 3.6)"
    )
    secs = walk_secs(metres)
    theirs = answer(results, trip, "walk", "baseline_secs")
    return Check("Walk, 中科院重庆科学中心 to 超瞬态实验装置", text, secs, theirs, "s")


def lane_capacity(maxspeed: float) -> float:
    """Cars an hour on a lane, from the study's table."""
    table = assumption("lane_capacity")
    return float(table[f"{max(float(s) for s in table if float(s) <= maxspeed):g}"])


def volumes() -> dict[str, float]:
    """Peak volume of each screenline."""
    with (DATA / "network/screenlines.csv").open(encoding="utf-8", newline="") as file:
        return {row["screenline_id"]: float(row["peak_volume"]) for row in csv.DictReader(file)}


def crossings() -> dict[str, dict[str, float]]:
    """Capacity of each crossing today, by screenline and name."""
    found: dict[str, dict[str, float]] = {}
    for edge in (f["properties"] for f in features("network/road_edges.geojson")):
        if edge["screenline"]:
            capacity = edge["lanes"] / 2 * lane_capacity(edge["maxspeed"])
            here = found.setdefault(edge["screenline"], {})
            here[edge["crossing_zh"]] = here.get(edge["crossing_zh"], 0) + capacity
    return found


def speed_factor(volume: float, capacity: float) -> float:
    """The formula of the Bureau of Public Roads."""
    return float(1 / (1 + 0.15 * (volume / capacity) ** 4))


def peak_factors() -> dict[str, float]:
    """How much slower than off-peak the crossings of each screenline are today."""
    volume = volumes()
    return {
        name: speed_factor(volume[name], sum(capacity.values()))
        for name, capacity in crossings().items()
    }


def street_secs(edge: dict[str, Any], factors: dict[str, float]) -> float:
    """Seconds of a car on one link at the peak today."""
    peak, offpeak = assumption("peak_speed_factor"), assumption("offpeak_speed_factor")
    if edge["screenline"]:
        speed = edge["maxspeed"] * offpeak[edge["highway"]] * factors[edge["screenline"]]
    else:
        speed = edge["maxspeed"] * peak[edge["highway"]]
    return float(edge["length"] / (speed / 3.6))


def drive_check(results: PlaceTimes) -> Check:
    """From 金凤 to 白市驿 by car at the peak, today."""
    trip = ("C_JF", "C_BSY")
    factors = peak_factors()
    edges = []
    graph = nx.MultiGraph()
    for f in features("network/road_edges.geojson"):
        edge = dict(f["properties"])
        edge["line"] = LineString([TO_METRES(*at) for at in f["geometry"]["coordinates"]])
        edge["secs"] = street_secs(edge, factors)
        edges.append(edge)
        graph.add_edge(edge["from_node"], edge["to_node"], weight=edge["secs"], edge=edge)
    connector = float(assumption("drive_connector_kph")) / 3.6
    lines = []
    for end, place in zip(("start", "end"), trip, strict=True):
        edge, along, away = nearest(places()[place], edges)
        off = away * float(assumption("detour")) / connector
        lines.append(f"{place}: {away:.0f} m off {edge['link_id']} = {off:.1f} s")
        graph.add_edge(end, edge["from_node"], weight=off + along * edge["secs"], edge=edge)
        graph.add_edge(end, edge["to_node"], weight=off + (1 - along) * edge["secs"], edge=edge)
    path = nx.shortest_path(graph, "start", "end", weight="weight")
    for a, b in pairwise(path):
        best = min(graph[a][b].values(), key=lambda d: d["weight"])
        edge = best["edge"]
        kind = f"{edge['length']:.0f} m, {edge['highway']}, limit {edge['maxspeed']:g} km/h"
        lines.append(f"{edge['link_id']} {edge['name_zh']} ({kind}): {best['weight']:.1f} s")
    secs = nx.shortest_path_length(graph, "start", "end", weight="weight")
    theirs = answer(results, trip, "drive", "baseline_secs")
    text = "\n".join(f"- {line}" for line in lines)
    return Check("Car at the peak today, 金凤 to 白市驿", text, float(secs), theirs, "s")


@dataclass(frozen=True)
class Ride:
    """A trip by one line, as a planner would look it up."""

    title: str
    trip: tuple[str, str]
    column: str
    file: str
    route_id: str
    stops: tuple[str, str]


def all_stations() -> dict[str, dict[str, Any]]:
    """Every rail station, existing or planned, by id."""
    projects = [f"projects/{path.name}" for path in sorted((DATA / "projects").glob("*.geojson"))]
    return {
        f["properties"]["stop_id"]: f
        for path in ["network/rail.geojson", *projects]
        for f in features(path)
        if f["properties"]["element"] == "station"
    }


def transit_check(results: PlaceTimes, ride: Ride) -> Check:
    """Access, half a headway, the hops and egress, with a walk at either end."""
    stations = all_stations()
    routes = {f["properties"].get("route_id"): f["properties"] for f in features(ride.file)}
    route = routes[ride.route_id]
    ids = route["stop_ids"]
    called = [stations[stop]["properties"]["stop_name"].split("(")[0] for stop in ids]
    ends = [called.index(name) for name in ride.stops]
    hops = route["hop_secs"][min(ends) : max(ends)]
    access, headway = route["stop_access_secs"], route["headway_peak_secs"]
    secs = access + headway / 2 + sum(hops) + access
    lines = [
        f"way in {access} s, wait half of {headway} s, way out {access} s",
        f"ride {' + '.join(map(str, hops))} = {sum(hops)} s",
    ]
    for place, end in zip(ride.trip, ends, strict=True):
        stop = Point(TO_METRES(*stations[ids[end]]["geometry"]["coordinates"]))
        metres = places()[place].distance(stop)
        secs += walk_secs(metres)
        lines.append(f"walk {place} {metres:.1f} m x detour / speed = {walk_secs(metres):.1f} s")
    text = "\n".join(f"- {line}" for line in lines)
    theirs = answer(results, ride.trip, "transit", ride.column)
    return Check(ride.title, text, float(secs), theirs, "s")


def screenline_check(study: Study) -> Check:
    """What 科学城隧道 does to its neighbours."""
    loads = load_results(study, network_pair(study, "today", "plan"))
    factor = loads.set_index(["screenline_id", "scenario"])["speed_factor"]
    capacity = crossings()["zhongliang_middle"]
    today = sum(capacity.values())
    planned = today + 6 / 2 * lane_capacity(80)
    volume = volumes()["zhongliang_middle"]
    was, now = speed_factor(volume, today), speed_factor(volume, planned)
    lines = [f"{name}: {cars:.0f} pcu/h in the busier direction" for name, cars in capacity.items()]
    lines += [
        f"together {today:.0f}; with 科学城隧道 (6 lanes, 80 km/h) {planned:.0f} pcu/h",
        f"v/c {volume:.0f} / {today:.0f} = {volume / today:.3f}, then {volume / planned:.3f}",
        f"speed factor 1 / (1 + 0.15 (v/c)^4): {was:.4f}, then {now:.4f}",
    ]
    return Check(
        "科学城隧道 relieves its neighbours at the peak",
        "\n".join(f"- {line}" for line in lines),
        now / was,
        float(factor["zhongliang_middle", "plan"] / factor["zhongliang_middle", "today"]),
        "times as fast as today",
    )


def checks() -> list[Check]:
    """All comparisons."""
    study = read_study(DATA)
    results = place_results(study, network_pair(study, "today", "plan"))
    return [
        walk_check(results),
        drive_check(results),
        transit_check(
            results,
            Ride(
                title="Transit at the peak today, 北碚 to 蔡家 by line 6",
                trip=("C_BB", "C_CJ"),
                column="baseline_secs",
                file="network/rail.geojson",
                route_id="CRT6",
                stops=("北碚", "蔡家"),
            ),
        ),
        transit_check(
            results,
            Ride(
                title="Transit at the peak in the plan, 双福 to 歇马 by line 19",
                trip=("C_SF", "C_XM"),
                column="scenario_secs",
                file="projects/CRT19.geojson",
                route_id="CRT19",
                stops=("双福", "歇马"),
            ),
        ),
        screenline_check(study),
        *bus_checks(study),
        attribution_check(study),
        plan_check(study),
    ]


def text_of(check: Check) -> str:
    """One comparison in Markdown."""
    verdict = "the same" if check.holds else "NOT THE SAME"
    return (
        f"## {check.title}\n\n{check.arithmetic}\n\n"
        f"By hand **{check.by_hand:.3f}** {check.unit}, scicity **{check.by_scicity:.3f}**:"
        f" {verdict}.\n"
    )


def validation(found: list[Check]) -> str:
    """The whole page."""
    head = (
        "# Figures checked by separate arithmetic\n\n"
        "Made by `python docs/tools/make_validation.py` (a test runs it): the left-hand figures"
        " come from the raw files, the right-hand ones from `scicity run`.\n\n"
    )
    return head + "\n".join(text_of(check) for check in found)


if __name__ == "__main__":
    RESULT.write_bytes(validation(checks()).encode("utf-8"))

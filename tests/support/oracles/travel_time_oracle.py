"""Travel times by networkx on graphs built here from DESIGN section 5.

The oracle knows streets, routes and points, and nothing of `analysis`: it looks for the nearest
street by brute force, writes every ride of every route as one arc, and combines common lines by
trying every set of routes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
from easy_values import conditions, easy
from shapely.geometry import LineString, Point
from shapely.ops import nearest_points
from travel_times_between import times

from analysis.graph.travel import WAIT_SHARE, Band, Travel
from analysis.routing.arcs import STEP_SECS
from layers.network import TransportNetwork
from layers.roads import RoadNetwork
from layers.transit import Period, TransitRoute

ASSUMED = easy(
    walk_speed_kph=4.5,
    drive_connector_kph=20.0,
    detour=1.3,
    snap_limit_m=400.0,
    max_direct_walk_m=500.0,
    peak_speed_factor={"motorway": 0.75, "tertiary": 0.4, "default": 0.5},
    offpeak_speed_factor={"motorway": 0.95, "tertiary": 0.6, "default": 0.8},
)
UNDER = conditions(ASSUMED)
BANDS: tuple[Band, ...] = ("best", "expected", "worst")
NEAR_SECS = STEP_SECS / 2
SAME_SECS = 1e-9


# The oracle ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """A street as a mode takes it."""

    u: str
    v: str
    line: LineString
    forward: float
    backward: float
    stops: object


def where_to_stop(row: pd.Series) -> object:
    """Along a street; at the ends of a tunnel or bridge; nowhere on a motorway."""
    if row["highway"].startswith("motorway"):
        return Point()
    return row.geometry.boundary if row["tunnel"] or row["bridge"] else row.geometry


def drive_ways(roads: RoadNetwork, period: Period) -> list[Way]:
    """Sum of length / (speed limit x factor of the class)."""
    peak, offpeak = ASSUMED.peak_speed_factor, ASSUMED.offpeak_speed_factor
    factors = peak if period == "peak" else offpeak
    found = []
    for (u, v, _), row in roads.edges.loc[~roads.edges["reversed"]].iterrows():
        factor = factors.get(row["highway"].replace("_link", ""), factors["default"])
        secs = row["length"] / (row["maxspeed"] * factor / 3.6)
        back = np.inf if row["oneway"] else secs
        found.append(Way(u, v, row.geometry, secs, back, where_to_stop(row)))
    return found


def walk_ways(roads: RoadNetwork) -> list[Way]:
    """Both ways on everything but motorways, expressways and tunnels over 300 m."""
    closed = ("motorway", "motorway_link", "trunk", "trunk_link")
    return [
        Way(u, v, row.geometry, *([row["length"] / 1.25] * 2), where_to_stop(row))
        for (u, v, _), row in roads.edges.loc[~roads.edges["reversed"]].iterrows()
        if row["highway"] not in closed and not (row["tunnel"] and row["length"] > 300)
    ]


@dataclass(frozen=True)
class Foot:
    """Where a point meets its street: the street's number, how far along, and the way there."""

    number: int
    share: float
    secs: float


def foot(place: Point, ways: Sequence[Way], off_street_mps: float) -> Foot | None:
    """The projection on the nearest street to stop on, unless that is beyond the limit."""
    away = [np.inf if way.stops.is_empty else way.stops.distance(place) for way in ways]
    if not away or min(away) > ASSUMED.snap_limit_m:
        return None
    number = int(np.argmin(away))
    met = nearest_points(ways[number].stops, place)[0]
    share = ways[number].line.project(met, normalized=True)
    return Foot(number, share, away[number] * ASSUMED.detour / off_street_mps)


def part(share: float, secs: float) -> float:
    """A share of a street; who stands at its very end need not travel it to be there."""
    return share * secs if share > 0 else 0.0


def add_arc(graph: nx.MultiDiGraph, start: object, end: object, secs: float) -> None:
    """An arc, unless the street is closed that way."""
    if np.isfinite(secs):
        graph.add_edge(start, end, secs=secs)


def add_points(
    graph: nx.MultiDiGraph, ways: Sequence[Way], places: Mapping[str, Point], off_street_mps: float
) -> None:
    """Points have a vertex to leave from and one to arrive at: no way leads through them."""
    feet = {name: foot(place, ways, off_street_mps) for name, place in places.items()}
    for name, at in feet.items():
        start, end = ("from", name), ("to", name)
        graph.add_edge(start, end, secs=0.0)
        if at is None:
            continue
        way, rest = ways[at.number], 1 - at.share
        add_arc(graph, start, way.v, at.secs + part(rest, way.forward))
        add_arc(graph, start, way.u, at.secs + part(at.share, way.backward))
        add_arc(graph, way.u, end, at.secs + part(at.share, way.forward))
        add_arc(graph, way.v, end, at.secs + part(rest, way.backward))
        for other, there in feet.items():
            if there is not None and there.number == at.number:
                ahead = there.share - at.share
                along = part(ahead, way.forward) if ahead >= 0 else part(-ahead, way.backward)
                add_arc(graph, start, ("to", other), at.secs + along + there.secs)


def add_direct_walks(graph: nx.MultiDiGraph, places: Mapping[str, Point]) -> None:
    """Between points near each other."""
    for a, here in places.items():
        for b, there in places.items():
            if here.distance(there) <= ASSUMED.max_direct_walk_m:
                secs = here.distance(there) * ASSUMED.detour / ASSUMED.walk_mps
                graph.add_edge(("from", a), ("to", b), secs=secs)


def rides(item: TransitRoute) -> dict[tuple[str, str], float]:
    """Street to street without waiting, for every pair of stops that the route joins."""
    found = {}
    extra = 2 * item.stop_access_secs + item.boarding_secs
    for i, start in enumerate(item.stop_ids):
        for j in range(i + 1, len(item.stop_ids)):
            secs = extra + sum(item.hop_secs[i:j])
            found[start, item.stop_ids[j]] = secs
            if item.bidirectional:
                found[item.stop_ids[j], start] = secs
    return found


def combined_secs(options: Sequence[tuple[float, float]], share: float) -> float:
    """Least expected time over every set of routes one may be ready to take.

    With ride times r and frequencies f = 1 / headway the first of a set comes after
    share / sum(f), and it is route i with probability f_i / sum(f).
    """
    sets = chain.from_iterable(combinations(options, n) for n in range(1, len(options) + 1))
    return min(
        (share + sum(ride / headway for ride, headway in chosen))
        / sum(1 / headway for _, headway in chosen)
        for chosen in sets
    )


def beside(stops: Mapping[str, Point]) -> dict[str, dict[str, float]]:
    """By stop the stops within 30 m, itself included, and the walk to each."""
    limit, per_m = min(30.0, ASSUMED.max_direct_walk_m), ASSUMED.detour / ASSUMED.walk_mps
    return {
        a: {b: here.distance(at) * per_m for b, at in stops.items() if here.distance(at) <= limit}
        for a, here in stops.items()
    }


def ride_by_pole(
    item: TransitRoute, pair: tuple[str, str], near: Mapping[str, Mapping[str, float]]
) -> float:
    """The quickest ride of a route from beside one stop to beside another, walks included."""
    by_pair = rides(item)
    ways = [
        by_pair[a, b] + walk_on + walk_off
        for a, walk_on in near[pair[0]].items()
        for b, walk_off in near[pair[1]].items()
        if (a, b) in by_pair
    ]
    return min(ways, default=np.inf)


def add_rides(
    graph: nx.MultiDiGraph,
    network: TransportNetwork,
    period: Period,
    share: float,
) -> None:
    """One arc for every pair of stops that some route joins; routes at poles beside them share.

    At poles beside each other only routes with equal ways to their platforms share.
    """
    near = beside(dict(network.stops.geometry.items()))
    for pair in {pair for item in network.routes for pair in rides(item)}:
        own = [item for item in network.routes if pair in rides(item)]
        options = [[(rides(item)[pair], item.headway_secs(period)) for item in own]]
        for access in {item.stop_access_secs for item in own}:
            by_pole = [
                (ride_by_pole(item, pair, near), item.headway_secs(period))
                for item in network.routes
                if item.stop_access_secs == access
            ]
            found = [ride for ride in by_pole if np.isfinite(ride[0])]
            options += [found] if len(found) > 1 else []
        secs = min(combined_secs(found, share) for found in options)
        graph.add_edge(("to", f"stop {pair[0]}"), ("from", f"stop {pair[1]}"), secs=secs)


def oracle(network: TransportNetwork, places: gpd.GeoSeries, travel: Travel) -> pd.DataFrame:
    """Seconds between all places by networkx, without a limit."""
    drive = travel.mode == "drive"
    ways = drive_ways(network.roads, travel.period) if drive else walk_ways(network.roads)
    named = {str(name): place for name, place in places.items()}
    if travel.mode == "transit":
        named |= {f"stop {name}": place for name, place in network.stops.geometry.items()}
    graph = nx.MultiDiGraph()
    for way in ways:
        add_arc(graph, way.u, way.v, way.forward)
        add_arc(graph, way.v, way.u, way.backward)
    off_street_kph = ASSUMED.drive_connector_kph if drive else ASSUMED.walk_speed_kph
    add_points(graph, ways, named, off_street_kph / 3.6)
    if not drive:
        add_direct_walks(graph, named)
    if travel.mode == "transit":
        add_rides(graph, network, travel.period, WAIT_SHARE[travel.band])
    table = pd.DataFrame(np.inf, index=places.index, columns=places.index)
    for a in places.index:
        secs = nx.single_source_dijkstra_path_length(graph, ("from", a), weight="secs")
        for b in places.index:
            table.loc[a, b] = secs.get(("to", b), np.inf)
    return table


def asked(network: TransportNetwork, places: gpd.GeoSeries, travel: Travel) -> pd.DataFrame:
    """The product's answer to the same question."""
    mode, period, band = travel.mode, travel.period, travel.band
    return times(network, places, mode=mode, period=period, band=band, under=UNDER)


def furthest_apart(a: pd.DataFrame, b: pd.DataFrame) -> float:
    """Largest difference; infinite if only one of them has a time."""
    x, y = a.to_numpy(), b.loc[a.index, a.columns].to_numpy()
    same = (x == y) | (np.isinf(x) & np.isinf(y))
    return float(np.max(np.abs(np.where(same, 0.0, x) - np.where(same, 0.0, y))))

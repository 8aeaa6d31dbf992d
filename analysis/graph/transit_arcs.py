"""Public transport as vertices and arcs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.graph.common_lines import common_legs
from analysis.graph.poles import Poles, pole_legs
from analysis.routing.arcs import Arcs
from layers.transit import Period, TransitRoute


@dataclass(frozen=True)
class StopVertices:
    """The street-level vertices of each stop: where travellers board and where they alight."""

    board: Mapping[str, int]
    leave: Mapping[str, int]


@dataclass(frozen=True)
class Run:
    """A route in one direction: at each stop an arrival vertex and a departure vertex.

    Boarding leads to a departure vertex, alighting starts at an arrival vertex. So no path leads
    through a vehicle without riding it.
    """

    route: TransitRoute
    stop_ids: tuple[str, ...]
    hop_secs: tuple[float, ...]
    stands_secs: tuple[float, ...]
    arrive: np.ndarray
    depart: np.ndarray


def _runs(route: TransitRoute, arcs: Arcs) -> list[Run]:
    directions = [(route.stop_ids, route.hop_secs, route.stands_secs)]
    if route.bidirectional:
        directions.append((route.stop_ids[::-1], route.hop_secs[::-1], route.stands_secs[::-1]))
    runs = []
    for stops, hops, stands in directions:
        # numbered along the route: a scan in this order rides to the end at once
        numbers = arcs.vertices(2 * len(stops)).reshape(-1, 2)
        runs.append(Run(route, stops, hops, stands, numbers[:, 0], numbers[:, 1]))
    return runs


def _add_run(run: Run, arcs: Arcs, stops: StopVertices, wait_secs: float) -> None:
    """Add boarding, riding and alighting in one direction."""
    route = run.route
    boarding = route.stop_access_secs + route.boarding_secs + wait_secs
    starts, ends = run.stop_ids[:-1], run.stop_ids[1:]
    arcs.add([stops.board[stop] for stop in starts], run.depart[:-1], boarding)
    arcs.add(run.depart[:-1], run.arrive[1:], np.array(run.hop_secs))
    arcs.add(run.arrive[1:-1], run.depart[1:-1], np.array(run.stands_secs[1:-1]))
    arcs.add(run.arrive[1:], [stops.leave[stop] for stop in ends], route.stop_access_secs)
    if route.circulates:
        arcs.add(run.arrive[-1:], run.depart[:1], 0.0)


def _continues(one: TransitRoute, other: TransitRoute) -> bool:
    return other.route_id in one.through_routes or one.route_id in other.through_routes


def _add_through_runs(runs: Sequence[Run], arcs: Arcs, period: Period, wait_share: float) -> None:
    """Add arcs for staying on board where a vehicle continues as another route.

    Only as many vehicles continue as the less frequent route has, so a through traveller waits for
    its headway: the difference is added where the vehicle continues as the less frequent route.
    """
    for run in runs:
        for to in runs:
            same = run.route.route_id == to.route.route_id
            if same or not _continues(run.route, to.route) or run.stop_ids[-1] != to.stop_ids[0]:
                continue
            extra = to.route.headway_secs(period) - run.route.headway_secs(period)
            arcs.add(run.arrive[-1:], to.depart[:1], wait_share * max(extra, 0.0))


def service_runs(routes: Sequence[TransitRoute], arcs: Arcs) -> list[Run]:
    """Vertices for every route in each of its directions."""
    return [run for route in routes for run in _runs(route, arcs)]


def add_services(
    runs: Sequence[Run],
    arcs: Arcs,
    stops: StopVertices,
    *,
    period: Period,
    wait_share: float,
    poles: Poles | None = None,
) -> None:
    """Add boarding, riding and alighting to the arcs.

    Parameters
    ----------
    runs
        Routes with their vertices; all their stops must have a vertex.
    arcs
        Receives the arcs.
    stops
        The street-level vertices of each stop.
    period
        Period whose headways apply.
    wait_share
        Share of a headway waited at each boarding: 0 best, 0.5 expected, 1 worst.
    poles
        Stops beside each other, whose lines share their frequencies; None: none.
    """
    runs = [run for run in runs if run.route.runs_in(period)]
    for run in runs:
        _add_run(run, arcs, stops, wait_share * run.route.headway_secs(period))
    _add_through_runs(runs, arcs, period, wait_share)
    routes = list({id(run.route): run.route for run in runs}.values())
    tables = [common_legs(routes, period, wait_share)]
    if poles is not None and len(poles.start):
        tables.append(pole_legs(routes, period, wait_share, poles))
    for legs in tables:
        arcs.add(
            [stops.board[stop] for stop in legs["from_stop"]],
            [stops.leave[stop] for stop in legs["to_stop"]],
            legs["secs"].to_numpy(dtype=float),
        )

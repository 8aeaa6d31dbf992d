"""The course of each hop: its length and the gateways it passes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from analysis.buses.gateways import border_crossings
from analysis.buses.network.gated_streets import BusStreets
from analysis.graph.routable_network import RoutableNetwork
from analysis.routing.shortest_paths import paths_from
from geo.areas import StudyArea
from layers.transit import TransitRoute

MAX_HOP_M = 200_000.0
NEAR_TIMES = 3.0
NEAR_M = 2_000.0
"""First search limit: this multiple of the straight-line distance, plus this constant."""
ON_GATE_M = 300.0
"""A route shape that crosses a border farther than this from any gate is not used there."""
TINY_M = 1e-9
BESIDE_M = 1.0
"""Tolerance when comparing the distances of a stop to places on a course."""


@dataclass(frozen=True)
class Course:
    """Metres, and the gateways passed in order, without those passed in and straight out again."""

    length_m: float
    gateways: tuple[str, ...]


@dataclass(frozen=True)
class Gates:
    """Gates of the gateways.

    Attributes
    ----------
    table
        `analysis.buses.network.gated_streets.GATE_COLUMNS`, with the vertices `tail` and `head` of
        each gate.
    between
        The gateway between each two such vertices, in both directions.
    places
        The centroid of each gate, projected.
    """

    table: pd.DataFrame
    between: Mapping[tuple[int, int], str]
    places: np.ndarray


def gates_of(routable: RoutableNetwork, streets: BusStreets) -> Gates:
    """The gates on the routable streets."""
    gate_streets = routable.streets.table.iloc[streets.gates["part"].to_numpy(dtype=int)]
    table = streets.gates.assign(
        tail=gate_streets["tail"].to_numpy(), head=gate_streets["head"].to_numpy()
    )
    ends = table["tail"].tolist(), table["head"].tolist(), table["gateway_id"]
    between = {}
    for tail, head, gateway in zip(*ends, strict=True):
        between[tail, head] = between[head, tail] = gateway
    return Gates(table, between, shapely.centroid(gate_streets.geometry.to_numpy()))


def _without_returns(gateways: Iterable[str]) -> tuple[str, ...]:
    """The gateways without those passed in and straight out again.

    Examples
    --------
    >>> _without_returns(["a", "b", "b", "c"])
    ('a', 'c')
    """
    remaining: list[str] = []
    for gateway in gateways:
        # a stack: what was passed in between is gone already, so a, b, b, a is no passage at all
        if remaining and remaining[-1] == gateway:
            remaining.pop()
        else:
            remaining.append(gateway)
    return tuple(remaining)


def gateways_on(gates: Gates, vertices: Sequence[int]) -> tuple[str, ...]:
    """The gateways that a path passes: a gate is two consecutive vertices."""
    between = gates.between
    return _without_returns(between[ends] for ends in pairwise(vertices) if ends in between)


def road_courses(
    routable: RoutableNetwork, gates: Gates, pairs: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], Course]:
    """The course along the shortest bus-allowed path of each connected pair of points."""
    ends_by_start: dict[int, list[int]] = {}
    for start, end in sorted(pairs):
        ends_by_start.setdefault(start, []).append(end)
    courses = {}
    for start, ends in ends_by_start.items():
        for end, (metres, vertices) in zip(ends, _paths(routable, start, ends), strict=True):
            if np.isfinite(metres):
                courses[start, end] = Course(metres, gateways_on(gates, vertices))
    return courses


def _paths(
    routable: RoutableNetwork, start: int, ends: Sequence[int]
) -> list[tuple[float, list[int]]]:
    """Metres and vertices of the shortest paths from one point to several others.

    Most hops are short, so the first search is limited to a few times their straight-line length.
    """
    places = routable.points.to_numpy()
    distance = float(shapely.distance(places[start], places[ends]).max())
    limit_m = min(NEAR_TIMES * distance + NEAR_M, MAX_HOP_M)
    paths = list(paths_from(routable.linked, start, ends, limit=limit_m))
    if all(np.isfinite(metres) for metres, _ in paths):
        return paths
    # one that is missing may be a long way round: then all are searched for again, farther
    return list(paths_from(routable.linked, start, ends, limit=MAX_HOP_M))


def _begins_at(shape: LineString, stop: Point) -> bool:
    """Whether a course begins where it is nearest to a stop (within `BESIDE_M`)."""
    start = Point(shape.coords[0])
    return bool(start.distance(stop) <= shape.distance(stop) + BESIDE_M)


def _first_passage(course: np.ndarray, stop: Point) -> float:
    """Metres along a course (points x 2) to its first place nearest to a stop.

    If a course passes a stop twice, the first passage counts, unless a later one is more than
    `BESIDE_M` nearer.

    Examples
    --------
    >>> there_and_back = np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 0.0]])
    >>> _first_passage(there_and_back, Point(60, 5))
    60.0
    """
    position = np.array([stop.x, stop.y])
    start, step = course[:-1], np.diff(course, axis=0)
    metres = np.hypot(*step.T)
    if not metres.sum():
        return 0.0
    along = ((position - start) * step).sum(axis=1) / np.maximum(metres, TINY_M) ** 2
    share = np.clip(along, 0.0, 1.0)
    distances = np.hypot(*(start + step * share[:, None] - position).T)
    # the first segment within the tolerance; where it ends, the next one may be nearer still
    first = int((distances <= distances.min() + BESIDE_M).argmax())
    nearest = first + int(distances[first : first + 2].argmin())
    return float(metres[:nearest].sum() + share[nearest] * metres[nearest])


def _pieces(route: TransitRoute, shape: LineString, places: gpd.GeoSeries) -> list[BaseGeometry]:
    """The parts of a shape between consecutive stops.

    Each stop is searched from the previous one onwards, within a limit, so that shapes which pass a
    place twice use the right passage. A shape that begins (ends) where it is nearest to its first
    (last) stop uses that place, even if it passes the stop elsewhere too.
    """
    pieces: list[BaseGeometry] = []
    stops = places.loc[list(route.stop_ids)].to_numpy()
    since = (
        0.0 if _begins_at(shape, stops[0]) else float(shapely.line_locate_point(shape, stops[0]))
    )
    ends_there = _begins_at(shape.reverse(), stops[-1])
    for number, (stop, next_stop) in enumerate(pairwise(stops), start=2):
        limit = since + NEAR_TIMES * float(shapely.distance(stop, next_stop)) + NEAR_M
        ahead = substring(shape, since, min(limit, shape.length))
        upto = since + _first_passage(np.array(ahead.coords), next_stop)
        if number == len(stops) and ends_there:
            upto = shape.length
        pieces.append(substring(shape, since, upto))
        since = upto
    return pieces


def shape_courses(
    routes: Sequence[TransitRoute], stops: gpd.GeoSeries, study_area: StudyArea, *, gates: Gates
) -> dict[int, Course]:
    """Courses of hops along the shapes of their routes.

    Parameters
    ----------
    routes
        Routes; their hops are numbered consecutively.
    stops
        Indexed by `stop_id`.
    study_area
        Planning areas.
    gates
        A crossing is assigned to the nearest gate of the same border within `ON_GATE_M`; a hop with
        a crossing that has no such gate is left out.
    """
    numbers: list[int] = []
    lines: list[Any] = []
    number = 0
    for route in routes:
        if route.shape is not None:
            pieces = _pieces(route, route.shape, stops)
            numbers += range(number, number + len(pieces))
            lines += pieces
        number += len(route.hop_secs)
    # two stops at one place of the course leave a point between them
    usable = [index for index, line in enumerate(lines) if line.geom_type == "LineString"]
    names = [str(index) for index in usable]
    table = gpd.GeoDataFrame(
        {"u": [f"{n}u" for n in names], "v": [f"{n}v" for n in names], "osmid": names},
        geometry=[lines[index] for index in usable],
        crs=study_area.crs,
    )
    crossings = border_crossings(table, study_area, 0.0) if len(table) else None
    courses = {numbers[index]: Course(lines[index].length, ()) for index in usable}
    for street, group in crossings.groupby("street") if crossings is not None else ():
        line = lines[usable[int(street)]]
        gateways = [
            _gate_near(gates, line, row.fraction, row.border_id) for row in group.itertuples()
        ]
        if None in gateways:
            del courses[numbers[usable[int(street)]]]
        else:
            course = Course(line.length, _without_returns(name for name in gateways if name))
            courses[numbers[usable[int(street)]]] = course
    return courses


def _gate_near(gates: Gates, line: LineString, fraction: float, border_id: str) -> str | None:
    """The gateway where a course crosses a border; None if no gate is near."""
    rows = np.flatnonzero(gates.table["border_id"].to_numpy() == border_id)
    if not len(rows):
        return None
    distances = shapely.distance(gates.places[rows], line.interpolate(fraction, normalized=True))
    return (
        str(gates.table["gateway_id"].iloc[rows[distances.argmin()]])
        if distances.min() <= ON_GATE_M
        else None
    )

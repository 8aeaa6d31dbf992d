"""The course of each hop: how long it is and which gateways it passes."""

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
"""Paths are looked for this far first: so many times the straight distance, and so much more."""
ON_GATE_M = 300.0
"""A drawn course that crosses a border farther than this from any road there is not believed."""
TINY_M = 1e-9
BESIDE_M = 1.0
"""By so much a course may come nearer to a stop than where it begins or ends at it."""


@dataclass(frozen=True)
class Course:
    """Metres, and the gateways passed in order; in and straight out again is not a passage."""

    length_m: float
    gateways: tuple[str, ...]


@dataclass(frozen=True)
class Gates:
    """Where the gates are.

    Attributes
    ----------
    table
        `analysis.buses.network.gated_streets.GATE_COLUMNS`, with the vertices `tail` and `head` of
        each gate.
    between
        The gateway between two of these vertices that follow each other.
    places
        The middle of each gate, projected.
    """

    table: pd.DataFrame
    between: Mapping[tuple[int, int], str]
    places: np.ndarray


def gates_of(routable: RoutableNetwork, streets: BusStreets) -> Gates:
    """The gates on the compiled streets."""
    on = routable.streets.table.iloc[streets.gates["part"].to_numpy(dtype=int)]
    table = streets.gates.assign(tail=on["tail"].to_numpy(), head=on["head"].to_numpy())
    ends = table["tail"].tolist(), table["head"].tolist(), table["gateway_id"]
    between = {}
    for tail, head, gateway in zip(*ends, strict=True):
        between[tail, head] = between[head, tail] = gateway
    return Gates(table, between, shapely.centroid(on.geometry.to_numpy()))


def _passed(gateways: Iterable[str]) -> tuple[str, ...]:
    """Without those by which one comes in and goes straight out again.

    Examples
    --------
    >>> _passed(["a", "b", "b", "c"])
    ('a', 'c')
    """
    passed: list[str] = []
    for gateway in gateways:
        # a stack: what was passed in between is gone already, so a, b, b, a is no passage at all
        if passed and passed[-1] == gateway:
            passed.pop()
        else:
            passed.append(gateway)
    return tuple(passed)


def gateways_on(gates: Gates, vertices: Sequence[int]) -> tuple[str, ...]:
    """The gateways that a path of vertices passes: each gate is two vertices that follow."""
    known = gates.between
    return _passed(known[ends] for ends in pairwise(vertices) if ends in known)


def road_courses(
    routable: RoutableNetwork, gates: Gates, pairs: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], Course]:
    """The shortest bus-allowed path between each pair of points that has one."""
    ends_of: dict[int, list[int]] = {}
    for start, end in sorted(pairs):
        ends_of.setdefault(start, []).append(end)
    found = {}
    for start, ends in ends_of.items():
        for end, (metres, vertices) in zip(ends, _ways(routable, start, ends), strict=True):
            if np.isfinite(metres):
                found[start, end] = Course(metres, gateways_on(gates, vertices))
    return found


def _ways(
    routable: RoutableNetwork, start: int, ends: Sequence[int]
) -> list[tuple[float, list[int]]]:
    """Metres and vertices of the shortest paths from a point to some others.

    Most hops are short, so it first looks only a few times their straight length around.
    """
    places = routable.points.to_numpy()
    straight = float(shapely.distance(places[start], places[ends]).max())
    near = min(NEAR_TIMES * straight + NEAR_M, MAX_HOP_M)
    ways = list(paths_from(routable.linked, start, ends, limit=near))
    if all(np.isfinite(metres) for metres, _ in ways):
        return ways
    # one that is missing may be a long way round: then all are looked for again, farther
    return list(paths_from(routable.linked, start, ends, limit=MAX_HOP_M))


def _begins_at(shape: LineString, stop: Point) -> bool:
    """Whether a course begins where it is nearest to a stop."""
    start = Point(shape.coords[0])
    return bool(start.distance(stop) <= shape.distance(stop) + BESIDE_M)


def _first_passage(course: np.ndarray, stop: Point) -> float:
    """Metres along a course (points x 2) to where it first comes as near to a stop as ever.

    A course that leads by a stop twice is first there, though it may come `BESIDE_M` nearer later.

    Examples
    --------
    >>> there_and_back = np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 0.0]])
    >>> _first_passage(there_and_back, Point(60, 5))
    60.0
    """
    at = np.array([stop.x, stop.y])
    start, step = course[:-1], np.diff(course, axis=0)
    metres = np.hypot(*step.T)
    if not metres.sum():
        return 0.0
    along = ((at - start) * step).sum(axis=1) / np.maximum(metres, TINY_M) ** 2
    share = np.clip(along, 0.0, 1.0)
    away = np.hypot(*(start + step * share[:, None] - at).T)
    # the first segment that is near enough may only lead up to a corner from which the next one
    # comes nearer still
    first = int((away <= away.min() + BESIDE_M).argmax())
    nearest = first + int(away[first : first + 2].argmin())
    return float(metres[:nearest].sum() + share[nearest] * metres[nearest])


def _pieces(route: TransitRoute, shape: LineString, places: gpd.GeoSeries) -> list[BaseGeometry]:
    """The course between each two stops.

    A stop is looked for from the one before onwards, not farther than the course may wind, so
    that lines which pass a place twice find the right passage; one that begins or ends as near
    its first or last stop as it ever comes does so there, wherever else it passes them.
    """
    pieces: list[BaseGeometry] = []
    at = places.loc[list(route.stop_ids)].to_numpy()
    since = 0.0 if _begins_at(shape, at[0]) else float(shapely.line_locate_point(shape, at[0]))
    ends_there = _begins_at(shape.reverse(), at[-1])
    for number, (here, there) in enumerate(pairwise(at), start=2):
        most = since + NEAR_TIMES * float(shapely.distance(here, there)) + NEAR_M
        ahead = substring(shape, since, min(most, shape.length))
        upto = since + _first_passage(np.array(ahead.coords), there)
        if number == len(at) and ends_there:
            upto = shape.length
        pieces.append(substring(shape, since, upto))
        since = upto
    return pieces


def drawn_courses(
    routes: Sequence[TransitRoute], stops: gpd.GeoSeries, study_area: StudyArea, *, gates: Gates
) -> dict[int, Course]:
    """Hops along the drawn shapes of their routes.

    Parameters
    ----------
    routes
        Their hops are numbered one after the other.
    stops
        Indexed by `stop_id`.
    study_area
        Planning areas.
    gates
        A crossing counts for the nearest gate of the same border within `ON_GATE_M`; a hop with a
        crossing that has none is left out.
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
    usable = [at for at, line in enumerate(lines) if line.geom_type == "LineString"]
    names = [str(at) for at in usable]
    table = gpd.GeoDataFrame(
        {"u": [f"{n}u" for n in names], "v": [f"{n}v" for n in names], "osmid": names},
        geometry=[lines[at] for at in usable],
        crs=study_area.crs,
    )
    crossings = border_crossings(table, study_area, 0.0) if len(table) else None
    found = {numbers[at]: Course(lines[at].length, ()) for at in usable}
    for street, on in crossings.groupby("street") if crossings is not None else ():
        line = lines[usable[int(street)]]
        passed = [_gate_near(gates, line, row.fraction, row.border_id) for row in on.itertuples()]
        if None in passed:
            del found[numbers[usable[int(street)]]]
        else:
            course = Course(line.length, _passed(name for name in passed if name))
            found[numbers[usable[int(street)]]] = course
    return found


def _gate_near(gates: Gates, line: LineString, fraction: float, border_id: str) -> str | None:
    """The gateway at which a course crosses a border; None if there is none near."""
    on = np.flatnonzero(gates.table["border_id"].to_numpy() == border_id)
    if not len(on):
        return None
    away = shapely.distance(gates.places[on], line.interpolate(fraction, normalized=True))
    return (
        str(gates.table["gateway_id"].iloc[on[away.argmin()]]) if away.min() <= ON_GATE_M else None
    )

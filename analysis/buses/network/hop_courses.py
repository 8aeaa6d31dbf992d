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
from shapely.geometry import LineString

from analysis.buses.gateways import border_crossings
from analysis.buses.network.gated_streets import BusStreets
from analysis.buses.network.shape_pieces import NEAR_M, NEAR_TIMES, shape_pieces
from analysis.graph.routable_network import RoutableNetwork
from analysis.routing.shortest_paths import paths_from
from geo.areas import StudyArea
from layers.transit import TransitRoute

MAX_HOP_M = 200_000.0
ON_GATE_M = 300.0
"""A route shape that crosses a border farther than this from any gate is not used there."""


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


def shape_courses(
    routes: Sequence[TransitRoute],
    stops: gpd.GeoSeries,
    study_area: StudyArea,
    *,
    gates: Gates,
    limits: Mapping[str, float],
) -> dict[int, Course]:
    """Courses of hops along the shapes of their routes.

    Parameters
    ----------
    routes
        Routes; their hops are numbered consecutively. Hops to and from stops that a shape does
        not pass within their limits are left out.
    stops
        Indexed by `stop_id`.
    study_area
        Planning areas.
    gates
        A crossing is assigned to the nearest gate of the same border within `ON_GATE_M`; a hop with
        a crossing that has no such gate is left out.
    limits
        How far a shape may pass each stop, see `shape_limits`.
    """
    numbers: list[int] = []
    lines: list[Any] = []
    number = 0
    for route in routes:
        if route.shape is not None:
            pieces = shape_pieces(route, route.shape, stops, limits)
            numbers += range(number, number + len(pieces))
            lines += pieces
        number += len(route.hop_secs)
    # two stops at one place of the course leave a point between them
    usable = [index for index, line in enumerate(lines) if isinstance(line, LineString)]
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

"""How points hang on the streets: the ways from them, to them, and directly between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.graph.street_times import StreetTimes
from analysis.routing.arcs import Scale
from layers.assumptions import Assumptions


class ConnectorTable(NamedTuple):
    """Ways from one to another: positions of points or vertices, and seconds (infinite: none)."""

    start: np.ndarray
    end: np.ndarray
    secs: np.ndarray


@dataclass(frozen=True)
class SnappedPoints:
    """Points on the streets.

    Attributes
    ----------
    points
        Projected.
    snaps
        Where they meet the streets, `analysis.graph.snapping.SNAP_COLUMNS`.
    on
        The street of each snap, with `tail` and `head`, the vertices of its ends.
    connector_secs
        From the point to the street, of each snap, in whole units.
    scale
        The units. What is walked off the streets and what is travelled along them are rounded
        each by itself, so that a place on a node has the same times by any of its streets.
    """

    points: gpd.GeoSeries
    snaps: pd.DataFrame
    on: pd.DataFrame
    connector_secs: np.ndarray
    scale: Scale

    def part(self, share: np.ndarray, secs: np.ndarray) -> np.ndarray:
        """A share of a street: none of a closed street costs nothing, any more no way."""
        is_open = np.isfinite(secs)
        along = share * np.where(is_open, secs, 0.0)
        return self.scale.whole(np.where(is_open | (share <= 0), along, np.inf))


def snapped_points(
    points: gpd.GeoSeries, snaps: pd.DataFrame, *, times: StreetTimes, detour: float, scale: Scale
) -> SnappedPoints:
    """Points with the streets they meet."""
    columns, street = ("tail", "head", "secs_forward", "secs_backward"), snaps["street"].to_numpy()
    on = pd.DataFrame({name: times.table[name].to_numpy()[street] for name in columns})
    secs = snaps["distance_m"].to_numpy() * detour / times.connector_mps
    return SnappedPoints(points, snaps, on, scale.whole(secs), scale)


def access_connectors(points: SnappedPoints) -> ConnectorTable:
    """From each point to the ends of its streets."""
    point, at = points.snaps["point"].to_numpy(), points.snaps["fraction"].to_numpy()
    tail, head, forward, backward = (points.on[name].to_numpy() for name in points.on)
    connector = points.connector_secs
    ahead = connector + points.part(1 - at, forward)
    behind = connector + points.part(at, backward)
    return _joined([ConnectorTable(point, head, ahead), ConnectorTable(point, tail, behind)])


def egress_connectors(points: SnappedPoints) -> ConnectorTable:
    """From the ends of its streets to each point: `start` are the points, `end` the vertices."""
    point, at = points.snaps["point"].to_numpy(), points.snaps["fraction"].to_numpy()
    tail, head, forward, backward = (points.on[name].to_numpy() for name in points.on)
    connector = points.connector_secs
    ahead = connector + points.part(at, forward)
    behind = connector + points.part(1 - at, backward)
    return _joined([ConnectorTable(point, tail, ahead), ConnectorTable(point, head, behind)])


def _along(start: SnappedPoints, end: SnappedPoints) -> ConnectorTable:
    """Directly along one street, without passing either of its ends."""
    streets, others = (points.snaps["street"].to_numpy() for points in (start, end))
    order = np.argsort(others, kind="stable")
    first, last = (np.searchsorted(others[order], streets, side) for side in ("left", "right"))
    count = last - first
    # each snap of the one with every snap of the other on its street
    a = np.repeat(np.arange(len(streets)), count)
    b = order[np.arange(len(a)) - np.repeat(np.cumsum(count) - count - first, count)]
    along = end.snaps["fraction"].to_numpy()[b] - start.snaps["fraction"].to_numpy()[a]
    forward, backward = (start.on[f"secs_{way}"].to_numpy() for way in ("forward", "backward"))
    per = np.where(along >= 0, forward[a], backward[a])
    total = start.connector_secs[a] + start.part(np.abs(along), per) + end.connector_secs[b]
    return ConnectorTable(
        start.snaps["point"].to_numpy()[a], end.snaps["point"].to_numpy()[b], total
    )


def _past_streets(
    start: SnappedPoints, end: SnappedPoints, assumptions: Assumptions
) -> ConnectorTable:
    """Walks past the streets between near points: minor ways are missing from the data."""
    reach = assumptions.max_direct_walk_m
    here, there = start.points.to_numpy(), end.points.to_numpy()
    a, b = end.points.sindex.query(here, predicate="dwithin", distance=reach)
    metres = shapely.distance(here[a], there[b])
    return ConnectorTable(a, b, metres * assumptions.detour / assumptions.walk_mps)


def direct_connectors(
    start: SnappedPoints, end: SnappedPoints, assumptions: Assumptions, *, walking: bool
) -> ConnectorTable:
    """Between two points without passing a street's end; from a point to itself at no cost.

    Parameters
    ----------
    start, end
        Points; positions in one are positions in the other where they are the same group.
    assumptions
        `max_direct_walk_m`, `detour`, `walk_mps`.
    walking
        Whether one may go past the streets.
    """
    found = [_along(start, end)]
    if walking:
        found.append(_past_streets(start, end, assumptions))
    if start is end:
        itself = np.arange(len(start.points))
        found.append(ConnectorTable(itself, itself, np.zeros(len(itself))))
    return _joined(found)


def _joined(ways: Iterable[ConnectorTable]) -> ConnectorTable:
    return ConnectorTable(*(np.concatenate(part) for part in zip(*ways, strict=True)))

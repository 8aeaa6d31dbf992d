"""Connectors: access, egress and direct legs between points and streets."""

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
    """Connectors: positions of points or vertices, and seconds (infinite: no connector)."""

    start: np.ndarray
    end: np.ndarray
    secs: np.ndarray


@dataclass(frozen=True)
class SnappedPoints:
    """Points snapped to the streets.

    Attributes
    ----------
    points
        Projected.
    snaps
        The snaps, `analysis.graph.snapping.SNAP_COLUMNS`.
    on
        The street of each snap, with `tail` and `head`, the vertices of its ends.
    connector_secs
        From the point to the street, of each snap, in whole units.
    scale
        The units. Legs off the streets and along them are rounded separately, so that a point on a
        node has the same times by any of its streets.
    """

    points: gpd.GeoSeries
    snaps: pd.DataFrame
    on: pd.DataFrame
    connector_secs: np.ndarray
    scale: Scale

    def secs_along(self, share: np.ndarray, secs: np.ndarray) -> np.ndarray:
        """Seconds along a share of a street; infinite on a closed street unless the share is 0."""
        is_open = np.isfinite(secs)
        along = share * np.where(is_open, secs, 0.0)
        return self.scale.whole(np.where(is_open | (share <= 0), along, np.inf))


def snapped_points(
    points: gpd.GeoSeries, snaps: pd.DataFrame, *, times: StreetTimes, detour: float, scale: Scale
) -> SnappedPoints:
    """Points with the streets that they are snapped to."""
    columns, street = ("tail", "head", "secs_forward", "secs_backward"), snaps["street"].to_numpy()
    on = pd.DataFrame({name: times.table[name].to_numpy()[street] for name in columns})
    secs = snaps["distance_m"].to_numpy() * detour / times.connector_mps
    return SnappedPoints(points, snaps, on, scale.whole(secs), scale)


def access_connectors(points: SnappedPoints) -> ConnectorTable:
    """Connectors from each point to the ends of its streets."""
    point, fraction = points.snaps["point"].to_numpy(), points.snaps["fraction"].to_numpy()
    tail, head, forward, backward = (points.on[name].to_numpy() for name in points.on)
    connector = points.connector_secs
    ahead = connector + points.secs_along(1 - fraction, forward)
    behind = connector + points.secs_along(fraction, backward)
    return _concatenated([ConnectorTable(point, head, ahead), ConnectorTable(point, tail, behind)])


def egress_connectors(points: SnappedPoints) -> ConnectorTable:
    """Connectors from street ends to each point: `start` are the points, `end` the vertices."""
    point, fraction = points.snaps["point"].to_numpy(), points.snaps["fraction"].to_numpy()
    tail, head, forward, backward = (points.on[name].to_numpy() for name in points.on)
    connector = points.connector_secs
    ahead = connector + points.secs_along(fraction, forward)
    behind = connector + points.secs_along(1 - fraction, backward)
    return _concatenated([ConnectorTable(point, tail, ahead), ConnectorTable(point, head, behind)])


def _along(start: SnappedPoints, end: SnappedPoints) -> ConnectorTable:
    """Direct legs along one street, without passing either of its ends."""
    streets, others = (points.snaps["street"].to_numpy() for points in (start, end))
    order = np.argsort(others, kind="stable")
    first, last = (np.searchsorted(others[order], streets, side) for side in ("left", "right"))
    count = last - first
    # pairs of each snap in `start` with every snap in `end` on the same street
    i = np.repeat(np.arange(len(streets)), count)
    j = order[np.arange(len(i)) - np.repeat(np.cumsum(count) - count - first, count)]
    shift = end.snaps["fraction"].to_numpy()[j] - start.snaps["fraction"].to_numpy()[i]
    forward, backward = (
        start.on[f"secs_{direction}"].to_numpy() for direction in ("forward", "backward")
    )
    secs = np.where(shift >= 0, forward[i], backward[i])
    total = start.connector_secs[i] + start.secs_along(np.abs(shift), secs) + end.connector_secs[j]
    return ConnectorTable(
        start.snaps["point"].to_numpy()[i], end.snaps["point"].to_numpy()[j], total
    )


def _past_streets(
    start: SnappedPoints, end: SnappedPoints, assumptions: Assumptions
) -> ConnectorTable:
    """Walks off the streets between near points: minor footpaths are missing from the data."""
    limit_m = assumptions.max_direct_walk_m
    origins, destinations = start.points.to_numpy(), end.points.to_numpy()
    i, j = end.points.sindex.query(origins, predicate="dwithin", distance=limit_m)
    metres = shapely.distance(origins[i], destinations[j])
    return ConnectorTable(i, j, metres * assumptions.detour / assumptions.walk_mps)


def direct_connectors(
    start: SnappedPoints, end: SnappedPoints, assumptions: Assumptions, *, walking: bool
) -> ConnectorTable:
    """Direct legs between points that pass no street end; from a point to itself at no cost.

    Parameters
    ----------
    start, end
        Snapped points; if both are the same object, each point also has a leg to itself.
    assumptions
        `max_direct_walk_m`, `detour`, `walk_mps`.
    walking
        Whether legs off the streets are allowed.
    """
    tables = [_along(start, end)]
    if walking:
        tables.append(_past_streets(start, end, assumptions))
    if start is end:
        same_point = np.arange(len(start.points))
        tables.append(ConnectorTable(same_point, same_point, np.zeros(len(same_point))))
    return _concatenated(tables)


def _concatenated(tables: Iterable[ConnectorTable]) -> ConnectorTable:
    return ConnectorTable(*(np.concatenate(columns) for columns in zip(*tables, strict=True)))

"""Legs of a way: walking, waiting and riding, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.network import TransportNetwork

LEG_COLUMNS = (
    *("leg", "kind", "from_id", "from_name", "to_id", "to_name"),
    *("route_id", "route_name", "route_name_en", "trip_id"),
    *("depart_secs", "arrive_secs", "secs", "stops_passed", "geometry"),
)
Kind = Literal["walk", "wait", "ride"]
WALK: Final = "walk"
WAIT: Final = "wait"
RIDE: Final = "ride"
EITHER, ONWARD = " | ", " > "
"""Between routes of which one takes the first that comes, and between those on which one stays."""


class Leg(NamedTuple):
    """One leg.

    Attributes
    ----------
    kind
        `walk`, `wait` or `ride`.
    start, end
        Positions among the points, then the stops of the network.
    depart_secs, secs
        When it begins, seconds of the service day, and how long it takes.
    routes
        Positions of the routes that one rides.
    is_choice
        Whether one rides the first of several routes; else one after the other, staying on board.
    trips
        Ids of the trips; none where a line has a headway only.
    passed
        Positions of the stops between, as `start`.
    """

    kind: Kind
    start: int
    end: int
    depart_secs: float
    secs: float
    routes: tuple[int, ...] = ()
    is_choice: bool = False
    trips: tuple[str, ...] = ()
    passed: tuple[int, ...] = ()


def in_a_row(legs: Sequence[Leg]) -> list[Leg]:
    """The legs without waits of no time and walks that lead nowhere."""
    found = [leg for leg in legs if leg.secs > 0 or (leg.kind != WAIT and leg.start != leg.end)]
    # whoever travels to where they are walks for no time
    return found or list(legs[:1])


def _names(network: TransportNetwork, points: gpd.GeoSeries) -> tuple[np.ndarray, np.ndarray]:
    """Ids and names of points, then of stops."""
    ids = np.array([*points.index, *network.stops.index], dtype=object)
    names = np.array([*points.index, *network.stops["stop_name"]], dtype=object)
    return ids, names


def route_names(network: TransportNetwork, leg: Leg) -> tuple[str, str, str]:
    """Ids of the routes of a leg, their names, and their English names where they have some."""
    routes = [network.routes[at] for at in leg.routes]
    between = EITHER if leg.is_choice else ONWARD
    ids = between.join(route.route_id for route in routes)
    names = between.join(dict.fromkeys(route.route_name for route in routes))
    english = between.join(dict.fromkeys(route.name_en or route.route_name for route in routes))
    return ids, names, english


def _drawn(places: np.ndarray, leg: Leg) -> shapely.Geometry:
    """A straight line from place to place; a point where one stays."""
    line = places[[leg.start, *leg.passed, leg.end]]
    if leg.kind == WAIT or shapely.equals_exact(line, line[0]).all():
        return line[0]
    return shapely.LineString(shapely.get_coordinates(line))


def leg_table(
    legs: Sequence[Leg], network: TransportNetwork, points: gpd.GeoSeries
) -> gpd.GeoDataFrame:
    """The legs of one way as a table.

    Parameters
    ----------
    legs
        In the order of travel.
    network, points
        What their positions mean.

    Returns
    -------
    GeoDataFrame
        `LEG_COLUMNS`, projected: number from 1, kind, ids and names of the ends (of points both
        are their id), route and trip of rides (else empty; `EITHER` and `ONWARD` join several),
        seconds, the number of stops between (whole, 0 but for rides), and a line from stop to stop
        (a point where one waits).
    """
    ids, names = _names(network, points)
    places = np.array([*points.to_numpy(), *network.stops.geometry.to_numpy()], dtype=object)
    rows = [
        (
            *(number, leg.kind, ids[leg.start], names[leg.start], ids[leg.end], names[leg.end]),
            *(*route_names(network, leg), ONWARD.join(leg.trips)),
            *(leg.depart_secs, leg.depart_secs + leg.secs, leg.secs, len(leg.passed)),
            _drawn(places, leg),
        )
        for number, leg in enumerate(legs, start=1)
    ]
    table = pd.DataFrame.from_records(rows, columns=list(LEG_COLUMNS))
    secs = dict.fromkeys(("depart_secs", "arrive_secs", "secs"), float)
    table = table.astype({"leg": int, "stops_passed": int, **secs})
    return gpd.GeoDataFrame(table, geometry="geometry", crs=points.crs)

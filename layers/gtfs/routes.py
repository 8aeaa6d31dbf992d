"""The patterns of a feed as transit routes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString

from geo.datums import Datum, projected_positions
from layers.gtfs.patterns import Pattern, merged_directions
from layers.transit import TransitRoute

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Place:
    """Where a study's coordinates are: its projected system, and the datum of a file."""

    crs: str
    datum: Datum = None


def _shapes(tables: Tables, shape_ids: Collection[str], place: Place) -> dict[str, LineString]:
    """Shapes by id, projected."""
    if "shapes" not in tables:
        return {}
    table = tables["shapes"]
    table = table[table["sound"] & table["shape_id"].isin(list(shape_ids))]
    number = table["shape_id"].cat.codes.to_numpy()
    table = table.iloc[np.lexsort([table["shape_pt_sequence"].to_numpy(), number])]
    number = table["shape_id"].cat.codes.to_numpy()
    long = np.bincount(number, minlength=1)[number] > 1
    codes, used = pd.factorize(number[long])
    ids = table["shape_id"].cat.categories[used]
    lon_lat = table[["shape_pt_lon", "shape_pt_lat"]].to_numpy()[long]
    places = projected_positions(lon_lat, place.crs, place.datum)
    lines = np.array(shapely.linestrings(places, indices=codes), dtype=object)
    return dict(zip(ids.tolist(), lines.tolist(), strict=True))


def _pattern_ids(route_id: str, count: int, taken: set[str]) -> list[str]:
    """Ids for the patterns of one route: its own, and its own with a number.

    Examples
    --------
    >>> _pattern_ids("7", 3, {"7", "7:2"})
    ['7', '7:3', '7:4']
    """
    ids, number = [route_id], 2
    while len(ids) < count:
        name = f"{route_id}:{number}"
        if name not in taken:
            ids.append(name)
        number += 1
    return ids


def _transit_route(
    pattern: Pattern, route_id: str, route: Mapping[str, object], shape: LineString | None
) -> TransitRoute:
    short, long = str(route["route_short_name"]), str(route["route_long_name"])
    return TransitRoute(
        route_id=route_id,
        route_name=short or long or pattern.route_id,
        name_en="",
        route_type=int(float(str(route["route_type"]))),
        line=short,
        stop_ids=pattern.stop_ids,
        hop_secs=pattern.hop_secs,
        headway_peak_secs=pattern.headway_secs("peak"),
        headway_offpeak_secs=pattern.headway_secs("offpeak"),
        bidirectional=pattern.bidirectional,
        confidence="published",
        shape=shape,
        dwell_secs=pattern.dwell_secs,
        feed_route_id=pattern.route_id,
    )


def transit_routes(
    patterns: Sequence[Pattern], tables: Tables, place: Place
) -> list[tuple[Pattern, TransitRoute]]:
    """The routes of patterns, in the order of routes.txt; opposite directions are merged."""
    by_route: dict[str, list[Pattern]] = {}
    for pattern in patterns:
        by_route.setdefault(pattern.route_id, []).append(pattern)
    shapes = _shapes(tables, {pattern.shape_id for pattern in patterns}, place)
    routes = tables["routes"]
    taken = set(routes["route_id"])
    services = []
    for route in routes[routes["sound"]].to_dict("records"):
        merged = merged_directions(by_route.get(route["route_id"], []))
        ids = _pattern_ids(route["route_id"], len(merged), taken)
        services += [
            (pattern, _transit_route(pattern, name, route, shapes.get(pattern.shape_id)))
            for name, pattern in zip(ids, merged, strict=False)
        ]
    return services

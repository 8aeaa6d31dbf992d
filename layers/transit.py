"""Public transport: stops and the routes that serve them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString

from geo.datums import Datum
from geo.faults import Fault, shown
from geo.fields import Field
from geo.formats.geojson import LayerSchema, checked_layer, read_geojson
from layers.roads import CONFIDENCES

Period = Literal["peak", "offpeak"]
PERIODS: tuple[Period, ...] = ("peak", "offpeak")
BUS, METRO, RAIL, MONORAIL = 3, 1, 2, 12
"""GTFS route types used here; 12 is also used for people movers."""

STATIONS = LayerSchema(
    fields=(
        Field("stop_id", required=True),
        Field("stop_name", required=True),
        Field("name_en", default=""),
        Field("accuracy_m", "number", low=0, high=20_000, default=0.0),
        Field("name_status", default="confirmed"),
        Field("source", "any"),
        Field("confidence", choices=CONFIDENCES, default="assumed"),
    ),
    types=("Point",),
    id_field="stop_id",
)
ROUTES = LayerSchema(
    fields=(
        Field("route_id", required=True),
        Field("route_name", required=True),
        Field("name_en", default=""),
        Field("route_type", "whole", required=True, low=0, high=1_799),
        Field("line", default=""),
        Field("stop_ids", "list", items="text", required=True),
        Field("hop_secs", "list", required=True),
        Field("headway_peak_secs", "number", required=True, low=30, high=14_400),
        Field("headway_offpeak_secs", "number", required=True, low=30, high=14_400),
        Field("stop_access_secs", "number", low=0, high=1_800, default=0),
        Field("boarding_secs", "number", low=0, high=7_200, default=0),
        Field("bidirectional", "yes_no", default=True),
        Field("through_routes", "list", items="text", default=()),
        Field("accuracy_m", "number", low=0, high=20_000),
        Field("source", "any"),
        Field("confidence", choices=CONFIDENCES, default="assumed"),
        Field("assumed_fields", "list", items="text", default=()),
    ),
    types=("LineString", "MultiLineString"),
    id_field="route_id",
)
STOP_COLUMNS = (
    "stop_name",
    "name_en",
    "accuracy_m",
    "name_status",
    "confidence",
    "project_id",
    "geometry",
)


@dataclass(frozen=True)
class TransitRoute:
    """A route: its stops in order, the times between them and its headways.

    Attributes
    ----------
    stop_ids, hop_secs
        The stops and the seconds between them; one hop fewer than stops. A circular route
        repeats its first stop at the end.
    headway_peak_secs, headway_offpeak_secs
        Seconds between departures; infinite if it does not run in the period.
    stop_access_secs
        Seconds from street to platform; the same from platform to street.
    boarding_secs
        Added to every boarding.
    through_routes
        Routes on which its vehicles continue from a shared terminal stop.
    shape
        The alignment, projected; None if it is unknown.
    dwell_secs
        Seconds that a vehicle stands at each stop, beside `hop_secs`; empty for none.
    feed_route_id
        Of a line of a GTFS feed its id in routes.txt, which all patterns of the line share; else
        empty. Where another file has that id too it has the prefix of `route_id`.
    """

    route_id: str
    route_name: str
    name_en: str
    route_type: int
    line: str
    stop_ids: tuple[str, ...]
    hop_secs: tuple[float, ...]
    headway_peak_secs: float
    headway_offpeak_secs: float
    stop_access_secs: float = 0.0
    boarding_secs: float = 0.0
    bidirectional: bool = True
    through_routes: tuple[str, ...] = ()
    confidence: str = "assumed"
    assumed_fields: tuple[str, ...] = ()
    project_id: str = ""
    shape: LineString | None = field(default=None, repr=False, compare=False)
    dwell_secs: tuple[float, ...] = ()
    feed_route_id: str = ""

    @property
    def stands_secs(self) -> tuple[float, ...]:
        """Seconds that a vehicle stands at each stop, one value a stop."""
        return self.dwell_secs or (0.0,) * len(self.stop_ids)

    @property
    def circulates(self) -> bool:
        """Whether riders stay on board where it begins anew.

        A closed line of a feed says so by its blocks only.
        """
        return self.stop_ids[0] == self.stop_ids[-1] and not self.feed_route_id

    def runs_in(self, period: Period) -> bool:
        """Whether anything departs in a period."""
        return isfinite(self.headway_secs(period))

    @property
    def day_headway_secs(self) -> float:
        """Seconds between departures in the peak, or off it if nothing departs in the peak."""
        return self.headway_peak_secs if self.runs_in("peak") else self.headway_offpeak_secs

    def headway_secs(self, period: Period) -> float:
        """Seconds between departures in a period."""
        return self.headway_peak_secs if period == "peak" else self.headway_offpeak_secs


def stop_table(stations: gpd.GeoDataFrame, *, project_id: str = "") -> gpd.GeoDataFrame:
    """Stops indexed by `stop_id` with `STOP_COLUMNS`."""
    table = stations.set_index("stop_id").assign(project_id=project_id)
    return gpd.GeoDataFrame(table[list(STOP_COLUMNS)], geometry="geometry", crs=stations.crs)


def no_stops(crs: str) -> gpd.GeoDataFrame:
    """An empty table of stops."""
    columns = {name: pd.Series(dtype=object) for name in STOP_COLUMNS if name != "geometry"}
    index = pd.Index([], name="stop_id", dtype=object)
    return gpd.GeoDataFrame(pd.DataFrame(columns, index=index), geometry=[], crs=crs)


def _as_route(record: Mapping[str, Any], project_id: str) -> TransitRoute:
    names = TransitRoute.__dataclass_fields__.keys() - {
        *("project_id", "shape", "dwell_secs", "feed_route_id"),
    }
    values = {name: record[name] for name in names}
    for name in ("stop_ids", "hop_secs", "through_routes", "assumed_fields"):
        values[name] = tuple(values[name])
    return TransitRoute(**values, project_id=project_id)


def _hop_faults(route: TransitRoute, file: str) -> list[Fault]:
    expected = len(route.stop_ids) - 1
    if expected < 1 or len(route.hop_secs) != expected:
        message = f"{len(route.stop_ids)} stops but {len(route.hop_secs)} hops"
        return [Fault(file, route.route_id, "hops-do-not-fit", message, "one hop fewer than stops")]
    return [
        Fault(file, route.route_id, "value-out-of-range", f"hop {n} is {secs!r} s", "1 to 7200")
        for n, secs in enumerate(route.hop_secs, start=1)
        if isinstance(secs, bool) or not isinstance(secs, int | float) or not 1 <= secs <= 7_200  # noqa: PLR2004
    ]


def as_routes(
    records: gpd.GeoDataFrame, file: str, *, project_id: str = ""
) -> tuple[list[TransitRoute], list[Fault]]:
    """Routes from the rows of a file; a route with invalid hops is a fault and left out."""
    routes, faults = [], []
    for record in records.to_dict("records"):
        route = _as_route({str(k): v for k, v in record.items()}, project_id)
        hop_faults = _hop_faults(route, file)
        faults += hop_faults
        if not hop_faults:
            routes.append(route)
    return routes, faults


def read_by_element(
    path: Path,
    elements: Mapping[str, LayerSchema],
    *,
    shared: Sequence[Field] = (),
    datum: Datum = None,
) -> tuple[dict[str, gpd.GeoDataFrame], list[Fault]]:
    """Tables from one file with features of several kinds, distinguished by `element`.

    Parameters
    ----------
    path
        GeoJSON.
    elements
        The schema of each element.
    shared
        Fields that every feature may have in addition to those of its element.
    datum
        The datum that the study declares for the file, see `geo.datums`.
    """
    features, faults = read_geojson(path, datum)
    tag = Field("element", required=True, choices=tuple(elements))
    tables = {}
    for name, layer in elements.items():
        element_features = [item for item in features if item["properties"].get("element") == name]
        schema = replace(layer, fields=(tag, *layer.fields, *shared))
        tables[name], element_faults = checked_layer(element_features, schema, path.name, datum)
        faults += element_faults
    for number, item in enumerate(features, start=1):
        element = item["properties"].get("element")
        if not isinstance(element, str) or element not in elements:
            message = f"element is {shown(element)}"
            faults.append(Fault(path.name, f"#{number}", "value-unknown", message, tag.allowed))
    return tables, faults

"""Schemas of named places, population and opportunities."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from geo.datums import Datum
from geo.faults import Fault
from geo.fields import Field
from geo.formats.features import read_layer
from geo.formats.geojson import LayerSchema
from layers.roads import CONFIDENCES

CATEGORIES = ("centre", "science", "park", "university", "port", "rail_hub", "airport")
KINDS = ("school", "university", "hospital", "industry")

PLACES = LayerSchema(
    fields=(
        Field("place_id", required=True),
        Field("name_zh", required=True),
        Field("name_en", default=""),
        Field("category", required=True, choices=CATEGORIES),
        Field("category_source"),
        Field("existing", "yes_no", default=True),
        Field("accuracy_m", "number", low=0, high=20_000, default=0.0),
        Field("source", "any"),
        Field("confidence", choices=CONFIDENCES, default="assumed"),
        Field("note"),
    ),
    types=("Point",),
    id_field="place_id",
)
POPULATION = LayerSchema(
    fields=(
        Field("town_id", required=True),
        Field("name_zh", default=""),
        Field("name_en", default=""),
        Field("district_id", default=""),
        Field("population", "number", required=True, low=0, high=50_000_000),
        Field("census_year", "whole", low=1950, high=2100),
        Field("source", "any"),
        Field("confidence", choices=CONFIDENCES, default="assumed"),
        Field("note"),
        Field("accuracy_m", "number", low=0, high=20_000),
    ),
    types=("Point",),
    id_field="town_id",
)
OPPORTUNITIES = LayerSchema(
    fields=(
        Field("opportunity_id", required=True),
        Field("name_zh", default=""),
        Field("kind", required=True, choices=KINDS),
        Field("source", "any"),
        Field("confidence", choices=CONFIDENCES, default="assumed"),
        Field("accuracy_m", "number", low=0, high=20_000),
    ),
    types=("Point",),
    id_field="opportunity_id",
)


def read_points(
    path: Path, layer: LayerSchema, crs: str, datum: Datum = None
) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """Read a layer of points (`PLACES` or `OPPORTUNITIES`), projected to `crs`."""
    table, faults = read_layer(path, layer, datum)
    return table.to_crs(crs), faults

"""Files that a study may name or do without."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.areas import StudyArea, read_districts
from geo.faults import Fault
from geo.formats.geojson import Layer, checked_layer
from layers.places import read_points
from layers.screenlines import VOLUME_COLUMNS, read_screenlines
from scicity.settings.settings import FileName, Settings


def study_districts(settings: Settings, area: StudyArea) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """The districts by which people were counted; without a file of them, the planning areas."""
    if settings.has("districts"):
        return read_districts(settings.path("districts"), area.crs, settings.datum("districts"))
    return area.areas.rename(columns={"area_id": "district_id"}), []


def study_volumes(settings: Settings) -> tuple[pd.DataFrame, list[Fault]]:
    """Peak volumes of the screenlines.

    Streets of OpenStreetMap belong to no screenline, so there the volumes do not count: else
    they would crowd into the planned crossings alone.
    """
    if settings.osm or not settings.has("screenlines"):
        return pd.DataFrame(columns=list(VOLUME_COLUMNS)), []
    return read_screenlines(settings.path("screenlines"))


def study_points(
    settings: Settings, name: FileName, layer: Layer
) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """Points of one layer; none if the study names no such file."""
    crs = settings.study.crs
    if settings.has(name):
        return read_points(settings.path(name), layer, crs, settings.datum(name))
    table, faults = checked_layer([], layer, name)
    return table.to_crs(crs), faults

"""Overlays: features with their looks, and an entry in the layer control and the legend."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import mapping

from geo.crs import to_wgs84

Style = dict[str, Any]
"""Leaflet's path options: color, weight, dashArray, fillColor, fillOpacity, radius, …"""

Collection = dict[str, Any]
"""A GeoJSON feature collection whose properties are `Look`s."""

Look = dict[str, Any]
"""How one feature looks: `style`, and optionally `tip`, `pop` (HTML), `label` and `find`."""

DECIMALS = 5
"""Decimals of degrees on the page: about a metre, less than the width of any line."""


@dataclass(frozen=True)
class Symbol:
    """One entry of the legend, drawn with the same styles as on the map.

    Attributes
    ----------
    shape
        `line`, `dot` or `fill`.
    strokes
        Styles drawn over each other.
    zh, en
        Its meaning.
    """

    shape: str
    strokes: tuple[Style, ...]
    zh: str
    en: str = ""


@dataclass(frozen=True)
class Overlay:
    """A layer that the reader can switch on and off.

    Attributes
    ----------
    key
        Short name; part of the layer's name in the page's script.
    zh, en
        Name in the control and heading in the legend.
    features
        GeoJSON to draw.
    symbols
        Entries of the legend.
    group
        Key of the control's group (see `maps.page.layer_control.GROUPS`); empty: always shown.
    choice
        Key of a set of which one overlay is shown at a time (see
        `maps.page.layer_control.CHOICES`); empty if it is switched by itself.
    show
        Whether it is visible at the start.
    pane
        Leaflet pane (`PANES` of the page's script) for overlays without popups; empty: the default.
    note
        A sentence beneath the legend, Chinese and English.
    """

    key: str
    zh: str
    en: str
    features: Collection
    symbols: tuple[Symbol, ...] = ()
    group: str = ""
    choice: str = ""
    show: bool = False
    pane: str = ""
    note: tuple[str, str] = field(default=("", ""))


def collection(features: Iterable[dict[str, Any]]) -> Collection:
    """Features as GeoJSON."""
    return {"type": "FeatureCollection", "features": list(features)}


def rounded(geometry: shapely.Geometry) -> dict[str, Any]:
    """A geometry as GeoJSON, rounded for drawing.

    Examples
    --------
    >>> rounded(shapely.Point(106.123456789, 29.5))
    {'type': 'Point', 'coordinates': (106.12346, 29.5)}
    """
    shape: Any = shapely.transform(geometry, lambda xy: np.round(xy, DECIMALS))
    return mapping(shape)


def features(
    frame: gpd.GeoDataFrame, looks: Callable[[Any], Iterable[Look]]
) -> list[dict[str, Any]]:
    """GeoJSON features: each row once for each of its looks, the first at the bottom.

    Parameters
    ----------
    frame
        Any CRS; rows without geometry are left out.
    looks
        The looks of a row, which is a named tuple.
    """
    if frame.empty:
        return []
    lonlat = to_wgs84(frame.loc[~(frame.geometry.isna() | frame.geometry.is_empty)])
    return [
        {"type": "Feature", "properties": look, "geometry": rounded(row.geometry)}
        for row in lonlat.itertuples()
        for look in looks(row)
    ]


def label_feature(place: shapely.Point, label: dict[str, Any]) -> dict[str, Any]:
    """A label without a mark, at a point in longitude and latitude."""
    style = {"radius": 0, "stroke": False, "fill": False, "interactive": False}
    properties = {"style": style, "label": label}
    return {"type": "Feature", "properties": properties, "geometry": rounded(place)}

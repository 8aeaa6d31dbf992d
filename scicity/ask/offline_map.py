"""A map for notebooks that needs no internet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import folium
import geopandas as gpd
from branca.element import Element

from geo.crs import to_wgs84
from geo.faults import BadInputError, Fault, check_faults, shown
from maps.page.leaflet import OfflineMap, leaflet_css, leaflet_js
from scicity.inputs.study import Study, check_study

MAIN_ROADS = ("motorway", "trunk", "primary")
"""Roads of the background; the others would hide what is drawn on it."""
ROAD = {"color": "#b8bec6", "weight": 1.2}
BORDER = {"color": "#7d8691", "weight": 1.2, "dashArray": "4 4", "fillOpacity": 0.0}
PAPER = "<style>.leaflet-container { background: #fbfaf7; }</style>"


def offline_map(study: Study, layer: gpd.GeoDataFrame | None = None) -> folium.Map:
    """A folium map that needs no internet: Leaflet inside, main roads and area borders behind.

    GeoPandas' `explore` loads Leaflet and its background from the internet unless it is handed a
    map: `areas.explore("scenario", m=scicity.offline_map(study, areas), legend=False)`.

    Parameters
    ----------
    study
        What `read_study` returned: its main roads and planning areas are the background.
    layer
        What the map is fitted to, in any CRS; the planning areas if not given.

    Raises
    ------
    BadInputError
        If the layer is no GeoDataFrame, has no CRS, or holds nothing that has a place.

    Examples
    --------
    >>> import scicity
    >>> page = scicity.offline_map(scicity.read_study()).get_root().render()
    >>> "<script src" in page, "<link rel" in page
    (False, False)
    """
    check_study(study)
    bounds = _bounds(study.area.areas if layer is None else layer)
    base = OfflineMap(location=(0, 0), zoom_start=2, prefer_canvas=True)
    root: Any = base.get_root()
    for text in (f"<style>{leaflet_css()}</style>", PAPER, f"<script>{leaflet_js()}</script>"):
        root.header.add_child(Element(text))
    edges = study.baseline.roads.edges
    roads = edges.loc[edges["highway"].isin(MAIN_ROADS)]
    for frame, look in ((roads, ROAD), (study.area.areas, BORDER)):
        shapes = to_wgs84(frame[["geometry"]]).to_json()
        folium.GeoJson(shapes, style_function=_always(look), control=False).add_to(base)
    base.fit_bounds(bounds)
    return base


def _always(look: dict[str, Any]) -> Callable[[Any], dict[str, Any]]:
    """One look for every feature; the background answers no clicks."""
    return lambda _: look | {"interactive": False}


def _bounds(layer: Any) -> list[list[float]]:
    """South-west and north-east corner, latitude first."""
    if not isinstance(layer, gpd.GeoDataFrame):
        message, allowed = f"it is {shown(layer)}", "a GeoDataFrame"
        raise BadInputError([Fault("layer", "", "value-wrong-type", message, allowed)])
    faults = []
    if layer.crs is None:
        allowed = "a CRS: layer.set_crs(4326) if it is longitude and latitude"
        faults.append(Fault("layer", "", "crs-missing", "it names none", allowed))
    if layer.geometry.isna().all() or layer.geometry.is_empty.all():
        faults.append(Fault("layer", "", "value-out-of-range", "nothing is drawn", "a feature"))
    check_faults(faults)
    west, south, east, north = (float(v) for v in to_wgs84(layer).total_bounds)
    return [[south, west], [north, east]]

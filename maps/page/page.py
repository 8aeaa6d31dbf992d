"""The map page: one HTML file without links to other files."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
from branca.element import Element, Figure
from markupsafe import Markup

from geo.crs import to_wgs84
from geo.files import write_text
from maps.areas import area_borders, area_paper
from maps.attribution import attribution_maps
from maps.bus_loops import bus_loop_maps
from maps.page.body import page_body
from maps.page.folium_layers import Start, overlay_layer
from maps.page.layer_control import layer_name
from maps.page.leaflet import OfflineMap, leaflet_css, leaflet_js, set_running_ids
from maps.page.page_data import study_data, times_elements
from maps.places import named_places
from maps.project_joins import project_joints
from maps.projects import planned_projects
from maps.roads import existing_roads
from maps.style.chinese_font import font_face
from maps.style.overlay import Overlay
from maps.style.searchable import SEARCH_KINDS
from maps.tables.page_tables import PageTables
from maps.transit import existing_bus, existing_rail

__all__ = ["PageTables", "draw_page"]

SCRIPTS = (
    *("page", "language", "streets", "search", "tools", "print"),
    *("times", "classes", "zones", "swipe", "question", "answer", "ways", "single_projects"),
)
"""Scripts of the page, in order: later ones use earlier ones."""
SHEETS = ("page", "question", "paper")


@cache
def _asset(name: str) -> str:
    return (Path(__file__).parent / "web" / name).read_text(encoding="utf-8")


def _bounds(frame: gpd.GeoDataFrame) -> list[list[float]]:
    """South-west and north-east corner, latitude first."""
    west, south, east, north = (round(float(v), 5) for v in to_wgs84(frame).total_bounds)
    return [[south, west], [north, east]]


def overlays(tables: PageTables) -> list[Overlay]:
    """All overlays of the page, from bottom to top."""
    return [
        area_paper(tables.areas),
        existing_roads(tables.roads),
        area_borders(tables.areas),
        existing_bus(tables.routes, tables.stops),
        existing_rail(tables.routes, tables.stops),
        *planned_projects(tables.projects),
        project_joints(tables.joints, tables.projects),
        *attribution_maps(tables),
        *bus_loop_maps(tables),
        named_places(tables.places),
        *tables.tiles,
    ]


def _options(tables: PageTables, layers: list[Overlay]) -> dict[str, Any]:
    core = tables.areas.loc[tables.areas["role"] == "core"]
    return {
        "order": [layer_name(overlay) for overlay in layers],
        "kinds": SEARCH_KINDS,
        "view": _bounds(core if len(core) else tables.areas),
        "bounds": _bounds(tables.areas),
        "attribution": str(Markup.escape(tables.attribution)),
        "study": study_data(tables),
    }


def page_html(tables: PageTables) -> str:
    """HTML of the page; equal tables give equal texts."""
    layers = overlays(tables)
    figure = Figure(title=str(Markup.escape(tables.title_zh)))
    base = OfflineMap(location=(0, 0), prefer_canvas=True, zoom_control=False, zoom_snap=0.25)
    figure.add_child(base)
    sheets = "\n".join([leaflet_css(), *(_asset(f"{name}.css") for name in SHEETS)])
    scripts = "\n".join(_asset(f"{name}.js") for name in SCRIPTS)
    for text in (
        f"<style>{sheets}</style>",
        f"<script>{leaflet_js()}</script>",
        f"<script>{scripts}</script>",
    ):
        figure.header.add_child(Element(text))
    figure.html.add_child(Element(page_body(tables, layers)))
    for overlay in layers:
        base.add_child(overlay_layer(overlay))
    base.add_child(Start(_options(tables, layers)))
    set_running_ids(figure)
    text = figure.render().replace("<html>", '<html lang="zh-CN">', 1)
    text = text.replace("</head>", f"<style>{font_face(text)}</style>\n</head>", 1)
    # times last, so that the browser shows the map before it reads them
    head, end, tail = text.rpartition("</html>")
    return f"{head}{times_elements(tables)}\n{end}{tail}"


def draw_page(tables: PageTables, path: Path) -> None:
    """Write the page atomically; equal tables give equal bytes.

    Parameters
    ----------
    tables
        Inputs of the page.
    path
        HTML file to write.
    """
    write_text(path, page_html(tables))

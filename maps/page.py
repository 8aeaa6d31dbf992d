"""One page with everything on it, which needs nothing but a browser."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
from branca.element import Element, Figure
from markupsafe import Markup

from geo.crs import to_wgs84
from geo.files import write_text
from maps.accessibility import change_maps, zones
from maps.areas import area_borders, area_paper
from maps.bus_loops import bus_loop_maps
from maps.control import control, layer_name
from maps.drawn import Drawn
from maps.isochrones import isochrone_maps
from maps.joints import project_joints
from maps.layers import ZONES, Start, thing_layer, zone_layer
from maps.leaflet import OfflineMap, fixed_ids, leaflet_css, leaflet_js
from maps.legend import legend
from maps.lines import existing_bus, existing_rail
from maps.places import named_places
from maps.projects import planned_projects
from maps.roads import existing_roads
from maps.search import FOUND, SEARCH
from maps.tables import PageTables
from maps.texts import bilingual
from maps.webfont import font_face

__all__ = ["PageTables", "draw_page"]

BODY = Markup(
    "{search}"
    '<details class="card" id="about" open><summary><h1>{title}</h1></summary>'
    '<p class="note">{note}</p><div id="legend">{legend}</div></details>'
    '<details class="card" id="control" open>'
    '<summary>图层 <small lang="en">Layers</small></summary>'
    "<form>{control}</form></details>"
)
SCRIPTS = ("page.js", "streets.js", "search.js")


@cache
def _asset(name: str) -> str:
    return (Path(__file__).parent / "web" / name).read_text(encoding="utf-8")


def _bounds(frame: gpd.GeoDataFrame) -> list[list[float]]:
    """South-west and north-east corner, latitude first."""
    west, south, east, north = (round(float(v), 5) for v in to_wgs84(frame).total_bounds)
    return [[south, west], [north, east]]


def drawn_things(tables: PageTables) -> list[Drawn]:
    """Everything on the page, from the bottom to the top."""
    return [
        area_paper(tables.areas),
        *change_maps(tables),
        *isochrone_maps(tables),
        existing_roads(tables.roads),
        area_borders(tables.areas),
        existing_bus(tables.lines, tables.stops),
        existing_rail(tables.lines, tables.stops),
        *planned_projects(tables.projects),
        project_joints(tables.joints, tables.projects),
        *bus_loop_maps(tables),
        named_places(tables.places),
    ]


def _options(tables: PageTables, things: list[Drawn]) -> dict[str, Any]:
    measures = [str(bilingual(zh, en)) for _, zh, en in tables.change_stems]
    core = tables.areas.loc[tables.areas["role"] == "core"]
    return {
        "order": [layer_name(thing) for thing in things],
        "measures": measures,
        "kinds": FOUND,
        "zones": ZONES,
        "view": _bounds(core if len(core) else tables.areas),
        "bounds": _bounds(tables.areas),
        "attribution": str(Markup.escape(tables.attribution)),
    }


def _add_layers(base: folium.Map, tables: PageTables, things: list[Drawn]) -> None:
    base.add_child(zone_layer(zones(tables)))
    for thing in things:
        base.add_child(thing_layer(thing))


def page_html(tables: PageTables) -> str:
    """The page as text: the same tables give the same text."""
    things = drawn_things(tables)
    figure = Figure(title=str(Markup.escape(tables.title_zh)))
    base = OfflineMap(location=(0, 0), prefer_canvas=True, zoom_control=False, zoom_snap=0.25)
    figure.add_child(base)
    for name in (f"<style>{leaflet_css()}</style>", f"<script>{leaflet_js()}</script>"):
        figure.header.add_child(Element(name))
    figure.header.add_child(Element(f"<style>{_asset('page.css')}</style>"))
    script = "\n".join(map(_asset, SCRIPTS))
    figure.header.add_child(Element(f"<script>{script}</script>"))
    figure.html.add_child(Element(_body(tables, things)))
    _add_layers(base, tables, things)
    base.add_child(Start(_options(tables, things)))
    fixed_ids(figure)
    text = figure.render().replace("<html>", '<html lang="zh-CN">', 1)
    return text.replace("</head>", f"<style>{font_face(text)}</style>\n</head>", 1)


def _body(tables: PageTables, things: list[Drawn]) -> str:
    body = BODY.format(
        search=SEARCH,
        title=bilingual(tables.title_zh, tables.title_en),
        note=bilingual(tables.note_zh, tables.note_en),
        legend=legend(things),
        control=control(things),
    )
    # folium takes what it is given for a template
    return str(body).replace("{", "&#123;")


def draw_page(tables: PageTables, path: Path) -> None:
    """Write the page, whole or not at all; the same tables give the same bytes.

    Parameters
    ----------
    tables
        What to draw.
    path
        The HTML file to write.
    """
    write_text(path, page_html(tables))

"""Change maps of accessibility as figures for reports."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from maps.accessibility import EDGE, change_map, zone_classes
from maps.areas import CORE, PAPER, RING
from maps.projects import line_strokes
from maps.roads import LOOKS, look_name
from maps.sheet.caption import LINE_IN, Caption, add_caption
from maps.sheet.figure_files import DPI, write_picture
from maps.sheet.map_frame import INK, View, add_north, add_scale, find_view
from maps.sheet.plotting import Name, add_lines, add_names, legend_handle
from maps.style.html_text import is_true, short_name
from maps.style.overlay import Symbol
from maps.style.palette import KINDS
from maps.style.popups import KIND_NAMES
from maps.tables.page_tables import PageTables
from maps.transit import line_style, on_road

INCHES = (12.0, 9.0)
MAP_BOX = (0.015, 0.085, 0.725, 0.80)
USUAL_LINES = 2
"""Lines below the figure for which the map leaves room: a note and the sources."""
"""Left, bottom, width and height of the map, as shares of the figure."""

OUTSIDE = "#e6e4dd"
WRAP = 30
"""Letters in a line of English in the legend."""

NAME_AT = (0.5, 0.35, 0.65, 0.2, 0.8)
NAME_LIFT = 0.018
"""Distance of a name from its line, as a share of the view's height."""

NAME_INSET_M = 2_000
"""Areas visible by less than this at the edge of the frame get no name, metres."""


def _add_ground(axes: Axes, tables: PageTables, view: View) -> None:
    areas = tables.areas.to_crs(view.crs)
    areas.plot(ax=axes, color=PAPER["fillColor"], zorder=1)
    add_lines(axes, areas.boundary, RING, 4)
    add_lines(axes, areas.loc[areas["role"] == "core"].boundary, CORE, 4.1)
    roads = tables.roads.to_crs(view.crs)
    # main roads only: the figure is too small for all streets of a city
    for name, group in roads.groupby(roads["highway"].map(look_name)):
        if not LOOKS[name].zoom:
            add_lines(axes, group.geometry, LOOKS[name].style, 3)
    rail = tables.routes.loc[~on_road(tables.routes)].to_crs(view.crs)
    for kind, group in rail.groupby("vehicle"):
        add_lines(axes, group.geometry, line_style(str(kind)), 3.5)


def _add_zones(axes: Axes, tables: PageTables, index: int, view: View) -> None:
    zones = tables.accessibility.to_crs(view.crs)
    styles = change_map(tables, index).styles
    keys = pd.Series([classes[index] for classes in zone_classes(tables)], index=zones.index)
    # zones at the edge of the network last, as their outline is wider
    for key in sorted(set(keys), key=lambda name: (name.endswith(EDGE), name)):
        style = styles[key]
        polygons = zones.geometry[keys == key]
        polygons.plot(ax=axes, color=style["fillColor"], alpha=style["fillOpacity"], zorder=2)
        add_lines(axes, polygons.boundary, style, 2.1)


def _planned_lines(tables: PageTables, view: View) -> gpd.GeoDataFrame:
    """Roads and routes of the plan, clipped to the view."""
    projects = tables.projects
    planned = projects.loc[projects["in_plan"].astype(bool) & (projects["element"] != "station")]
    lines = planned.to_crs(view.crs).clip(view.box, keep_geom_type=True)
    return lines.sort_index()


def _add_projects(axes: Axes, lines: gpd.GeoDataFrame) -> None:
    for (kind, tunnel), group in lines.groupby([lines["kind"], lines["tunnel"].map(is_true)]):
        for number, style in enumerate(line_strokes(kind, tunnel=tunnel)):
            add_lines(axes, group.geometry, style, 5 + number / 10)


def _places_along(line: shapely.LineString, view: View) -> tuple[shapely.Point, ...]:
    """Candidate positions of a line's name: on it from the middle outwards, then above, below."""
    _, south, _, north = view.box.bounds
    lift = (north - south) * NAME_LIFT
    points = shapely.line_interpolate_point(line, NAME_AT, normalized=True)
    return tuple(shapely.Point(p.x, p.y + up) for up in (0, lift, -lift) for p in points)


def _names(tables: PageTables, lines: gpd.GeoDataFrame, view: View) -> list[Name]:
    """Names of the areas, then one name a project at its longest line."""
    areas = tables.areas.to_crs(view.crs)
    visible = shapely.intersection(areas.geometry.to_numpy(), view.box.buffer(-NAME_INSET_M))
    names = [
        Name((shape.representative_point(),), short_name(zh), 15, "#3d3b36")
        for shape, zh in zip(visible, areas["name_zh"], strict=True)
        if not shape.is_empty
    ]
    for _, group in lines.groupby("project_id", sort=False):
        parts = shapely.get_parts(group.geometry.to_numpy())
        places = _places_along(parts[shapely.length(parts).argmax()], view)
        zh, kind = group["project_name_zh"].iloc[0], group["kind"].iloc[0]
        names.append(Name(places, short_name(zh), 9, KINDS.get(kind, INK)))
    return names


def _legend_text(zh: str, en: str) -> str:
    """Both languages on one line if they are short, else below each other."""
    # a Chinese character takes the width of two letters
    if 2 * len(zh) + len(en) < WRAP:
        return f"{zh} {en}".strip()
    return "\n".join([zh, *textwrap.wrap(en, WRAP)])


def _legend_blocks(
    tables: PageTables, index: int, lines: gpd.GeoDataFrame
) -> list[tuple[str, list[Symbol]]]:
    change = change_map(tables, index)
    present = set(lines["kind"])
    kinds = [
        Symbol("line", line_strokes(kind, tunnel=kind == "road_tunnel"), *KIND_NAMES[kind])
        for kind in KIND_NAMES
        if kind in present
    ]
    base = [
        Symbol("line", (CORE,), "核心区界线（近似）", "Core"),
        Symbol("line", (RING,), "规划片区界线", "Areas"),
        Symbol("line", (line_style("metro"),), "现状轨道", "Existing rail"),
        Symbol("line", (LOOKS["primary"].style,), "现状道路", "Existing roads"),
    ]
    return [
        (_legend_text(change.zh, change.en), list(change.symbols)),
        ("规划项目 Planned projects", kinds),
        ("现状 Today", base),
    ]


def _add_legend(figure: Figure, blocks: list[tuple[str, list[Symbol]]]) -> None:
    top = MAP_BOX[1] + MAP_BOX[3]
    for title, symbols in blocks:
        # matplotlib draws tuples of artists over each other; its stubs do not allow them
        handles: list[Any] = [legend_handle(symbol) for symbol in symbols]
        block = figure.legend(
            handles,
            [_legend_text(symbol.zh, symbol.en) for symbol in symbols],
            title=title,
            loc="upper left",
            bbox_to_anchor=(MAP_BOX[0] + MAP_BOX[2] + 0.004, top),
            frameon=False,
            alignment="left",
            handlelength=3.2,
            fontsize=9.5,
            title_fontsize=11,
        )
        top -= block.get_window_extent().height / (INCHES[1] * DPI) + 0.012


def change_caption(tables: PageTables, index: int) -> Caption:
    """Titles and notes of a change map."""
    stem, zh, en = tables.change_stems[index]
    about_transit = filter(None, tables.transit_note if "_transit_" in stem else ())
    note = f"{tables.note_zh} {tables.note_en}"
    return Caption(
        f"{tables.title_zh} — {zh}",
        f"{tables.title_en} — {en}",
        (*about_transit, note, f"数据 Data: {tables.attribution}"),
    )


def _map_box(caption: Caption) -> tuple[float, float, float, float]:
    """Where the map is: shorter above more lines than a note and the sources."""
    left, bottom, width, height = MAP_BOX
    more = LINE_IN * (len(caption.lines) - USUAL_LINES) / INCHES[1]
    return left, bottom + more, width, height - more


def change_figure(tables: PageTables, index: int) -> Figure:
    """Figure of one change map, in the fonts of matplotlib's current settings.

    Parameters
    ----------
    tables
        Inputs of the page.
    index
        Position in `change_stems`.
    """
    caption = change_caption(tables, index)
    box = _map_box(caption)
    view = find_view(tables.areas, INCHES[0] * box[2] / (INCHES[1] * box[3]))
    figure = Figure(figsize=INCHES, dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes(box, facecolor=OUTSIDE, xticks=[], yticks=[])
    _add_ground(axes, tables, view)
    if not tables.accessibility.empty:
        _add_zones(axes, tables, index, view)
    lines = _planned_lines(tables, view)
    _add_projects(axes, lines)
    west, south, east, north = view.box.bounds
    axes.set(xlim=(west, east), ylim=(south, north), aspect="equal", xlabel="", ylabel="")
    add_names(axes, _names(tables, lines, view))
    add_scale(axes, view)
    add_north(axes)
    _add_legend(figure, _legend_blocks(tables, index, lines))
    add_caption(figure, caption)
    return figure


def draw_change_figure(tables: PageTables, path: Path, *, stem: str | None = None) -> list[Path]:
    """Write a change map as PNG (2400 x 1800 pixels), SVG and PDF.

    Parameters
    ----------
    tables
        Areas, roads, projects of the plan, accessibility and texts are used.
    path
        Path of the files without extension, see `maps.sheet.figure_files.write_picture`.
    stem
        Stem of `change_stems`; None: the first.

    Returns
    -------
    list of Path
        Paths of the files.

    Raises
    ------
    ValueError
        If `change_stems` lacks the stem.
    """
    stems = [name for name, _, _ in tables.change_stems]
    if not stems or (stem and stem not in stems):
        raise ValueError(f"no change map {stem!r}; there are: {', '.join(stems)}")
    index = stems.index(stem) if stem else 0
    return write_picture(lambda: change_figure(tables, index), path)

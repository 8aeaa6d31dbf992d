"""Streets that look and read the same drawn as one, so that pages of whole cities stay small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import to_wgs84
from maps.style.overlay import DECIMALS, Overlay, Style
from maps.style.polyline import encoded_lines

OSM_ID = r"\d+(?:\.\d+)?"
"""Id of a street from OpenStreetMap: its way, and which street of that way it is."""

DRAWN_WITHIN_DEG = 10.0**-DECIMALS
"""How far a drawn line may leave the real one, degrees: about a metre."""


@dataclass(frozen=True)
class SameStreets:
    """Streets that look and read the same.

    Attributes
    ----------
    zh, en
        Their name, plain text.
    rows
        What their tip says below the name, HTML.
    strokes
        Styles drawn over each other.
    zoom
        Not drawn when further out.
    lines
        LineStrings in longitude and latitude.
    ways
        The OSM way of each line; none for a network of another source.
    """

    zh: str
    en: str
    rows: str
    strokes: tuple[Style, ...]
    zoom: float
    lines: np.ndarray
    ways: tuple[str, ...]


@dataclass(frozen=True)
class Streets(Overlay):
    """Streets on the page, from the bottom to the top; they have no GeoJSON."""

    groups: tuple[SameStreets, ...] = ()


def _parts(roads: gpd.GeoDataFrame, group: np.ndarray) -> pd.DataFrame:
    """The lines to draw: streets of one way and group that go on from each other are one.

    Columns `group`, `way` (empty for networks that are not OSM's) and `line`.
    """
    osmid = roads["osmid"].astype(str)
    is_osm = bool(osmid.str.fullmatch(OSM_ID).all())
    way = osmid.str.partition(".")[0] if is_osm else pd.Series("", index=osmid.index)
    table = pd.DataFrame({"group": group, "way": way.to_numpy(), "line": roads.geometry.to_numpy()})
    if not is_osm:
        return table.sort_values("group", kind="stable", ignore_index=True)
    table = table.sort_values(["group", "way"], kind="stable", ignore_index=True)
    piece = table.groupby(["group", "way"], sort=False).ngroup().to_numpy()
    first = table.drop_duplicates(["group", "way"])
    merged = shapely.line_merge(shapely.multilinestrings(table["line"].to_numpy(), indices=piece))
    lines, at = shapely.get_parts(merged, return_index=True)
    return first.iloc[at].assign(line=lines).reset_index(drop=True)


def same_streets(
    roads: gpd.GeoDataFrame, texts: pd.DataFrame
) -> Iterator[tuple[Any, np.ndarray, tuple[str, ...]]]:
    """Each distinct row of texts, with the lines of its streets and their OSM ways.

    Parameters
    ----------
    roads
        `osmid` and lines, any CRS.
    texts
        What is said and shown of each street, in the same order.
    """
    if roads.empty:
        return
    group = texts.groupby(list(texts.columns), sort=False).ngroup().to_numpy()
    parts = _parts(to_wgs84(roads), group)
    lines = shapely.simplify(parts["line"].to_numpy(), DRAWN_WITHIN_DEG, preserve_topology=False)
    ways = parts["way"].to_numpy(dtype=object)
    ends = np.flatnonzero(np.diff(parts["group"].to_numpy(), append=-1)) + 1
    rows = texts.iloc[np.unique(group, return_index=True)[1]].itertuples()
    for row, start, end in zip(rows, [0, *ends[:-1]], ends, strict=True):
        yield row, lines[start:end], tuple(way for way in ways[start:end] if way)


class _Numbers(dict[Any, int]):
    """Numbers for things that are said once and used often."""

    def __missing__(self, key: Any) -> int:
        self[key] = len(self)
        return self[key]


def packed(groups: Iterable[SameStreets]) -> dict[str, Any]:
    """Streets as the page's script unpacks them.

    Returns
    -------
    dict
        `styles` and `rows`, which `streets` name by their position; `streets`: Chinese and
        English name, strokes, rows, zoom, lines (encoded, one after the other with a blank
        between) and ways (likewise).
    """
    styles, rows = _Numbers(), _Numbers()
    streets = [
        [
            group.zh,
            group.en,
            [styles[tuple(stroke.items())] for stroke in group.strokes],
            rows[group.rows],
            group.zoom,
            " ".join(encoded_lines(group.lines)),
            " ".join(group.ways),
        ]
        for group in groups
    ]
    return {"styles": [dict(style) for style in styles], "rows": list(rows), "streets": streets}

"""Streets with the same look and texts drawn as one, to keep pages of whole cities small."""

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
"""Id of a street from OpenStreetMap: the OSM way, and the number of the street within it."""

TOLERANCE_DEG = 10.0**-DECIMALS
"""Tolerance of simplified lines, degrees: about a metre."""


@dataclass(frozen=True)
class StreetGroup:
    """Streets with the same look and texts.

    Attributes
    ----------
    zh, en
        Their name, plain text.
    rows
        Rows of their tooltip below the name, HTML.
    strokes
        Styles drawn over each other.
    zoom
        Smallest zoom at which they are drawn.
    lines
        LineStrings in longitude and latitude.
    ways
        OSM way of each line; empty if the network is not from OSM.
    """

    zh: str
    en: str
    rows: str
    strokes: tuple[Style, ...]
    zoom: float
    lines: np.ndarray
    ways: tuple[str, ...]


@dataclass(frozen=True)
class StreetOverlay(Overlay):
    """Overlay of streets, groups from bottom to top; `features` is empty."""

    groups: tuple[StreetGroup, ...] = ()


def _merged_lines(roads: gpd.GeoDataFrame, group: np.ndarray) -> pd.DataFrame:
    """Lines to draw: consecutive streets of the same way and group are merged.

    Columns `group`, `way` (empty if the network is not from OSM) and `line`.
    """
    osmid = roads["osmid"].astype(str)
    is_osm = bool(osmid.str.fullmatch(OSM_ID).all())
    way = osmid.str.partition(".")[0] if is_osm else pd.Series("", index=osmid.index)
    table = pd.DataFrame({"group": group, "way": way.to_numpy(), "line": roads.geometry.to_numpy()})
    if not is_osm:
        return table.sort_values("group", kind="stable", ignore_index=True)
    table = table.sort_values(["group", "way"], kind="stable", ignore_index=True)
    street = table.groupby(["group", "way"], sort=False).ngroup().to_numpy()
    first = table.drop_duplicates(["group", "way"])
    # merged street by street: consecutive lines of a way become one, gaps leave several parts
    merged = shapely.line_merge(shapely.multilinestrings(table["line"].to_numpy(), indices=street))
    lines, part_of = shapely.get_parts(merged, return_index=True)
    return first.iloc[part_of].assign(line=lines).reset_index(drop=True)


def street_groups(
    roads: gpd.GeoDataFrame, texts: pd.DataFrame
) -> Iterator[tuple[Any, np.ndarray, tuple[str, ...]]]:
    """Yield each distinct row of texts, with the lines of its streets and their OSM ways.

    Parameters
    ----------
    roads
        `osmid` and lines, any CRS.
    texts
        Texts and looks of each street, in the same order.
    """
    if roads.empty:
        return
    group = texts.groupby(list(texts.columns), sort=False).ngroup().to_numpy()
    merged = _merged_lines(to_wgs84(roads), group)
    lines = shapely.simplify(merged["line"].to_numpy(), TOLERANCE_DEG, preserve_topology=False)
    ways = merged["way"].to_numpy(dtype=object)
    ends = np.flatnonzero(np.diff(merged["group"].to_numpy(), append=-1)) + 1
    rows = texts.iloc[np.unique(group, return_index=True)[1]].itertuples()
    for row, start, end in zip(rows, [0, *ends[:-1]], ends, strict=True):
        yield row, lines[start:end], tuple(way for way in ways[start:end] if way)


class _Numbering(dict[Any, int]):
    """Running numbers of distinct keys, in order of first use."""

    def __missing__(self, key: Any) -> int:
        self[key] = len(self)
        return self[key]


def packed_streets(groups: Iterable[StreetGroup]) -> dict[str, Any]:
    """Streets in the form that the page's script unpacks.

    Returns
    -------
    dict
        `styles` and `rows`, which `streets` refer to by position; `streets`: Chinese and English
        name, strokes, rows, zoom, lines (encoded, separated by blanks) and ways (likewise).
    """
    styles, rows = _Numbering(), _Numbering()
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

"""Isochrones: one thing to show for each scenario and mode, in bands of time."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import shapely
from markupsafe import Markup

from maps.drawn import Drawn, Look, Style, Symbol, collection, features
from maps.palette import CUTOFFS
from maps.places import origin_mark
from maps.tables import PageTables
from maps.texts import bilingual, short_name

MODES = {
    "transit": ("公交", "transit"),
    "drive": ("小汽车", "car"),
    "walk": ("步行", "walking"),
}
MINUTE = 60


def band_style(number: int) -> Style:
    """The look of a band, the nearest first."""
    color = CUTOFFS[min(number, len(CUTOFFS) - 1)]
    outline = {"color": "#3a4a5a", "weight": 0.7, "opacity": 0.7}
    return {**outline, "fill": True, "fillColor": color, "fillOpacity": 0.62}


def bands(isochrones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """What each cutoff reaches beyond the smaller one, nearest first.

    Parameters
    ----------
    isochrones
        `cutoff_secs` and polygons of one origin, mode and scenario.

    Returns
    -------
    GeoDataFrame
        As given, sorted, with `band` (0 the nearest) and the polygon without the smaller ones.
    """
    ordered = isochrones.sort_values("cutoff_secs", kind="stable").reset_index(drop=True)
    shapes = ordered.geometry.to_numpy()
    rings = [shapes[0], *shapely.difference(shapes[1:], shapes[:-1])] if len(shapes) else []
    return ordered.set_geometry(gpd.GeoSeries(rings, crs=ordered.crs)).assign(
        band=range(len(ordered))
    )


def _looks(row: Any) -> list[Look]:
    minutes = f"{row.cutoff_secs / MINUTE:g}"
    tip = bilingual(f"≤ {minutes} 分钟", f"within {minutes} min")
    return [{"style": band_style(row.band), "tip": str(Markup("<b>{}</b>").format(tip))}]


def _layer(key: str, group: gpd.GeoDataFrame, tables: PageTables) -> Drawn:
    first = group.iloc[0]
    mode = MODES.get(first["mode"], (first["mode"], first["mode"]))
    bands_of = bands(group)
    symbols = [
        Symbol("fill", (band_style(row.band),), f"≤ {minutes} 分钟", f"{minutes} min")
        for row in bands_of.itertuples()
        for minutes in [f"{row.cutoff_secs / MINUTE:g}"]
    ]
    origin = origin_mark(tables.places, first["origin_id"], tables.origin_zh)
    return Drawn(
        key,
        f"等时圈：{mode[0]} · {short_name(first['scenario_zh'])}",
        f"Isochrones, {mode[1]}, {short_name(first['scenario_en'])}",
        collection(features(bands_of[::-1], _looks) + origin),
        tuple(symbols),
        group="theme",
        choice="theme",
        note=(f"起点：{tables.origin_zh}", ""),
    )


def isochrone_maps(tables: PageTables) -> list[Drawn]:
    """One for each mode and scenario, in the order of the table."""
    groups = tables.isochrones.groupby(["mode", "scenario"], sort=False)
    drawn = [_layer(f"isochrones_{n}", group, tables) for n, (_, group) in enumerate(groups)]
    # public transport first, each scenario beside the other of its mode
    return sorted(drawn, key=lambda thing: "transit" not in thing.en)

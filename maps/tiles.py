"""Backgrounds from the internet: offered to those who ask for them, off until chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from maps.style.overlay import Overlay, collection

OSM_URL = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
TIANDITU_URL = (
    "https://t{s}.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk="
)
"""Its vector map in web Mercator, CGCS2000: drawn in its true place, unlike GCJ-02 maps."""


@dataclass(frozen=True)
class Tiles(Overlay):
    """A background of square pictures.

    Attributes
    ----------
    url
        With `{z}`, `{x}`, `{y}` and `{s}` as Leaflet has them.
    options
        Of Leaflet's tile layer.
    """

    url: str = ""
    options: tuple[tuple[str, Any], ...] = ()


def _tiles(key: str, names: tuple[str, str], url: str, **options: Any) -> Tiles:
    return Tiles(
        f"tiles_{key}",
        *names,
        collection([]),
        group="base",
        url=url,
        options=tuple(options.items()),
    )


def osm_tiles() -> Tiles:
    """OpenStreetMap's own map."""
    credit = "© OpenStreetMap contributors"
    return _tiles(
        "osm", ("在线底图 OSM", "Online map OSM"), OSM_URL, maxZoom=19, attribution=credit
    )


def tianditu_tiles(key: str) -> Tiles:
    """Tianditu's map, the public map of China's surveying authority.

    Parameters
    ----------
    key
        The user's own, letters and digits.

    Raises
    ------
    ValueError
        If it has other characters.

    Examples
    --------
    >>> tianditu_tiles("0a1b").url.endswith("tk=0a1b")
    True
    """
    if not re.fullmatch(r"[0-9A-Za-z]+", key):
        raise ValueError("a key of Tianditu has letters and digits only")
    names = ("在线底图 天地图", "Online map Tianditu")
    options = {"maxZoom": 18, "subdomains": "01234567", "attribution": "天地图 Tianditu"}
    return _tiles("tianditu", names, TIANDITU_URL + key, **options)

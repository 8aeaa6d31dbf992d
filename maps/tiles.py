"""Optional background maps from the internet, off until chosen."""

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
"""Vector map in web Mercator and CGCS2000: without the offset of GCJ-02 maps."""


@dataclass(frozen=True)
class Tiles(Overlay):
    """A background of map tiles.

    Attributes
    ----------
    url
        Leaflet's URL template with `{z}`, `{x}`, `{y}` and `{s}`.
    options
        Options of Leaflet's tile layer.
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
    """Standard tiles of OpenStreetMap."""
    credit = "© OpenStreetMap contributors"
    return _tiles(
        "osm", ("在线底图 OSM", "Online map OSM"), OSM_URL, maxZoom=19, attribution=credit
    )


def tianditu_tiles(key: str) -> Tiles:
    """Tiles of Tianditu, the public map of China's surveying authority.

    Parameters
    ----------
    key
        The user's API key, letters and digits.

    Raises
    ------
    ValueError
        If the key has other characters.

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

"""A folium map that loads nothing from outside the page."""

from __future__ import annotations

import base64
import re
from functools import cache
from pathlib import Path
from typing import Any

import folium
from branca.element import Element
from xstatic.pkg import leaflet


class OfflineMap(folium.Map):
    """folium's map without links: Leaflet is embedded in the page, other libraries are not used."""

    def __init__(self, **options: Any) -> None:
        super().__init__(tiles=None, **options)
        self.default_js = []
        self.default_css = []


def _data_uri(image: Path) -> str:
    content = base64.b64encode(image.read_bytes()).decode("ascii")
    return f"data:image/png;base64,{content}"


@cache
def leaflet_css() -> str:
    """Leaflet's style sheet with its images embedded."""
    folder = Path(leaflet.BASE_DIR)
    text = (folder / "leaflet.css").read_text(encoding="utf-8")
    return re.sub(r"url\(([^)#]+)\)", lambda m: f"url({_data_uri(folder / m[1])})", text)


@cache
def leaflet_js() -> str:
    """Leaflet's script without the link to its source map, which browsers would request."""
    text = (Path(leaflet.BASE_DIR) / "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=.*", "", text).strip()


def set_running_ids(root: Element) -> None:
    """Replace folium's random ids of all elements by running numbers.

    Elements whose id is not a random one keep it.
    """
    stack = [root]
    number = 0
    while stack:
        element = stack.pop()
        if re.fullmatch(r"[0-9a-f]{32}", element._id):  # noqa: SLF001 - no public way
            element._id = f"n{number}"  # noqa: SLF001
            number += 1
        stack.extend(reversed(element._children.values()))  # noqa: SLF001

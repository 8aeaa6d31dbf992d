"""Search on the page: kinds of features and their names."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from maps.style.html_text import both_languages, plain

SEARCH_KINDS: dict[str, tuple[str, str]] = {
    "street": ("街道", "Street"),
    "place": ("地点", "Place"),
    "station": ("车站", "Station"),
    "planned_station": ("规划车站", "Planned station"),
    "project": ("规划项目", "Project"),
    "line": ("轨道线路", "Rail line"),
    "area": ("片区", "Area"),
    "bus": ("公交线路", "Bus route"),
    "stop": ("公交站", "Bus stop"),
}
"""Names of kinds of features; among equal hits, earlier kinds come first."""

PLACEHOLDER = ("搜索街道、车站、地点…", "Search streets, stations, places")

SEARCH = Markup(
    '<div class="card" id="search" role="search"><input type="search" role="combobox"'
    ' aria-label="{0}" placeholder="{0}"{1} aria-expanded="false" aria-controls="hits"'
    ' aria-autocomplete="list" autocomplete="off" spellcheck="false">'
    '<ul id="hits" role="listbox" aria-label="{0}" hidden></ul></div>'
).format(PLACEHOLDER[0], both_languages(*PLACEHOLDER, says="placeholder aria-label"))


def search_entry(kind: str, zh: Any, en: Any = "") -> tuple[str, str, str]:
    """Search entry of a feature: its kind (key of `SEARCH_KINDS`) and its names.

    Examples
    --------
    >>> search_entry("station", "西永", None)
    ('station', '西永', '')
    """
    return kind, plain(zh), plain(en)

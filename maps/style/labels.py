"""Labels on the map; the page hides those that would cover a more important one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from maps.style.html_text import bilingual


@dataclass(frozen=True)
class LabelKind:
    """Class, priority and zoom of the labels of one kind of feature.

    Attributes
    ----------
    css
        CSS class in `web/page.css`.
    priority
        Labels with lower numbers are placed first.
    min_zoom
        Smallest zoom at which they are shown.
    """

    css: str
    priority: int
    min_zoom: float


AREA = LabelKind("area", 0, 0)
PROJECT = LabelKind("project", 2, 10.5)
PLACE = LabelKind("place", 4, 11)
STATION = LabelKind("station", 5, 12.5)
PLACEHOLDER = LabelKind("placeholder", 6, 13)


def label(
    kind: LabelKind, zh: Any, en: Any = "", *, css: str = "", direction: str = "right"
) -> dict[str, Any]:
    """A label on the map, escaped.

    Parameters
    ----------
    kind
        Kind of the label.
    zh, en
        The name.
    css
        A further CSS class, ASCII letters and underscores.
    direction
        Side of the point on which the label stands, as in Leaflet.

    Examples
    --------
    >>> label(AREA, "<核心区>", "core", direction="center")["html"]
    '<span lang="zh-CN">&lt;核心区&gt;</span><span lang="en">core</span>'
    """
    return {
        "html": str(bilingual(zh, en)),
        "css": f"{kind.css} {css}".strip(),
        "priority": kind.priority,
        "zoom": kind.min_zoom,
        "direction": direction,
    }

"""The legend: one section an overlay; the page shows those of visible overlays."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from maps.page.layer_control import CHOICES, GROUPS, layer_name
from maps.style.html_text import bilingual
from maps.style.overlay import Overlay, Style, Symbol
from maps.tiles import Tiles

WIDTH, HEIGHT = 44, 18
MIDDLE = HEIGHT / 2
DOT = 6.5
"""Largest radius of a dot in the legend; larger dots would be cut off."""


def _paint(style: Style) -> dict[str, object]:
    """Leaflet's path options as SVG attributes."""
    filled = style.get("fill", False)
    paint: dict[str, object] = {
        "stroke": style.get("color", "none") if style.get("stroke", True) else "none",
        "stroke-width": style.get("weight", 0),
        "stroke-opacity": style.get("opacity", 1),
        "stroke-linecap": style.get("lineCap", "round"),
        "fill": style.get("fillColor", "none") if filled else "none",
        "fill-opacity": style.get("fillOpacity", 1),
    }
    if "dashArray" in style:
        paint["stroke-dasharray"] = style["dashArray"]
    return paint


def _shape(shape: str, style: Style) -> Markup:
    if shape == "line":
        tag, place = "line", {"x1": 3, "y1": MIDDLE, "x2": WIDTH - 3, "y2": MIDDLE}
    elif shape == "dot":
        tag, place = (
            "circle",
            {"cx": WIDTH / 2, "cy": MIDDLE, "r": min(style.get("radius", 4), DOT)},
        )
    else:
        tag, place = "rect", {"x": 5, "y": 2, "width": WIDTH - 10, "height": HEIGHT - 4}
    attributes = {**place, **_paint(style)}
    text = Markup(" ").join(Markup('{}="{}"').format(*pair) for pair in attributes.items())
    return Markup("<{} {}/>").format(tag, text)


def symbol_svg(symbol: Symbol) -> Markup:
    """SVG of a symbol, with the strokes that it has on the map."""
    shapes = Markup().join(_shape(symbol.shape, style) for style in symbol.strokes)
    frame = Markup(
        '<svg width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-hidden="true">{2}</svg>'
    )
    return frame.format(WIDTH, HEIGHT, shapes)


def _line(symbol: Symbol) -> Markup:
    return Markup("<li>{}<span>{}</span></li>").format(
        symbol_svg(symbol), bilingual(symbol.zh, symbol.en)
    )


def legend_title(overlay: Overlay) -> Markup:
    """Name of the overlay, with that of its set, as overlays of a set are named after scenarios."""
    zh, en = CHOICES.get(overlay.choice, ("", ""))
    if not zh:
        return bilingual(overlay.zh, overlay.en)
    return bilingual(f"{zh} · {overlay.zh}", f"{en}, {overlay.en}")


def _section(overlay: Overlay) -> Markup:
    none = Markup("<li>{}</li>").format(bilingual("无", "None"))
    lines = Markup().join(_line(symbol) for symbol in overlay.symbols) or none
    note = Markup("<p>{}</p>").format(bilingual(*overlay.note)) if overlay.note[0] else ""
    return Markup('<section data-legend="{}" hidden><h3>{}</h3><ul>{}</ul>{}</section>').format(
        layer_name(overlay), legend_title(overlay), lines, note
    )


def legend(overlays: Sequence[Overlay]) -> Markup:
    """Sections of all overlays that can be switched, in the order of the control's groups."""
    order = list(GROUPS)
    switchable = [
        overlay for overlay in overlays if overlay.group and not isinstance(overlay, Tiles)
    ]
    return Markup().join(
        map(_section, sorted(switchable, key=lambda overlay: order.index(overlay.group)))
    )

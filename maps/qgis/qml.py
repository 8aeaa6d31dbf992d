"""QGIS styles (QML) from the looks of the map page, with Chinese names of the columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

from maps.style.overlay import Style, Symbol

MM_A_PIXEL = 0.26
"""QGIS measures in millimetres, the page in pixels at 96 an inch."""


@dataclass(frozen=True)
class QgisStyle:
    """Classes and column names of a layer in QGIS.

    Attributes
    ----------
    column
        Column that defines the classes; empty: all features look the same.
    classes
        Value (or a pair of numbers: from, to) and symbol of each class; without a column, one class
        whose value is ignored.
    aliases
        Names of columns shown by QGIS.
    """

    column: str
    classes: Sequence[tuple[Any, Symbol]]
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_graduated(self) -> bool:
        """Whether classes are ranges of numbers."""
        return bool(self.column) and all(isinstance(value, tuple) for value, _ in self.classes)


def _rgba(color: str, opacity: float) -> str:
    """A colour as QGIS writes it.

    Examples
    --------
    >>> _rgba("#ff8000", 0.5)
    '255,128,0,128'
    """
    parts = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    return ",".join(map(str, [*parts, round(255 * opacity)]))


def _line(style: Style) -> dict[str, str]:
    options = {
        "line_color": _rgba(style["color"], style.get("opacity", 1)),
        "line_width": f"{style['weight'] * MM_A_PIXEL:g}",
        "capstyle": "flat" if style.get("lineCap") == "butt" else "round",
        "joinstyle": "round",
    }
    dashes = [float(n) * MM_A_PIXEL for n in str(style.get("dashArray", "")).split()]
    if any(dashes[1:]):
        options |= {"use_custom_dash": "1", "customdash": ";".join(f"{n:g}" for n in dashes)}
    return options


def _outline(style: Style) -> dict[str, str]:
    has_stroke = style.get("stroke", True) and style.get("color")
    return {
        "outline_color": _rgba(style["color"], style.get("opacity", 1))
        if has_stroke
        else "0,0,0,0",
        "outline_width": f"{style.get('weight', 0) * MM_A_PIXEL:g}",
        "outline_style": "solid" if has_stroke else "no",
    }


def _fill(style: Style) -> str:
    if not style.get("fill"):
        return "0,0,0,0"
    return _rgba(style["fillColor"], style.get("fillOpacity", 1))


def _dot(style: Style) -> dict[str, str]:
    size = f"{2 * style.get('radius', 4) * MM_A_PIXEL:g}"
    return {"name": "circle", "color": _fill(style), "size": size, **_outline(style)}


def _area(style: Style) -> dict[str, str]:
    return {"color": _fill(style), "style": "solid", **_outline(style)}


SHAPES = {
    "line": ("line", "SimpleLine", _line),
    "dot": ("marker", "SimpleMarker", _dot),
    "fill": ("fill", "SimpleFill", _area),
}


def _add_symbol(symbols: ET.Element, name: str, symbol: Symbol) -> None:
    kind, layer_class, options_of = SHAPES[symbol.shape]
    element = ET.SubElement(symbols, "symbol", type=kind, name=name, alpha="1")
    for style in symbol.strokes:
        layer = ET.SubElement(element, "layer", {"class": layer_class, "enabled": "1"})
        options = ET.SubElement(layer, "Option", type="Map")
        for key, value in options_of(style).items():
            # `prop` is for QGIS before 3.26
            ET.SubElement(options, "Option", name=key, value=value, type="QString")
            ET.SubElement(layer, "prop", k=key, v=value)


def _add_class(parent: ET.Element, style: QgisStyle, number: int) -> None:
    value, symbol = style.classes[number]
    attributes = {"symbol": str(number), "label": symbol.zh, "render": "true"}
    if style.is_graduated:
        low, high = (f"{end:.15g}" for end in value)
        ET.SubElement(parent, "range", {"lower": low, "upper": high, **attributes})
    else:
        kind = "long" if isinstance(value, int) else "string"
        ET.SubElement(parent, "category", {"value": str(value), "type": kind, **attributes})


def _add_renderer(root: ET.Element, style: QgisStyle) -> None:
    names = {True: "graduatedSymbol", False: "categorizedSymbol"}
    kind = names[style.is_graduated] if style.column else "singleSymbol"
    attributes = {"type": kind, "enableorderby": "0", "forceraster": "0", "symbollevels": "0"}
    if style.column:
        attributes["attr"] = style.column
    renderer = ET.SubElement(root, "renderer-v2", attributes)
    if style.column:
        tag = "ranges" if style.is_graduated else "categories"
        parent = ET.SubElement(renderer, tag)
        for number in range(len(style.classes)):
            _add_class(parent, style, number)
    symbols = ET.SubElement(renderer, "symbols")
    for number, (_, symbol) in enumerate(style.classes):
        _add_symbol(symbols, str(number), symbol)


def qml(style: QgisStyle) -> str:
    """Text of a style, which QGIS reads from files and GeoPackages.

    Parameters
    ----------
    style
        The style; equal styles give equal texts.
    """
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology|Fields")
    _add_renderer(root, style)
    aliases = ET.SubElement(root, "aliases")
    for number, (column, name) in enumerate(style.aliases.items()):
        ET.SubElement(aliases, "alias", field=column, name=name, index=str(number))
    ET.indent(root, " ")
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return head + ET.tostring(root, encoding="unicode") + "\n"

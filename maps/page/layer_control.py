"""Layer control: overlays by group, as plain form fields."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from maps.style.html_text import bilingual
from maps.style.overlay import Overlay

GROUPS = {
    "plan": ("规划项目", "Planned projects"),
    "brings": ("哪个项目带来什么", "Which project brings what"),
    "loops": ("跨界公交闭环", "Cross-border bus loops"),
    "today": ("现状网络", "Networks today"),
    "base": ("底图", "Base"),
}
"""Headings of the groups, in their order."""

CHOICES = {
    "gateways": ("跨界关口", "Gateways"),
    "gaps": ("断点", "Gaps"),
    "loops": ("闭环线路", "Loops"),
    "links": ("建议联络线", "Proposed links"),
    "proposals": ("建议环线", "Proposed loop lines"),
}
"""Titles of sets of which one overlay is shown at a time; a set takes one line."""


def layer_name(overlay: Overlay) -> str:
    """Name of the overlay's layer in the page's script: folium's class and the key."""
    return f"geo_json_{overlay.key}"


def _field(kind: str, name: str, layer: str, *, checked: bool) -> Markup:
    mark = Markup(" checked") if checked else ""
    return Markup('<input type="{}" name="{}" data-layer="{}"{}>').format(kind, name, layer, mark)


def _checkbox(overlay: Overlay) -> Markup:
    field = _field("checkbox", overlay.key, layer_name(overlay), checked=overlay.show)
    return Markup("<label>{}<span>{}</span></label>").format(
        field, bilingual(overlay.zh, overlay.en)
    )


def _radio_set(name: str, overlays: Sequence[Overlay]) -> Markup:
    none = _field("radio", name, "", checked=not any(overlay.show for overlay in overlays))
    lines = [Markup("<label>{}<span>{}</span></label>").format(none, bilingual("不显示", "none"))]
    for overlay in overlays:
        field = _field("radio", name, layer_name(overlay), checked=overlay.show)
        text = bilingual(overlay.zh, overlay.en)
        lines.append(Markup("<label>{}<span>{}</span></label>").format(field, text))
    fields = Markup().join(lines)
    if name not in CHOICES:
        return fields
    title = bilingual(*CHOICES[name])
    return Markup('<fieldset class="inline"><legend>{}</legend>{}</fieldset>').format(title, fields)


def _group(key: str, overlays: Sequence[Overlay]) -> Markup:
    parts: list[Markup] = []
    for choice, members in groupby(overlays, key=lambda overlay: overlay.choice):
        choices = list(members)
        parts += (
            [_radio_set(choice, choices)] if choice else [_checkbox(overlay) for overlay in choices]
        )
    heading = bilingual(*GROUPS[key])
    return Markup("<fieldset><legend>{}</legend>{}</fieldset>").format(
        heading, Markup().join(parts)
    )


def control(overlays: Sequence[Overlay]) -> Markup:
    """HTML of the layer control: all overlays by group, sets as radio buttons.

    Parameters
    ----------
    overlays
        All overlays, in the order of the control.
    """
    parts = []
    for key in GROUPS:
        members = [overlay for overlay in overlays if overlay.group == key]
        if members:
            parts.append(_group(key, members))
    return Markup().join(parts)

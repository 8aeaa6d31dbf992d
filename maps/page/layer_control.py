"""The control: groups of things to switch on and off, plain form fields."""

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
"""Headings, in their order."""

CHOICES = {
    "gateways": ("跨界关口", "Gateways"),
    "gaps": ("断点", "Gaps"),
    "loops": ("闭环线路", "Loops"),
    "links": ("建议联络线", "Proposed links"),
    "proposals": ("建议环线", "Proposed loop lines"),
}
"""Sets of which one thing is shown at a time and which stand in one line."""


def layer_name(thing: Overlay) -> str:
    """The name of the thing's layer in the page's script: folium's class and our key."""
    return f"geo_json_{thing.key}"


def _field(kind: str, name: str, layer: str, *, checked: bool) -> Markup:
    mark = Markup(" checked") if checked else ""
    return Markup('<input type="{}" name="{}" data-layer="{}"{}>').format(kind, name, layer, mark)


def _box(thing: Overlay) -> Markup:
    field = _field("checkbox", thing.key, layer_name(thing), checked=thing.show)
    return Markup("<label>{}<span>{}</span></label>").format(field, bilingual(thing.zh, thing.en))


def _choice(name: str, things: Sequence[Overlay]) -> Markup:
    none = _field("radio", name, "", checked=not any(thing.show for thing in things))
    lines = [Markup("<label>{}<span>{}</span></label>").format(none, bilingual("不显示", "none"))]
    for thing in things:
        field = _field("radio", name, layer_name(thing), checked=thing.show)
        text = bilingual(thing.zh, thing.en)
        lines.append(Markup("<label>{}<span>{}</span></label>").format(field, text))
    fields = Markup().join(lines)
    if name not in CHOICES:
        return fields
    title = bilingual(*CHOICES[name])
    return Markup('<fieldset class="inline"><legend>{}</legend>{}</fieldset>').format(title, fields)


def _group(key: str, things: Sequence[Overlay]) -> Markup:
    parts: list[Markup] = []
    for choice, members in groupby(things, key=lambda thing: thing.choice):
        listed = list(members)
        parts += [_choice(choice, listed)] if choice else [_box(thing) for thing in listed]
    heading = bilingual(*GROUPS[key])
    return Markup("<fieldset><legend>{}</legend>{}</fieldset>").format(
        heading, Markup().join(parts)
    )


def control(things: Sequence[Overlay]) -> Markup:
    """All things by group; of a choice, one at a time.

    Parameters
    ----------
    things
        From the bottom of the map to its top; the control lists the top ones first.
    """
    parts = []
    for key in GROUPS:
        members = [thing for thing in things if thing.group == key]
        if members:
            parts.append(_group(key, members))
    return Markup().join(parts)

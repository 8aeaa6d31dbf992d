"""Drawn things as folium layers, whose data reaches the page's script as it stands."""

from __future__ import annotations

import json
import re
from typing import Any

from branca.element import MacroElement
from folium.map import Layer
from folium.template import Template

from maps.page.layer_control import layer_name
from maps.style.merged_streets import Streets, packed
from maps.style.overlay import Overlay
from maps.tiles import Tiles


def script_json(value: Any) -> str:
    r"""A value as JSON that may stand in a script of a folium page.

    No letter of it can end the script, and none is taken for a template by folium, which renders
    its scripts twice.

    Examples
    --------
    >>> script_json(["</script>", "{{街}}", {}])
    '["\\u003c/script>","\\u007b{街}}",{}]'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return re.sub(r"\{(?=[{%#])", r"\\u007b", text.replace("<", r"\u003c"))


class ThingLayer(Layer):
    """A layer that a function of the page's script makes, and whose name there we choose.

    Parameters
    ----------
    name
        As `maps.page.layer_control.layer_name` has it.
    made
        The call that makes it.
    show
        Whether it is there from the start and stays.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}\n"
        "var {{ this.get_name() }} = {{ this.made }};\n"
        "{% endmacro %}"
    )

    def __init__(self, name: str, made: str, *, show: bool = False) -> None:
        super().__init__(name=name, overlay=True, show=show)
        # folium joins two parts with a line below
        self._name, self._id = name.split("_", 1)
        self.made = made


def thing_layer(thing: Overlay) -> ThingLayer:
    """The layer of a drawn thing."""
    name = layer_name(thing)
    if isinstance(thing, Streets):
        return ThingLayer(name, f"scicity.streets({script_json(packed(thing.groups))})")
    if isinstance(thing, Tiles):
        options = script_json({**dict(thing.options), "pane": "online"})
        return ThingLayer(name, f"L.tileLayer({script_json(thing.url)}, {options})")
    pane = f", {script_json(thing.pane)}" if thing.pane else ""
    made = f"scicity.features({script_json(thing.features)}{pane})"
    return ThingLayer(name, made, show=not thing.group)


class Start(MacroElement):
    """Starts the page's own script once every layer is there."""

    _template = Template(
        "{% macro script(this, kwargs) %}\n"
        "scicity.start({{ this._parent.get_name() }}, {{ this.options }});\n"
        "{% endmacro %}"
    )

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Start"
        self.options = script_json(options)

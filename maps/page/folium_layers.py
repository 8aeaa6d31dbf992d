"""Overlays as folium layers, created by functions of the page's script."""

from __future__ import annotations

import json
import re
from typing import Any

from branca.element import MacroElement
from folium.map import Layer
from folium.template import Template

from maps.page.layer_control import layer_name
from maps.style.merged_streets import StreetOverlay, packed_streets
from maps.style.overlay import Overlay
from maps.tiles import Tiles


def script_json(value: Any) -> str:
    r"""A value as JSON that is safe within a script of a folium page.

    It can neither end the script nor be taken for a template by folium, which renders its scripts
    twice.

    Examples
    --------
    >>> script_json(["</script>", "{{街}}", {}])
    '["\\u003c/script>","\\u007b{街}}",{}]'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return re.sub(r"\{(?=[{%#])", r"\\u007b", text.replace("<", r"\u003c"))


class OverlayLayer(Layer):
    """A layer created by a function of the page's script, under a fixed name.

    Parameters
    ----------
    name
        From `maps.page.layer_control.layer_name`.
    made
        JavaScript call that creates it.
    show
        Whether it is always shown.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}\n"
        "var {{ this.get_name() }} = {{ this.made }};\n"
        "{% endmacro %}"
    )

    def __init__(self, name: str, made: str, *, show: bool = False) -> None:
        super().__init__(name=name, overlay=True, show=show)
        # folium joins the two parts with an underscore
        self._name, self._id = name.split("_", 1)
        self.made = made


def overlay_layer(overlay: Overlay) -> OverlayLayer:
    """The folium layer of an overlay."""
    name = layer_name(overlay)
    if isinstance(overlay, StreetOverlay):
        return OverlayLayer(name, f"scicity.streets({script_json(packed_streets(overlay.groups))})")
    if isinstance(overlay, Tiles):
        options = script_json({**dict(overlay.options), "pane": "online"})
        return OverlayLayer(name, f"L.tileLayer({script_json(overlay.url)}, {options})")
    pane = f", {script_json(overlay.pane)}" if overlay.pane else ""
    call = f"scicity.features({script_json(overlay.features)}{pane})"
    return OverlayLayer(name, call, show=not overlay.group)


class Start(MacroElement):
    """Starts the page's script once all layers exist."""

    _template = Template(
        "{% macro script(this, kwargs) %}\n"
        "scicity.start({{ this._parent.get_name() }}, {{ this.options }});\n"
        "{% endmacro %}"
    )

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Start"
        self.options = script_json(options)

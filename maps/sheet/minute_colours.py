"""Colours of travel times and of their change."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import BoundaryNorm, ListedColormap

from maps.style.palette import GAINS, LOSSES, NEUTRAL

CLASSES = (0, 15, 30, 45, 60, 90, 120, 180)
"""Lower ends of the classes of minutes; the last class is open."""

CHANGES = (-60, -30, -15, -5, -0.5, 0.5, 5, 15, 30, 60)
"""Breaks between classes of change, minutes; less than half a minute counts as none."""


def time_look() -> dict[str, Any]:
    """Colours of travel times: ColorBrewer's YlGnBu, near dark and far light, as for isochrones."""
    ramp = mpl.colormaps["YlGnBu_r"](np.linspace(0.05, 0.97, len(CLASSES)))
    return {"cmap": ListedColormap(ramp), "norm": BoundaryNorm(CLASSES, len(ramp), extend="max")}


def change_look() -> dict[str, Any]:
    """Colours of changes: faster teal, slower brown, no change grey."""
    colors = (*GAINS[::-1], NEUTRAL, *LOSSES)
    norm = BoundaryNorm(CHANGES, len(colors), extend="both")
    return {"cmap": ListedColormap(colors), "norm": norm}

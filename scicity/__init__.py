"""Scenario accessibility: what planned links would change, for whom, and which one does it.

From Python (docs/python.md)::

    import scicity
    study = scicity.read_study()                  # the bundled one, or a folder
    scicity.travel_times(study, "plan", {"lab": (106.30, 29.61), "fab": (106.45, 29.55)})
    areas = scicity.isochrones(study, ["plan", "today"], "金凤", minutes=45)
    areas.explore("scenario", m=scicity.offline_map(study, areas), legend=False)

The command line: ``scicity --help``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from scicity.shadows import refuse_shadows

if TYPE_CHECKING:
    from scicity.ask.accessibility import accessibility
    from scicity.ask.attribution import attribution
    from scicity.ask.bus_loops import bus_loops
    from scicity.ask.comparison import compare
    from scicity.ask.isochrones import isochrones
    from scicity.ask.itinerary import itinerary
    from scicity.ask.map_page import write_map
    from scicity.ask.offline_map import offline_map
    from scicity.ask.project_effects import project_effects
    from scicity.ask.study import read_study
    from scicity.ask.travel_times import missing_times, travel_times
    from scicity.ask.windows import window_accessibility, window_times
    from scicity.inputs.points import points

refuse_shadows()

__all__ = [
    "accessibility",
    "attribution",
    "bus_loops",
    "compare",
    "isochrones",
    "itinerary",
    "missing_times",
    "offline_map",
    "points",
    "project_effects",
    "read_study",
    "travel_times",
    "window_accessibility",
    "window_times",
    "write_map",
]
_MODULES = {
    "accessibility": "scicity.ask.accessibility",
    "attribution": "scicity.ask.attribution",
    "bus_loops": "scicity.ask.bus_loops",
    "compare": "scicity.ask.comparison",
    "isochrones": "scicity.ask.isochrones",
    "itinerary": "scicity.ask.itinerary",
    "missing_times": "scicity.ask.travel_times",
    "offline_map": "scicity.ask.offline_map",
    "points": "scicity.inputs.points",
    "project_effects": "scicity.ask.project_effects",
    "read_study": "scicity.ask.study",
    "travel_times": "scicity.ask.travel_times",
    "window_accessibility": "scicity.ask.windows",
    "window_times": "scicity.ask.windows",
    "write_map": "scicity.ask.map_page",
}


def __getattr__(name: str) -> Any:
    """Load a question when it is first asked: `import scicity` itself takes milliseconds."""
    if name not in _MODULES:
        raise AttributeError(f"module 'scicity' has no attribute {name!r}")
    found = getattr(import_module(_MODULES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Name the questions, so that a notebook completes them."""
    return sorted([*__all__, "__doc__", "__file__", "__name__", "__path__"])

"""Cross-border buses."""

from __future__ import annotations

from scicity.ask.answers import BusLoops
from scicity.inputs.pair import named_pair
from scicity.inputs.study import Study, check_study
from scicity.results.buses import bus_results


def bus_loops(
    study: Study, scenario: str | None = None, *, baseline: str | None = None
) -> BusLoops:
    """Gateways, loops and gaps of cross-border buses in two scenarios, and what closes the gaps.

    The tables are those that `scicity bus-loops` writes. Parameters and errors are those of
    `accessibility`.
    """
    check_study(study)
    buses = bus_results(study, named_pair(study, scenario, baseline).both)
    layers = ("gateways", "loops", "gaps", "closing_links", "loop_proposals")
    return BusLoops(
        **{name: buses.layer(name) for name in layers},
        link_sets=buses.table("link_sets"),
        spine_feeding=buses.feeding,
    )

"""The proposals for the bundled study, each built: it closes what it is said to close."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.buses.diagnosis import BusDiagnosis, bus_diagnosis
from layers.transit import TransitRoute
from scicity.inputs.pair import Pair, network_pair
from scicity.inputs.read_study import bundled_study, read_study
from scicity.inputs.study import Study
from scicity.results.buses import bus_results


def built(study: Study, pair: Pair, scenario: str, route: TransitRoute) -> BusDiagnosis:
    network = dict(pair.both)[scenario]
    more = replace(network, routes=(*network.routes, route))
    spines = study.settings.study.spines
    return bus_diagnosis(more, study.area, conditions=study.conditions, spines=spines)


@pytest.mark.slow
def test_every_proposal_closes_what_it_says() -> None:
    study = read_study(bundled_study())
    pair = network_pair(study, "today", "plan")
    results = bus_results(study, pair.both)
    wrong, tried = [], 0
    for scenario, plan in results.plans.items():
        routes = {route.route_id: route for route in plan.routes}
        closes: dict[str, set[str]] = {}
        for link in plan.links.itertuples():
            closes.setdefault(link.link_id, set()).add(link.gap_id)
        for loop in plan.proposals.itertuples():
            closes[loop.proposal_id] = {f"gap:{gateway}" for gateway in loop.closes}
        for name, gaps in closes.items():
            tried += len(gaps)
            left = gaps & set(built(study, pair, scenario, routes[name]).gaps["gap_id"])
            wrong += [(scenario, name, gap) for gap in sorted(left)]
    assert wrong == []
    assert tried > 80

"""Closing links are the shortest that close, and do close; everything else may be in any order."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from ascii_worlds import World
from bus_answers import ask
from hypothesis import event, given
from hypothesis import strategies as st
from hypothesis_settings import examples
from link_worlds import AREAS, NEAR, buses, planner, shortest_by_trying, towns
from network_parts import route

from analysis.buses.diagnosis import BusDiagnosis
from analysis.buses.links.closing_link import closing_link
from analysis.buses.links.link_table import gap_lines
from analysis.buses.network.road_paths import path_shape, stretches
from geo.areas import StudyArea
from layers.transit import TransitRoute


def gateway_gaps(answer: BusDiagnosis) -> list[str]:
    return [str(name) for name in answer.gaps["gateway_id"].dropna()]


def state_of(answer: BusDiagnosis, gateway: str) -> str:
    return str(answer.gateways.set_index("gateway_id")["state"][gateway])


@pytest.mark.slow
@examples(120)
@given(towns(), buses(), st.sampled_from([4.03, 5.53, 6.53, 8.03, 9.53, 40.0]))
def test_no_link_that_closes_is_shorter(
    town: World, routes: list[TransitRoute], max_loop_km: float
) -> None:
    """All pairs of stops, by each gate and by the shortest way around the gateway."""
    answer = ask(town.network(*routes), AREAS, **{**NEAR, "max_loop_km": max_loop_km})
    for gateway in gateway_gaps(answer):
        link = closing_link(answer.bus, gateway, max_loop_km)
        wanted = shortest_by_trying(answer.bus, gateway, max_loop_km * 1000)
        event("link" if link else "none")
        assert (link and link.path.length_m) == (wanted and pytest.approx(wanted, abs=0.1))


@pytest.mark.slow
@examples(30)
@given(towns(), buses(), st.sampled_from([9.03, 40.0]))
def test_a_bus_over_the_link_closes_the_gateway(
    town: World, routes: list[TransitRoute], max_loop_km: float
) -> None:
    network = town.network(*routes)
    values = {**NEAR, "max_loop_km": max_loop_km}
    answer = ask(network, AREAS, **values)
    names = list(answer.bus.area_of_stop)
    for gateway in gateway_gaps(answer):
        link = closing_link(answer.bus, gateway, max_loop_km)
        if link:
            ends = [names[link.path.start], names[link.path.end]]
            bus = route(
                "link", ends, shape=path_shape(answer.bus, stretches(answer.bus, link.path))
            )
            after = ask(replace(network, routes=(*network.routes, bus)), AREAS, **values)
            assert state_of(after, gateway) == "closed"
            assert state_of(answer, gateway) != "closed"


@pytest.mark.slow
@examples(20)
@given(towns(), buses())
def test_the_line_proposed_closes_the_gateway(town: World, routes: list[TransitRoute]) -> None:
    """It also stops between its ends."""
    network = town.network(*routes)
    plan = planner(network)
    for item in gap_lines(plan):
        bus = item.line.route("link", "link", plan.assumptions)
        after = ask(replace(network, routes=(*network.routes, bus)), AREAS, **NEAR)
        assert state_of(after, plan.diagnosis.gaps["gateway_id"][item.gap]) == "closed"


@examples(20, quick=7)
@given(towns(), buses(), st.randoms(use_true_random=False))
def test_the_order_of_routes_and_areas_changes_no_link(
    town: World, routes: list[TransitRoute], random: Random
) -> None:
    shuffled = AREAS.areas.sample(frac=1, random_state=random.randint(0, 99))
    other_areas = StudyArea(shuffled.reset_index(drop=True))
    tables = []
    for network, areas in (
        (town.network(*routes), AREAS),
        (town.network(*random.sample(routes, len(routes))), other_areas),
    ):
        plan = planner(network, areas)
        links = [
            (
                plan.diagnosis.gaps["gap_id"][item.gap],
                item.link_id,
                item.gateways,
                item.line.stop_ids,
            )
            for item in gap_lines(plan)
        ]
        gateways = plan.diagnosis.gateways[["gateway_id", "state", "hops"]].to_numpy().tolist()
        tables.append((gateways, links))
    assert tables[0] == tables[1]

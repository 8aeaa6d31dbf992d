"""Bus loops of random routes against networkx, and what holds whatever the routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random

import networkx as nx
import pytest
from ascii_worlds import world
from bus_answers import ask, kinds, states
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import area_boxes, route

from geo.areas import StudyArea
from layers.transit import TransitRoute

# Twelve corners, three areas: the west, and the east in a north and a south.
TOWN = world(
    """
    A---B---C---D
    |   |   |   |
    E---F---G---H
    |   |   |   |
    I---J---K---L
    """
)
TOWN_AREAS = area_boxes(west=(-5, -5, 1.6, 9), north=(1.6, -5, 9, 1.4), south=(1.6, 1.4, 9, 9))
GATEWAYS = {"BC", "FG", "JK", "GK", "HL"}
CORNERS = "ABCDEFGHIJKL"


def neighbours(corner: str) -> list[str]:
    """The corners a block away."""
    row, column = divmod(CORNERS.index(corner), 4)
    steps = ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1))
    return [CORNERS[4 * r + c] for r, c in steps if 0 <= r < 3 and 0 <= c < 4]


@st.composite
def random_routes(draw: st.DrawFn, prefix: str = "r") -> list[TransitRoute]:
    """One to five buses that wander from corner to corner, some of them one-way."""
    found = []
    for k in range(draw(st.integers(1, 5))):
        stops = [draw(st.sampled_from(CORNERS))]
        for _ in range(draw(st.integers(1, 5))):
            stops.append(draw(st.sampled_from(neighbours(stops[-1]))))
        found.append(route(f"{prefix}{k}", stops, bidirectional=draw(st.booleans())))
    return found


def street_of(a: str, b: str) -> str:
    return min(a, b) + max(a, b)


def oracle(routes: Sequence[TransitRoute], max_loop_km: float) -> dict[str, float | None]:
    """Kilometres of the shortest loop through each served gateway; None if it has no loop.

    Every hop is a block. Delete the hops over the gateway: how far is it back?
    """
    hops = [pair for item in routes for pair in pairwise(item.stop_ids)]
    back = [(b, a) for item in routes if item.bidirectional for a, b in pairwise(item.stop_ids)]
    rides = {*hops, *back}
    found: dict[str, float | None] = {}
    for gateway in GATEWAYS & {street_of(*ride) for ride in rides}:
        rest = nx.DiGraph([ride for ride in rides if street_of(*ride) != gateway])
        rest.add_nodes_from(CORNERS)
        ways = [
            1.0 + nx.shortest_path_length(rest, b, a)
            for a, b in rides
            if street_of(a, b) == gateway and nx.has_path(rest, b, a)
        ]
        found[gateway] = min((way for way in ways if way <= max_loop_km), default=None)
    return found


@examples(60, quick=20)
@given(random_routes(), st.sampled_from([4.0, 6.0, 40.0]))
def test_states_and_lengths_are_those_of_networkx(
    routes: list[TransitRoute], max_loop_km: float
) -> None:
    found = ask(TOWN.network(*routes), TOWN_AREAS, max_loop_km=max_loop_km)
    wanted = oracle(routes, max_loop_km)
    assert states(found) == {
        gateway: ("closed" if wanted[gateway] else "open") if gateway in wanted else "unserved"
        for gateway in GATEWAYS
    }
    roads = found.gateways.set_index("gateway_id")["roads"]
    lengths = {roads[loop.gateway_id][0]: loop.length_km for loop in found.loops.itertuples()}
    assert lengths == pytest.approx({name: km for name, km in wanted.items() if km})


@examples(25, quick=8)
@given(random_routes(), st.randoms(use_true_random=False))
def test_the_order_of_routes_and_areas_changes_nothing(
    routes: list[TransitRoute], random: Random
) -> None:
    """Nor does the direction in which a two-way route is written."""
    areas = TOWN_AREAS.areas.sample(frac=1, random_state=random.randint(0, 99))
    turned = [
        replace(item, stop_ids=item.stop_ids[::-1])
        if item.bidirectional and random.random() < 0.5
        else item
        for item in random.sample(routes, len(routes))
    ]
    one = ask(TOWN.network(*routes), TOWN_AREAS)
    other = ask(TOWN.network(*turned), StudyArea(areas.reset_index(drop=True)))
    assert states(one) == states(other)
    assert kinds(one) == kinds(other)
    assert one.loops["length_km"].tolist() == pytest.approx(other.loops["length_km"].tolist())


@examples(25, quick=8)
@given(random_routes(), random_routes(prefix="s"))
def test_another_route_never_opens_a_closed_gateway(
    routes: list[TransitRoute], more: list[TransitRoute]
) -> None:
    """Nor does it leave a served one unserved, nor make a loop longer."""
    rank = {"unserved": 0, "open": 1, "closed": 2}
    fewer, all_of_them = (
        ask(TOWN.network(*routes), TOWN_AREAS),
        ask(TOWN.network(*routes, *more), TOWN_AREAS),
    )
    before, after = states(fewer), states(all_of_them)
    assert all(rank[after[name]] >= rank[before[name]] for name in GATEWAYS)
    shorter = all_of_them.loops.set_index("gateway_id")["length_km"]
    for loop in fewer.loops.itertuples():
        assert shorter[loop.gateway_id] <= loop.length_km + 1e-9


@examples(25, quick=8)
@given(random_routes())
def test_a_loop_is_a_loop_of_buses(routes: list[TransitRoute]) -> None:
    """Its stop areas are neighbours in turn, each joined by a bus; one id means one loop."""
    found = ask(TOWN.network(*routes), TOWN_AREAS)
    served = {street_of(*pair) for item in routes for pair in pairwise(item.stop_ids)}
    for loop in found.loops.itertuples():
        ring = [*loop.stop_areas, loop.stop_areas[0]]
        assert {street_of(*pair) for pair in pairwise(ring)} <= served
        assert len(set(loop.stop_areas)) == len(loop.stop_areas) == round(loop.length_km)
        assert loop.gateway_id in loop.gateways
        assert loop.minutes >= loop.length_km + 5 - 1e-9
    told: dict[str, set[str]] = {}
    for loop in found.loops.itertuples():
        assert told.setdefault(loop.loop_id, set(loop.gateways)) == set(loop.gateways)

"""Small worlds with what is known of their gateways by hand, and the check that it is found.

As in `bus_answers`: blocks are 1 km, a hop takes 60 s, stops within 100 m are one stop area,
crossings within 300 m are one gateway and routes face a gateway if they end within 1.6 km of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from ascii_worlds import World, world
from bus_answers import ask
from easy_values import easy
from network_parts import area_boxes

from analysis.buses.diagnosis import BusAnswer
from analysis.buses.links.closing_link import closing_link
from geo.areas import StudyArea
from layers.network import TransportNetwork
from layers.transit import TransitRoute


@dataclass(frozen=True)
class Loop:
    """A closed gateway: kilometres around, and the gateways on the loop in any order."""

    km: float
    gateways: str


@dataclass(frozen=True)
class Link:
    """The two stops that a link joins (`C>B`: this way only), kilometres, gateways in any order."""

    ends: str
    km: float
    over: str = ""


@dataclass(frozen=True)
class Gap:
    """A gateway that is not closed: its kind, and the link that closes it."""

    kind: str
    link: Link | None = None


@dataclass(frozen=True)
class Case:
    """A world and its answers, by the first road of each gateway."""

    name: str
    why: str
    world: World
    areas: StudyArea
    routes: Sequence[TransitRoute]
    wanted: Mapping[str, Loop | Gap]
    values: Mapping[str, Any] = field(default_factory=dict)

    def network(self) -> TransportNetwork:
        return self.world.network(*self.routes)


def names_of(answer: BusAnswer) -> dict[str, str]:
    """The first road of each gateway."""
    return {row.gateway_id: row.roads[0] for row in answer.gateways.itertuples()}


def link_found(answer: BusAnswer, gateway_id: str, wanted: Link | None, max_km: float) -> None:
    """Check the closing link of one gateway."""
    link = closing_link(answer.bus, gateway_id, max_km)
    assert (link is None) == (wanted is None), (gateway_id, link)
    if link is None or wanted is None:
        return
    start, end = (answer.bus.areas.index[at] for at in (link.start, link.end))
    assert wanted.ends in {f"{start}>{end}", start + end, end + start}
    assert link.way.length_m / 1000 == pytest.approx(wanted.km, abs=1e-5)
    names = names_of(answer)
    assert sorted(names[passed] for passed in link.gateways) == sorted(wanted.over.split())


def check(case: Case) -> BusAnswer:
    """Gateways, states, loops, gaps and links of a case are those known by hand."""
    answer = ask(case.network(), case.areas, **case.values)
    names = names_of(answer)
    assert set(names.values()) == set(case.wanted)
    loops = answer.loops.set_index("gateway_id")
    gaps = answer.gaps.set_index("gateway_id")["kind"]
    max_km = case.values.get("max_loop_km", easy().max_loop_km)
    for row in answer.gateways.itertuples():
        wanted = case.wanted[names[row.gateway_id]]
        if isinstance(wanted, Loop):
            assert row.state == "closed"
            assert loops.loc[row.gateway_id, "length_km"] == pytest.approx(wanted.km, abs=1e-5)
            passed = {names[gateway] for gateway in loops.loc[row.gateway_id, "gateways"]}
            assert passed == set(wanted.gateways.split())
            assert row.gateway_id not in gaps.index
        else:
            assert gaps[row.gateway_id] == wanted.kind
            assert row.state == ("open" if wanted.kind == "open_end" else "unserved")
            link_found(answer, row.gateway_id, wanted.link, max_km)
    return answer


LADDER_DRAWN = """
    A---B---C---D
        |   |
    E---F---G---H
    """


def ladder(**every: Any) -> World:
    """Two roads from west to east, joined on either side."""
    return world(LADDER_DRAWN, **every)


# The border runs halfway between B and C, and F and G.
WEST_EAST = area_boxes(w=(-5, -5, 1.5, 9), e=(1.5, -5, 9, 9))

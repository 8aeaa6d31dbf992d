"""What is asked of buses across borders, and a ladder of two roads to ask it on.

Blocks are 1 km, a hop takes 60 s and a bus comes every 600 s unless a test says otherwise. Areas
are boxes in km from the first character of a drawing: left, top, right, bottom.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ascii_worlds import world
from easy_values import easy
from network_parts import area_boxes

from analysis.buses.diagnosis import BusAnswer, bus_answer
from geo.areas import StudyArea
from layers.network import TransportNetwork

METRO = 1


def ask(
    network: TransportNetwork, areas: StudyArea, spines: Sequence[str] = (), **values: Any
) -> BusAnswer:
    """Gateways, loops and gaps."""
    near = {"stop_area_walk_m": 100.0, "gateway_spacing_m": 300.0, "facing_ends_m": 1_600.0}
    return bus_answer(network, areas, spines=spines, assumptions=easy(**{**near, **values}))


def states(found: BusAnswer) -> dict[str, str]:
    """State by the name of the gateway's first road."""
    names = [roads[0] for roads in found.gateways["roads"]]
    return dict(zip(names, found.gateways["state"], strict=True))


def kinds(found: BusAnswer) -> dict[str, str]:
    """Kind of gap by gateway's first road, or by station."""
    roads = {row.gateway_id: row.roads[0] for row in found.gateways.itertuples()}
    return {row.stop_id or roads[row.gateway_id]: row.kind for row in found.gaps.itertuples()}


# Two roads from west to east, joined on either side; the border runs between B and C.
LADDER = world(
    """
    A---B---C---D
        |   |
    E---F---G---H
    """
)
WEST_EAST = area_boxes(west=(-5, -5, 1.6, 5), east=(1.6, -5, 9, 5))

"""Linked points whose times back are those there."""

from __future__ import annotations

from ascii_worlds import world
from easy_values import conditions

from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel

WORLD = world("""
A---B---C
""")


def test_walkers_go_both_ways_and_cars_on_one_way_streets_do_not() -> None:
    places = WORLD.at("AC")
    network = WORLD.network()
    for mode, oneway, wanted in (
        ("walk", True, True),
        ("drive", True, False),
        ("drive", False, True),
    ):
        edges = network.roads.edges.assign(oneway=oneway)
        streets = type(network.roads)(network.roads.nodes, edges)
        asked = type(network)(streets, network.stops, network.routes)
        linked = routable_network(
            asked, places, travel=Travel(mode), conditions=conditions()
        ).linked
        assert linked.is_symmetric == wanted
        assert linked.reversed.is_symmetric == wanted

"""The road network is OSMnx's: OSMnx itself takes it."""

from __future__ import annotations

import networkx as nx
import osmnx
import pytest

from layers.roads import streets
from scicity.inputs.study import Study


def test_osmnx_takes_the_network_as_it_is(study: Study) -> None:
    roads = study.baseline.roads
    graph = osmnx.convert.graph_from_gdfs(roads.nodes, roads.edges)
    assert graph.number_of_nodes() == len(roads.nodes)
    assert graph.number_of_edges() == len(roads.edges)
    # 枢纽 SJW and SJE are the portals of 施家梁隧道, 4.25 km at 100 km/h
    data = graph.get_edge_data("SJW", "SJE")[0]
    assert data["travel_time"] == pytest.approx(4250 / (100 / 3.6))
    there, back = (
        nx.shortest_path_length(graph, *pair, "length") for pair in (("SJW", "SJE"), ("SJE", "SJW"))
    )
    assert there == back == pytest.approx(4250)


def test_the_two_directions_of_a_street_mirror_each_other(study: Study) -> None:
    edges = study.baseline.roads.edges
    forward = edges.loc[~edges["reversed"]].reset_index().set_index("osmid")
    backward = edges.loc[edges["reversed"]].reset_index().set_index("osmid")
    assert len(forward) == len(backward) == len(streets(study.baseline.roads))
    backward = backward.loc[forward.index]
    assert (forward["u"] == backward["v"]).all()
    assert (forward["length"] == backward["length"]).all()
    assert forward.geometry.reverse().geom_equals_exact(backward.geometry, 0).all()

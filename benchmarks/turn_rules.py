"""Shortest lengths over streets with the rules of a router that the study's network lacks.

A vertex is a street in one direction, an arc a turn from one into the next, so that turns can be
forbidden: the ways of `osm_crosscheck.py` that differ from a router's are explained by them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analysis.graph.routable_network import LONGEST_M
from analysis.routing.arcs import Arcs
from analysis.routing.one_to_all import times_from
from layers.osm.network import OsmNetwork

Rule = Literal["turn restrictions", "no turning round"]
RULES: tuple[Rule, ...] = get_args(Rule)
"""Turning round: but in dead ends."""
CARS = ("", "motorcar", "motor_vehicle", "vehicle")
END_M = 1e-9
"""From a street's end to the node there; an arc of nothing would be no arc."""


@dataclass(frozen=True)
class Turns:
    """Directed streets and the turns between them.

    Attributes
    ----------
    edges
        `osmid`, `u`, `v`, `length`, one row a direction that cars may use.
    turns
        `a`, `b`: positions of two edges that follow each other; `back` says that the second is
        the first the other way, `dead_end` that there is no other turn, `forbidden` that a
        restriction keeps cars from it.
    """

    edges: pd.DataFrame
    turns: pd.DataFrame


def _edges(network: OsmNetwork) -> pd.DataFrame:
    drive = network.streets.loc[network.streets["drive"]]
    forward = pd.DataFrame(drive[["osmid", "u", "v", "length"]])
    both = forward.loc[~drive["oneway"].to_numpy(dtype=bool)]
    backward = both.rename(columns={"u": "v", "v": "u"})
    return pd.concat([forward, backward], ignore_index=True)


def _forbidden(network: OsmNetwork, turns: pd.DataFrame) -> np.ndarray:
    """Turns that restrictions for cars at one node forbid, at all times."""
    table = network.restrictions
    plain = (table["condition"] == "") & (table["via_ways"].str.len() == 0)
    own = table["vehicle"].isin(CARS) & ~table["except"].str.contains("motorcar")
    there = set(zip(turns["from"], turns["via"], turns["to"], strict=True))
    banned, only = set(), {}
    for row in table.loc[plain & own].itertuples():
        for node in row.via_nodes:
            turn = (row.from_osmid, node, row.to_osmid)
            if row.restriction.startswith("no_"):
                banned.add(turn)
            elif turn in there:
                only[turn[:2]] = row.to_osmid
    return np.array(
        [
            (a, node, b) in banned or only.get((a, node), b) != b
            for a, node, b in zip(turns["from"], turns["via"], turns["to"], strict=True)
        ]
    )


def turns_of(network: OsmNetwork) -> Turns:
    """Every turn of a network."""
    edges = _edges(network)
    ends = edges.assign(a=edges.index)[["a", "osmid", "u", "v"]]
    starts = edges.assign(b=edges.index)[["b", "osmid", "u", "v"]]
    met = ends.merge(starts, left_on="v", right_on="u", suffixes=("", "_b"))
    turns = pd.DataFrame(
        {"a": met["a"], "b": met["b"], "from": met["osmid"], "via": met["v"], "to": met["osmid_b"]}
    )
    turns["back"] = (met["osmid"] == met["osmid_b"]) & (met["u"] == met["v_b"])
    turns["dead_end"] = turns.groupby("a")["back"].transform("all")
    return Turns(edges, turns.assign(forbidden=_forbidden(network, turns)))


def lengths(given: Turns, rules: Collection[Rule], pairs: Sequence[tuple[str, str]]) -> np.ndarray:
    """Metres from node to node under some rules; infinite where there is no way."""
    edges, turns = given.edges, given.turns
    keep = pd.Series(data=True, index=turns.index)
    if "turn restrictions" in rules:
        keep &= ~turns["forbidden"]
    if "no turning round" in rules:
        keep &= ~turns["back"] | turns["dead_end"]
    metres = edges["length"].to_numpy()
    nodes = pd.Index(pd.unique(edges[["u", "v"]].to_numpy().ravel()))
    used = turns.loc[keep]
    count, every = len(edges), edges.index.to_numpy()
    out = count + nodes.get_indexer(edges["u"])
    into = count + len(nodes) + nodes.get_indexer(edges["v"])
    weight = np.concatenate([metres[used["b"]], metres, np.full(count, END_M)])
    tail, head = np.concatenate([used["a"], out, every]), np.concatenate([used["b"], every, into])
    arcs = Arcs()
    arcs.vertices(count + 2 * len(nodes))
    arcs.add(tail, head, weight)
    graph = arcs.graph(LONGEST_M)
    origin, destination = (nodes.get_indexer([pair[end] for pair in pairs]) for end in (0, 1))
    starts, row = np.unique(origin, return_inverse=True)
    found = times_from(graph, count + starts, limit=LONGEST_M)
    return np.asarray(found[row, count + len(nodes) + destination])

"""Three gateways of the core, checked by separate arithmetic: a loop, and two closing links."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import networkx as nx
from by_hand import TO_METRES, Check, assumption, features, nearest
from shapely.geometry import LineString, Point

from analysis.buses.diagnosis import BusDiagnosis, bus_diagnosis
from analysis.buses.links.closing_link import closing_link
from scicity.inputs.pair import network_pair
from scicity.inputs.study import Study

Ends = tuple[str, str, str, str]
"""Two stops, the link between them and the heading."""


@dataclass(frozen=True)
class BusRoads:
    """The bus-allowed links as the raw files have them."""

    edges: list[dict[str, Any]]
    stops: dict[str, Point]

    def graph(self, ends: tuple[str, str], barred: str = "") -> nx.MultiDiGraph:
        """Links between two stops in metres, without one link."""
        graph = nx.MultiDiGraph()
        for edge in self.edges:
            if edge["link_id"] != barred:
                start, end, metres = edge["from_node"], edge["to_node"], edge["length"]
                graph.add_edge(start, end, weight=metres)
                if not edge["oneway"]:
                    graph.add_edge(end, start, weight=metres)
        usable = [
            e for e in self.edges if not e["tunnel"] and not e["bridge"] and not is_motorway(e)
        ]
        met = {name: nearest(self.stops[name], usable) for name in ends}
        for name, (edge, along, away) in met.items():
            off = away * float(assumption("detour"))
            for node, share in ((edge["from_node"], along), (edge["to_node"], 1 - along)):
                graph.add_edge(name, node, weight=off + share * edge["length"])
                graph.add_edge(node, name, weight=off + share * edge["length"])
        (one, at, away), (other, there, also_away) = met.values()
        if one["link_id"] == other["link_id"]:
            off = (away + also_away) * float(assumption("detour"))
            graph.add_edge(*ends, weight=off + abs(at - there) * one["length"])
        return graph

    def hop(self, a: str, b: str) -> float:
        """Metres from stop to stop."""
        return float(nx.shortest_path_length(self.graph((a, b)), a, b, weight="weight"))

    def by(self, a: str, b: str, link: str) -> float:
        """Metres from stop to stop by one link, whichever way round is shorter."""
        edge = next(e for e in self.edges if e["link_id"] == link)
        graph, metres = self.graph((a, b), barred=link), []
        for start, end in (
            (edge["from_node"], edge["to_node"]),
            (edge["to_node"], edge["from_node"]),
        ):
            there = nx.shortest_path_length(graph, a, start, weight="weight")
            metres.append(there + nx.shortest_path_length(graph, end, b, weight="weight"))
        return float(min(metres) + edge["length"])


def is_motorway(edge: dict[str, Any]) -> bool:
    """A link on which nobody gets on or off."""
    return edge["highway"] in ("motorway", "motorway_link")


def bus_roads() -> BusRoads:
    """Links open to buses, and the bus stops in metres."""
    edges = []
    for f in features("network/road_edges.geojson"):
        edge = dict(f["properties"])
        edge["line"] = LineString([TO_METRES(*at) for at in f["geometry"]["coordinates"]])
        if edge.get("bus", True):
            edges.append(edge)
    stops = {
        f["properties"]["stop_id"]: Point(TO_METRES(*f["geometry"]["coordinates"]))
        for f in features("network/bus.geojson")
        if f["properties"]["element"] == "station"
    }
    return BusRoads(edges, stops)


RING = (
    ("277路", "B-0270", "B-0271"),
    ("277路", "B-0271", "B-0002"),
    ("565路", "B-0035", "B-0034"),
    ("565路", "B-0034", "B-0033"),
    ("565路", "B-0033", "B-0032"),
    ("565路", "B-0032", "B-0031"),
    ("277路", "B-0269", "B-0270"),
)
"""大学城东路2 round by 大学城美院 and back: the hops of two routes as bus.geojson lists them."""


def loop_check(answer: BusDiagnosis, roads: BusRoads) -> Check:
    """The loop that closes the gateway of 大学城东路."""
    lines, total = [], 0.0
    for route, a, b in RING:
        metres = roads.hop(a, b)
        total += metres
        lines.append(f"{route} {a} → {b}: {metres:.0f} m by road")
    for a, b in (("B-0002", "B-0035"), ("B-0031", "B-0269")):
        metres = roads.stops[a].distance(roads.stops[b]) * float(assumption("detour"))
        lines.append(
            f"{a} and {b} are {metres:.0f} m of walking apart, within 300 m: one stop area"
        )
    loop = answer.loops.set_index("gateway_id").loc["core|shapingba:B0033"]
    return Check(
        "Gateway of 大学城东路 (core — Shapingba): closed today by routes 277 and 565",
        "\n".join(f"- {line}" for line in lines),
        total,
        float(loop["length_km"]) * 1000,
        "m around",
    )


def link_check(answer: BusDiagnosis, roads: BusRoads, *, gateway: str, ends: Ends) -> Check:
    """The link that closes a gateway, by the road that makes it."""
    link = closing_link(answer.bus, gateway, float(assumption("max_loop_km")))
    a, b, road, title = ends
    length = next(e["length"] for e in roads.edges if e["link_id"] == road)
    text = (
        f"- no route of bus.geojson passes {road}: unserved\n"
        f"- {a} to {b} by {road} ({length:.0f} m), along the other links without it, and off the"
        " road at either end"
    )
    return Check(
        title,
        text,
        roads.by(a, b, road),
        link.path.length_m if link else math.nan,
        "m of closing link",
    )


def bus_checks(study: Study) -> list[Check]:
    """Three gateways of the core today."""
    network = network_pair(study, "today", "plan").baseline
    spines = study.settings.study.spines
    answer = bus_diagnosis(network, study.area, conditions=study.conditions, spines=spines)
    roads = bus_roads()
    tunnel = ("B-0145", "B-0250", "B0416", "华岩隧道 (core — Jiulongpo): the link that closes it")
    campus = (
        *("B-0277", "B-0308", "B0047"),
        "大学城北路, 大学城西永连接路 (core — Shapingba): the link that closes it",
    )
    return [
        loop_check(answer, roads),
        link_check(answer, roads, gateway="core|jiulongpo:B0416", ends=tunnel),
        link_check(answer, roads, gateway="core|shapingba:B0012", ends=campus),
    ]

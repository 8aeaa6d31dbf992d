"""Sets of links: the few links that close most gateways together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import comb

import geopandas as gpd
import pandas as pd

from analysis.buses.lines.planner import Planner
from analysis.buses.links.link_table import GapLine
from analysis.buses.loops import is_on_a_loop
from analysis.buses.network.bus_graph import HOP_COLUMNS, BusGraph
from analysis.buses.network.hop_courses import shape_courses

EVERYWHERE = "all"
SET_COLUMNS = ("scope", "links", "link_ids", "closes", "gateways", "at_most", "is_best")
MOST_LINKS = 3
MOST_SETS = 300
"""Up to this number of sets, all are evaluated; beyond, links are added greedily."""


def _hops(planner: Planner, item: GapLine) -> list[dict[str, object]]:
    """A link as rows of the hop table."""
    bus = planner.diagnosis.bus
    route = item.line.route(item.link_id, item.link_id, planner.assumptions)
    stops = planner.network.stops.geometry
    courses = shape_courses(
        [route], stops, planner.study_area, gates=bus.gates, limits=bus.shape_limits
    )
    areas = [bus.area_of_stop.get(stop, stop) for stop in route.stop_ids]
    return [
        {
            "route_id": item.link_id,
            "route_name": item.link_id,
            "from_area": areas[number],
            "to_area": areas[number + 1],
            "length_m": course.length_m,
            "hop_secs": route.hop_secs[number],
            "gateways": course.gateways,
            "one_way": False,
            "on_road": True,
        }
        for number, course in courses.items()
    ]


@dataclass
class _Closing:
    """Gateways closed by sets of links, cached."""

    bus: BusGraph
    hops: Mapping[str, list[dict[str, object]]]
    gateway_ids: Sequence[str]
    max_m: float
    _known: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)

    def all_closed(self, links: frozenset[str]) -> frozenset[str]:
        """Gateways on a loop with all of these links, computed without the cache."""
        return self._on_loops(links, self.gateway_ids)

    def _on_loops(self, links: frozenset[str], gateway_ids: Iterable[str]) -> frozenset[str]:
        rows = [row for link in sorted(links) for row in self.hops[link]]
        hops = pd.DataFrame(rows, columns=list(HOP_COLUMNS))
        hop_arcs = self.bus.hop_arcs.with_hops(hops)
        return frozenset(g for g in gateway_ids if is_on_a_loop(hop_arcs, g, self.max_m))

    def closed_by(self, links: frozenset[str]) -> frozenset[str]:
        """Gateways on a loop with these links; a set closes at least what its subsets close."""
        if links not in self._known:
            if len(links) == 1:
                self._known[links] = self._on_loops(links, self.gateway_ids)
            else:
                parts = (self.closed_by(links - {link}) for link in links)
                closed = frozenset[str]().union(*parts)
                remaining = [g for g in self.gateway_ids if g not in closed]
                self._known[links] = (
                    closed | self._on_loops(links, remaining) if remaining else closed
                )
        return self._known[links]


def _best(
    closing: _Closing, links: Sequence[str], count: int, saved: Mapping[str, float]
) -> tuple[tuple[str, ...], bool]:
    """The best set of `count` links, and whether it is known to be optimal."""

    def worth(chosen: tuple[str, ...]) -> tuple[float, ...]:
        return len(closing.closed_by(frozenset(chosen))), sum(saved[link] for link in chosen)

    if comb(len(links), count) <= MOST_SETS:
        return max(combinations(links, count), key=worth), True
    chosen: tuple[str, ...] = ()
    for _ in range(count):
        candidates = [(*chosen, link) for link in links if link not in chosen]
        chosen = max(candidates, key=worth)
    return chosen, False


def link_sets(planner: Planner, closed: Sequence[GapLine], links: gpd.GeoDataFrame) -> pd.DataFrame:
    """The sets of one to three links that close most gateways, by border and for the whole area.

    Ties are broken by the sum of the person-minutes that each link saves alone.

    Parameters
    ----------
    planner, closed
        The network with its gaps, and their lines.
    links
        From `analysis.buses.links.link_table.closing_links`.

    Returns
    -------
    DataFrame
        `SET_COLUMNS`: `scope` is a border or `all`, `links` the number of links; `closes` the
        number of gateways of the scope that they put on a loop, `gateways` their ids; `at_most` the
        number that all links together close, which no set exceeds; `is_best` whether all sets were
        evaluated.
    """
    at_gateways = links.loc[links["kind"] != "unfed_station"]
    lines = {item.link_id: item for item in closed}
    hops = {link: _hops(planner, lines[link]) for link in dict.fromkeys(at_gateways["link_id"])}
    saved = at_gateways.groupby("link_id")["saved_person_minutes"].sum().to_dict()
    gaps = planner.diagnosis.gaps.loc[planner.diagnosis.gaps["kind"] != "unfed_station"]
    max_m = planner.assumptions.max_loop_km * 1000
    rows: list[tuple[object, ...]] = []
    scopes = [*sorted(set(at_gateways["border_id"])), EVERYWHERE] if hops else []
    for scope in scopes:
        scope_links = (
            at_gateways if scope == EVERYWHERE else at_gateways.loc[links["border_id"] == scope]
        )
        scope_gaps = gaps if scope == EVERYWHERE else gaps.loc[gaps["border_id"] == scope]
        closing = _Closing(planner.diagnosis.bus, hops, sorted(scope_gaps["gateway_id"]), max_m)
        names = sorted(set(scope_links["link_id"]))
        closing = replace(closing, gateway_ids=sorted(closing.all_closed(frozenset(names))))
        most = len(closing.gateway_ids)
        for count in range(1, min(MOST_LINKS, len(names)) + 1):
            chosen, is_best = _best(closing, names, count, saved)
            gateways = sorted(closing.closed_by(frozenset(chosen)))
            rows.append((scope, count, list(chosen), len(gateways), gateways, most, is_best))
            if len(gateways) == most:
                break
    return pd.DataFrame.from_records(rows, columns=list(SET_COLUMNS))

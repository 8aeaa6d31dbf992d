"""The best few links: those that close most gateways together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import comb

import geopandas as gpd
import pandas as pd

from analysis.buses.lines.planner import Planner
from analysis.buses.links.link_table import Closed
from analysis.buses.loops import is_on_a_loop
from analysis.buses.network.bus_graph import HOP_COLUMNS, BusGraph
from analysis.buses.network.hop_courses import drawn_courses

EVERYWHERE = "all"
SET_COLUMNS = ("scope", "links", "link_ids", "closes", "gateways", "at_most", "is_best")
MOST_LINKS = 3
MOST_SETS = 300
"""If there are no more sets of so many links, all are tried; else links are added one by one."""


def _hops(planner: Planner, item: Closed) -> list[dict[str, object]]:
    """A link as rows of the hop table."""
    bus = planner.answer.bus
    route = item.line.route(item.link_id, item.link_id, planner.assumptions)
    stops = planner.network.stops.geometry
    courses = drawn_courses([route], stops, planner.study_area, gates=bus.gates)
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
    """Which of some gateways links close, alone and together."""

    bus: BusGraph
    hops: Mapping[str, list[dict[str, object]]]
    gateway_ids: Sequence[str]
    max_m: float
    _known: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)

    def together(self, links: frozenset[str]) -> frozenset[str]:
        """Gateways on a loop with all of some links."""
        return self._with(links, self.gateway_ids)

    def _with(self, links: frozenset[str], gateway_ids: Iterable[str]) -> frozenset[str]:
        rows = [row for link in sorted(links) for row in self.hops[link]]
        new = pd.DataFrame(rows, columns=list(HOP_COLUMNS))
        ways = self.bus.ways.more(new)
        return frozenset(g for g in gateway_ids if is_on_a_loop(ways, g, self.max_m))

    def of(self, links: frozenset[str]) -> frozenset[str]:
        """Gateways on a loop with some links; what part of them closes, all of them close."""
        if links not in self._known:
            if len(links) == 1:
                self._known[links] = self._with(links, self.gateway_ids)
            else:
                parts = (self.of(links - {link}) for link in links)
                sure = frozenset[str]().union(*parts)
                left = [g for g in self.gateway_ids if g not in sure]
                self._known[links] = sure | self._with(links, left) if left else sure
        return self._known[links]


def _best(
    closing: _Closing, links: Sequence[str], count: int, saved: Mapping[str, float]
) -> tuple[tuple[str, ...], bool]:
    """The best set of so many links, and whether it is sure to be."""

    def worth(chosen: tuple[str, ...]) -> tuple[float, ...]:
        return len(closing.of(frozenset(chosen))), sum(saved[link] for link in chosen)

    if comb(len(links), count) <= MOST_SETS:
        return max(combinations(links, count), key=worth), True
    chosen: tuple[str, ...] = ()
    for _ in range(count):
        more = [(*chosen, link) for link in links if link not in chosen]
        chosen = max(more, key=worth)
    return chosen, False


def link_sets(planner: Planner, closed: Sequence[Closed], links: gpd.GeoDataFrame) -> pd.DataFrame:
    """The sets of one to three links that close most gateways, by border and everywhere.

    Ties are broken by the person-minutes that the links save, each taken alone.

    Parameters
    ----------
    planner, closed
        The network with its gaps, and their lines.
    links
        From `analysis.buses.links.link_table.closing_links`.

    Returns
    -------
    DataFrame
        `SET_COLUMNS`: `scope` is a border or `all`, `links` how many; `closes` how many gateways
        of the scope they put on a loop, `gateways` which; `at_most` what all links together close,
        so no set can close more; `is_best` whether all sets were tried.
    """
    at_gateways = links.loc[links["kind"] != "unfed_station"]
    lines = {item.link_id: item for item in closed}
    hops = {link: _hops(planner, lines[link]) for link in dict.fromkeys(at_gateways["link_id"])}
    by_link = at_gateways.groupby("link_id")["saved_person_minutes"].sum().to_dict()
    gaps = planner.answer.gaps.loc[planner.answer.gaps["kind"] != "unfed_station"]
    max_m = planner.assumptions.max_loop_km * 1000
    rows: list[tuple[object, ...]] = []
    scopes = [*sorted(set(at_gateways["border_id"])), EVERYWHERE] if hops else []
    for scope in scopes:
        here = at_gateways if scope == EVERYWHERE else at_gateways.loc[links["border_id"] == scope]
        own = gaps if scope == EVERYWHERE else gaps.loc[gaps["border_id"] == scope]
        closing = _Closing(planner.answer.bus, hops, sorted(own["gateway_id"]), max_m)
        names = sorted(set(here["link_id"]))
        closing = replace(closing, gateway_ids=sorted(closing.together(frozenset(names))))
        most = len(closing.gateway_ids)
        for count in range(1, min(MOST_LINKS, len(names)) + 1):
            chosen, is_best = _best(closing, names, count, by_link)
            gateways = sorted(closing.of(frozenset(chosen)))
            rows.append((scope, count, list(chosen), len(gateways), gateways, most, is_best))
            if len(gateways) == most:
                break
    return pd.DataFrame.from_records(rows, columns=list(SET_COLUMNS))

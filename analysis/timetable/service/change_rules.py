"""Rules for changing between stops, from a timetable: least times, bans, vehicles that wait."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.timetable.service.lines import LONGEST_SCOPE_SECS, Lines
from analysis.timetable.service.transfers import NOT_ALLOWED, ChangeRules
from analysis.timetable.service.walks import Rows, no_rows, rows_of
from layers.network import TransportNetwork
from layers.timetable import FORBIDDEN, TIMED

ANY_ROUTE = -1


@dataclass(frozen=True, eq=False)
class StopRules:
    """Rules for changes between two stops; int64 columns, one row a rule.

    Attributes
    ----------
    from_stop, to_stop
        Positions of stops.
    from_route, to_route
        Positions of routes, or `ANY_ROUTE`.
    secs
        Least seconds, or `NOT_ALLOWED`.
    waits
        Whether the second vehicle waits: the walk does not count.
    """

    from_stop: np.ndarray
    to_stop: np.ndarray
    from_route: np.ndarray
    to_route: np.ndarray
    secs: np.ndarray
    waits: np.ndarray

    def mirrored(self) -> StopRules:
        """The rules with time reversed."""
        return replace(
            self,
            from_stop=self.to_stop,
            to_stop=self.from_stop,
            from_route=self.to_route,
            to_route=self.from_route,
        )

    def where(self, chosen: np.ndarray) -> StopRules:
        """Some of the rules."""
        columns = {name: getattr(self, name)[chosen] for name in self.__dataclass_fields__}
        return replace(self, **columns)

    @property
    def for_all(self) -> np.ndarray:
        """Which rules hold for all lines."""
        return (self.from_route == ANY_ROUTE) & (self.to_route == ANY_ROUTE)


def stop_rules(network: TransportNetwork) -> StopRules:
    """The rules of a network's timetable between stops that it has."""
    table: pd.DataFrame = network.timetable.transfers
    stop_at = pd.Index(network.stops.index)
    route_at = pd.Index([route.route_id for route in network.routes])
    ends = [stop_at.get_indexer(table[name]) for name in ("from_stop_id", "to_stop_id")]
    routes, is_named = [], []
    for name in ("from_route_id", "to_route_id"):
        named = (table[name] != "").to_numpy()
        at = route_at.get_indexer(table[name])
        routes.append(np.where(named, at, ANY_ROUTE))
        is_named.append(~named | (at >= 0))
    rule = table["rule"].to_numpy()
    secs = np.where(rule == FORBIDDEN, NOT_ALLOWED, table["min_secs"].to_numpy(dtype=np.int64))
    waits = rule == TIMED
    rules = StopRules(
        ends[0], ends[1], routes[0], routes[1], secs=np.where(waits, 0, secs), waits=waits
    )
    return rules.where((ends[0] >= 0) & (ends[1] >= 0) & is_named[0] & is_named[1])


def _with_walks(rules: StopRules, walks: dict[tuple[int, int], int]) -> np.ndarray:
    """The seconds of each rule: the walk, where that is longer and no vehicle waits."""
    ends = zip(rules.from_stop.tolist(), rules.to_stop.tolist(), strict=True)
    walk = np.array([walks.get(pair, 0) for pair in ends], dtype=np.int64)
    longer = np.maximum(rules.secs, walk)
    return np.where((rules.secs == NOT_ALLOWED) | rules.waits, rules.secs, longer)


def _walks_of(rules: StopRules, walks: Rows) -> dict[tuple[int, int], int]:
    """The walks between the stops that rules name."""
    found = {}
    for stop in np.unique(rules.from_stop).tolist():
        part = slice(walks.first[stop], walks.first[stop + 1])
        for to, secs in zip(walks.to[part].tolist(), walks.secs[part].tolist(), strict=True):
            found[stop, to] = secs
    return found


def with_rules(walks: Rows, rules: StopRules) -> Rows:
    """Walks between stops with the rules for all lines in their place.

    A least time holds together with the walk: the longer of both counts. Rules whose route is
    named are not in it, see `line_rules`.
    """
    for_all = rules.where(rules.for_all)
    if not len(for_all.secs):
        return walks
    stops = len(walks.first) - 1
    place = np.repeat(np.arange(stops), np.diff(walks.first))
    secs = _with_walks(for_all, _walks_of(for_all, walks))
    # of several rules for two stops the last counts
    ruled = dict(zip(zip(for_all.from_stop, for_all.to_stop, strict=True), secs, strict=True))
    pair = place * stops + walks.to
    ruled_pairs = np.array([a * stops + b for a, b in ruled], dtype=np.int64)
    stays = ~np.isin(pair, ruled_pairs)
    new = np.array([(a, b, s) for (a, b), s in ruled.items() if s != NOT_ALLOWED], dtype=np.int64)
    new = new.reshape(-1, 3)
    return rows_of(
        np.concatenate([place[stays], new[:, 0]]),
        np.concatenate([walks.to[stays], new[:, 1]]),
        np.concatenate([walks.secs[stays], new[:, 2]]),
        stops,
    )


def line_rules(rules: StopRules, lines: Lines, walks: Rows) -> ChangeRules:
    """The rules that name a route, by positions of lines.

    Parameters
    ----------
    rules
        All rules; the more particular counts, of equal ones the last.
    lines
        The lines.
    walks
        Walks between stops.
    """
    slack = np.zeros(len(walks.first) - 1, dtype=np.int32)
    named = rules.where(~rules.for_all)
    if not len(named.secs) or not len(lines.line):
        return ChangeRules(no_rows(len(lines.line)), slack)
    secs = _with_walks(named, _walks_of(named, walks))
    particular = (named.from_route != ANY_ROUTE).astype(int) + (named.to_route != ANY_ROUTE)
    order = np.argsort(particular, kind="stable")
    route = lines.route[lines.line]
    found: dict[tuple[int, int], int] = {}
    for rule in order.tolist():
        start, end = (
            np.flatnonzero((lines.stop == stop) & ((route == r) | (r == ANY_ROUTE)))
            for stop, r in (
                (named.from_stop[rule], named.from_route[rule]),
                (named.to_stop[rule], named.to_route[rule]),
            )
        )
        found.update({(a, b): int(secs[rule]) for a in start.tolist() for b in end.tolist()})
        slack[named.from_stop[rule]] = LONGEST_SCOPE_SECS
    pairs = np.array([(*pair, s) for pair, s in found.items()], dtype=np.int64).reshape(-1, 3)
    return ChangeRules(rows_of(pairs[:, 0], pairs[:, 1], pairs[:, 2], len(lines.line)), slack)

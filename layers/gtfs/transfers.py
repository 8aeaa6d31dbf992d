"""The rules of transfers.txt for changing from stop to stop."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from layers.timetable import FORBIDDEN, MINIMUM, TIMED, TRANSFER_COLUMNS

RULES = {1: TIMED, 2: MINIMUM, 3: FORBIDDEN}
"""By `transfer_type`; 0 recommends a place, which changes no time."""


def _members(stops: pd.DataFrame, served: Collection[str]) -> dict[str, list[str]]:
    """By stop or station, the served stops that it stands for."""
    members: dict[str, list[str]] = {stop: [stop] for stop in sorted(served)}
    children = stops[stops["stop_id"].isin(list(served)) & (stops["parent_station"] != "")]
    for station, stop in zip(children["parent_station"], children["stop_id"], strict=True):
        members.setdefault(station, []).append(stop)
    return members


def _expanded(rows: pd.DataFrame, column: str, names: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """The rows with each name replaced by those that it stands for; unknown ones are dropped."""
    expanded = rows.assign(**{column: rows[column].map(lambda name: list(names.get(name, ())))})
    return expanded.explode(column).dropna(subset=[column])


def transfer_rules(
    tables: Mapping[str, pd.DataFrame],
    served: Collection[str],
    patterns_of: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """The rules between served stops.

    Parameters
    ----------
    tables
        The feed's tables, checked.
    served
        The stops at which trips call.
    patterns_of
        By id of routes.txt, the ids of its `layers.transit.TransitRoute`.

    Returns
    -------
    DataFrame
        `layers.timetable.TRANSFER_COLUMNS`. A rule of a station holds for all pairs of its stops
        that have no rule of their own. Rules between two trips are left out.
    """
    columns = list(TRANSFER_COLUMNS)
    if "transfers" not in tables:
        return pd.DataFrame(columns=columns).astype({"min_secs": int})
    table = tables["transfers"]
    plain = (table["from_trip_id"] == "") & (table["to_trip_id"] == "")
    needs_time = (table["transfer_type"] != 2) | table["min_transfer_time"].notna()  # noqa: PLR2004
    kind = table["transfer_type"].isin(list(RULES))
    rows = table[table["sound"] & plain & needs_time & kind]
    seconds = rows["min_transfer_time"].where(rows["transfer_type"] == 2, 0.0)  # noqa: PLR2004
    rules = rows.assign(
        rule=rows["transfer_type"].map(RULES),
        min_secs=seconds.fillna(0.0).astype(int),
        own=rows["from_stop_id"].isin(list(served)) * 1 + rows["to_stop_id"].isin(list(served)),
    )
    stops, routes = _members(tables["stops"], served), {"": [""], **patterns_of}
    for column in ("from_stop_id", "to_stop_id"):
        rules = _expanded(rules, column, stops)
    for column in ("from_route_id", "to_route_id"):
        rules = _expanded(rules, column, routes)
    rules = rules.sort_values("own", ascending=False, kind="stable").drop_duplicates(columns[:4])
    order = np.lexsort([rules[name].to_numpy(dtype=str) for name in columns[3::-1]])
    return rules[columns].iloc[order].reset_index(drop=True)

"""Which project closes or opens gaps of the cross-boundary buses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.attribution.network.players import required_players
from analysis.attribution.subset_values import VALUE_COLUMNS
from analysis.buses.diagnosis import BusDiagnosis, bus_diagnosis
from analysis.change import EVERYWHERE
from scicity.inputs.pair import Pair
from scicity.inputs.study import Study
from scicity.results.attribution import Attribution, game_tables
from scicity.results.subset_networks import Networks, searched

CLOSED, GAPS, UNFED = "bus_closed_gateways", "bus_gaps", "bus_unfed_stations"
"""Gateways on a loop; gaps, and those that are spine stations, below zero: more is better."""
MODE, PERIOD = "bus", "peak"


def _touching(table: pd.DataFrame, area: str) -> int:
    """Rows on a border of an area."""
    if area == EVERYWHERE:
        return len(table)
    return int(((table["area_a"] == area) | (table["area_b"] == area)).sum())


def _counts(answer: BusDiagnosis, areas: list[str]) -> np.ndarray:
    """The measures one after the other, each for every area."""
    gateways, gaps = answer.gateways, answer.gaps
    closed = gateways.loc[gateways["state"] == "closed"]
    unfed = gaps.loc[gaps["kind"] == "unfed_station"]
    signed = ((closed, 1), (gaps, -1), (unfed, -1))
    return np.array([sign * _touching(t, area) for t, sign in signed for area in areas], float)


def with_bus_gaps(
    study: Study,
    pair: Pair,
    found: Attribution,
    *,
    orders: int,
    tick: Callable[[], None] = lambda: None,
) -> Attribution:
    """An attribution with the measures of bus loops too, `mode` bus.

    They are whole numbers that projects raise and lower, so each subset is a question of its own
    and Shapley values come from sampled orders of building, unless all subsets are as few. A gap
    counts for both its areas.

    Parameters
    ----------
    study, pair
        What is compared.
    found
        Its players are judged.
    orders
        Orders that are sampled: even, four or more.
    tick
        Called at each subset.
    """
    networks = Networks(study, pair, found.players)
    areas = [*study.area.areas["area_id"], EVERYWHERE]

    def value(built: int) -> np.ndarray:
        tick()
        answer = bus_diagnosis(
            networks.of(built),
            study.area,
            conditions=study.conditions,
            spines=study.settings.study.spines,
        )
        return _counts(answer, areas)

    required = required_players(found.players, study.projects)
    names = [p.player_id for p in found.players]
    counted = searched(names, value, required, orders=orders)
    rows = [(name, MODE, PERIOD, area) for name in (CLOSED, GAPS, UNFED) for area in areas]
    columns = pd.DataFrame(rows, columns=list(VALUE_COLUMNS))
    more = game_tables(counted.game, columns, counted.shapley, counted.error)
    joined = {
        name: pd.concat([getattr(found, name), table], ignore_index=True)
        for name, table in more.items()
    }
    return replace(found, **joined)

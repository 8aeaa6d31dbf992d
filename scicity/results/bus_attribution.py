"""Attribution of gateways and gaps of the cross-boundary buses to projects."""

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
from scicity.results.subset_networks import Networks, solve_game

CLOSED, GAPS, UNFED = "bus_closed_gateways", "bus_gaps", "bus_unfed_stations"
"""Gateways on a loop; gaps, and unfed stations among them, as negative counts: more is better."""
MODE, PERIOD = "bus", "peak"


def _touching(table: pd.DataFrame, area: str) -> int:
    """Number of rows on a border of an area."""
    if area == EVERYWHERE:
        return len(table)
    return int(((table["area_a"] == area) | (table["area_b"] == area)).sum())


def _counts(diagnosis: BusDiagnosis, areas: list[str]) -> np.ndarray:
    """Values of the three measures, each for every area."""
    gateways, gaps = diagnosis.gateways, diagnosis.gaps
    closed = gateways.loc[gateways["state"] == "closed"]
    unfed = gaps.loc[gaps["kind"] == "unfed_station"]
    counted = ((closed, 1), (gaps, -1), (unfed, -1))
    return np.array([sign * _touching(t, area) for t, sign in counted for area in areas], float)


def with_bus_gaps(
    study: Study,
    pair: Pair,
    attribution: Attribution,
    *,
    orders: int,
    tick: Callable[[], None] = lambda: None,
) -> Attribution:
    """The attribution extended by the measures of bus loops, as `mode` bus.

    Projects can raise and lower these counts, so each subset is diagnosed separately, and Shapley
    values come from sampled orders of building, unless computing all subsets takes no more work.
    A gap counts for both its areas.

    Parameters
    ----------
    study, pair
        The study and the networks that are compared.
    attribution
        The attribution with its players.
    orders
        Number of sampled orders: even, four or more.
    tick
        Called at each subset.
    """
    networks = Networks(study, pair, attribution.players)
    areas = [*study.area.areas["area_id"], EVERYWHERE]

    def value(built: int) -> np.ndarray:
        tick()
        diagnosis = bus_diagnosis(
            networks.network(built),
            study.area,
            conditions=study.conditions,
            spines=study.settings.study.spines,
        )
        return _counts(diagnosis, areas)

    required = required_players(attribution.players, study.projects)
    names = [p.player_id for p in attribution.players]
    solved = solve_game(names, value, required, orders=orders)
    rows = [(name, MODE, PERIOD, area) for name in (CLOSED, GAPS, UNFED) for area in areas]
    columns = pd.DataFrame(rows, columns=list(VALUE_COLUMNS))
    tables = game_tables(solved.game, columns, solved.shapley, solved.error)
    extended = {
        name: pd.concat([getattr(attribution, name), table], ignore_index=True)
        for name, table in tables.items()
    }
    return replace(attribution, **extended)

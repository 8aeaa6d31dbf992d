"""Rows of the attribution for one measure and mode, for the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.change import EVERYWHERE
from scicity.report.words import Words
from scicity.results.attribution import Attribution

UNCERTAIN_WORDS = {
    "headways": ("规划线路发车间隔", "Headways"),
    "hop_secs": ("规划线路站间时间", "Run times"),
    "maxspeed": ("规划道路设计车速", "Design speeds"),
    "peak_volume": ("高峰流量", "Peak volumes"),
    "walk_speed_kph": ("步行速度", "Walking speed"),
    "drive_connector_kph": ("接驳车速", "Speed to the network"),
    "detour": ("绕行系数", "Detour factor"),
    "max_direct_walk_m": ("最远步行距离", "Longest walk"),
    "peak_speed_factor": ("高峰车速系数", "Peak speed factor"),
    "lane_capacity": ("车道通行能力", "Lane capacity"),
    "bpr_alpha": ("BPR 系数 α", "BPR alpha"),
    "bpr_beta": ("BPR 指数 β", "BPR beta"),
}
"""Plain names of `analysis.attribution.uncertainty.UNCERTAIN_NAMES`."""


@dataclass(frozen=True)
class AttributionRows:
    """Rows of one measure and mode in the whole study area, with names in one language.

    Attributes
    ----------
    shares
        Shares of the players, largest first; `analysis.attribution.tables.SHARE_COLUMNS`.
    by_area
        Shares by planning area.
    bands, certainty, pairs, orders, tornado
        As in `scicity.results.attribution.Attribution`.
    names, members
        Names of the players, and the projects of each.
    """

    shares: pd.DataFrame
    by_area: pd.DataFrame
    bands: pd.DataFrame
    certainty: pd.DataFrame
    pairs: pd.DataFrame
    orders: pd.DataFrame
    tornado: pd.DataFrame
    names: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]


def attribution_rows(
    attribution: Attribution, measure: str, mode: str, words: Words
) -> AttributionRows:
    """Rows of an attribution for one measure and mode."""

    def rows_of(table: pd.DataFrame) -> pd.DataFrame:
        if table.empty:
            return table
        return table.loc[(table["measure"] == measure) & (table["mode"] == mode)]

    shares = rows_of(attribution.shares)
    whole = shares["area_id"] == EVERYWHERE
    return AttributionRows(
        shares=shares.loc[whole].sort_values("shapley", ascending=False, kind="stable"),
        by_area=shares.loc[~whole],
        bands=rows_of(attribution.bands),
        certainty=rows_of(attribution.certainty),
        pairs=rows_of(attribution.pairs),
        orders=rows_of(attribution.orders),
        tornado=rows_of(attribution.tornado),
        names={p.player_id: words(p.name_zh, p.name_en) for p in attribution.players},
        members={p.player_id: p.project_ids for p in attribution.players},
    )


def top_three_probabilities(rows: AttributionRows) -> dict[str, float]:
    """Probability of each player to be among the first three; empty without draws."""
    if rows.bands.empty:
        return {}
    return dict(zip(rows.bands["player_id"], rows.bands["top_three"], strict=True))

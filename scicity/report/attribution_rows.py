"""The attribution of one measure by one mode, ready to be told."""

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
    """One measure and mode, everywhere, in the words of one language.

    Attributes
    ----------
    shares
        Of the players, largest first; `analysis.attribution.tables.SHARE_COLUMNS`.
    by_area
        The same by planning area.
    bands, certainty, pairs, orders, tornado
        As in `scicity.results.attribution.Attribution`.
    names, members
        Of the players, and the projects of each.
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


def attribution_rows(found: Attribution, measure: str, mode: str, words: Words) -> AttributionRows:
    """What an attribution says about one measure by one mode."""

    def own(table: pd.DataFrame) -> pd.DataFrame:
        if table.empty:
            return table
        return table.loc[(table["measure"] == measure) & (table["mode"] == mode)]

    shares = own(found.shares)
    whole = shares["area_id"] == EVERYWHERE
    return AttributionRows(
        shares=shares.loc[whole].sort_values("shapley", ascending=False, kind="stable"),
        by_area=shares.loc[~whole],
        bands=own(found.bands),
        certainty=own(found.certainty),
        pairs=own(found.pairs),
        orders=own(found.orders),
        tornado=own(found.tornado),
        names={p.player_id: words(p.name_zh, p.name_en) for p in found.players},
        members={p.player_id: p.project_ids for p in found.players},
    )


def chances(told: AttributionRows) -> dict[str, float]:
    """How likely each player is among the first three; empty without draws."""
    if told.bands.empty:
        return {}
    return dict(zip(told.bands["player_id"], told.bands["top_three"], strict=True))

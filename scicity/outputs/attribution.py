"""Who brings what, written to files and as a layer of the planned links."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from analysis.attribution.network.players import Player
from analysis.change import EVERYWHERE
from geo.crs import WGS84
from scicity.inputs.study import Study
from scicity.outputs.files import write_csv
from scicity.results.attribution import TRAVELS, Attribution
from scicity.results.gains import Gains, Phasing

DECIMALS = 6
"""Of shares."""
PLAYER_COLUMNS = (
    "player_id",
    "name_zh",
    "name_en",
    "project_ids",
    "opening_years",
    "cost",
    "cost_sources",
)
LINK_FIGURES = ("first_in", "last_in", "shapley", "share")
BAND_FIGURES = ("low", "high", "top_three")
"""Columns of the layer, each followed by the mode."""


def _player_row(study: Study, player: Player) -> tuple[object, ...]:
    """One row of `PLAYER_COLUMNS`; a cost only where every project has one."""
    projects = [study.projects[p] for p in player.project_ids]
    costs = [p.cost for p in projects if p.cost is not None]
    known = len(costs) == len(projects)
    sources = [str(s) for p in projects for s in p.features["cost_source"].dropna().unique()]
    return (
        player.player_id,
        player.name_zh,
        player.name_en,
        "; ".join(player.project_ids),
        "; ".join(str(year) for year in sorted({p.opening_year for p in projects})),
        sum(costs) if known else None,
        "; ".join(dict.fromkeys(sources)),
    )


def player_table(study: Study, found: Attribution) -> pd.DataFrame:
    """Who is judged: `PLAYER_COLUMNS`; costs are those of the project files, never assumed."""
    rows = [_player_row(study, player) for player in found.players]
    return pd.DataFrame(rows, columns=list(PLAYER_COLUMNS))


def with_costs(study: Study, found: Attribution) -> pd.DataFrame:
    """The shares with `gain_per_cost`: the Shapley value over the cost, where that is known."""
    cost = player_table(study, found).set_index("player_id")["cost"].astype(float)
    each = found.shares["player_id"].map(cost)
    return found.shares.assign(gain_per_cost=found.shares["shapley"] / each.where(each > 0))


def link_figures(found: Attribution, measure: str) -> pd.DataFrame:
    """One row a player, indexed by id: its share of one measure everywhere, by mode.

    Columns are `LINK_FIGURES` and, where values were drawn, `BAND_FIGURES`, each with `_<mode>`.
    """
    tables = []
    for travel in TRAVELS:
        for table, names in ((found.shares, LINK_FIGURES), (found.bands, BAND_FIGURES)):
            if table.empty:
                continue
            own = (table["measure"] == measure) & (table["mode"] == travel.mode)
            if "area_id" in table:
                own &= table["area_id"] == EVERYWHERE
            figures = table.loc[own].set_index("player_id")[list(names)]
            tables.append(figures.add_suffix(f"_{travel.mode}"))
    return pd.concat(tables, axis=1)


def link_layer(study: Study, found: Attribution, measure: str) -> gpd.GeoDataFrame:
    """The planned links, one feature a player, with what they bring in one measure.

    Returns
    -------
    GeoDataFrame
        `PLAYER_COLUMNS`, `measure` and `link_figures`; geometry is all of the player's lines
        (EPSG:4326).
    """
    players = player_table(study, found)
    lines = []
    for player in found.players:
        features = pd.concat([study.projects[p].features for p in player.project_ids])
        drawn = features.loc[features["element"] != "station", "geometry"]
        lines.append(gpd.GeoSeries(drawn, crs=WGS84).union_all())
    figures = link_figures(found, measure).reindex(players["player_id"]).reset_index(drop=True)
    table = pd.concat([players.assign(measure=measure), figures], axis=1)
    return gpd.GeoDataFrame(table, geometry=lines, crs=WGS84)


def write_attribution(study: Study, found: Attribution | None, folder: Path) -> None:
    """Every table of the attribution; none if the scenario adds nothing.

    Those of draws have no rows where none were made.
    """
    if found is None:
        return
    tables = {
        "attribution_players": player_table(study, found),
        "attribution": with_costs(study, found),
        "attribution_changes": found.changes,
        "attribution_pairs": found.pairs,
        "building_order": found.orders,
        "attribution_bands": found.bands,
        "attribution_certainty": found.certainty,
        "attribution_tornado": found.tornado,
    }
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv", DECIMALS)


def _listed(table: pd.DataFrame) -> pd.DataFrame:
    """Tuples of ids as one text."""
    ids = [name for name in table.columns if name.endswith("_ids")]
    return table.assign(**{name: table[name].map("; ".join) for name in ids})


def write_gains(gains: Gains, phasing: Phasing, folder: Path) -> None:
    """Who gains, and when."""
    tables = {
        "spread": gains.spread,
        "gain_shares": gains.shares,
        "core_and_ring": gains.core_ring,
        "partner_times": gains.partner_pairs,
        "partner_summary": gains.partner_summary,
        "openings": phasing.openings,
        "accessibility_by_year": phasing.yearly,
        "slips": phasing.slips,
    }
    for name, table in tables.items():
        write_csv(_listed(table), folder / f"{name}.csv", DECIMALS)

"""Tables and layer of the attribution, and tables of gains."""

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
"""Decimals of shares."""
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
"""Columns of the layer, each with the mode as suffix."""


def _player_row(study: Study, player: Player) -> tuple[object, ...]:
    """One row of `PLAYER_COLUMNS`; the cost is missing unless all projects have one."""
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


def player_table(study: Study, attribution: Attribution) -> pd.DataFrame:
    """Players, `PLAYER_COLUMNS`; costs are those of the project files, never assumed."""
    rows = [_player_row(study, player) for player in attribution.players]
    return pd.DataFrame(rows, columns=list(PLAYER_COLUMNS))


def with_costs(study: Study, attribution: Attribution) -> pd.DataFrame:
    """The shares with `gain_per_cost`: the Shapley value over the cost, if known."""
    cost = player_table(study, attribution).set_index("player_id")["cost"].astype(float)
    cost_of_row = attribution.shares["player_id"].map(cost)
    return attribution.shares.assign(
        gain_per_cost=attribution.shares["shapley"] / cost_of_row.where(cost_of_row > 0)
    )


def link_figures(attribution: Attribution, measure: str) -> pd.DataFrame:
    """Figures of one measure in the whole study area: a row a player, indexed by id.

    Columns are `LINK_FIGURES` and, after Monte Carlo draws, `BAND_FIGURES`, each with `_<mode>`.
    """
    tables = []
    for travel in TRAVELS:
        for table, names in ((attribution.shares, LINK_FIGURES), (attribution.bands, BAND_FIGURES)):
            if table.empty:
                continue
            selected = (table["measure"] == measure) & (table["mode"] == travel.mode)
            if "area_id" in table:
                selected &= table["area_id"] == EVERYWHERE
            figures = table.loc[selected].set_index("player_id")[list(names)]
            tables.append(figures.add_suffix(f"_{travel.mode}"))
    return pd.concat(tables, axis=1)


def link_layer(study: Study, attribution: Attribution, measure: str) -> gpd.GeoDataFrame:
    """The planned links, one feature a player, with their figures of one measure.

    Returns
    -------
    GeoDataFrame
        `PLAYER_COLUMNS`, `measure` and `link_figures`; the geometry is the union of the player's
        lines (EPSG:4326).
    """
    players = player_table(study, attribution)
    lines = []
    for player in attribution.players:
        features = pd.concat([study.projects[p].features for p in player.project_ids])
        geometries = features.loc[features["element"] != "station", "geometry"]
        lines.append(gpd.GeoSeries(geometries, crs=WGS84).union_all())
    figures = (
        link_figures(attribution, measure).reindex(players["player_id"]).reset_index(drop=True)
    )
    table = pd.concat([players.assign(measure=measure), figures], axis=1)
    return gpd.GeoDataFrame(table, geometry=lines, crs=WGS84)


def write_attribution(study: Study, attribution: Attribution | None, folder: Path) -> None:
    """Write all tables of the attribution; none if the scenario adds nothing.

    Without Monte Carlo draws, their tables have no rows.
    """
    if attribution is None:
        return
    tables = {
        "attribution_players": player_table(study, attribution),
        "attribution": with_costs(study, attribution),
        "attribution_changes": attribution.changes,
        "attribution_pairs": attribution.pairs,
        "building_order": attribution.orders,
        "attribution_bands": attribution.bands,
        "attribution_certainty": attribution.certainty,
        "attribution_tornado": attribution.tornado,
    }
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv", DECIMALS)


def _with_joined_ids(table: pd.DataFrame) -> pd.DataFrame:
    """The table with tuples of ids joined to one text."""
    ids = [name for name in table.columns if name.endswith("_ids")]
    return table.assign(**{name: table[name].map("; ".join) for name in ids})


def write_gains(gains: Gains, phasing: Phasing, folder: Path) -> None:
    """Write the tables of the distribution and timing of gains."""
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
        write_csv(_with_joined_ids(table), folder / f"{name}.csv", DECIMALS)

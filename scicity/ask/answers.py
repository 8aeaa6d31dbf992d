"""Answers of several tables, as `scicity.compare` and `scicity.bus_loops` return them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import geopandas as gpd
import pandas as pd


class OneLine:
    """A representation in one line: the tables of an answer with their numbers of rows."""

    def __repr__(self) -> str:
        """Name the tables, so that a notebook shows what there is to look at."""
        tables = ", ".join(f"{f.name}: {len(getattr(self, f.name))} rows" for f in fields(self))  # type: ignore[arg-type]
        return f"{type(self).__name__}({tables})"


@dataclass(frozen=True, repr=False, eq=False)
class Comparison(OneLine):
    """Two scenarios beside each other.

    Attributes
    ----------
    times
        Seconds between named places, `analysis.change.PLACE_TIME_COLUMNS`: `from_id`, `to_id`,
        `mode`, `period`, `baseline_secs`, `scenario_secs`, `change_secs` (negative: quicker), and
        the best and worst waiting (by timetable: percentiles 5 and 95 of the departures).
    missing
        Pairs without a time in one of the scenarios: `from_id`, `to_id`, `mode`, `period`,
        `scenario`, `reason`.
    zones
        Hexagons (WGS 84), see `scicity.accessibility`.
    by_area
        `analysis.change.BY_AREA_COLUMNS`: means over people, percentiles and Gini of every
        measure by planning area.
    """

    times: pd.DataFrame
    missing: pd.DataFrame
    zones: gpd.GeoDataFrame
    by_area: pd.DataFrame


@dataclass(frozen=True, repr=False, eq=False)
class BusLoops(OneLine):
    """Cross-border buses of two scenarios; each table has `scenario` first (docs/buses.md).

    Attributes
    ----------
    gateways, loops, gaps
        Where bus-allowed roads cross borders, with `state`; the loops through closed ones; the
        gaps. WGS 84.
    closing_links, loop_proposals
        The cheapest link that closes each gap; whole circular lines that close several. WGS 84.
    link_sets
        The best few links together.
    spine_feeding
        Which areas reach each spine station by one bus from across a border.
    """

    gateways: gpd.GeoDataFrame
    loops: gpd.GeoDataFrame
    gaps: gpd.GeoDataFrame
    closing_links: gpd.GeoDataFrame
    loop_proposals: gpd.GeoDataFrame
    link_sets: pd.DataFrame
    spine_feeding: pd.DataFrame

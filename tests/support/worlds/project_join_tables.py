"""Where projects meet a drawn network, as a table that keeps its promises."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from ascii_worlds import world
from coordinates import CRS, point
from easy_values import easy
from shapely.geometry import Point

from analysis.project_joins import PROJECT_JOIN_COLUMNS, project_joins
from geo.faults import errors
from layers.network import TransportNetwork
from layers.projects import Project
from layers.scenarios import Applied, Scenario, applied_with_faults

SNAP_M = 300.0
EVERYWHERE = point(0, 0).buffer(100_000)
UNDER = easy(snap_limit_m=500.0, portal_snap_m=SNAP_M)


def applied(baseline: TransportNetwork, *projects: Project) -> Applied:
    """The baseline with projects in this order; none of them may have an error."""
    known = {item.project_id: item for item in projects}
    found, faults = applied_with_faults(
        baseline, Scenario("plan", "", "", tuple(known)), projects=known, portal_snap_m=SNAP_M
    )
    assert not errors(faults)
    return found


def places(**points: Point) -> gpd.GeoDataFrame:
    """Named places."""
    names = {"place_id": list(points), "name_zh": [f"地点{name}" for name in points]}
    return gpd.GeoDataFrame(names, geometry=list(points.values()), crs=CRS)


def joins(
    found: Applied, near: gpd.GeoDataFrame | None = None, area: Any = EVERYWHERE
) -> gpd.GeoDataFrame:
    """The table, which keeps its promises whatever it holds."""
    table = project_joins(found, places() if near is None else near, area, UNDER)
    assert tuple(table.columns) == PROJECT_JOIN_COLUMNS
    over = table["over_limit"].astype(bool)
    assert table.loc[over, "joined_to"].isna().all()
    assert table.loc[~over, "joined_to"].notna().all()
    assert (table.loc[~over, "distance_m"] <= table.loc[~over, "limit_m"]).all()
    assert (table.loc[over, "distance_m"].fillna(np.inf) > table.loc[over, "limit_m"]).all()
    lines = table.loc[table.geometry.geom_type == "LineString"]
    assert lines.length.to_numpy() == pytest.approx(lines["distance_m"].to_numpy(dtype=float))
    return table


def told(table: gpd.GeoDataFrame) -> list[tuple[Any, ...]]:
    """What it says, without the limit and the geometry."""
    columns = ["project_id", "kind", "feature", "joined_to", "distance_m", "over_limit"]
    rows = table[columns].astype(object).where(table[columns].notna(), None)
    return [
        (*row[:4], None if row[4] is None else round(row[4]), row[5])
        for row in rows.itertuples(index=False)
    ]


TWO = world(
    """
    A-------B

    C-------D
    """
)

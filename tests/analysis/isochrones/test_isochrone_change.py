"""What a scenario adds to isochrones and takes from them."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from ascii_worlds import world
from coordinates import CRS
from isochrones_of import asked, same_area
from network_parts import project, tunnel

from analysis.isochrones import CHANGE_COLUMNS, isochrone_change
from layers.scenarios import Scenario, apply_scenario


def table_of(areas: Sequence[shapely.Geometry], mode: str = "walk") -> gpd.GeoDataFrame:
    """Isochrones of one origin, one cutoff each."""
    columns = {"mode": mode, "origin_id": "o", "cutoff_secs": [60.0 * k for k in range(len(areas))]}
    return gpd.GeoDataFrame(columns, geometry=list(areas), crs=CRS)


def test_gained_and_lost_parts_add_up() -> None:
    """A tunnel opens a valley, and the street over the pass is closed for it."""
    here = world(
        """
        A---B   C---D
            |   |
            E---F
        """
    )
    baseline = here.network()
    plan = project("T", roads=[tunnel("T", here.line("BC"))], replaces=("EF",), routes=[])
    after = apply_scenario(
        baseline, Scenario("s", "", "", ("T",)), projects={"T": plan}, portal_snap_m=300
    ).network
    cutoffs = [500.0, 620.0, 900.0]
    tables = [
        asked(network, here.places["A"], cutoffs, "drive").areas.assign(mode="drive")
        for network in (baseline, after)
    ]
    change = isochrone_change(*tables)
    assert tuple(change.columns) == CHANGE_COLUMNS
    for was, now, cutoff in zip(*(table.geometry for table in tables), cutoffs, strict=True):
        parts = change.loc[change["cutoff_secs"] == cutoff].set_index("change")
        gained, lost = parts.geometry["gained"], parts.geometry["lost"]
        assert same_area(shapely.union(shapely.difference(was, lost), gained), now)
        assert shapely.intersection(gained, was).area <= 1e-3
        assert shapely.intersection(lost, now).area <= 1e-3
        assert now.area == pytest.approx(was.area + gained.area - lost.area, rel=1e-9)
        assert parts["area_km2"].to_dict() == pytest.approx(
            {"gained": gained.area / 1e6, "lost": lost.area / 1e6}
        )


def test_what_does_not_change_has_no_row() -> None:
    box = shapely.box(0, 0, 1_000, 1_000)
    assert isochrone_change(table_of([box]), table_of([box])).empty
    grown = isochrone_change(table_of([box, box]), table_of([box, box.buffer(100)]))
    assert grown[["cutoff_secs", "change"]].to_numpy().tolist() == [[60.0, "gained"]]


def test_changes_are_by_mode_origin_and_cutoff() -> None:
    """Areas that only touch lose and gain all they have."""
    west, east = shapely.box(0, 0, 1_000, 1_000), shapely.box(1_000, 0, 3_000, 1_000)
    was = pd.concat([table_of([west]), table_of([east], "drive")])
    now = pd.concat([table_of([east], "drive"), table_of([east])])
    change = isochrone_change(was, now)
    assert change[["mode", "change", "area_km2"]].to_numpy().tolist() == [
        ["walk", "gained", 2.0],
        ["walk", "lost", 1.0],
    ]

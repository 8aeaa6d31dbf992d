"""Six blocks, two tunnels between them and a bus over all, which open one after another."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from ascii_worlds import world
from coordinates import CRS
from easy_values import conditions
from network_parts import project, route, tunnel

from analysis.graph.travel import Travel
from analysis.measures import Measure
from analysis.phasing import (
    Phases,
    Programme,
)
from layers.projects import Project

NAMES = "ABCDEF"
HERE = world("A---B   C---D   E---F")
"""A block takes a car 200 s and a walker 1000 s."""
WITHIN = Measure("people_650", "cumulative", "population", 650.0)
FAR = Measure("people_1050", "cumulative", "population", 1_050.0)
"""A car reaches all that is joined, a walker the next block."""
TRAVELS = (Travel("drive"), Travel("transit"))


def zones() -> gpd.GeoDataFrame:
    """A zone at each letter; powers of two as people; three in the west, three in the east."""
    columns = {
        "zone_id": list(NAMES),
        "area_id": ["west"] * 3 + ["east"] * 3,
        "population": [2.0**n for n in range(6)],
    }
    return gpd.GeoDataFrame(columns, geometry=list(HERE.at(NAMES)), crs=CRS)


def two_tunnels_and_a_bus() -> dict[str, Project]:
    """D-E is built first but waits for B-C; the bus from A to F comes last."""
    found = [
        project("one", roads=[tunnel("one", HERE.line("BC"))], opening_year=2025),
        project(
            "two", roads=[tunnel("two", HERE.line("DE"))], requires=("one",), opening_year=2023
        ),
        project("bus", routes=[route("bus", "AF", 60)], stops_at=HERE.at("AF"), opening_year=2028),
    ]
    return {item.project_id: item for item in found}


PROJECTS = two_tunnels_and_a_bus()
IDS = ("one", "bus", "two")


def phases(
    projects: dict[str, Project] = PROJECTS,
    *,
    already: tuple[str, ...] = (),
    measure: Measure = WITHIN,
) -> Phases:
    programme = Programme(HERE.network(), projects, IDS, already)
    return Phases(programme, zones(), measures=[measure], travels=TRAVELS, conditions=conditions())


def means(table: pd.DataFrame, mode: str, area_id: str = "all") -> dict[int, float]:
    part = table.loc[(table["mode"] == mode) & (table["area_id"] == area_id)]
    return dict(zip(part["year"], part["mean"], strict=True))

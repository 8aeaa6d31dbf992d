"""Tags and crossings of drawn streets of OpenStreetMap.

Unless a tag says otherwise streets are `TEN_MPS`: 100 m (four characters of a drawing) take a car
10 s and a walker 100 s.
"""

from __future__ import annotations

import pandas as pd
from osm_worlds import TEN_MPS, kinds, osm_world

from analysis.routing.arcs import STEP_SECS

SAME_SECS = 1e-9
SPLIT_SECS = STEP_SECS / 2
NEVER = float("inf")
CROSS = """
        D
        |
    A---B---C
        |
        E
"""
LONG_CROSS = """
            D
            |
    A---B---+---C---F
            |
            E
"""
ROAD = {"highway": "primary"}
TUNNEL = {**TEN_MPS, "tunnel": "yes", "layer": "-1"}
BRIDGE = {**TEN_MPS, "bridge": "yes", "layer": "1"}


def one_street(**tags: str) -> pd.Series:
    """The only street of a straight way of 100 m; without `highway` it is a primary road."""
    [(_, street)] = osm_world("A---B", {"AB": {**ROAD, **tags}}).streets().iterrows()
    return street


def problem_kinds(**tags: str) -> list[str]:
    return kinds(osm_world("A---B", {"AB": {**ROAD, **tags}}).roads().problems)

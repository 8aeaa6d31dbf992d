"""What checks by separate arithmetic share: raw data read as JSON, and figures to compare."""

from __future__ import annotations

import json
import math
import tomllib
from dataclasses import dataclass
from typing import Any

from pyproj import Transformer
from shapely.geometry import LineString, Point

from scicity.inputs.read_study import bundled_study

DATA = bundled_study()
TO_METRES = Transformer.from_crs(4326, 32648, always_xy=True).transform
TOLERANCE = 0.01
"""Seconds, metres or times."""


@dataclass(frozen=True)
class Check:
    """One comparison: what was compared, the arithmetic, and both figures."""

    title: str
    arithmetic: str
    by_hand: float
    by_scicity: float
    unit: str

    @property
    def holds(self) -> bool:
        """Whether the two figures are the same."""
        return math.isclose(self.by_hand, self.by_scicity, abs_tol=TOLERANCE)


def features(path: str) -> list[dict[str, Any]]:
    """The features of one of the bundled files."""
    content = json.loads((DATA / path).read_text(encoding="utf-8"))
    return list(content["features"])


def assumption(name: str) -> Any:
    """A value of study.toml."""
    with (DATA / "study.toml").open("rb") as file:
        return tomllib.load(file)["assumptions"][name]["value"]


def nearest(point: Point, edges: list[dict[str, Any]]) -> tuple[dict[str, Any], float, float]:
    """The nearest link, how far along it, and the distance."""
    edge = min(edges, key=lambda e: e["line"].distance(point))
    line: LineString = edge["line"]
    return edge, line.project(point, normalized=True), line.distance(point)

"""Layers of a study moved to other datums."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape

from geo.bd09 import bd09_from_gcj02
from geo.gcj02 import gcj02_from_wgs84


def to_gcj02(xy: np.ndarray) -> np.ndarray:
    return np.column_stack(gcj02_from_wgs84(*xy.T))


def to_bd09(xy: np.ndarray) -> np.ndarray:
    return np.column_stack(bd09_from_gcj02(*gcj02_from_wgs84(*xy.T)))


def move_file(path: Path, there: Any) -> None:
    """A GeoJSON file in another datum."""
    content = json.loads(path.read_text(encoding="utf-8"))
    for feature in content["features"]:
        moved = shapely.transform(shape(feature["geometry"]), there)
        feature["geometry"] = mapping(moved)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def edit(folder: Path, *changes: tuple[str, str], datums: str = "") -> None:
    path = folder / "study.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(f"{text}\n[datums]\n{datums}\n", encoding="utf-8")

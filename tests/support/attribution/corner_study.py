"""A corner of the bundled study whose four projects are judged each by itself."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from bad_inputs.base import JUDGED, make_base, toml

from scicity.cli import main

ALL_FOUR = """[scenarios.four]
name_zh = "甲"
name_en = "x"
projects = ["KXC", "CRT27", "HEBIJIN", "YONGBI"]

[scenarios.one]
name_zh = "甲"
name_en = "x"
projects = ["KXC"]

[partners]
"""


def make_corner(folder: Path) -> Path:
    """YONGBI requires HEBIJIN."""
    make_base(folder)
    toml(JUDGED.partition("[partners]\n")[0] + "[partners]\n", ALL_FOUR)(folder)
    return folder


def run(corner: Path, out: Path, *options: str) -> int:
    return main(["attribute", "--study", str(corner), "--out", str(out), *options])


def everywhere(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, keep_default_na=False, na_values=[""])
    return table.loc[table["area_id"] == "all"].reset_index(drop=True)


def shares_of(out: Path, name: str = "shapley") -> pd.DataFrame:
    table = everywhere(out / "attribution.csv")
    return table.pivot_table(index=["measure", "mode"], columns="player_id", values=name)

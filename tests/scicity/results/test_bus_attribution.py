"""`scicity attribute --buses`, with questions of the bus loops answered by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from corner_study import make_corner, run, shares_of

from scicity.results import bus_attribution


@pytest.fixture(scope="module")
def corner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_corner(tmp_path_factory.mktemp("corner") / "my 研究")


def test_gaps_of_the_bus_loops(
    corner: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """KXC closes a gateway; YONGBI closes two gaps, but HEBIJIN without it opens one."""
    gateways = pd.DataFrame(
        {"area_a": ["core", "core"], "area_b": ["bishan", "beibei"], "state": ["closed"] * 2}
    )
    gap = {"area_a": ["core"], "area_b": ["bishan"], "kind": ["unserved"]}

    def answer(network: Any, *_: Any, **__: Any) -> Any:
        roads = set(network.roads.drawn["project_id"])
        count = 2 + ("HEBIJIN" in roads) - 2 * ("YONGBI" in roads)
        gaps = pd.concat([pd.DataFrame(gap)] * count, ignore_index=True)
        return SimpleNamespace(gateways=gateways.iloc[: 1 + ("KXC" in roads)], gaps=gaps)

    monkeypatch.setattr(bus_attribution, "bus_answer", answer)
    options = ["--scenario", "four", "--draws", "0", "--buses", "4"]
    assert run(corner, tmp_path / "out", *options) == 0
    found = shares_of(tmp_path / "out").loc[(slice(None), "bus"), :].droplevel("mode")
    assert found.loc["bus_closed_gateways"].to_dict() == {
        "CRT27": 0,
        "HEBIJIN": 0,
        "KXC": 1,
        "YONGBI": 0,
    }
    # first HEBIJIN: -1, then YONGBI +2; first YONGBI: nothing, then HEBIJIN with it +1
    assert found.loc["bus_gaps"].to_dict() == pytest.approx(
        {"CRT27": 0, "HEBIJIN": 0, "KXC": 0, "YONGBI": 1}
    )
    assert np.abs(found.loc["bus_unfed_stations"]).max() == 0
    table = pd.read_csv(tmp_path / "out/attribution.csv")
    by_area = table.query("measure == 'bus_closed_gateways' and player_id == 'KXC'")
    assert by_area.set_index("area_id")["shapley"].to_dict() == {
        "all": 1,
        "beibei": 1,
        "core": 1,
        **dict.fromkeys(["bishan", "jiangjin", "jiulongpo", "shapingba"], 0),
    }


def test_gaps_for_a_single_player(
    corner: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is one order only; KXC opens the gap."""
    gap = pd.DataFrame({"area_a": ["core"], "area_b": ["bishan"], "state": "", "kind": ""})

    def answer(network: Any, *_: Any, **__: Any) -> Any:
        built = "KXC" in set(network.roads.drawn["project_id"])
        return SimpleNamespace(gateways=gap, gaps=gap.iloc[: int(built)])

    monkeypatch.setattr(bus_attribution, "bus_answer", answer)
    options = ["--scenario", "one", "--draws", "0", "--buses", "4"]
    assert run(corner, tmp_path / "out", *options) == 0
    found = shares_of(tmp_path / "out").loc[("bus_gaps", "bus")]
    assert found.to_dict() == {"KXC": -1}

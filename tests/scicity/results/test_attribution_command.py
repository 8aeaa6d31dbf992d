"""`scicity attribute` from end to end, on a corner of the bundled study."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from corner_study import everywhere, make_corner, run, shares_of

from analysis.attribution.tables import (
    BAND_COLUMNS,
    CERTAINTY_COLUMNS,
    CHANGE_COLUMNS,
    ORDER_COLUMNS,
    PAIR_TABLE_COLUMNS,
    SHARE_COLUMNS,
    TORNADO_COLUMNS,
)
from scicity.cli import main
from scicity.outputs.attribution import LINK_FIGURES, PLAYER_COLUMNS
from scicity.results import attribution
from scicity.results import subset_networks as attribution_searches
from scicity.results import subset_values as attribution_subsets

FILES = {
    "attribution.csv",
    "attribution.geojson",
    "attribution_changes.csv",
    "attribution_pairs.csv",
    "attribution_players.csv",
    "building_order.csv",
    "attribution_bands.csv",
    "attribution_certainty.csv",
    "attribution_tornado.csv",
}


@pytest.fixture(scope="module")
def corner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_corner(tmp_path_factory.mktemp("corner") / "my 研究")


@pytest.fixture(scope="module")
def exact(corner: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("exact")
    assert run(corner, out, "--scenario", "four", "--draws", "0") == 0
    return out


def test_files_and_columns(exact: Path) -> None:
    assert {path.name for path in exact.iterdir()} == FILES
    wanted: Mapping[str, tuple[str, ...]] = {
        "attribution": (*SHARE_COLUMNS, "gain_per_cost"),
        "attribution_changes": CHANGE_COLUMNS,
        "attribution_pairs": PAIR_TABLE_COLUMNS,
        "attribution_players": PLAYER_COLUMNS,
        "building_order": ORDER_COLUMNS,
        # nothing was drawn, so these have no rows
        "attribution_bands": BAND_COLUMNS,
        "attribution_certainty": CERTAINTY_COLUMNS,
        "attribution_tornado": TORNADO_COLUMNS,
    }
    for name, columns in wanted.items():
        assert tuple(pd.read_csv(exact / f"{name}.csv").columns) == columns
    layer = gpd.read_file(exact / "attribution.geojson")
    figures = {f"{name}_{mode}" for name in LINK_FIGURES for mode in ("transit", "drive")}
    assert figures <= set(layer.columns)
    assert layer["player_id"].tolist() == ["KXC", "CRT27", "HEBIJIN", "YONGBI"]
    assert not layer.geometry.is_empty.any()


def test_shares_add_up(exact: Path) -> None:
    shares = pd.read_csv(exact / "attribution.csv")
    keys = ["measure", "mode", "area_id"]
    total = shares.groupby(keys)["shapley"].sum()
    gain = pd.read_csv(exact / "attribution_changes.csv").set_index(keys)["gain"]
    assert total.to_numpy() == pytest.approx(gain[total.index].to_numpy(), abs=1e-5)
    assert (shares["shapley_error"] == 0).all()
    assert gain.abs().max() > 1


def test_what_is_said(corner: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(corner, tmp_path / "out", "--scenario", "four", "--draws", "0") == 0
    said = capsys.readouterr()
    assert "4 projects or groups, all 16 subsets, nothing drawn" in said.out
    assert "car: Kexuecheng Tunnel: " in said.out
    assert "people, " in said.out
    assert said.err == ""


def test_draws_write_bands(corner: Path, tmp_path: Path) -> None:
    """Two runs write the same; the central figures do not depend on the draws."""
    outs = [tmp_path / name for name in ("one", "two")]
    for out in outs:
        assert run(corner, out, "--draws", "2") == 0
        assert {path.name for path in out.iterdir()} == FILES
    for name in FILES:
        assert (outs[0] / name).read_bytes() == (outs[1] / name).read_bytes()
    bands = pd.read_csv(outs[0] / "attribution_bands.csv")
    central = bands.set_index(["measure", "mode", "player_id"])["central"]
    shares = everywhere(outs[0] / "attribution.csv")
    wanted = shares.set_index(["measure", "mode", "player_id"])["shapley"]
    assert central.to_numpy() == pytest.approx(wanted[central.index].to_numpy(), abs=1e-5)
    assert (bands["low"] <= bands["high"]).all()
    assert (bands["low"] < bands["high"]).any()


def test_a_scenario_that_adds_nothing(
    corner: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(corner, tmp_path / "out", "--scenario", "today") == 0
    assert "today adds nothing to today" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--draws", "-1"], "-1 is not a number from 0 to 10000"),
        (["--draws", "10001"], "10001 is not a number from 0 to 10000"),
        (["--draws", "many"], "invalid"),
        (["--orders", "3"], "3 is not an even number from 4 on"),
        (["--orders", "2"], "2 is not an even number from 4 on"),
        (["--buses", "5"], "5 is not an even number from 4 on"),
        (["--buses", "0"], "0 is not an even number from 4 on"),
    ],
)
def test_wrong_use(
    options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["attribute", "--out", str(tmp_path / "out"), *options])
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


def test_an_unknown_scenario(
    corner: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(corner, tmp_path / "out", "--scenario", "plans") == 2
    said = "".join(capsys.readouterr())
    assert "there is no scenario 'plans'" in said
    assert "Traceback" not in said


def test_what_is_misspelt_is_told_with_what_was_meant(
    corner: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (corner / "study.toml").read_text(encoding="utf-8")
    folder = tmp_path / "study"
    folder.mkdir()
    wrong = words.replace("[uncertain.headways]", "[uncertain.headway]")
    (folder / "study.toml").write_text(wrong, encoding="utf-8")
    assert run(folder, tmp_path / "out") == 2
    assert "did you mean headways?" in "".join(capsys.readouterr())


# Too many players, and what is not additive -------------------------------------------------


def test_with_many_players_orders_are_sampled(
    corner: Path,
    exact: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As if eight orders saw fewer than the 16 subsets: the error is told, and sums are exact."""
    monkeypatch.setattr(attribution, "MOST_EXACT", 3)
    monkeypatch.setattr(attribution_searches, "subsets_of_orders", lambda *_: 15)
    options = ["--scenario", "four", "--draws", "2", "--orders", "8"]
    assert run(corner, tmp_path / "out", *options) == 0
    assert "4 projects or groups, sampled orders, nothing drawn" in capsys.readouterr().out
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    found, error = shares_of(tmp_path / "out"), shares_of(tmp_path / "out", "shapley_error")
    wanted = shares_of(exact)
    assert (error.to_numpy() >= 0).all()
    gain = everywhere(exact / "attribution_changes.csv").set_index(["measure", "mode"])["gain"]
    assert found.sum(axis=1).to_numpy() == pytest.approx(gain[found.index].to_numpy(), abs=1e-3)
    # an interval from four pairs of orders holds nineteen times of twenty
    inside = (found - wanted).abs() <= error + 1e-3 + 1e-6 * wanted.abs()
    assert inside.to_numpy().mean() >= 0.9


@pytest.mark.parametrize("most", [3, 14])
def test_with_few_players_every_subset_is_searched(
    corner: Path, exact: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, most: int
) -> None:
    """What is found by adding and by searches is the same, to the rounding of split streets."""
    monkeypatch.setattr(attribution, "MOST_EXACT", most)
    if most > 4:

        def not_additive(*_: Any, **__: Any) -> None:
            raise attribution.NotAdditiveError

        monkeypatch.setattr(attribution_subsets, "players_apart", not_additive)
    assert run(corner, tmp_path / "out", "--scenario", "four", "--orders", "4") == 0
    for name in ("first_in", "last_in", "shapley", "shapley_error"):
        found, wanted = shares_of(tmp_path / "out", name), shares_of(exact, name)
        assert found.to_numpy() == pytest.approx(wanted.to_numpy(), rel=1e-6, abs=1e-3)

"""OpenStreetMap fetched into a study: from files and servers, and what is none."""

from __future__ import annotations

import shutil
from pathlib import Path

import geopandas as gpd
import pytest
from overpass_server import OverpassServer, helsinki_file

from layers.osm.store import read_store
from scicity.cli import main
from scicity.inputs.baseline import network_recipe
from scicity.inputs.read_study import bundled_study, read_study


@pytest.fixture
def two(folder: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two copies of the study without OpenStreetMap."""
    for name in ("a", "b"):
        shutil.copytree(folder, tmp_path / name)
        shutil.rmtree(tmp_path / name / "osm")
    return tmp_path / "a", tmp_path / "b"


def test_overpass_and_file_give_the_same_study(two: tuple[Path, Path]) -> None:
    by_file, by_server = two
    assert main(["fetch", "--study", str(by_file), "--osm", str(helsinki_file())]) == 0
    with OverpassServer() as server:
        assert main(["fetch", "--study", str(by_server), "--overpass", server.url]) == 0
        assert server.queries
    one, other = (path / "osm" / "area.osm.pbf" for path in two)
    assert one.read_bytes() == other.read_bytes()
    for name in ("nodes", "streets", "stops", "routes", "entrances", "tracks", "problems"):
        tables = [gpd.read_parquet(path / f"osm/network_store/{name}.parquet") for path in two]
        assert len(tables[0]) > 0
        assert tables[0].equals(tables[1])
    assert not (by_server / "osm" / "overpass").exists()


def test_what_the_server_did_not_answer_leaves_what_was_there(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "study"
    shutil.copytree(folder, study)
    before = (study / "osm" / "area.osm.pbf").read_bytes()
    nowhere = "http://127.0.0.1:9/api"
    assert main(["fetch", "--study", str(study), "--overpass", nowhere]) == 2
    assert "scicity fetch --osm FILE" in capsys.readouterr().err
    assert (study / "osm" / "area.osm.pbf").read_bytes() == before


def test_the_bundled_study_is_not_changed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "--osm", str(helsinki_file())]) == 2
    assert "study-bundled" in capsys.readouterr().err
    assert not (bundled_study() / "osm").exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("no.osm.pbf", None, "file-missing"),
        ("broken.osm.pbf", b"\x00\x00\x00\x0dgarbage", "file-unreadable"),
        ("streets.csv", b"a,b", "file-unreadable"),
    ],
)
def test_files_that_are_none(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    name: str,
    content: bytes | None,
    code: str,
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    before = (folder / "osm" / "area.osm.pbf").read_bytes()
    assert main(["fetch", "--study", str(folder), "--osm", str(path)]) == 2
    error = capsys.readouterr().err
    assert code in error
    assert name in error
    assert (folder / "osm" / "area.osm.pbf").read_bytes() == before


def test_a_file_of_elsewhere_is_told(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "--study", str(copy), "--osm", str(helsinki_file())]) == 2
    assert "osm-empty" in capsys.readouterr().err
    assert "[osm]" not in (copy / "study.toml").read_text(encoding="utf-8")


def test_a_changed_setting_makes_the_network_again(folder: Path, tmp_path: Path) -> None:
    study = tmp_path / "study"
    shutil.copytree(folder, study)
    words = (study / "study.toml").read_text(encoding="utf-8")
    more = '\n[assumptions.maxspeed_default_kph]\nvalue = { service = 11 }\nsource = "a test"\n'
    more += 'confidence = "assumed"\n'
    (study / "study.toml").write_text(words + more, encoding="utf-8")
    edges = read_study(study).baseline.roads.edges
    assert 11 in set(edges.loc[edges["highway"] == "service", "maxspeed"])
    settings_now = read_study(study)
    key = network_recipe(settings_now.settings, settings_now.area).key()
    assert read_store(study / "osm" / "network_store", key) is not None


def test_a_study_whose_file_is_gone_says_so(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "study"
    shutil.copytree(folder, study)
    (study / "osm" / "area.osm.pbf").unlink()
    assert main(["check", "--study", str(study)]) == 2
    said = " ".join(capsys.readouterr().out.split())
    assert "file-missing area.osm.pbf" in said

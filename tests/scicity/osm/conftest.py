"""A study of central Helsinki, made once."""

from __future__ import annotations

from pathlib import Path

import pytest
from helsinki_study import BOX, line, tunnel, write_project
from overpass_server import helsinki_file

from scicity.cli import main
from scicity.inputs.read_study import read_study
from scicity.inputs.study import Study


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of central Helsinki with two projects; its path holds a space and Chinese."""
    made = tmp_path_factory.mktemp("osm") / "赫尔辛基 helsinki"
    assert main(["init", str(made), "--bbox", BOX, "--osm", str(helsinki_file())]) == 0
    write_project(made, "TUNNEL", tunnel())
    write_project(made, "LINE", line())
    return made


@pytest.fixture(scope="session")
def helsinki(folder: Path) -> Study:
    return read_study(folder)

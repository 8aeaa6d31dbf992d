"""What several tests share."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import read_once
from browser import Browser, chromium, open_browser
from hypothesis_settings import SLOW_TOO, leave_out_slow
from xdist.scheduler import LoadScopeScheduling

from scicity.cli import main
from scicity.inputs.read_study import bundled_study, read_study
from scicity.inputs.study import Study

collect_ignore = ["support/programs/qgis_project.py"]
"""Run by the Python of QGIS."""
collect_ignore_glob = ["*/conftest.py"]
"""They hold no examples, and as modules of examples they would all be called `conftest`."""


BUNDLED_RUN = ("tests/scicity/test_run_command.py", "tests/maps/page/test_map_bundled.py")
"""Modules that share `bundled_run`."""


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """A module a process, but those that share a long run are one."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.rpartition("::")[0]
        return "bundled run" if module in BUNDLED_RUN else module


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling | None:
    return Scheduling(config, log) if config.option.dist == "loadscope" else None


def pytest_configure(config: pytest.Config) -> None:
    """For doctests outside this folder too."""
    config.pluginmanager.register(read_once)
    leave_out_slow(left_out=leaves_out_slow(config))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests with few examples in a quick run are slow ones in any other."""
    for item in items:
        if not leaves_out_slow(config) and item.get_closest_marker(SLOW_TOO):
            item.add_marker("slow")


def leaves_out_slow(config: pytest.Config) -> bool:
    return "not slow" in config.option.markexpr


@pytest.fixture(scope="session")
def study() -> Study:
    """The bundled study."""
    return read_study(bundled_study())


@pytest.fixture(scope="session")
def bundled_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Results of one run of the bundled study, more than two minutes of work."""
    folder = tmp_path_factory.mktemp("run") / "结果 bundled"
    assert main(["run", "--draws", "2", "--out", str(folder)]) == 0
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the bundled study that a test may spoil; its path holds a space and Chinese."""
    folder = tmp_path / "my 研究"
    ignored = shutil.ignore_patterns("build", "source", "__pycache__")
    shutil.copytree(bundled_study(), folder, ignore=ignored)
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with the network off; CI must have one."""
    program = None if sys.platform == "win32" else chromium()
    if program is None and "CI" not in os.environ:
        pytest.skip("no Chromium here")
    assert program is not None, "CI must have a Chromium"
    with open_browser(program, tmp_path_factory.mktemp("profile")) as tab:
        yield tab

"""A planner's file that hides one of ours in the checkout is named, and nothing else is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from built import ROOT, run, strange_environment

OURS = str(ROOT)


def refused(folder: Path, *arguments: str) -> str:
    """What Python says before it stops, asked in a planner's folder."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=strange_environment() | {"PYTHONPATH": OURS},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    return done.stderr


@pytest.mark.parametrize("name", ["analysis.py", "geo.py", "layers/__init__.py", "maps.py"])
def test_the_command_names_the_file_in_one_line(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("raise RuntimeError('a planner wrote this')", encoding="utf-8")
    (line,) = refused(tmp_path, "-m", "scicity", "check").splitlines()
    assert line.startswith("scicity cannot start: ")
    assert str(file) in line
    assert f"pip install {OURS}" in line
    assert refused(tmp_path, "-c", "import scicity").splitlines()[-1] == f"ImportError: {line}"


def test_a_file_that_was_imported_before_is_named(tmp_path: Path) -> None:
    (tmp_path / "analysis.py").write_text("", encoding="utf-8")
    said = refused(tmp_path, "-c", "import sys, analysis; sys.path.pop(0); import scicity")
    assert str(tmp_path / "analysis.py") in said.splitlines()[-1]


def test_folders_that_hide_nothing_are_left_alone(tmp_path: Path) -> None:
    """A folder of maps is no package, and the checkout may be reached by another path."""
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "plan.png").write_bytes(b"")
    around = str(ROOT / "scicity" / "..")
    code = "import scicity, geo, layers, analysis, maps; print('all ours')"
    assert "all ours" in run([sys.executable, "-c", code], tmp_path, PYTHONPATH=around)


def test_looking_loads_nothing(tmp_path: Path) -> None:
    """`import scicity` stays a matter of milliseconds."""
    code = (
        "import sys; before = set(sys.modules); import scicity; new = set(sys.modules) - before;"
        "print(sorted({name.split('.')[0] for name in new} - sys.stdlib_module_names))"
    )
    assert run([sys.executable, "-c", code], tmp_path, PYTHONPATH=OURS) == "['scicity']\n"

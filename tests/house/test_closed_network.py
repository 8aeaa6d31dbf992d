"""Without the internet: all that is installed is pinned, and start.py needs the wheels alone."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from itertools import product
from pathlib import Path

import pytest
from built import ROOT, SCRIPTS, lend_packages, run, unpacked_sdist
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

START = runpy.run_path(str(ROOT / "start.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FEW = ("markupsafe", "tqdm")
"""Stand for all dependencies where they are really installed: machine code, and Python alone."""
SYSTEMS = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt"))
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
MACHINES = [
    {
        "sys_platform": system,
        "platform_system": name,
        "os_name": kind,
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    for (system, name, kind), python in product(SYSTEMS, PYTHONS)
]


def wanted_somewhere(requirement: Requirement, extras: frozenset[str]) -> bool:
    """Whether any of the systems and Pythons installs it."""
    marker = requirement.marker
    kinds = [machine | {"extra": extra} for machine in MACHINES for extra in (extras or {""})]
    return marker is None or any(marker.evaluate(kind) for kind in kinds)


def installed(name: str) -> Distribution | None:
    """None for what only other systems install."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def needed(texts: Sequence[str]) -> Iterator[str]:
    """Requirements, and theirs, as far as they are installed here: each name once."""
    waiting = [Requirement(text) for text in texts]
    seen = set()
    while waiting:
        one = waiting.pop()
        name, extras = canonicalize_name(one.name), frozenset(one.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        yield name
        found = installed(name)
        own = [Requirement(text) for text in (found.requires or [] if found else [])]
        waiting += [requirement for requirement in own if wanted_somewhere(requirement, extras)]


def everything() -> set[str]:
    """All that README's commands install, with every extra, and what builds scicity."""
    project = PROJECT["project"]
    extras = [text for texts in project["optional-dependencies"].values() for text in texts]
    built = [*PROJECT["build-system"]["requires"], *START["BUILDERS"]]
    return set(needed([*project["dependencies"], *extras, *built]))


def test_all_that_is_installed_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    pinned = {canonicalize_name(line.partition("==")[0]) for line in lines}
    assert all("==" in line for line in lines)
    assert everything() - pinned == set()
    assert {"narwhals", "json2html", "colorama", "hatchling", "tomlkit"} <= everything()


def test_readme_names_the_commands_that_start_py_knows() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Without the internet")[2].partition("\n## ")[0]
    assert "python3 start.py wheels" in section
    assert all(f" {name} " in section for name in START["BUILDERS"])
    assert f"`{START['WHEELS'].name}/`" in section


def write_wheel(name: str, folder: Path) -> None:
    """Make a wheel of what is installed here: a registry's shelf without a registry."""
    found = distribution(name)
    files = [file for file in found.files or [] if ".." not in file.parts]
    (home,) = {file.parts[0] for file in files if file.name == "WHEEL"}
    tag = (found.read_text("WHEEL") or "").partition("Tag: ")[2].split()[0]
    target = folder / f"{home.removesuffix('.dist-info')}-{tag}.whl"
    with zipfile.ZipFile(target, "w") as archive:
        for file in files:
            if file.suffix != ".pyc" and file.name not in {"INSTALLER", "REQUESTED"}:
                archive.write(str(file.locate()), str(file))


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published scicity with few dependencies, beside the shelf that is its internet."""
    folder = tmp_path_factory.mktemp("outside")
    copy = unpacked_sdist(folder)
    project = copy / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    few = re.sub(r"(?ms)^dependencies = \[.*?^\]", f"dependencies = {list(FEW)}", text)
    project.write_text(few, encoding="utf-8")
    (folder / "shelf").mkdir()
    builders = [*PROJECT["build-system"]["requires"], *START["BUILDERS"]]
    for name in set(needed([*FEW, *builders])):
        if installed(name):
            write_wheel(name, folder / "shelf")
    shelf = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": (folder / "shelf").as_uri()}
    run([sys.executable, "start.py", "wheels"], copy, **shelf)
    return copy


def sealed() -> list[str]:
    """What runs a command without any network, where the system can do that."""
    seal = ["unshare", "--map-root-user", "--net"]
    able = shutil.which("unshare") and not subprocess.run([*seal, "true"], check=False).returncode
    return seal if able else []


@pytest.mark.slow
def test_builders_and_scicity_are_among_the_wheels(outside: Path) -> None:
    names = {path.name.partition("-")[0].lower() for path in (outside / "wheels").iterdir()}
    assert names >= {"scicity", "hatchling", "editables", "tomlkit", *FEW}


@pytest.mark.slow
def test_start_py_sets_up_from_the_wheels_alone(outside: Path, tmp_path: Path) -> None:
    """In another folder, without network; and no second time."""
    inside = tmp_path / "carried 进来"
    shutil.copytree(outside, inside, ignore=shutil.ignore_patterns(".venv"))
    set_up = [sys.executable, "-c", "import start; start.set_up('')"]
    assert "from wheels" in run([*sealed(), *set_up], inside)
    python = inside / ".venv" / SCRIPTS / "python"
    held = run([python, "-m", "pip", "list"], inside).lower()
    assert all(name in held for name in ("scicity", *FEW))
    assert "hatchling" not in held  # it was there while scicity was built only
    lend_packages(inside / ".venv")  # the dependencies that this proof leaves out
    shutil.rmtree(inside / "wheels")
    said = run([*sealed(), sys.executable, "start.py", "check"], inside)
    assert said.startswith("0 faults in")
    assert str(inside) in said

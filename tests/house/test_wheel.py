"""The wheel installs one name, and answers as the checkout does wherever it is asked."""

from __future__ import annotations

import json
import runpy
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from built import ROOT, build, environment_with, run, unpacked_sdist

nested = runpy.run_path(str(ROOT / "hatch_build.py"))["nested"]
FOLDERS = ("geo", "layers", "analysis", "maps")
HOSTILE = ("analysis.py", "geo.py", "layers.py", "maps/__init__.py")
QUESTIONS = (
    ("check",),
    ("compare",),
    ("isochrones", "--origin", "106.30,29.61", "--mode", "transit", "--cutoffs", "30"),
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def held(wheel: Path) -> dict[str, bytes]:
    """Every file of the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def nested_name(path: Path) -> str:
    """Where a file of the checkout stands in the wheel."""
    inside = path.relative_to(ROOT)
    return (inside if inside.parts[0] == "scicity" else Path("scicity", inside)).as_posix()


def test_one_name_is_installed(held: dict[str, bytes]) -> None:
    top = {name.split("/")[0] for name in held}
    assert {name for name in top if not name.endswith(".dist-info")} == {"scicity"}
    assert not [name for name in held if name.endswith((".pyc", ".nbi", ".nbc"))]


def test_every_file_is_inside(held: dict[str, bytes]) -> None:
    folders = [ROOT / name for name in (*FOLDERS, "scicity")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    wanted = {nested_name(path) for path in files if "__pycache__" not in path.parts}
    data = ("boundaries", "network", "places", "projects")
    bundled = [path for name in data for path in (ROOT / "data" / name).rglob("*.*")]
    wanted |= {nested_name(path) for path in (*bundled, ROOT / "data/study.toml")}
    assert wanted <= set(held)
    assert {Path(name).suffix for name in wanted} >= {".py", ".css", ".js", ".otf", ".geojson"}


def test_no_import_is_left_flat(held: dict[str, bytes]) -> None:
    """Also none in a doctest: nesting once more changes nothing."""
    code = {name: text for name, text in held.items() if name.endswith(".py")}
    assert [name for name, text in code.items() if nested(text, FOLDERS) != text] == []


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked_sdist(tmp_path_factory.mktemp("published"))


def test_an_sdist_builds_the_same_wheel(
    held: dict[str, bytes], published: Path, tmp_path: Path
) -> None:
    again = build("wheel", published, tmp_path)
    with zipfile.ZipFile(again) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == held


def test_an_editable_install_is_flat_and_holds_no_data(tmp_path: Path) -> None:
    code = "import sys; from hatchling.build import build_editable as b; b(sys.argv[1])"
    run([sys.executable, "-c", code, tmp_path], ROOT)
    (made,) = tmp_path.iterdir()
    with zipfile.ZipFile(made) as archive:
        (name,) = [name for name in archive.namelist() if ".dist-info/" not in name]
        assert archive.read(name).decode("utf-8") == str(ROOT)


def test_a_refusal_names_every_file(published: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(published, tmp_path / "copy")
    (copy / "geo" / "wrong.py").write_text("x = 1\nimport maps.page\n", encoding="utf-8")
    (copy / "maps" / "wrong.py").write_text("import geo\n", encoding="utf-8")
    with pytest.raises(AssertionError) as refused:
        build("wheel", copy, tmp_path / "none")
    said = str(refused.value).replace("\\", "/")
    assert "geo/wrong.py, line 2: write `from … import …` for `maps.page`" in said
    assert "maps/wrong.py, line 1: " in said


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A planner's folder whose files have the names of ours."""
    folder = tmp_path_factory.mktemp("planner")
    for name in HOSTILE:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("raise RuntimeError('a planner wrote this')", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def commands(wheel: Path, host: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Commands of an environment that holds the wheel and nothing of the checkout."""
    found = environment_with(wheel, tmp_path_factory.mktemp("clean") / "环境")
    code = (
        "import sys, scicity; sys.path.pop(0); from importlib.util import find_spec;"
        f"assert not [n for n in {FOLDERS} if find_spec(n)]; print(scicity.__file__)"
    )
    where = Path(run([found / "python", "-c", code], host).strip())
    assert where.is_relative_to(found.parent)
    return found


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file by its name; of run.json all but when it was made."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    if "run.json" in found:
        record = json.loads(found["run.json"]) | {"made": "", "versions": {}}
        found["run.json"] = json.dumps(record).encode()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda words: words[0])
def test_the_wheel_writes_what_the_checkout_writes(
    question: tuple[str, ...], commands: Path, host: Path, tmp_path: Path
) -> None:
    """Byte for byte, though asked among files that have the names of ours."""
    asked = (*question, "--out")
    run([commands / "python", "-m", "scicity", *asked, tmp_path / "wheel"], host)
    run([sys.executable, "-m", "scicity", *asked, tmp_path / "checkout"], ROOT)
    found = files_in(tmp_path / "wheel")
    assert found
    assert found == files_in(tmp_path / "checkout")


@pytest.mark.slow
def test_the_command_works_among_hostile_files(commands: Path, host: Path) -> None:
    assert run([commands / "scicity", "check"], host).startswith("0 faults")


@pytest.mark.slow
def test_every_module_of_the_wheel_loads_and_its_examples_hold(commands: Path, host: Path) -> None:
    """Fonts, pages and tables are found at their nested places too."""
    pytest_call = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--doctest-modules"]
    names_differ = ["-o", "doctest_optionflags=IGNORE_EXCEPTION_DETAIL"]  # scicity.geo.faults
    run([commands / "python", *pytest_call, *names_differ, "--pyargs", "scicity"], host)

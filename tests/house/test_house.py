"""What keeps the code easy to find one's way in: small folders and modules, no import circles."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import grimp
import networkx as nx
import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("geo", "layers", "analysis", "maps", "scicity")
MOST_MODULES = 15
MOST_LINES = {**dict.fromkeys(PACKAGES, 250), "tests": 300}


def folders(name: str) -> list[Path]:
    """Those with modules in them."""
    return sorted({path.parent for path in (ROOT / name).rglob("*.py")})


@pytest.mark.parametrize("name", MOST_LINES)
def test_folders_have_few_modules(name: str) -> None:
    counts = {
        str(folder.relative_to(ROOT)): len([*folder.glob("*.py")]) for folder in folders(name)
    }
    assert {folder: count for folder, count in counts.items() if count > MOST_MODULES} == {}


@pytest.mark.parametrize(("name", "most"), MOST_LINES.items())
def test_modules_are_short(name: str, most: int) -> None:
    counts = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n")
        for path in (ROOT / name).rglob("*.py")
    }
    assert {path: count for path, count in counts.items() if count > most} == {}


@pytest.mark.parametrize("name", PACKAGES)
def test_each_package_says_what_it_is(name: str) -> None:
    silent = [
        str(folder.relative_to(ROOT))
        for folder in folders(name)
        if not ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    """On import-linter's own graph (grimp), which knows imports inside functions too."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    imports = nx.DiGraph(
        (module, other)
        for module in graph.modules
        for other in graph.find_modules_directly_imported_by(module)
    )
    circles = nx.strongly_connected_components(imports)
    assert [sorted(circle) for circle in circles if len(circle) > 1] == []


def test_layers_are_held_by_contracts() -> None:
    """`lint-imports` checks them; this only sees that none is taken away."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert len(settings["tool"]["importlinter"]["contracts"]) >= 8


def test_tests_import_no_tests() -> None:
    """What they share is in tests/support, which alone is on pytest's path."""
    imported = {
        name.split(".")[0]
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else names(node))
    }
    assert {name for name in imported if name.startswith("test_")} == set()


def names(node: ast.Import) -> list[str]:
    return [alias.name for alias in node.names]

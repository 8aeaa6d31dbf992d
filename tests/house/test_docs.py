"""Pages name paths that exist, and their links lead to files."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path for folder in (".", "docs", "data", "benchmarks") for path in (ROOT / folder).glob("*.md")
)
WITH_PATHS = (
    *("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "docs/README.md"),
    "benchmarks/README.md",
)

PATH = re.compile(r"`([\w.][\w./-]*)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
TOPS = {path.name for path in ROOT.iterdir()} - {"out", ".venv"}


def named_paths(text: str) -> list[str]:
    """What stands in backticks and begins like a path of the repository."""
    found = [name for name in PATH.findall(text) if "NAME" not in name]
    return [n for n in found if n.split("/")[0] in TOPS or ("/" in n and n.endswith(".py"))]


@pytest.mark.parametrize("page", WITH_PATHS)
def test_every_path_that_is_named_exists(page: str) -> None:
    names = named_paths((ROOT / page).read_text(encoding="utf-8"))
    assert [n for n in names if not (ROOT / n).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    found = [(page.parent / link).resolve() for link in links]
    assert [str(p) for p in found if not p.exists()] == []


def test_the_world_of_contributing_is_as_it_says() -> None:
    failed, tried = doctest.testfile(str(ROOT / "CONTRIBUTING.md"), module_relative=False)
    assert (failed, tried > 0) == (0, True)

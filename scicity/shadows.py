"""Other people's modules that hide ours: `analysis.py` beside a planner's notebook.

An installed wheel has all of ours inside `scicity`, where nothing can hide it. In the checkout (and
so in an editable install) four folders stand beside it, and Python takes the first that it finds.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("geo", "layers", "analysis", "maps")


def _found(name: str) -> str | None:
    """The file that `import` would take, or has taken; None if there is none."""
    known = sys.modules.get(name)
    if known is not None:
        return getattr(known, "__file__", None)
    spec = PathFinder.find_spec(name)
    return spec.origin if spec else None


def shadows() -> list[str]:
    """The files that stand in front of ours, found without loading anything."""
    ours = {name: ROOT / name / "__init__.py" for name in FOLDERS}
    beside = {name: path for name, path in ours.items() if path.is_file()}
    found = {name: _found(name) for name in beside}
    pairs = [(file, beside[name]) for name, file in found.items() if file is not None]
    return [file for file, path in pairs if Path(file).resolve() != path]


def refuse_shadows() -> None:
    """Stop with one message if another's file hides one of ours.

    Raises
    ------
    ImportError
        Where scicity is imported; the command itself ends with the message alone.
    """
    files = shadows()
    if not files:
        return
    message = (
        f"scicity cannot start: Python finds {', '.join(files)} instead of what has the same name "
        f"in {ROOT}. Rename it, work in another folder, or install scicity's wheel "
        f"(pip install {ROOT}), where nothing can hide it."
    )
    if sys.argv[:1] == ["-m"]:  # Python is looking for `python -m scicity`
        sys.exit(message)
    raise ImportError(message)

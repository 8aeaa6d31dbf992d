"""Nest the four folders under `scicity` in the wheel, so that it installs one name only.

In the checkout `geo`, `layers`, `analysis` and `maps` stand at the top and import each other by
those names; an editable install leaves them there. In the wheel they are `scicity.geo` and so on
(pyproject's `sources` says where files go), and this hook prefixes every import of them. What it
cannot prefix, it refuses: a build fails rather than a planner's run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HOME = "scicity."
FROM = re.compile(rb"from(?:\s|\\\r?\n)+")
"""What stands before the name of a module: also a backslash at the end of a line."""


def _names(folders: Sequence[str]) -> str:
    return "|".join(map(re.escape, folders))


def _imported(node: ast.AST) -> list[str]:
    """What `import …` or `import_module("…")` asks for."""
    match node:
        case ast.Import(names=found):
            return [name.name for name in found]
        case ast.Call(func=called, args=[ast.Constant(value=str(text)), *_]):
            loads = ast.unparse(called).endswith(("import_module", "__import__", "find_spec"))
            return [text] if loads else []
    return []


def _code_in_text(folders: Sequence[str]) -> re.Pattern[str]:
    """A text that is a module's name, or holds an import as another process would run it."""
    ours = rf"(?:{_names(folders)})"
    return re.compile(
        rf"\A{ours}(?:\.[A-Za-z_]\w*)+\Z|(?:^|;)\s*from\s+{ours}(?:\.[\w.]+)?\s+import\b"
        rf"|(?:^|;)\s*import\s+(?:[\w.]+\s*,\s*)*{ours}\s*(?:$|[.,;]|as\b)|-m\s+{ours}\b",
        re.MULTILINE,
    )


def _refused(tree: ast.AST, folders: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Line and reason of each import that a prefix cannot mend."""
    code, bare = _code_in_text(folders), _docstrings(tree)
    placed = (node for node in ast.walk(tree) if isinstance(node, ast.expr | ast.stmt))
    for node in placed:
        for name in _imported(node):
            if name.split(".")[0] in folders:
                yield node.lineno, f"write `from … import …` for `{name}`"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            found = code.search(node.value)
            if found:
                yield node.lineno, f"a text that imports cannot be prefixed: {found[0].strip()!r}"


def _docstrings(tree: ast.AST) -> set[int]:
    """Texts that are nothing but texts: what they name is not imported."""
    bare = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {id(value) for value in bare if isinstance(value, ast.Constant)}


def _places(source: bytes, tree: ast.AST, folders: Sequence[str]) -> Iterator[int]:
    """Where the name of one of our modules begins in a `from … import …`, wherever that stands."""
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or node.level or node.module is None:
            continue
        if node.module.split(".")[0] in folders:
            begun = FROM.match(source, starts[node.lineno - 1] + node.col_offset)
            if begun is None:
                raise ValueError(f"line {node.lineno}: no `from` where Python finds one")
            yield begun.end()


def nested(source: bytes, folders: Sequence[str]) -> bytes:
    r"""A module's text with its imports of our folders prefixed, also those of its doctests.

    No line is added or lost, so tracebacks tell the checkout's lines.

    Raises
    ------
    ValueError
        With the line of each import that cannot be prefixed.

    Examples
    --------
    >>> nested(b"import os; from geo.crs import (\n    x)", ["geo"])
    b'import os; from scicity.geo.crs import (\n    x)'
    """
    tree = ast.parse(source)
    faults = [f"line {line}: {reason}" for line, reason in sorted(_refused(tree, folders))]
    if faults:
        raise ValueError("\n".join(faults))
    for place in sorted(_places(source, tree, folders), reverse=True):
        source = source[:place] + HOME.encode() + source[place:]
    shown = rf"^(\s*(?:>>>|\.\.\.)\s+from\s+)(?=(?:{_names(folders)})\b)"
    return re.sub(shown.encode(), rb"\1" + HOME.encode(), source, flags=re.MULTILINE)


class NestedFolders(BuildHookInterface[Any]):
    """Build hook of hatchling."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put prefixed copies and the bundled study into the wheel; an editable one needs none."""
        if version == "editable":
            return
        self.work = TemporaryDirectory(prefix="scicity-nested-")
        forced = build_data["force_include"]
        forced.update(self.config["bundled"])
        folders = [Path(source).name for source in self.build_config.sources]
        faults: list[str] = []
        for file in self.build_config.builder.recurse_selected_project_files():
            if not file.path.endswith(".py"):
                continue
            try:
                changed = nested(Path(file.path).read_bytes(), folders)
            except (ValueError, SyntaxError) as wrong:
                faults.extend(f"{file.relative_path}, {line}" for line in str(wrong).splitlines())
                continue
            copy = Path(self.work.name, file.distribution_path)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(changed)
            forced[str(copy)] = file.distribution_path
        if faults:
            raise ValueError("the wheel cannot be built:\n" + "\n".join(faults))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the copies."""
        del build_data, artifact_path
        if version != "editable":
            self.work.cleanup()

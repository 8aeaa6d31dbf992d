"""What the build hook prefixes in a module, and what it refuses."""

from __future__ import annotations

import runpy

import pytest
from built import ROOT

nested = runpy.run_path(str(ROOT / "hatch_build.py"))["nested"]
FOLDERS = ("geo", "layers", "analysis", "maps")
HERE = "§"
"""Where a prefix belongs."""


@pytest.mark.parametrize(
    "marked",
    [
        "from §geo.crs import (\n    a,\n)\n",
        "from §geo import crs",
        "x = 1; from §geo.a import b; from §geo.c import d",
        "from  §geo . crs import a",
        "from \\\n    §maps.a import b",
        "from \\\r\n §maps.a import b\r\n",
        "def f():\n    from §layers.a import b\n",
        "if TYPE_CHECKING:\n\tfrom §geo.a import b",
        "if x: from §geo.a import b",
        "s = '重庆'; from §geo.a import b",
        '"""Says.\n\n>>> from §geo.a import b\n"""',
        "from geography import a",
        "from scicity.maps import a",
        "from . import crs",
        "from .geo import crs",
        "import geography",
        '"""It is\nfrom geo.a the reader\nhas it."""',
        "said = 'from layers of OpenStreetMap'",
        "said = 'import layers of AMap'",
        "said = 'layers'",
        "a = geo.b  # from geo import c",
    ],
)
def test_imports_of_ours_are_prefixed_and_nothing_else(marked: str) -> None:
    found = nested(marked.replace(HERE, "").encode(), FOLDERS)
    assert found.decode() == marked.replace(HERE, "scicity.")


@pytest.mark.parametrize(
    "source",
    [
        "import geo",
        "import os, maps.page as page",
        "import_module('analysis')",
        "importlib.import_module('analysis.matrix')",
        "__import__('layers')",
        "name = 'analysis.matrix_workers'",
        "run([python, '-c', 'import sys; from geo.crs import a'])",
        "run([python, '-c', 'import sys, geo.crs'])",
        "run(f'{python} -m analysis.matrix')",
    ],
)
def test_what_cannot_be_prefixed_is_refused_with_its_line(source: str) -> None:
    with pytest.raises(ValueError, match=r"^line 3: "):
        nested(f"import os\n\n{source}\n".encode(), FOLDERS)

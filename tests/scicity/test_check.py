"""What scicity check writes; its codes, its page of documentation and its schemas."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import geopandas as gpd
import jsonschema
import pytest
from bad_inputs.base import both, make_base
from bad_inputs.cases import CASES
from bad_inputs.layer_cases import (
    CRT27,
    EDGES,
    KXC,
    LAYERS,
    PLACES,
    geometry,
    point,
    properties,
)
from bad_inputs.study_cases import STUDY

from analysis.travel_time import REASONS
from geo.fault_codes import CODES
from geo.faults import Fault
from scicity.check.report import (
    MOST_SHOWN,
    check_page,
    fault_layer,
    fault_record,
    fault_table,
    width,
)
from scicity.cli import main
from scicity.inputs.read_study import bundled_study
from scicity.settings.json_schemas import project_schema, study_schema

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs/tools"))
from make_check import ELSEWHERE, RESULT, examples_in, page, schema_text  # noqa: E402

SCHEMA_LEVEL = {
    "key-unknown",
    "key-missing",
    "value-wrong-type",
    "value-out-of-range",
    "value-unknown",
}
RULES = {"no cutoffs", "cutoff of 0", "cutoff nan", "osm mode unknown", "assumption nan"}
"""Faults of study.toml that go beyond a field's kind and range, and NaN, which JSON has not."""
CODE = r"[a-z]+(-[a-z]+)+"
NO_CODES: set[str] = set()
"""Words that look like codes and are none."""
EVIL = "<script>alert(1)</script>"


def literals(tree: ast.AST) -> set[str]:
    return {
        n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }


def used_codes() -> set[str]:
    """Words like codes in all modules that make faults."""
    found = set()
    for package in ("geo", "layers", "analysis", "scicity"):
        for path in (ROOT / package).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = {name.id for name in ast.walk(tree) if isinstance(name, ast.Name)}
            if "Fault" in names and "KINDS" not in names:
                found |= {name for name in literals(tree) if re.fullmatch(CODE, name)}
    return found


def test_every_code_is_registered_and_every_registered_one_is_used() -> None:
    assert used_codes() - NO_CODES == set(CODES)


def test_every_code_has_a_failing_fixture() -> None:
    assert {code for _, code in CASES.values()} | set(ELSEWHERE) == set(CODES)
    others = "".join(
        p.read_text(encoding="utf-8") for p in Path(__file__).parents[1].rglob("test_*.py")
    )
    assert [code for code in ELSEWHERE if code not in others] == []


def test_a_new_study_needs_an_empty_folder(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(base)]) == 2
    assert "error folder-not-empty init" in capsys.readouterr().err


def test_the_page_of_codes_is_up_to_date() -> None:
    text = RESULT.read_text(encoding="utf-8")
    examples = examples_in(text)
    assert set(examples) == set(CODES)
    assert page({**examples, **ELSEWHERE}) == text


def test_every_reason_of_a_missing_time_is_said() -> None:
    text = RESULT.read_text(encoding="utf-8")
    assert [reason for reason in REASONS if f"`{reason}` (" not in text] == []


# Schemas ----------------------------------------------------------------------------------------


def as_json(folder: Path) -> Any:
    told = tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))
    return json.loads(json.dumps(told, default=str))


def is_valid(content: Any, schema: Any) -> bool:
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(schema, format_checker=checker).is_valid(content)


def test_schemas_are_up_to_date_and_sound() -> None:
    for name in ("study", "project"):
        path = ROOT / f"docs/schemas/{name}.json"
        assert path.read_text(encoding="utf-8") == schema_text(name)
        jsonschema.Draft202012Validator.check_schema(json.loads(schema_text(name)))


def test_the_bundled_study_is_valid() -> None:
    assert is_valid(as_json(bundled_study()), study_schema())
    for path in (bundled_study() / "projects").glob("*.geojson"):
        assert is_valid(json.loads(path.read_text(encoding="utf-8")), project_schema()), path.name


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_base(tmp_path_factory.mktemp("base") / "study")


@pytest.mark.parametrize(
    "name", [n for n, c in STUDY.items() if c[1] in SCHEMA_LEVEL and n not in RULES]
)
def test_schemas_refuse_what_the_check_refuses_of_a_study(base: Path, name: str) -> None:
    path = base / "study.toml"
    before = path.read_bytes()
    try:
        STUDY[name][0](base)
        assert not is_valid(as_json(base), study_schema())
    finally:
        path.write_bytes(before)


PROJECT_CASES = [
    n for n, c in LAYERS.items() if n.startswith(("project ", "requires ")) and c[1] in SCHEMA_LEVEL
]


@pytest.mark.parametrize("name", PROJECT_CASES)
def test_schemas_refuse_what_the_check_refuses_of_a_project(base: Path, name: str) -> None:
    path = base / KXC
    before = path.read_bytes()
    try:
        LAYERS[name][0](base)
        assert not is_valid(json.loads(path.read_text(encoding="utf-8")), project_schema())
    finally:
        path.write_bytes(before)


# What is written --------------------------------------------------------------------------------


def test_check_writes_json_page_and_layer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_base(tmp_path / "研究")
    both(
        properties(EDGES, lanes=99),
        properties(PLACES, 1, name_zh=EVIL, category=EVIL),
        properties(CRT27, opening_year="2027"),
        geometry(PLACES, point(29.5, 106.3)),
    )(folder)
    written = []
    for out in (tmp_path / "a", tmp_path / "b"):
        assert main(["check", "--study", str(folder), "--out", str(out)]) == 2
        written.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert written[0] == written[1]
    assert set(written[0]) == {"check.json", "check.html", "check.geojson"}
    told = json.loads(written[0]["check.json"])
    assert (told["schema"], told["errors"]) == ("scicity-check-1", len(told["faults"]))
    lanes = next(f for f in told["faults"] if f["feature"] == "B0001")
    assert (lanes["value"], lanes["allowed"], lanes["lon"]) == (99, "1 to 24", 106.359)
    swapped = next(f for f in told["faults"] if f["code"] == "crs-wrong")
    assert (swapped["lon"], swapped["hint"]) == (
        None,
        "longitude comes first: are the two swapped?",
    )
    assert EVIL.encode() not in written[0]["check.html"]
    assert not re.search(rb"(src|href)=|https?:|url\((?!data:)", written[0]["check.html"])
    layer = gpd.read_file(tmp_path / "a/check.geojson")
    assert layer.crs.to_epsg() == 4326
    assert len(layer) == sum(f["lon"] is not None for f in told["faults"]) > 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["severity", "code", "where", "message", "allowed"]


def test_check_writes_nothing_unless_told(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--study", str(base)]) == 0
    assert list(tmp_path.iterdir()) == []
    assert main(["check", "--study", str(base), "--out", "told"]) == 0
    assert json.loads((tmp_path / "told/check.json").read_text("utf-8"))["faults"] == []


def test_the_table_is_aligned_and_one_line_a_fault() -> None:
    faults = [
        Fault("路网.geojson", "北碚", "id-unknown", "没有 B", "A 或 C"),
        Fault("a.geojson", "1", "key-unknown", "a\x1b[2J\nb", "c", "warning"),
    ]
    head, *rows = fault_table(faults)
    assert len(rows) == 2
    assert "\x1b" not in rows[1]
    at = width(head[: head.index("allowed")])
    assert [width(row[: row.rindex("  ")]) + 2 for row in rows] == [at, at]


def test_many_warnings_of_one_kind_are_cut_short_and_errors_never() -> None:
    far = [Fault("feed.zip", f"{k}", "far-from-network", "far", "", "warning") for k in range(40)]
    wrong = [Fault("feed.zip", f"{k}", "id-unknown", "no", "") for k in range(40)]
    rows = fault_table([*far, *wrong, *(Fault("b.zip", "1", "far-from-network", "far"),)])[1:]
    assert len(rows) == MOST_SHOWN + 1 + 40 + 1
    assert "and 30 more like these" in rows[MOST_SHOWN]
    # a row that says that one more follows would be no shorter
    assert len(fault_table(far[: MOST_SHOWN + 1])) == MOST_SHOWN + 2
    assert "more like" not in "".join(fault_table(far[: MOST_SHOWN + 1]))


def test_problems_of_openstreetmap_and_odd_values_are_told_too() -> None:
    faults = [
        Fault("a.osm", "", "osm-way-too-short", "1 node", severity="warning", place=(1, 2)),
        Fault("a", "b", "value-out-of-range", "x", value=float("nan"), place=(3.0, 4.0)),
    ]
    assert [fault_record(fault)["value"] for fault in faults] == [None, "nan"]
    assert len(fault_layer(faults)) == 2
    assert "道路不足两个节点" in check_page(faults, "甲")

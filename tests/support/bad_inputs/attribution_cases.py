"""What may be wrong with groups, partners, uncertain values and how often they are drawn."""

from __future__ import annotations

from pathlib import Path

from bad_inputs.base import Spoil, both, load, save, toml
from bad_inputs.study_cases import added

NAMES = 'name_zh = "甲"\nname_en = "x"\n'
MEMBERS = '["KXC", "CRT27"]'


def group(name: str, words: str) -> Spoil:
    return added(f"[groups.{name}]\n{NAMES}{words}")


def members(words: str) -> Spoil:
    return toml(f"projects = {MEMBERS}", f"projects = {words}")


def uncertain(name: str, low: object, high: object) -> Spoil:
    return added(f'[uncertain.{name}]\nlow = {low}\nhigh = {high}\nsource = "x"')


def study(words: str) -> Spoil:
    return toml("[study]", f"[study]\n{words}")


def crt27_requires_kxc(folder: Path) -> None:
    path = folder / "projects/CRT27.geojson"
    content = load(path)
    for feature in content["features"]:
        feature["properties"]["requires"] = ["KXC"]
    save(path, content)


CIRCLE = both(
    crt27_requires_kxc,
    members('["KXC", "YONGBI"]'),
    group("x", 'projects = ["CRT27", "HEBIJIN"]'),
)
"""YONGBI of the one requires HEBIJIN of the other, and CRT27 of that requires KXC."""

ATTRIBUTION: dict[str, tuple[Spoil, str]] = {
    "groups misspelt": (toml("[groups.valley]", "[group.valley]"), "key-unknown"),
    "group of an unknown project": (members('["KXC", "ATLANTIS"]'), "id-unknown"),
    "project in two groups": (group("x", 'projects = ["KXC"]'), "id-duplicate"),
    "project twice in a group": (members('["KXC", "KXC"]'), "id-duplicate"),
    "group named as another project": (group("YONGBI", 'projects = ["HEBIJIN"]'), "id-duplicate"),
    "groups that require each other": (CIRCLE, "requires-cycle"),
    "group without projects": (group("x", ""), "key-missing"),
    "group of a text": (members('"KXC"'), "value-wrong-type"),
    "group of numbers": (members("[1]"), "value-wrong-type"),
    "group a number": (
        toml("[groups.valley]", "[groups]\nx = 3\n[groups.valley]"),
        "value-wrong-type",
    ),
    "group key misspelt": (group("x", 'project = ["HEBIJIN"]'), "key-unknown"),
    "group without a name": (added('[groups.x]\nprojects = ["HEBIJIN"]'), "key-missing"),
    "partner unknown": (toml('["NEWAP", "CKG"]', '["NEWAP", "MARS"]'), "id-unknown"),
    "partner from unknown": (toml('from_places = ["SC_', 'from_places = ["XX_'), "id-unknown"),
    "partners a text": (toml('["NEWAP", "CKG"]', '"NEWAP"'), "value-wrong-type"),
    "partners key misspelt": (toml("to_places", "to_place"), "key-unknown"),
    "partners without a source": (toml('source = "reply no. 0244"', ""), "key-missing"),
    "uncertain value unknown": (uncertain("headway", 0.5, 2), "key-unknown"),
    "uncertain value that nothing follows": (uncertain("zone_across_m", 1, 2), "key-unknown"),
    "uncertain low above central": (
        uncertain("drive_connector_kph", 25, 30),
        "value-out-of-range",
    ),
    "uncertain high below central": (uncertain("lane_capacity", 0.8, 0.9), "value-out-of-range"),
    "uncertain low above high": (uncertain("bpr_alpha", 0.2, 0.1), "value-out-of-range"),
    "uncertain factor of 20": (uncertain("lane_capacity", 0.8, 20), "value-out-of-range"),
    "uncertain factor of 0": (uncertain("lane_capacity", 0, 2), "value-out-of-range"),
    "uncertain beyond the range": (uncertain("bpr_alpha", 0.1, 500), "value-out-of-range"),
    "uncertain very large": (uncertain("bpr_alpha", 0.1, "9" * 400), "value-out-of-range"),
    "uncertain nan": (uncertain("bpr_alpha", "nan", 1), "value-out-of-range"),
    "uncertain a text": (uncertain("bpr_alpha", '"low"', 1), "value-wrong-type"),
    "uncertain a list": (uncertain("bpr_alpha", 0.1, "[1]"), "value-wrong-type"),
    "uncertain without high": (
        added('[uncertain.bpr_alpha]\nlow = 0.1\nsource = "x"'),
        "key-missing",
    ),
    "uncertain without source": (
        added("[uncertain.bpr_alpha]\nlow = 0.1\nhigh = 1"),
        "key-missing",
    ),
    "draws below 0": (study("draws = -1"), "value-out-of-range"),
    "too many draws": (study("draws = 10001"), "value-out-of-range"),
    "draws a share": (study("draws = 1.5"), "value-wrong-type"),
    "draws a text": (study('draws = "100"'), "value-wrong-type"),
    "near core too near": (study("near_core_secs = 59"), "value-out-of-range"),
    "near core too far": (study("near_core_secs = 14401"), "value-out-of-range"),
    "near core nan": (study("near_core_secs = nan"), "value-out-of-range"),
    "near core a text": (study('near_core_secs = "half an hour"'), "value-wrong-type"),
}

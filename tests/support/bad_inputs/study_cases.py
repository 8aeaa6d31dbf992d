"""What may be wrong with study.toml."""

from __future__ import annotations

from pathlib import Path

from bad_inputs.base import Spoil, both, text, toml

OSM = '[osm]\nfile = "osm/area.osm"\n'
SCENARIO = '[scenarios.x]\nname_zh = "甲"\nname_en = "x"\n'


def added(words: str) -> Spoil:
    """More sections."""
    return toml("[scenarios.today]", f"{words}\n\n[scenarios.today]")


def no_study(folder: Path) -> None:
    (folder / "study.toml").unlink()


STUDY: dict[str, tuple[Spoil, str]] = {
    "no study.toml": (no_study, "file-missing"),
    "study.toml of 0 bytes": (text("study.toml", ""), "study-empty"),
    "study.toml with comments only": (text("study.toml", "# nothing\n"), "study-empty"),
    "study.toml in GBK": (text("study.toml", "id = '科学城'".encode("gbk")), "file-unreadable"),
    "study.toml in UTF-16": (text("study.toml", "id = 'x'".encode("utf-16")), "file-unreadable"),
    "toml syntax": (toml("[study]", "[study"), "file-unreadable"),
    "toml unclosed text": (toml('id = "science-city"', 'id = "science'), "file-unreadable"),
    "toml key twice": (toml("[study]", '[study]\nid = "a"'), "file-unreadable"),
    "toml section twice": (added("[study]"), "file-unreadable"),
    "toml nested deeply": (added(f"[deep]\nx = {'[' * 5000}{']' * 5000}"), "file-unreadable"),
    "toml number of 9000 digits": (toml("value = 4.5", f"value = {'9' * 9000}"), "file-unreadable"),
    "toml bad date": (toml("2022-04-20", "2022-13-40"), "file-unreadable"),
    "date as bad text": (toml("2022-04-20", '"2022-13-40"'), "value-wrong-type"),
    "date as number": (toml("2022-04-20", "20220420"), "value-wrong-type"),
    "study is a number": (text("study.toml", "study = 5\n"), "value-wrong-type"),
    "scenarios is a list": (text("study.toml", "scenarios = []\n"), "value-wrong-type"),
    "assumptions is a text": (text("study.toml", 'assumptions = "x"\n'), "value-wrong-type"),
    "opportunities is a number": (text("study.toml", "opportunities = 1\n"), "value-wrong-type"),
    "osm is true": (text("study.toml", "osm = true\n"), "value-wrong-type"),
    "section misspelt": (toml("[study]", "[stuudy]"), "key-unknown"),
    "section unknown": (added("[weather]\nrain = 1"), "key-unknown"),
    "section missing": (toml("[files]", "[study.files]"), "key-missing"),
    "study key misspelt": (toml("origin =", "orign ="), "key-unknown"),
    "files key misspelt": (toml("road_nodes =", "road_node ="), "key-unknown"),
    "scenario key misspelt": (toml("open_by = 2025", "openby = 2025"), "key-unknown"),
    "opportunity key misspelt": (toml("hospitals = { name", "hospitals = { nam"), "key-unknown"),
    "assumption misspelt": (toml("assumptions.detour]", "assumptions.detuor]"), "key-unknown"),
    "assumption key misspelt": (toml("detour]\nvalue", "detour]\nvalu"), "key-unknown"),
    "osm key misspelt": (added(OSM + "bufer_m = 5"), "key-unknown"),
    "id missing": (toml('id = "science-city"', ""), "key-missing"),
    "source missing": (
        toml('source = "strategic network: minor roads are not coded"', ""),
        "key-missing",
    ),
    "name missing": (added("[scenarios.x]\nprojects = []"), "key-missing"),
    "file of areas missing": (toml('areas = "boundaries/areas.geojson"', ""), "key-missing"),
    "id a number": (toml('id = "science-city"', "id = 7"), "value-wrong-type"),
    "spines a text": (toml('["7", "17", "5", "yunba"]', '"7"'), "value-wrong-type"),
    "spines of numbers": (toml('["7", "17", "5", "yunba"]', "[7]"), "value-wrong-type"),
    "repair_stops a text": (toml("[study]", '[study]\nrepair_stops = "yes"'), "value-wrong-type"),
    "transit a text": (toml('["network/rail.geojson"]', '"x.geojson"'), "value-wrong-type"),
    "transit of numbers": (toml('["network/rail.geojson"]', "[3]"), "value-wrong-type"),
    "file a list": (toml('"places/places.geojson"', "[]"), "value-wrong-type"),
    "projects of numbers": (added(f"{SCENARIO}projects = [1]"), "value-wrong-type"),
    "clauses nested": (added(f"{SCENARIO}clauses = [[]]"), "value-wrong-type"),
    "open_by a text": (toml("open_by = 2025", 'open_by = "2025"'), "value-wrong-type"),
    "open_by true": (toml("open_by = 2025", "open_by = true"), "value-wrong-type"),
    "a scenario a number": (toml("[scenarios.today]", "[scenarios]\nx = 3"), "value-wrong-type"),
    "osm routes a number": (added(f"{OSM}routes = 5"), "value-wrong-type"),
    "places of tables": (toml('places = ["park", "science"]', "places = [{}]"), "value-wrong-type"),
    "assumption a table": (toml("value = 4.5", "value = { a = 4.5 }"), "value-wrong-type"),
    "assumption table a number": (
        toml("value = { motorway = 0.75,", "value = 1 #"),
        "value-wrong-type",
    ),
    "assumption a text": (toml("value = 4.5", 'value = "fast"'), "value-out-of-range"),
    "assumption too high": (toml("value = 4.5", "value = 45"), "value-out-of-range"),
    "assumption nan": (toml("value = 4.5", "value = nan"), "value-out-of-range"),
    "assumption inf": (toml("value = 4.5", "value = inf"), "value-out-of-range"),
    "assumption negative": (toml("value = 4.5", "value = -4.5"), "value-out-of-range"),
    "assumption of a class": (toml("motorway = 0.75", "motorway = 75"), "value-out-of-range"),
    "confidence unknown": (toml('confidence = "assumed"', 'confidence = "sure"'), "value-unknown"),
    "open_by early": (toml("open_by = 2025", "open_by = 20"), "value-out-of-range"),
    "cutoff of 0": (toml("[900, 1800", "[0, 1800"), "value-out-of-range"),
    "cutoff nan": (toml("[900, 1800", "[nan, 1800"), "value-out-of-range"),
    "cutoff a text": (toml("[900, 1800", '["900", 1800'), "value-wrong-type"),
    "no cutoffs": (toml("[900, 1800, 2700, 3600]", "[]"), "value-out-of-range"),
    "osm buffer negative": (added(f"{OSM}buffer_m = -1"), "value-out-of-range"),
    "osm mode unknown": (added(f'{OSM}routes = ["rocket"]'), "value-unknown"),
    "crs in degrees": (toml("EPSG:32648", "EPSG:4326"), "crs-wrong"),
    "crs in feet": (toml("EPSG:32648", "EPSG:2263"), "crs-wrong"),
    "crs unknown": (toml("EPSG:32648", "EPSG:999999"), "crs-wrong"),
    "crs no code": (toml("EPSG:32648", "重庆独立坐标系"), "crs-wrong"),
    "baseline unknown": (toml('baseline = "today"', 'baseline = "now"'), "id-unknown"),
    "scenario unknown": (toml('scenario = "plan"', 'scenario = "plans"'), "id-unknown"),
    "origin unknown": (toml('"SC_CENTRE"', '"SC_CENTER"'), "id-unknown"),
    "project unknown": (added(f'{SCENARIO}projects = ["ATLANTIS"]'), "id-unknown"),
    "project twice": (added(f'{SCENARIO}projects = ["KXC", "KXC"]'), "id-duplicate"),
    "clause unknown": (toml("projects = []", 'clauses = ["九"]'), "id-unknown"),
    "requires missing": (added(f'{SCENARIO}projects = ["YONGBI"]'), "requires-missing"),
    "scenario in two ways": (
        toml("projects = []", "projects = []\nopen_by = 2030"),
        "scenario-unclear",
    ),
    "scenario in no way": (added(SCENARIO), "scenario-unclear"),
    "opportunity of nothing": (added("[opportunities.x]"), "opportunity-unclear"),
    "opportunity unclear": (toml(', opportunities = ["hospital"] }', " }"), "opportunity-unclear"),
    "opportunity named as a column": (toml("hospitals = {", "population = {"), "id-duplicate"),
    "path up": (toml('"places/places.geojson"', '"../places.geojson"'), "path-outside-study"),
    "path absolute": (toml('"places/places.geojson"', '"/etc/passwd"'), "path-outside-study"),
    "path with a zero": (toml('"places/places.geojson"', r'"a\u0000b"'), "path-outside-study"),
    "path very long": (toml('"places/places.geojson"', f'"{"a" * 9000}"'), "path-outside-study"),
    "path of transit up": (toml('"network/rail', '"../rail'), "path-outside-study"),
    "path of projects up": (toml('projects = "projects"', 'projects = ".."'), "path-outside-study"),
    "path of counts up": (
        toml('opportunities = ["hospital"] }', 'file = "../x.tif" }'),
        "path-outside-study",
    ),
    "path of osm up": (added('[osm]\nfile = "../area.osm"'), "path-outside-study"),
    "two faults at once": (
        both(toml("origin =", "orign ="), toml("value = 4.5", "value = 45")),
        "value-out-of-range",
    ),
}

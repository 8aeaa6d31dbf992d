"""Write docs/check.md from the registry of codes and the bad inputs, and docs/schemas.

    python docs/tools/make_check.py

An example is what the fixture of its code is told; those of `ELSEWHERE` are written by hand.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from geo.fault_codes import CODES
from geo.files import write_text
from scicity.inputs.read_study import study_with_faults
from scicity.settings.json_schemas import SCHEMAS

HERE = Path(__file__).parent
DOCS = HERE.parent
RESULT = DOCS / "check.md"
EXAMPLE = re.compile(r"^    (?:error|warning) ([a-z-]+) .*$", re.MULTILINE)
_AGAIN = "(allowed: run again: what is done is kept)"
WARNINGS = (
    "datum-inaccurate",
    "datum-suspect",
    "file-doubtful",
    "line-doubled",
    "zones-off-network",
)
ELSEWHERE = {
    code: f"{'warning' if code in WARNINGS else 'error'} {code} {said}"
    for code, said in {
        "rasterio-missing": "people.tif: GeoTIFF needs the package rasterio"
        ' (allowed: pip install "scicity[raster]")',
        "total-not-kept": "people.tif: the zones hold 90.000 of 100.000 population"
        " (allowed: the same; are there zones at all (zone_across_m)?)",
        "option-unused": "--workers: the workers of a Dask cluster are counted where it was started"
        " (allowed: with --dask local)",
        "package-missing": '--dask: Dask is not installed (allowed: pip install "scicity[dask]")',
        "folder-not-empty": "init: my-study is not empty (allowed: a new folder)",
        "datum-unknown": "study.toml datums.places: places is 'gcj-02'"
        " (allowed: wgs84, cgcs2000, gcj02, bd09 or a code such as EPSG:4544)",
        "datum-unfit": "study.toml datums.population: population is a raster"
        " (allowed: no datum: a GeoTIFF says its own system)",
        "datum-inaccurate": "areas.shp: Xian 1980 to WGS 84: PROJ knows no transformation here and"
        " leaves positions unchanged"
        " (allowed: convert with the surveyors' parameters; else off by tens of metres or more)",
        "datum-suspect": "places.geojson: it looks like gcj02, 471 m off: half of it lies within"
        " 398 m of roads, converted within 35 m"
        ' (allowed: if so, places = "gcj02" in [datums])',
        "layer-unclear": "places.gpkg: it has 2 layers: old, new"
        " (allowed: one layer with geometries)",
        "file-doubtful": "places.shp: what GDAL complains of stands here",
        "folder-in-use": "--out out: another run is writing to it"
        " (allowed: wait, or another folder)",
        "folder-not-writable": "--out out: [Errno 28] No space left on device"
        " (allowed: room on the disk; programs that show its files closed; or another folder)",
        "study-bundled": "--study: the study that ships with the product is not changed"
        " (allowed: a folder of your own: scicity init my-study, then --study my-study)",
        "store-not-alone": "network_store: the network store would replace a folder that holds"
        " notes.txt (allowed: keep other files elsewhere)",
        "osm-empty": "area.osm: it has no street in the study area"
        " (allowed: OpenStreetMap of that place)",
        "line-doubled": "area.osm.pbf: 2 lines of OpenStreetMap (bus) are left out, of feed.zip:"
        " 'Bus 7 (r1)', 'Bus 7 (r2)'"
        " (allowed: each line once: modes that OpenStreetMap gives stand in routes of [osm])",
        "zones-off-network": "population.geojson: 4 zones with 16547 people (53.4%) have no street"
        " within 500 m of their middle: they reach only themselves (transit, drive)"
        " (allowed: streets within 0 to 500 m (snap_limit_m))",
        "place-unknown": "--place Nowhere: no boundary of the name 'Nowhere' is whole in area.osm"
        " (allowed: a name as OpenStreetMap writes it, or --bbox W,S,E,N)",
        "server-no-answer": "https://overpass.example: it did not answer in time",
        "scheduler-unreachable": "--dask tcp://10.0.0.5:8786: no Dask scheduler answers"
        " (allowed: local, or tcp://HOST:PORT)",
        "scheduler-lost": f"--dask tcp://10.0.0.5:8786: the connection was lost {_AGAIN}",
        "no-workers": "--dask: the Dask scheduler has no workers"
        " (allowed: at least one: dask worker ADDRESS)",
        "worker-differs": "--dask tcp://10.0.0.7:4711: it has scicity 0.0.9"
        " (allowed: on all machines scicity 0.1.0)",
        "worker-failed": "--dask part-0007: MemoryError: out of memory"
        " (allowed: see the worker's log; run again: what is done is kept)",
        "workers-lost": f"--dask: all workers were lost 5 times {_AGAIN}",
    }.items()
}
"""Codes of commands, of servers and of other machines: their fixtures are in other tests."""

HEAD = (HERE / "check_head.md").read_text("utf-8")
SECTION = """## `{code}` {zh}

{En}.

{zh}。修改：{mend_zh}。

    {example}

To mend it: {mend_en}.
"""


def page(examples: Mapping[str, str]) -> str:
    """docs/check.md with an example for every code."""
    sections = [
        SECTION.format(
            code=name,
            zh=code.zh,
            En=code.en[0].upper() + code.en[1:],
            mend_zh=code.mend_zh,
            mend_en=code.mend_en,
            example=examples[name],
        )
        for name, code in CODES.items()
    ]
    return "\n".join([HEAD, *sections])


def examples_in(text: str) -> dict[str, str]:
    """The examples that docs/check.md shows, by code."""
    return {found[1]: found[0].strip() for found in EXAMPLE.finditer(text)}


def schema_text(name: str) -> str:
    """One schema as it is published."""
    return json.dumps(SCHEMAS[name](), ensure_ascii=False, indent=1) + "\n"


def found_examples() -> dict[str, str]:
    """What the last fixture of each code is told."""
    sys.path.insert(0, str(DOCS.parent / "tests" / "support"))
    # tests are no package of the product
    from bad_inputs.base import make_base, told  # noqa: PLC0415
    from bad_inputs.cases import CASES, SHOWN  # noqa: PLC0415

    found = dict(ELSEWHERE)
    with tempfile.TemporaryDirectory() as name:
        base = make_base(Path(name) / "base")
        for case in SHOWN.values():
            spoil, code = CASES[case]
            folder = Path(name) / "study"
            shutil.copytree(base, folder)
            spoil(folder)
            _, faults = study_with_faults(folder)
            found[code] = told(next(fault for fault in faults if fault.code == code), folder)
            shutil.rmtree(folder)
    return found


def main() -> None:
    """Write the page and the schemas."""
    write_text(RESULT, page(found_examples()))
    for name in SCHEMAS:
        write_text(DOCS / "schemas" / f"{name}.json", schema_text(name))


if __name__ == "__main__":
    main()

"""run.json: inputs and settings of a run, so that it can be reproduced."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from geo.files import sha256
from layers.assumptions import Assumptions, assumption_fields
from layers.osm.problems import problem_counts
from scicity.inputs.baseline import SOURCE_FILE, osm_file
from scicity.inputs.study import Study
from scicity.report.finding import Finding
from scicity.results.attribution import Attribution
from scicity.results.run_results import Results
from scicity.results.subset_networks import SEED

PACKAGES = (
    "scicity",
    "geopandas",
    "shapely",
    "pyproj",
    "numba",
    "numpy",
    "pandas",
    "routingkit-cch",
    "scipy",
    "folium",
    "rasterio",
)


def input_hashes(folder: Path, study: Study) -> dict[str, str]:
    """SHA-256 of every file that the study reads, by path."""
    paths = study.settings.input_paths()
    return {path.relative_to(folder).as_posix(): sha256(path) for path in paths}


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def assumption_record(assumptions: Assumptions) -> dict[str, Any]:
    """Every assumption with its unit, source and confidence; defaults are marked."""
    record = {}
    for item in assumption_fields():
        source = assumptions.sources.get(item.name)
        record[item.name] = {
            "value": getattr(assumptions, item.name),
            "unit": item.metadata["unit"],
            "source": source.text if source else "default of scicity",
            "confidence": source.confidence if source else "assumed",
        }
    return record


def osm_record(study: Study) -> dict[str, Any] | None:
    """Source of the OpenStreetMap data, and counts of its problems by kind."""
    if study.osm is None:
        return None
    source = osm_file(study.settings).with_name(SOURCE_FILE)
    record = json.loads(source.read_text(encoding="utf-8")) if source.is_file() else {}
    return {"source": record, "problems": problem_counts(study.osm.problems)}


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]


def attribution_record(study: Study, attribution: Attribution | None) -> dict[str, Any] | None:
    """Players and method of the attribution; None if the scenario adds nothing."""
    if attribution is None:
        return None
    return {
        "players": {player.player_id: list(player.project_ids) for player in attribution.players},
        "every_subset": attribution.exact,
        "draws": attribution.draws,
        "seed": SEED,
        "uncertain": {name: asdict(entry) for name, entry in study.settings.uncertain.items()},
    }


def run_record(study: Study, results: Results, findings: Sequence[Finding]) -> dict[str, Any]:
    """Inputs, versions, assumptions, screenlines and findings; only `made` differs between runs."""
    scenario_ids = [name for name, _ in results.pair.both]
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "study": study.settings.study.id,
        "baseline_date": str(study.settings.study.baseline_date),
        "windows": {
            name: asdict(window)
            for name, window in vars(study.conditions.windows).items()
            if study.baseline.has_timetable
        },
        "service_dates": {
            feed: str(day) for feed, day in study.baseline.timetable.service_dates.items()
        },
        "scenarios": {name: list(study.scenarios[name].project_ids) for name in scenario_ids},
        "inputs": input_hashes(study.settings.folder, study),
        "versions": _versions(),
        "assumptions": assumption_record(study.settings.assumptions),
        "attribution": attribution_record(study, results.attribution),
        "screenlines": _rows(results.loads.round(6)),
        "openstreetmap": osm_record(study),
        "findings": [
            {"code": f.code, "feature": f.feature, "zh": f.zh, "en": f.en} for f in findings
        ],
    }

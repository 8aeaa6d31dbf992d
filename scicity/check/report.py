"""The faults of a study as table, JSON, layer and page."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from markupsafe import Markup

from geo.crs import WGS84
from geo.fault_codes import CODES, OSM_PREFIX, Code
from geo.faults import Fault, shown
from geo.files import write_text
from geo.formats.geojson import write_geojson
from layers.osm.problems import KINDS
from scicity.outputs.files import write_json

SCHEMA = "scicity-check-1"
"""Version of check.json, described in docs/check.md."""
COLUMNS = ("severity", "code", "where", "message", "allowed")
WIDEST = 72
"""Maximum width of a column in the terminal; longer cells overrun it."""
HERE = Path(__file__).parent
HEADS = (
    *(("severity", "级别", "severity"), ("code", "代码", "code"), ("file", "文件", "file")),
    *(("feature", "要素", "feature"), ("place", "位置", "place"), ("message", "问题", "what")),
    *(("allowed", "允许", "allowed"), ("hint", "如何修改", "how to mend it")),
)
POLICY = "default-src 'none'; font-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{title}</title>'
    "<style>{style}</style></head>\n<body><header>"
    '<button type="button" id="language"><span lang="zh-CN">English</span>'
    '<span lang="en">中文</span></button><h1>{title}</h1><p>{counts}</p></header>\n'
    "<main><table><thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table></main>\n"
    "<script>{script}</script></body></html>\n"
)
BOTH = Markup('<span lang="zh-CN">{}</span><span lang="en">{}</span>')
HEAD = Markup('<th aria-sort="none"><button type="button">{}</button></th>')
ROW = Markup('<tr class="{severity}">{cells}</tr>\n')
CELL = Markup("<td>{}</td>")
MOST_SHOWN = 10
"""Warnings of one kind and file that are printed."""
SEVERITIES = {"error": "错误", "warning": "警告"}


def code_text(code: str) -> Code:
    """Texts of a fault code, also of problems of OpenStreetMap."""
    if code.startswith(OSM_PREFIX):
        kind = KINDS[code.removeprefix(OSM_PREFIX)]
        return Code(kind.zh, kind.en, kind.does_zh, kind.does_en)
    return CODES[code]


def width(text: str) -> int:
    """Width of a text in columns of a terminal; Chinese characters take two.

    Examples
    --------
    >>> width("abc"), width("路网"), width("é")
    (3, 4, 1)
    """
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.combining(letter) > 0 for letter in text)


def _printable(text: str) -> str:
    """The text on one line, without control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _folded(faults: Sequence[Fault]) -> list[Fault]:
    """All errors, and of each kind of warning of a file the first ones and how many follow."""
    kept: list[Fault] = []
    kinds = Counter((f.file, f.code) for f in faults if f.severity == "warning")
    seen: Counter[tuple[str, str]] = Counter()
    for fault in faults:
        kind = (fault.file, fault.code)
        more = kinds[kind] - MOST_SHOWN
        seen[kind] += fault.severity == "warning"
        if fault.severity == "error" or seen[kind] <= MOST_SHOWN or more == 1:
            kept.append(fault)
        elif seen[kind] == kinds[kind]:
            message, allowed = f"and {more} more like these", "scicity check --out lists them all"
            kept.append(Fault(fault.file, "", fault.code, message, allowed, "warning"))
    return kept


def fault_table(faults: Sequence[Fault]) -> list[str]:
    """Faults as lines of an aligned table, header first; none without faults.

    Warnings of one kind that a file has many of are cut short (a feed may have a thousand stops
    beyond the streets); errors never.

    Examples
    --------
    >>> for line in fault_table([Fault("路.geojson", "A", "id-unknown", "no 'B'", "A or C")]):
    ...     print(line)
    severity  code        where         message  allowed
    error     id-unknown  路.geojson A  no 'B'   A or C
    """
    rows = [
        (f.severity, f.code, f"{f.file} {f.feature}".strip(), f.message, f.allowed)
        for f in _folded(faults)
    ]
    table = [COLUMNS, *(tuple(map(_printable, row)) for row in rows)] if rows else []
    widths = [min(max(map(width, column)), WIDEST) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            cell + " " * max(0, column_width - width(cell))
            for cell, column_width in zip(row, widths, strict=True)
        ).rstrip()
        for row in table
    ]


def _plain(value: Any) -> Any:
    """A value for JSON: short numbers and texts unchanged, others as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | float):
        return value
    text = shown(value)
    return value if isinstance(value, int | str) and text == repr(value) else text


def fault_record(fault: Fault) -> dict[str, Any]:
    """A fault as an object of check.json."""
    text = code_text(fault.code)
    return {
        "severity": fault.severity,
        "code": fault.code,
        "file": fault.file,
        "feature": fault.feature,
        "lon": None if fault.place is None else round(fault.place[0], 7),
        "lat": None if fault.place is None else round(fault.place[1], 7),
        "message": fault.message,
        "value": _plain(fault.value),
        "allowed": fault.allowed,
        "hint": fault.hint,
        "meaning_zh": text.zh,
        "meaning_en": text.en,
        "mend_zh": text.mend_zh,
        "mend_en": text.mend_en,
    }


def fault_layer(faults: Sequence[Fault]) -> gpd.GeoDataFrame:
    """Faults with a position, as points (EPSG:4326) with the columns of check.json."""
    rows = [(n, fault_record(f), f.place) for n, f in enumerate(faults, start=1) if f.place]
    records = [{"fault_id": f"{n}", **record} for n, record, _ in rows]
    columns = None if records else ["fault_id"]
    table = pd.DataFrame.from_records(records, columns=columns)
    if "value" in table:
        table["value"] = [None if v is None else str(v) for v in table["value"]]
    return gpd.GeoDataFrame(table, geometry=[shapely.Point(p) for *_, p in rows], crs=WGS84)


def _row(fault: Fault) -> Markup:
    text = code_text(fault.code)
    place = "" if fault.place is None else f"{fault.place[0]:.5f}, {fault.place[1]:.5f}"
    hint = Markup("{} {}").format(BOTH.format(text.mend_zh, text.mend_en), fault.hint)
    message = Markup("{}<br><small>{}</small>").format(fault.message, BOTH.format(text.zh, text.en))
    severity = BOTH.format(SEVERITIES[fault.severity], fault.severity)
    cells = (severity, fault.code, fault.file, fault.feature, place, message, fault.allowed, hint)
    return ROW.format(severity=fault.severity, cells=Markup().join(map(CELL.format, cells)))


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" + "s" * (count != 1)


def check_page(faults: Sequence[Fault], name: str) -> str:
    """HTML page of the faults, sortable by column, in Chinese or English."""
    # imported late, as fontTools is slow to load
    from maps.style.chinese_font import font_face  # noqa: PLC0415

    counts = Counter(fault.severity for fault in faults)
    errors, warnings = counts["error"], counts["warning"]
    title = f"{name} · scicity check"
    summary = BOTH.format(
        f"{errors} 个错误，{warnings} 个警告",
        f"{_plural(errors, 'error')}, {_plural(warnings, 'warning')}",
    )
    heads = Markup().join(HEAD.format(BOTH.format(zh, en)) for _, zh, en in HEADS)
    rows = Markup().join(map(_row, faults))
    style = (HERE / "check_page.css").read_text("utf-8")
    letters = str(summary + heads + rows) + title + "中文"
    return str(
        PAGE.format(
            policy=POLICY,
            title=title,
            counts=summary,
            heads=heads,
            rows=rows,
            style=Markup(font_face(letters) + "\n" + style),  # noqa: S704
            script=Markup((HERE / "check_page.js").read_text("utf-8")),  # noqa: S704
        )
    )


def write_check(faults: Sequence[Fault], name: str, folder: Path) -> list[Path]:
    """Write `check.json`, `check.html` and `check.geojson`.

    Parameters
    ----------
    faults
        Faults in the order of the report.
    name
        Name of the study, for the title of the page.
    folder
        Folder of the files, created if missing.
    """
    paths = [folder / f"check.{ending}" for ending in ("json", "html", "geojson")]
    counts = Counter(fault.severity for fault in faults)
    content = {
        "schema": SCHEMA,
        "study": name,
        "errors": counts["error"],
        "warnings": counts["warning"],
        "faults": [fault_record(fault) for fault in faults],
    }
    write_json(content, paths[0])
    write_text(paths[1], check_page(faults, name))
    write_geojson(fault_layer(faults), paths[2], id_column="fault_id")
    return paths

"""Popup of a planned project, with its sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from maps.style.html_text import bilingual, comma_list, heading, items, plain, table, translation

KIND_NAMES = {
    "rail": ("轨道交通", "Metro line"),
    "people_mover": ("云巴", "People mover"),
    "hsr": ("高铁", "High-speed rail"),
    "road": ("道路", "Road"),
    "road_tunnel": ("隧道", "Road tunnel"),
    "corridor": ("快速通道", "Fast corridor"),
}
STATUSES = {
    "proposed": ("研究中", "proposed"),
    "planned": ("已规划", "planned"),
    "construction": ("在建", "under construction"),
}
CONFIDENCES = {
    "published": ("来源公布", "published"),
    "derived": ("由公布数据推算", "derived"),
    "assumed": ("含假设", "assumed"),
}
FIELDS = {
    "alignment": ("线位", "alignment"),
    "boarding_secs": ("进站时间", "boarding time"),
    "headway_offpeak_secs": ("平峰间隔", "off-peak headway"),
    "headway_peak_secs": ("高峰间隔", "peak headway"),
    "hop_secs": ("站间时间", "run times"),
    "lanes": ("车道数", "lanes"),
    "length": ("长度", "length"),
    "maxspeed": ("限速", "speed limit"),
    "name": ("名称", "name"),
    "opening_year": ("通车年份", "opening year"),
    "portals": ("洞口位置", "portals"),
    "position": ("站位", "position"),
    "stations": ("设站", "stations"),
    "status": ("状态", "status"),
    "stop_access_secs": ("进出站时间", "street to platform"),
    "stop_name": ("站名", "station name"),
}
NAME_STATUSES = {
    "single_source": ("站名仅一处来源", "name from a single source"),
    "not_found": ("站名未公布（占位）", "name not published (placeholder)"),
    "assumed": ("站名为假设（占位）", "assumed name (placeholder)"),
}
ALONE = Markup(
    '<p class="if-asked"><button type="button" data-state="project_{{}}">{}</button></p>'
).format(bilingual("看它单独的作用", "Show what it does alone"))
"""Button for the page's script; it works if the page has the project as a state."""

PLACEHOLDERS = ("not_found", "assumed")
"""Name statuses of stations that are drawn as placeholders."""


def is_placeholder(row: Any) -> bool:
    """Whether a station's name is not confirmed by any source."""
    return plain(getattr(row, "name_status", "")) in PLACEHOLDERS


def source_text(source: Any) -> Markup:
    """A source as text: document, clause, date, address and codes, each if known."""
    if not isinstance(source, Mapping):
        return Markup("{}").format(comma_list(items(source)))
    words = [plain(source.get(key)) for key in ("document", "clause", "date", "url")]
    lines = [Markup("{}").format(", ".join(word for word in words if word))]
    codes = " ".join(plain(code) for code in items(source.get("codes")))
    if codes:
        lines.append(Markup("<small>{}</small>").format(codes))
    return Markup("<br>").join(lines)


def _clause(row: Any) -> Markup:
    if plain(row.clause):
        return Markup("{}").format(plain(row.clause))
    return bilingual("未列入", "not named there")


def _assumed(row: Any) -> Markup:
    words = [translation(name, FIELDS) for name in items(row.assumed_fields)]
    return Markup("<br>").join(words)


def _accuracy(row: Any) -> str:
    metres = plain(getattr(row, "accuracy_m", None))
    return f"± {metres} m" if metres else ""


def project_popup(row: Any, names: Mapping[str, str]) -> str:
    """The popup of one feature of a project, HTML with all data escaped.

    Parameters
    ----------
    row
        A row of `projects`, see `maps.tables.page_tables.PageTables`.
    names
        Chinese name of each project by its id, for the required projects.
    """
    head = heading(row.project_name_zh, row.project_name_en)
    if row.element == "station":
        # the station's name first, the project below
        status = NAME_STATUSES.get(plain(row.name_status))
        english = getattr(row, "name_en", "")
        lines = [heading(row.stop_name, english), bilingual(*status) if status else Markup()]
        head = Markup("<br>").join([*filter(None, lines), head])
    requires = [names.get(required, required) for required in items(row.requires)]
    rows = [
        (bilingual("类型", "Kind"), translation(row.kind, KIND_NAMES)),
        (bilingual("状态", "Status"), translation(row.status, STATUSES)),
        (bilingual("最新进展", "Latest"), plain(row.status_latest)),
        (bilingual("通车年份", "Opening"), plain(row.opening_year)),
        (bilingual("条款", "Clause"), _clause(row)),
        (bilingual("来源", "Source"), source_text(row.source)),
        (bilingual("可信度", "Confidence"), translation(row.confidence, CONFIDENCES)),
        (bilingual("假设项", "Assumed"), _assumed(row)),
        (bilingual("前提项目", "Requires"), comma_list(requires)),
        (bilingual("位置精度", "Accuracy"), _accuracy(row)),
        (bilingual("编号", "Id"), plain(row.project_id)),
    ]
    return str(head + table(rows) + ALONE.format(row.project_id))

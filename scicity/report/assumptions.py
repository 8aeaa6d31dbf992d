"""Section of the report: assumptions behind its figures."""

from __future__ import annotations

from scicity.inputs.study import Study
from scicity.report.timetables import waiting_words
from scicity.report.words import Words, escaped_line
from scicity.results.run_results import Results


def assumed_values(study: Study, results: Results, words: Words) -> str:
    """Assumptions behind the figures, as a list in Markdown."""
    settings = study.settings
    ids = study.scenarios[results.pair.scenario_id].project_ids
    assumed = [study.projects[i] for i in ids if study.projects[i].assumed_fields]
    values = [s for s in settings.assumptions.sources.values() if s.confidence == "assumed"]
    waiting_zh, waiting_en = waiting_words(study)
    text = words(
        f"- {escaped_line(settings.study.note_zh)}。\n"
        f"- {len(ids)} 个项目中 {len(assumed)} 个含假定值（线位、发车间隔、开通年等），"
        "见 projects.geojson 的 assumed_fields。\n"
        f"- study.toml 中 {len(values)} 个参数为假定，未写明的用 scicity 默认值，见 run.json；"
        "截面高峰流量多为假定，"
        "截面模型不是均衡分配。\n"
        f"- {escaped_line(waiting_zh)}",
        f"- {escaped_line(settings.study.note_en)}.\n"
        f"- {len(assumed)} of {len(ids)} projects hold assumed values (alignment, headway,"
        " opening year …): see assumed_fields in projects.geojson.\n"
        f"- {len(values)} parameters of study.toml are assumed, those it leaves out are scicity's"
        " defaults: see run.json. Peak volumes of the screenlines are mostly assumed; the"
        " screenline model is no equilibrium assignment.\n"
        f"- {escaped_line(waiting_en)}",
    )
    return text + _osm_assumed(study, words)


def _osm_assumed(study: Study, words: Words) -> str:
    """Routes with default headways; empty without OpenStreetMap."""
    if study.osm is None:
        return ""
    running = {route.route_id for route in study.baseline.routes}
    routes = [route for route in study.osm.routes if route.route_id in running]
    defaults = sum("headway_peak_secs" in route.assumed_fields for route in routes)
    return words(
        f"\n- 来自 OpenStreetMap 的 {len(routes)} 条线路中 {defaults} 条的发车间隔为默认值；"
        "站间时间多由速度推算。",
        f"\n- {defaults} of {len(routes)} services from OpenStreetMap have a default headway; most"
        " hop times are by speed.",
    )

"""Section of the report page: links to the result files."""

from __future__ import annotations

from scicity.inputs.study import Study
from scicity.report.words import Words

FILES = {
    "map.html": (
        "交互地图，单个文件，无需联网",
        "the interactive map, one file, no internet needed",
    ),
    "place_times.csv": ("各方式、各时段的地点间时间", "times between places by mode and period"),
    "accessibility_by_area.csv": ("各片区可达性", "accessibility by planning area"),
    "project_effects.csv": ("每个项目的作用", "what each project changes"),
    "accessibility_by_year.csv": ("各片区逐年可达性", "accessibility by planning area and year"),
    "screenlines.csv": ("各截面的流量与容量", "volumes and capacities of the screenlines"),
    "projects.geojson": (
        "规划项目及其来源、假定",
        "planned projects with their sources and what is assumed",
    ),
    "accessibility.geojson": ("六边形网格的可达性", "accessibility by hexagon"),
    "bus_closing_links.geojson": ("使断点成环的联络线", "links that close the gaps of bus loops"),
    "results.gpkg": ("QGIS 用的全部图层", "all layers for QGIS"),
    "run.json": ("输入、版本与全部参数", "inputs, versions and every assumption"),
}
OSM_FILES = {
    "osm_problems.html": ("OpenStreetMap 数据中的问题", "what is wrong with the OpenStreetMap data")
}

ATTRIBUTION_FILES = {
    "attribution.csv": ("哪个项目带来什么", "which project brings what"),
    "building_order.csv": ("先建哪个", "what to build first"),
}


def files_section(study: Study, words: Words, *, attributed: bool = False) -> str:
    """List of links in Markdown; `attributed`: with those of the attribution."""
    files = FILES | (OSM_FILES if study.osm else {}) | (ATTRIBUTION_FILES if attributed else {})
    colon = words("：", ": ")
    return "\n".join(f"- [{name}]({name}){colon}{words.of(text)}" for name, text in files.items())

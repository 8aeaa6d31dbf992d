"""Chart of openings and gains by year, from results."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from maps.charts.year_chart import year_figure
from maps.style.html_text import short_name
from scicity.figures.captions import picture_caption
from scicity.inputs.pair import ZONE_TRAVELS
from scicity.inputs.study import Study
from scicity.outputs.layers import named_areas
from scicity.report.markdown import main_cutoff
from scicity.results.run_results import Results


def year_table(study: Study, results: Results) -> pd.DataFrame:
    """People within the main cutoff, as `maps.charts.year_chart.YEAR_CHART_COLUMNS`."""
    table = results.phasing.yearly
    people = table.loc[table["measure"] == f"people_{main_cutoff(study):g}"]
    tables = [
        named_areas(study).merge(people.loc[people["mode"] == mode], on="area_id")
        for mode, _ in ZONE_TRAVELS
    ]
    return pd.concat(tables, ignore_index=True)


def opening_table(study: Study, results: Results) -> pd.DataFrame:
    """Short names of the projects that open, as `maps.charts.year_chart.OPENING_CHART_COLUMNS`."""
    rows = []
    for year, ids in zip(
        results.phasing.openings["year"], results.phasing.openings["new_ids"], strict=True
    ):
        projects = [study.projects[project_id] for project_id in ids]
        zh = "、".join(dict.fromkeys(short_name(project.name_zh) for project in projects))
        en = "; ".join(dict.fromkeys(short_name(project.name_en) for project in projects))
        rows.append((year, zh, en))
    table = pd.DataFrame(rows, columns=["year", "names_zh", "names_en"])
    return table.loc[table["names_zh"] != ""].reset_index(drop=True)


def phasing_figure(study: Study, results: Results) -> Figure:
    """Chart of the people reached from each planning area, by year."""
    minutes = f"{main_cutoff(study) / 60:.0f}"
    names = (
        f"逐年变化：{minutes} 分钟内可达人口（万人，高峰，各片区居民平均）",
        f"Year by year: people reached within {minutes} min (10,000s, peak, mean by area)",
    )
    years = results.phasing.yearly["year"]
    note = (
        f"柱：年底比 {years.min()} 年底增加；同一列刻度相同。数字：{years.min()} → {years.max()}。"
        f" Bars: at the end of a year, above the end of {years.min()}; one scale in a column."
        f" Figures: {years.min()} → {years.max()}."
    )
    caption = picture_caption(study, results, names, note)
    return year_figure(year_table(study, results), opening_table(study, results), caption)

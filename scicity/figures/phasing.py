"""The chart of what opens when and brings what, from results."""

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
    chosen = table.loc[table["measure"] == f"people_{main_cutoff(study):g}"]
    found = [
        named_areas(study).merge(chosen.loc[chosen["mode"] == mode], on="area_id")
        for mode, _ in ZONE_TRAVELS
    ]
    return pd.concat(found, ignore_index=True)


def opening_table(study: Study, results: Results) -> pd.DataFrame:
    """Short names of what opens, as `maps.charts.year_chart.OPENING_CHART_COLUMNS`."""
    rows = []
    for year, ids in zip(
        results.phasing.openings["year"], results.phasing.openings["new_ids"], strict=True
    ):
        names = [study.projects[project_id] for project_id in ids]
        zh = "、".join(dict.fromkeys(short_name(project.name_zh) for project in names))
        en = "; ".join(dict.fromkeys(short_name(project.name_en) for project in names))
        rows.append((year, zh, en))
    table = pd.DataFrame(rows, columns=["year", "names_zh", "names_en"])
    return table.loc[table["names_zh"] != ""].reset_index(drop=True)


def phasing_figure(study: Study, results: Results) -> Figure:
    """What each planning area reaches, year by year."""
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

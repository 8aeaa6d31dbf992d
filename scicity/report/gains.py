"""Sections of the report: distribution and timing of gains."""

from __future__ import annotations

import pandas as pd

from analysis.change import EVERYWHERE
from maps.style.modes import MODE_NAMES
from scicity.inputs.study import Study
from scicity.report.words import Words, escaped_text, markdown_table
from scicity.results.run_results import Results

TOP_SLIPS = 3


def _select(table: pd.DataFrame, measure: str, mode: str) -> pd.DataFrame:
    return table.loc[(table["measure"] == measure) & (table["mode"] == mode)]


def _spread(results: Results, measure: str, words: Words) -> str:
    """Percentiles, Gini and Palma ratio in baseline and scenario."""
    rows = []
    for mode, names in MODE_NAMES.items():
        table = _select(results.gains.spread, measure, mode)
        whole = table.loc[table["area_id"] == EVERYWHERE].set_index("network")
        baseline, scenario = whole.loc["baseline"], whole.loc["scenario"]
        people = [f"{baseline[p]:,.0f} → {scenario[p]:,.0f}" for p in ("p10", "p50", "p90")]
        coefficients = [f"{baseline[c]:.3f} → {scenario[c]:.3f}" for c in ("gini", "palma")]
        rows.append([words.of(names), *people, *coefficients])
    header = words(
        "方式|第 10 百分位|中位数|第 90 百分位|基尼系数|Palma 比",
        "mode|10th percentile|median|90th percentile|Gini|Palma",
    )
    return markdown_table(header.split("|"), rows)


def _groups(study: Study, results: Results, measure: str, words: Words) -> str:
    """Shares of the gain by planning area and by quintile of access."""
    column = words("name_zh", "name_en")
    names = dict(zip(study.area.areas["area_id"], study.area.areas[column], strict=True))
    fifth = {str(n): words(f"可达性第 {n} 五分位", f"fifth {n} of access") for n in range(1, 6)}
    tables = {
        mode: _select(results.gains.shares, measure, mode).set_index(["grouping", "group"])
        for mode in MODE_NAMES
    }
    rows = []
    for key, row in tables["transit"].iterrows():
        shares = [
            "" if pd.isna(table.loc[key, "gain_share"]) else f"{table.loc[key, 'gain_share']:.1%}"
            for table in tables.values()
        ]
        name = names[key[1]] if key[0] == "area_id" else fifth[key[1]]
        rows.append([name, f"{row['people_share']:.1%}", *shares])
    header = words(
        "谁|人口占比|公交增益占比|驾车增益占比", "who|share of people|of the gain by transit|by car"
    )
    return markdown_table(header.split("|"), rows)


def _core_ring(results: Results, measure: str, words: Words) -> str:
    lines = []
    for mode, names in MODE_NAMES.items():
        table = _select(results.gains.core_ring, measure, mode)
        lines += [
            words(
                f"- {names[0]}：核心区人均 {row.core_baseline:,.0f} →"
                f" {row.core_scenario:,.0f}，外围 {row.ring_baseline:,.0f} →"
                f" {row.ring_scenario:,.0f}；"
                f"核心与外围之比 {row.baseline_ratio:.2f} → {row.scenario_ratio:.2f}",
                f"- {names[1]}: core {row.core_baseline:,.0f} → {row.core_scenario:,.0f}, ring"
                f" {row.ring_baseline:,.0f} → {row.ring_scenario:,.0f} people; core over ring"
                f" {row.baseline_ratio:.2f} → {row.scenario_ratio:.2f}",
            )
            for row in table.itertuples()
        ]
    return "\n".join(lines)


def _partners(results: Results, words: Words) -> str:
    """Number of pairs of research and manufacturing within each cutoff, at the peak."""
    table = results.gains.partner_summary
    rows: list[list[str]] = []
    for mode, names in MODE_NAMES.items():
        peak = table.loc[(table["mode"] == mode) & (table["period"] == "peak")]
        rows += [
            [
                words.of(names),
                f"{row.cutoff_secs / 60:.0f}",
                f"{row.baseline_within} → {row.scenario_within}",
                f"{row.pairs}",
            ]
            for row in peak.loc[peak["direction"] == "out"].itertuples()
        ]
    if not rows:
        return ""
    header = words(
        "研发核心 → 制造园区|分钟内|可达的对数|全部对数",
        "research core to manufacturing parks|within min|pairs reached|all pairs",
    )
    return markdown_table(header.split("|"), rows)


def gain_section(study: Study, results: Results, measure: str, words: Words) -> str:
    """Distribution of gains in Markdown: spread, areas and quintiles, core and ring, partners."""
    parts = [
        _spread(results, measure, words),
        _groups(study, results, measure, words),
        _core_ring(results, measure, words),
        _partners(results, words),
    ]
    return "\n\n".join(part for part in parts if part)


def _years(study: Study, results: Results, measure: str, words: Words) -> str:
    """Accessibility at the end of every year with openings."""
    column = words("name_zh", "name_en")
    table = results.phasing.yearly
    whole = table.loc[(table["measure"] == measure) & (table["area_id"] == EVERYWHERE)]
    means = whole.pivot_table(index="year", columns="mode", values="mean")
    rows = []
    for row in results.phasing.openings.itertuples():
        if not row.new_ids:
            continue
        opened = words("、", ", ").join(
            str(getattr(study.projects[p], column) or study.projects[p].name_zh)
            for p in row.new_ids
        )
        figures = [f"{means.loc[row.year, mode]:,.0f}" for mode in MODE_NAMES]
        rows.append([str(row.year), *figures, opened])
    header = words("年底|公交|驾车|开通", "end of|by transit|by car|opens")
    return markdown_table(header.split("|"), rows)


def _slips(study: Study, results: Results, measure: str, words: Words) -> str:
    """Projects whose delay costs most."""
    column = words("name_zh", "name_en")
    lines = []
    for mode, names in MODE_NAMES.items():
        slips = _select(results.phasing.slips, measure, mode)
        slips = slips.loc[slips["delay_years"] == slips["delay_years"].min()]
        worst = slips.sort_values("shortfall", ascending=False, kind="stable").head(TOP_SLIPS)
        texts = []
        for row in worst.loc[worst["shortfall"] > 0].itertuples():
            project = study.projects[row.project_id]
            name = escaped_text(str(getattr(project, column) or project.name_zh))
            dependent = [study.projects[p] for p in row.waiting_ids]
            delayed_with_it = [
                escaped_text(str(getattr(p, column) or p.name_zh)) for p in dependent
            ]
            with_it = (
                words("，连带", ", and with it ") + ", ".join(delayed_with_it)
                if delayed_with_it
                else ""
            )
            texts.append(f"{name} ({row.shortfall:,.0f}{with_it})")
        if texts:
            zh = f"- {names[0]}：推迟一年损失最大（人均少可达人数 × 年）：{'；'.join(texts)}"
            en = f"- {names[1]}: a year late costs most (people reached less x years): "
            lines.append(words(zh, en + "; ".join(texts)))
    return "\n".join(lines)


def phasing_section(study: Study, results: Results, measure: str, words: Words) -> str:
    """Timing of gains and costs of delays, in Markdown."""
    if results.phasing.openings.empty:
        return words("方案没有新增项目。", "The scenario adds no project.")
    return f"{_years(study, results, measure, words)}\n\n{_slips(study, results, measure, words)}"

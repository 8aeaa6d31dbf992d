"""The report in Markdown, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.change import EVERYWHERE
from maps.style.modes import MODE_NAMES
from scicity.inputs.study import Study
from scicity.report.assumptions import assumed_values
from scicity.report.attribution import attribution_section
from scicity.report.buses import bus_section
from scicity.report.finding import Finding
from scicity.report.first_paragraph import first_paragraph
from scicity.report.gains import gain_section, phasing_section
from scicity.report.timetables import departures_sentence
from scicity.report.words import Language, Words, escaped_line, escaped_text, markdown_table
from scicity.results.run_results import Results

TOP = 5


@dataclass(frozen=True)
class Section:
    """A section of the report: its key, heading and text in Markdown."""

    name: str
    head: str
    text: str


def _names(frame: pd.DataFrame, id_column: str, words: Words) -> Mapping[str, str]:
    column = words("name_zh", "name_en")
    return dict(zip(frame[id_column], frame[column], strict=True))


def main_cutoff(study: Study) -> float:
    """The middle cutoff of accessibility, seconds."""
    cutoffs = sorted(study.settings.study.accessibility_cutoffs_secs)
    return float(cutoffs[len(cutoffs) // 2])


def main_measure(study: Study) -> str:
    """Name of the measure of people within the main cutoff."""
    return f"people_{main_cutoff(study):g}"


def _change(baseline: float, scenario: float) -> str:
    share = f" ({(scenario - baseline) / baseline:+.1%})" if baseline else ""
    return f"{baseline:,.0f} → {scenario:,.0f}{share}"


def _headline(study: Study, results: Results, words: Words) -> str:
    cutoff = main_cutoff(study)
    table = results.accessibility.by_area
    whole = table.loc[(table["area_id"] == EVERYWHERE) & (table["measure"] == f"people_{cutoff:g}")]
    lines = []
    for row in whole.itertuples():
        mode = words.of(MODE_NAMES[row.mode])
        change = _change(row.baseline_mean, row.scenario_mean)
        lines.append(
            words(
                f"- {mode}（高峰）{cutoff / 60:.0f} 分钟内，居民平均可到达的人口：{change}",
                f"- By {mode} (peak) an average resident reaches within {cutoff / 60:.0f} minutes"
                f" this many people: {change}",
            )
        )
    lines.append(_hour_share(results, words))
    if meant := words.of(departures_sentence(study)):
        lines.append(f"- {escaped_text(meant)}{words('。', '.')}")
    first = first_paragraph(study, results, main_measure(study), words)
    return "\n\n".join(part for part in (first, "\n".join(lines)) if part)


def _hour_share(results: Results, words: Words) -> str:
    """Shares of place pairs within the city's published target of one hour."""
    times = results.places.times
    transit = times.loc[(times["mode"] == "transit") & (times["period"] == "peak")]
    all_missing = results.places.missing
    missing = all_missing.loc[
        (all_missing["mode"] == "transit") & (all_missing["period"] == "peak")
    ]
    pairs = len(transit) + len(missing.loc[missing["scenario"] == results.pair.baseline_id])
    baseline = (transit["baseline_secs"] <= 3600).sum() / max(pairs, 1)  # noqa: PLR2004
    scenario = (transit["scenario_secs"] <= 3600).sum() / max(pairs, 1)  # noqa: PLR2004
    return words(
        f"- 高峰公交 1 小时内可达的地点对：{baseline:.0%} → {scenario:.0%}（市级目标：1 小时通勤）",
        f"- Pairs of named places within one hour by transit at the peak:"
        f" {baseline:.0%} → {scenario:.0%} (the city's target: a one-hour commute)",
    )


def _areas(study: Study, results: Results, words: Words) -> str:
    names = _names(study.area.areas, "area_id", words)
    measure = main_measure(study)
    table = results.accessibility.by_area
    means = table.loc[(table["measure"] == measure) & (table["area_id"] != EVERYWHERE)]
    by_area = means.set_index(["area_id", "mode"])
    rows = []
    for area, name in names.items():
        row = [name]
        for mode in MODE_NAMES:
            if (area, mode) not in by_area.index:  # nobody lives there
                row.append("–")
                continue
            figures = by_area.loc[(area, mode)]
            row.append(_change(figures["baseline_mean"], figures["scenario_mean"]))
        rows.append(row)
    header = [words("规划分区", "planning area"), *(words.of(n) for n in MODE_NAMES.values())]
    return markdown_table(header, rows)


def _largest(study: Study, results: Results, mode: str, words: Words) -> str:
    """Table of the place pairs with the largest gains, in one direction, no place twice."""
    names = _names(study.places, "place_id", words)
    times = results.places.times
    peak = times.loc[(times["mode"] == mode) & (times["period"] == "peak")]
    one_way = peak.loc[peak["from_id"] < peak["to_id"]]
    ranked = one_way.sort_values("change_secs", kind="stable")
    ranked = ranked.drop_duplicates("to_id").drop_duplicates("from_id").head(TOP)
    rows = [
        [
            names[row.from_id],
            names[row.to_id],
            f"{row.baseline_secs / 60:.0f}",
            f"{row.scenario_secs / 60:.0f}",
            f"{row.change_secs / 60:+.0f}",
        ]
        for row in ranked.itertuples()
        if row.change_secs < 0
    ]
    header = words("从|到|现状（分）|方案（分）|变化", "from|to|before (min)|after|change")
    return markdown_table(header.split("|"), rows)


def _screenlines(results: Results, words: Words) -> str:
    loads = results.loads
    wide = loads.pivot_table(
        index=["screenline_id", "name_zh", "name_en"],
        columns="scenario",
        values=["volume_to_capacity", "crossings"],
    )
    first, second = results.pair.baseline_id, results.pair.scenario_id
    rows = [
        [
            words(str(zh), str(en)),
            f"{row['crossings', first]:.0f} → {row['crossings', second]:.0f}",
            f"{row['volume_to_capacity', first]:.2f} → {row['volume_to_capacity', second]:.2f}",
        ]
        for (_, zh, en), row in wide.iterrows()
    ]
    header = words("截面|通道数|高峰 v/c", "screenline|crossings|peak v/c")
    return markdown_table(header.split("|"), rows)


def _findings(findings: Sequence[Finding], words: Words) -> str:
    lines = [f"- {escaped_line(words(f.zh, f.en))}" for f in findings]
    return "\n".join(lines or [words("- 无", "- none")])


def report_title(study: Study, results: Results, words: Words) -> tuple[str, str]:
    """Name of the study and the compared scenarios, unescaped."""
    title = words(study.settings.study.name_zh, study.settings.study.name_en)
    names = [study.scenarios[name] for name, _ in results.pair.both]
    return title, " → ".join(words(name.name_zh, name.name_en) for name in names)


def report_sections(
    study: Study, results: Results, findings: Sequence[Finding], words: Words
) -> list[Section]:
    """Sections of the report, the same in both languages."""
    parts = [
        ("headline", "变化最大的是什么", "What changes most", _headline(study, results, words)),
        ("areas", "在哪里", "Where", _areas(study, results, words)),
        (
            "transit",
            "公交最快的改善",
            "Largest gains by transit",
            _largest(study, results, "transit", words),
        ),
        (
            "drive",
            "驾车最快的改善",
            "Largest gains by car",
            _largest(study, results, "drive", words),
        ),
        (
            "attribution",
            "哪个项目带来",
            "Which project brings what",
            attribution_section(study, results, main_measure(study), words),
        ),
        ("gains", "谁受益", "Who gains", gain_section(study, results, main_measure(study), words)),
        ("phasing", "何时", "When", phasing_section(study, results, main_measure(study), words)),
        (
            "screenlines",
            "山脉与江河截面（高峰）",
            "Ridges and rivers at the peak",
            _screenlines(results, words),
        ),
        ("buses", "跨界公交成环", "Cross-boundary bus loops", bus_section(results, words)),
        ("findings", "发现", "Findings", _findings(findings, words)),
        ("assumed", "假定", "What is assumed", assumed_values(study, results, words)),
    ]
    return [Section(name, words(zh, en), text) for name, zh, en, text in parts]


def report(study: Study, results: Results, findings: Sequence[Finding], language: Language) -> str:
    """The report in Markdown.

    Parameters
    ----------
    study, results
        The study and its results.
    findings
        `scicity.report.findings.all_findings`.
    language
        `zh` or `en`.
    """
    words = Words(language)
    title, compared = report_title(study, results, words)
    sections = report_sections(study, results, findings, words)
    body = "\n\n".join(f"## {section.head}\n\n{section.text}" for section in sections)
    return f"# {escaped_line(title)}\n\n{escaped_line(compared)}\n\n{body}\n"

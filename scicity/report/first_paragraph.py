"""First paragraph of the report: the three projects with most gain, for whom, how certain."""

from __future__ import annotations

from analysis.attribution.tables import ROBUST, TOP
from layers.scenarios import with_required
from maps.style.modes import MODE_NAMES
from scicity.inputs.study import Study
from scicity.report.attribution_rows import (
    AttributionRows,
    attribution_rows,
    top_three_probabilities,
)
from scicity.report.words import Words, escaped_text
from scicity.results.run_results import Results


def _first_three(rows: AttributionRows, words: Words) -> str:
    """The three players with most gain, with shares and probabilities."""
    probabilities, texts = top_three_probabilities(rows), []
    for row in rows.shares.head(TOP).itertuples():
        if row.shapley <= 0:
            continue
        parts = [f"{row.share:.0%}"]
        if row.player_id in probabilities:
            probability = probabilities[row.player_id]
            robust = words("，稳健", ", robust") if probability >= ROBUST else ""
            parts.append(
                words(f"前三概率 {probability:.0%}", f"among the first three: {probability:.0%}")
                + robust
            )
        texts.append(
            f"**{escaped_text(rows.names[row.player_id])}** ({words('；', '; ').join(parts)})"
        )
    return words("、", ", ").join(texts)


def _gain(study: Study, results: Results, *, measure: str, mode: str, words: Words) -> str:
    """Shares of the gain: of the two largest areas, and of the fifth with the least access."""
    table = results.gains.shares
    selected = table.loc[(table["measure"] == measure) & (table["mode"] == mode)]
    column = words("name_zh", "name_en")
    names = dict(zip(study.area.areas["area_id"], study.area.areas[column], strict=True))
    areas = selected.loc[selected["grouping"] == "area_id"].dropna(subset=["gain_share"])
    if areas.empty:
        return ""
    areas = areas.sort_values("gain_share", ascending=False, kind="stable").head(2)
    texts = words("、", " and ").join(
        words(
            f"{escaped_text(names[row.group])}居民 {row.gain_share:.0%}",
            f"{escaped_text(names[row.group])} {row.gain_share:.0%}",
        )
        for row in areas.itertuples()
    )
    worst = selected.loc[
        (selected["grouping"] == "quintile") & (selected["group"] == "1"), "gain_share"
    ]
    least = worst.iloc[0] if len(worst) else 0.0
    return words(
        f"增益中{texts}，现状可达性最低的五分之一居民得 {least:.1%}",
        f"of the gain {texts} go to their residents, {least:.1%} to the fifth of all people with"
        " least access today",
    )


def _only_together(study: Study, rows: AttributionRows, words: Words) -> str:
    """Pairs with a gain only together, and players that require another one."""
    positive = rows.pairs.loc[rows.pairs["together"] > 0]
    texts = []
    for row in positive.loc[positive["kind"] == "together_only"].itertuples():
        one, other = (escaped_text(rows.names[p]) for p in (row.first, row.second))
        texts.append(words(f"{one}与{other}", f"{one} with {other}"))
    for row in positive.loc[positive["kind"] == "requires"].itertuples():
        required = set(with_required(rows.members[row.first], study.projects))
        first_needs = bool(required & set(rows.members[row.second]))
        order = (row.first, row.second) if first_needs else (row.second, row.first)
        one, other = (escaped_text(rows.names[p]) for p in order)
        texts.append(words(f"{one}须有{other}", f"{one} needs {other}"))
    if not texts:
        return words("没有只有一起才起作用的一对", "no pair works only together")
    joined = words("、", ", ").join(texts)
    return words(f"只有一起才起作用：{joined}", f"only together: {joined}")


def first_paragraph(study: Study, results: Results, measure: str, words: Words) -> str:
    """The three players with most gain, for whom, how certain, and what works only together.

    One sentence a mode; empty if the scenario adds nothing.
    """
    attribution = results.attribution
    if attribution is None:
        return ""
    sentences = []
    for mode in MODE_NAMES:
        rows = attribution_rows(attribution, measure, mode, words)
        three = _first_three(rows, words)
        name = words.of(MODE_NAMES[mode])
        if not three:
            sentences.append(
                words(f"{name}：没有项目带来增益。", f"By {name} no project brings a gain.")
            )
            continue
        parts = [
            _gain(study, results, measure=measure, mode=mode, words=words),
            _only_together(study, rows, words),
        ]
        rest = words("；", "; ").join(part for part in parts if part)
        sentences.append(
            words(
                f"{name}增益主要来自{three}；{rest}。",
                f"By {name} most is brought by {three}; {rest}.",
            )
        )
    return words("", " ").join(sentences)

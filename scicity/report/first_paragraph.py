"""The first paragraph of the report: which three projects bring most, for whom, how sure."""

from __future__ import annotations

from analysis.attribution.tables import ROBUST, TOP
from layers.scenarios import with_required
from maps.style.modes import MODE_NAMES
from scicity.inputs.study import Study
from scicity.report.attribution_rows import AttributionRows, attribution_rows, chances
from scicity.report.words import Words, cell
from scicity.results.run_results import Results


def _first_three(told: AttributionRows, words: Words) -> str:
    """Those that bring most, with their shares and how sure it is."""
    likely, said = chances(told), []
    for row in told.shares.head(TOP).itertuples():
        if row.shapley <= 0:
            continue
        parts = [f"{row.share:.0%}"]
        if row.player_id in likely:
            sure = likely[row.player_id]
            robust = words("，稳健", ", robust") if sure >= ROBUST else ""
            parts.append(
                words(f"前三概率 {sure:.0%}", f"among the first three: {sure:.0%}") + robust
            )
        said.append(f"**{cell(told.names[row.player_id])}** ({words('；', '; ').join(parts)})")
    return words("、", ", ").join(said)


def _gain(study: Study, results: Results, *, measure: str, mode: str, words: Words) -> str:
    """For whom: the areas with the largest shares of the gain and the fifth worst off."""
    table = results.gains.shares
    own = table.loc[(table["measure"] == measure) & (table["mode"] == mode)]
    column = words("name_zh", "name_en")
    names = dict(zip(study.area.areas["area_id"], study.area.areas[column], strict=True))
    areas = own.loc[own["grouping"] == "area_id"].dropna(subset=["gain_share"])
    if areas.empty:
        return ""
    areas = areas.sort_values("gain_share", ascending=False, kind="stable").head(2)
    said = words("、", " and ").join(
        words(
            f"{cell(names[row.group])}居民 {row.gain_share:.0%}",
            f"{cell(names[row.group])} {row.gain_share:.0%}",
        )
        for row in areas.itertuples()
    )
    worst = own.loc[(own["grouping"] == "quintile") & (own["group"] == "1"), "gain_share"]
    least = worst.iloc[0] if len(worst) else 0.0
    return words(
        f"增益中{said}，现状可达性最低的五分之一居民得 {least:.1%}",
        f"of the gain {said} go to their residents, {least:.1%} to the fifth of all people with"
        " least access today",
    )


def _only_together(study: Study, told: AttributionRows, words: Words) -> str:
    """Pairs that bring something only together, and what brings nothing without another."""
    some = told.pairs.loc[told.pairs["together"] > 0]
    said = []
    for row in some.loc[some["kind"] == "together_only"].itertuples():
        one, other = (cell(told.names[p]) for p in (row.first, row.second))
        said.append(words(f"{one}与{other}", f"{one} with {other}"))
    for row in some.loc[some["kind"] == "requires"].itertuples():
        needs = set(with_required(told.members[row.first], study.projects))
        first_needs = bool(needs & set(told.members[row.second]))
        order = (row.first, row.second) if first_needs else (row.second, row.first)
        one, other = (cell(told.names[p]) for p in order)
        said.append(words(f"{one}须有{other}", f"{one} needs {other}"))
    if not said:
        return words("没有只有一起才起作用的一对", "no pair works only together")
    listed = words("、", ", ").join(said)
    return words(f"只有一起才起作用：{listed}", f"only together: {listed}")


def first_paragraph(study: Study, results: Results, measure: str, words: Words) -> str:
    """Which three bring most, for whom, how sure, and what works only together.

    One sentence a mode; nothing if the scenario adds nothing.
    """
    found = results.attribution
    if found is None:
        return ""
    said = []
    for mode in MODE_NAMES:
        told = attribution_rows(found, measure, mode, words)
        three = _first_three(told, words)
        name = words.of(MODE_NAMES[mode])
        if not three:
            said.append(
                words(f"{name}：没有项目带来增益。", f"By {name} no project brings a gain.")
            )
            continue
        parts = [
            _gain(study, results, measure=measure, mode=mode, words=words),
            _only_together(study, told, words),
        ]
        rest = words("；", "; ").join(part for part in parts if part)
        said.append(
            words(
                f"{name}增益主要来自{three}；{rest}。",
                f"By {name} most is brought by {three}; {rest}.",
            )
        )
    return words("", " ").join(said)

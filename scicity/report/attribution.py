"""The part of the report about which project brings what."""

from __future__ import annotations

from itertools import pairwise

from analysis.attribution.tables import ROBUST
from analysis.change import EVERYWHERE
from maps.style.modes import MODE_NAMES
from scicity.inputs.study import Study
from scicity.report.attribution_rows import (
    UNCERTAIN_WORDS,
    AttributionRows,
    attribution_rows,
    chances,
)
from scicity.report.words import Words, cell, markdown_table, plain
from scicity.results.attribution import Attribution
from scicity.results.run_results import Results

MOST_PAIRS = 4
LEAST_SHARE = 0.005
"""Players who bring less than this share of the gain have no row of their own."""


def _how(found: Attribution, words: Words) -> str:
    """How the figures came about."""
    if found.exact:
        subsets = 2 ** len(found.players)
        how = words(
            f"{len(found.players)} 个（组）项目的全部 {subsets:,} 种组合逐一计算，"
            "Shapley 值之和等于方案总增益。",
            f"All {subsets:,} subsets of {len(found.players)} projects or groups were computed; the"
            " Shapley values add up to the plan's gain.",
        )
    else:
        how = words(
            "项目多于 14 个（组）或有项目取代现状，"
            "Shapley 值由随机建设次序估计，误差见 attribution.csv。",
            "More than 14 projects or groups, or one that replaces something: Shapley values are"
            " estimated from random orders of building, their error is in attribution.csv.",
        )
    sure = words(
        f"假定值按低、中、高抽样 {found.draws} 次；区间为第 5 至第 95 百分位，"
        f"结论在 {ROBUST:.0%} 以上的抽样中成立才称稳健。",
        f"Assumed values were drawn low, central or high {found.draws} times; bands are the 5th to"
        f" 95th percentile, and only what holds in {ROBUST:.0%} of the draws is called robust.",
    )
    return how + words("", " ") + (sure if found.draws else "")


def _area_that_gains(study: Study, told: AttributionRows, player_id: str, words: Words) -> str:
    """Where most of a player's gain goes: people times gain."""
    people = study.zones().groupby("area_id")["population"].sum()
    own = told.by_area.loc[told.by_area["player_id"] == player_id]
    gains = own["shapley"].to_numpy() * own["area_id"].map(people).to_numpy(dtype=float)
    total = gains.sum()
    if not len(gains) or total <= 0:
        return ""
    column = words("name_zh", "name_en")
    names = dict(zip(study.area.areas["area_id"], study.area.areas[column], strict=True))
    best = gains.argmax()
    return f"{names[own['area_id'].iloc[best]]} {gains[best] / total:.0%}"


def _share_table(study: Study, told: AttributionRows, words: Words) -> str:
    """Everybody who brings something."""
    likely = chances(told)
    bands = told.bands.set_index("player_id") if len(told.bands) else None
    rows = []
    for row in told.shares.itertuples():
        if not row.share >= LEAST_SHARE:
            continue
        band = ""
        if bands is not None:
            own = bands.loc[row.player_id]
            band = f"{own['low']:,.0f} – {own['high']:,.0f}"
        elif row.shapley_error > 0:
            band = f"± {row.shapley_error:,.0f}"
        rows.append(
            [
                told.names[row.player_id],
                f"{row.shapley:,.0f}",
                f"{row.share:.1%}",
                band,
                f"{row.first_in:,.0f}",
                f"{row.last_in:,.0f}",
                f"{likely[row.player_id]:.0%}" if likely else "",
                _area_that_gains(study, told, row.player_id, words),
            ]
        )
    header = words(
        "项目（组）|Shapley 值（人）|占比|区间|先建（连同前置）|最后加入|前三概率|主要受益片区",
        "project or group|Shapley value (people)|share|band|first, with what it needs|last"
        "|among first three"
        "|area that gains most",
    )
    return markdown_table(header.split("|"), rows)


def _pairs(told: AttributionRows, words: Words) -> str:
    """The pairs that help or replace each other most."""
    said = []
    for kind, zh, en in (
        ("help", "相互增强", "help each other"),
        ("replace", "相互替代", "replace each other"),
        ("together_only", "只有一起才起作用", "work only together"),
        ("requires", "一个以另一个为前提", "one requires the other"),
    ):
        own = told.pairs.loc[told.pairs["kind"] == kind]
        order = own["interaction"].abs().sort_values(ascending=False, kind="stable").index
        pairs = [
            " + ".join(cell(told.names[p]) for p in (row.first, row.second))
            + f" ({row.interaction:+,.0f})"
            for row in own.loc[order].head(MOST_PAIRS).itertuples()
        ]
        if pairs:
            said.append(f"- {words(zh, en)}: {'; '.join(pairs)}")
    return "\n".join(said)


def _certain(told: AttributionRows, words: Words) -> str:
    """The ranking of those that matter: who surely comes before whom."""
    if told.certainty.empty:
        return ""
    matter = told.shares.loc[told.shares["share"] >= LEAST_SHARE, "player_id"].tolist()
    holds = told.certainty.set_index(["first", "second"])["holds"]
    parts = [told.names[matter[0]]] if matter else []
    for one, other in pairwise(matter):
        sure = holds.get((one, other), 0.0)
        parts.append(f"{'>' if sure >= ROBUST else '≳'} {told.names[other]} ({sure:.0%})")
    if len(parts) < 2:  # noqa: PLR2004
        return ""
    ranking = " ".join(map(cell, parts))
    return words(
        f"- 排序（> 为稳健，≳ 为不稳健；括号内为成立的抽样比例）：{ranking}",
        f"- ranking (> robust, ≳ not; in how many draws it holds): {ranking}",
    )


def _swings(told: AttributionRows, words: Words) -> str:
    """The assumed values that matter most."""
    if told.tornado.empty:
        return ""
    said = [
        f"{words.of(UNCERTAIN_WORDS[row.name])} ({row.low:,.0f} – {row.high:,.0f})"
        for row in told.tornado.head(2).itertuples(index=False)
        if row.low != row.high
    ]
    if not said:
        return ""
    listed = words("、", ", ").join(said)
    return words(
        f"- 影响最大的假定（取低值与高值时的总增益）：{listed}",
        f"- assumptions that matter most (the plan's gain with the low and high value): {listed}",
    )


def _building(told: AttributionRows, words: Words) -> str:
    """In which order to build, one a year."""
    best = told.orders.loc[told.orders["order"] == "best"]
    if best.empty or not best["gain"].iloc[-1] > 0:
        return ""
    names = words(" → ", " → ").join(cell(told.names[p]) for p in best["player_id"].head(5))
    gap = best["gap"].iloc[0]
    return words(
        f"- 每年建一个（组）时的最优次序：{names} …；逐年贪心次序少得 {gap:.2%}",
        f"- best order at one a year: {names} …; the greedy order brings {gap:.2%} less",
    )


def _whole(found: Attribution, measure: str, mode: str, words: Words) -> str:
    """The gain of the whole package, with its band."""
    table = found.changes
    own = (table["measure"] == measure) & (table["mode"] == mode)
    row = table.loc[own & (table["area_id"] == EVERYWHERE)].iloc[0]
    band = f" ({row['low']:,.0f} – {row['high']:,.0f})" if found.draws else ""
    return words(
        f"：方案使人均多可达 {row['gain']:,.0f}{band} 人",
        f": the plan lets an average resident reach {row['gain']:,.0f}{band} people more",
    )


def attribution_section(study: Study, results: Results, measure: str, words: Words) -> str:
    """Shares, pairs, certainty, assumptions and order of building, by mode, in Markdown."""
    found = results.attribution
    if found is None:
        return words(
            "方案没有新增项目，或缺少现状的项目。",
            "The scenario adds no project, or lacks one of the baseline.",
        )
    parts = [_how(found, words)]
    for mode in MODE_NAMES:
        told = attribution_rows(found, measure, mode, words)
        lists = [_pairs(told, words), _certain(told, words), _swings(told, words)]
        lists.append(_building(told, words))
        parts.append(
            f"**{plain(words.of(MODE_NAMES[mode]))}**{_whole(found, measure, mode, words)}"
        )
        parts.append(_share_table(study, told, words))
        parts.append("\n".join(part for part in lists if part))
    return "\n\n".join(part for part in parts if part)

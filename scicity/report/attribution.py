"""Section of the report: attribution of the gain to projects."""

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
    top_three_probabilities,
)
from scicity.report.words import Words, escaped_line, escaped_text, markdown_table
from scicity.results.attribution import Attribution
from scicity.results.run_results import Results

MAX_PAIRS = 4
MIN_SHARE = 0.005
"""Players with a smaller share of the gain get no row."""


def _method(attribution: Attribution, words: Words) -> str:
    """How the figures were computed."""
    if attribution.exact:
        subsets = 2 ** len(attribution.players)
        method = words(
            f"{len(attribution.players)} 个（组）项目的全部 {subsets:,} 种组合逐一计算，"
            "Shapley 值之和等于方案总增益。",
            f"All {subsets:,} subsets of {len(attribution.players)} projects or groups were"
            " computed; the Shapley values add up to the plan's gain.",
        )
    else:
        method = words(
            "项目多于 14 个（组）或有项目取代现状，"
            "Shapley 值由随机建设次序估计，误差见 attribution.csv。",
            "More than 14 projects or groups, or one that replaces something: Shapley values are"
            " estimated from random orders of building, their error is in attribution.csv.",
        )
    uncertainty = words(
        f"假定值按低、中、高抽样 {attribution.draws} 次；区间为第 5 至第 95 百分位，"
        f"结论在 {ROBUST:.0%} 以上的抽样中成立才称稳健。",
        f"Assumed values were drawn low, central or high {attribution.draws} times; bands are the"
        f" 5th to 95th percentile, and only what holds in {ROBUST:.0%} of the draws is called"
        " robust.",
    )
    return method + words("", " ") + (uncertainty if attribution.draws else "")


def _area_that_gains(study: Study, rows: AttributionRows, player_id: str, words: Words) -> str:
    """The planning area with most of a player's gain, by people times gain, and its share."""
    people = study.zones().groupby("area_id")["population"].sum()
    of_player = rows.by_area.loc[rows.by_area["player_id"] == player_id]
    gains = of_player["shapley"].to_numpy() * of_player["area_id"].map(people).to_numpy(dtype=float)
    total = gains.sum()
    if not len(gains) or total <= 0:
        return ""
    column = words("name_zh", "name_en")
    names = dict(zip(study.area.areas["area_id"], study.area.areas[column], strict=True))
    best = gains.argmax()
    return f"{names[of_player['area_id'].iloc[best]]} {gains[best] / total:.0%}"


def _share_table(study: Study, rows: AttributionRows, words: Words) -> str:
    """Table of the players with a gain."""
    probabilities = top_three_probabilities(rows)
    bands = rows.bands.set_index("player_id") if len(rows.bands) else None
    lines = []
    for row in rows.shares.itertuples():
        if not row.share >= MIN_SHARE:
            continue
        band = ""
        if bands is not None:
            of_player = bands.loc[row.player_id]
            band = f"{of_player['low']:,.0f} – {of_player['high']:,.0f}"
        elif row.shapley_error > 0:
            band = f"± {row.shapley_error:,.0f}"
        lines.append(
            [
                rows.names[row.player_id],
                f"{row.shapley:,.0f}",
                f"{row.share:.1%}",
                band,
                f"{row.first_in:,.0f}",
                f"{row.last_in:,.0f}",
                f"{probabilities[row.player_id]:.0%}" if probabilities else "",
                _area_that_gains(study, rows, row.player_id, words),
            ]
        )
    header = words(
        "项目（组）|Shapley 值（人）|占比|区间|先建（连同前置）|最后加入|前三概率|主要受益片区",
        "project or group|Shapley value (people)|share|band|first, with what it needs|last"
        "|among first three"
        "|area that gains most",
    )
    return markdown_table(header.split("|"), lines)


def _pairs(rows: AttributionRows, words: Words) -> str:
    """Pairs with the largest interactions, by kind."""
    lines = []
    for kind, zh, en in (
        ("help", "相互增强", "help each other"),
        ("replace", "相互替代", "replace each other"),
        ("together_only", "只有一起才起作用", "work only together"),
        ("requires", "一个以另一个为前提", "one requires the other"),
    ):
        of_kind = rows.pairs.loc[rows.pairs["kind"] == kind]
        order = of_kind["interaction"].abs().sort_values(ascending=False, kind="stable").index
        pairs = [
            " + ".join(escaped_text(rows.names[p]) for p in (row.first, row.second))
            + f" ({row.interaction:+,.0f})"
            for row in of_kind.loc[order].head(MAX_PAIRS).itertuples()
        ]
        if pairs:
            lines.append(f"- {words(zh, en)}: {'; '.join(pairs)}")
    return "\n".join(lines)


def _ranking(rows: AttributionRows, words: Words) -> str:
    """Ranking of the players, with the share of draws in which each order holds."""
    if rows.certainty.empty:
        return ""
    ranked = rows.shares.loc[rows.shares["share"] >= MIN_SHARE, "player_id"].tolist()
    holds = rows.certainty.set_index(["first", "second"])["holds"]
    parts = [rows.names[ranked[0]]] if ranked else []
    for one, other in pairwise(ranked):
        share = holds.get((one, other), 0.0)
        parts.append(f"{'>' if share >= ROBUST else '≳'} {rows.names[other]} ({share:.0%})")
    if len(parts) < 2:  # noqa: PLR2004
        return ""
    ranking = " ".join(map(escaped_text, parts))
    return words(
        f"- 排序（> 为稳健，≳ 为不稳健；括号内为成立的抽样比例）：{ranking}",
        f"- ranking (> robust, ≳ not; in how many draws it holds): {ranking}",
    )


def _largest_ranges(rows: AttributionRows, words: Words) -> str:
    """The two assumed values with the widest ranges of the gain."""
    if rows.tornado.empty:
        return ""
    values = [
        f"{words.of(UNCERTAIN_WORDS[row.name])} ({row.low:,.0f} – {row.high:,.0f})"
        for row in rows.tornado.head(2).itertuples(index=False)
        if row.low != row.high
    ]
    if not values:
        return ""
    joined = words("、", ", ").join(values)
    return words(
        f"- 影响最大的假定（取低值与高值时的总增益）：{joined}",
        f"- assumptions that matter most (the plan's gain with the low and high value): {joined}",
    )


def _building_order(rows: AttributionRows, words: Words) -> str:
    """The best building order, one project a year."""
    best = rows.orders.loc[rows.orders["order"] == "best"]
    if best.empty or not best["gain"].iloc[-1] > 0:
        return ""
    names = words(" → ", " → ").join(escaped_text(rows.names[p]) for p in best["player_id"].head(5))
    gap = best["gap"].iloc[0]
    return words(
        f"- 每年建一个（组）时的最优次序：{names} …；逐年贪心次序少得 {gap:.2%}",
        f"- best order at one a year: {names} …; the greedy order brings {gap:.2%} less",
    )


def _total_gain(attribution: Attribution, measure: str, mode: str, words: Words) -> str:
    """Gain of the whole package, with its band."""
    table = attribution.changes
    selected = (table["measure"] == measure) & (table["mode"] == mode)
    row = table.loc[selected & (table["area_id"] == EVERYWHERE)].iloc[0]
    band = f" ({row['low']:,.0f} – {row['high']:,.0f})" if attribution.draws else ""
    return words(
        f"：方案使人均多可达 {row['gain']:,.0f}{band} 人",
        f": the plan lets an average resident reach {row['gain']:,.0f}{band} people more",
    )


def attribution_section(study: Study, results: Results, measure: str, words: Words) -> str:
    """Shares, pairs, ranking, assumptions and building order by mode, in Markdown."""
    attribution = results.attribution
    if attribution is None:
        return words(
            "方案没有新增项目，或缺少现状的项目。",
            "The scenario adds no project, or lacks one of the baseline.",
        )
    parts = [_method(attribution, words)]
    for mode in MODE_NAMES:
        rows = attribution_rows(attribution, measure, mode, words)
        lists = [_pairs(rows, words), _ranking(rows, words), _largest_ranges(rows, words)]
        lists.append(_building_order(rows, words))
        parts.append(
            f"**{escaped_line(words.of(MODE_NAMES[mode]))}**"
            f"{_total_gain(attribution, measure, mode, words)}"
        )
        parts.append(_share_table(study, rows, words))
        parts.append("\n".join(part for part in lists if part))
    return "\n\n".join(part for part in parts if part)

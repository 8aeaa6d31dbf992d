"""Charts of the attribution, from results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.attribution.tables import ROBUST
from analysis.attribution.uncertainty import is_factor
from analysis.change import EVERYWHERE
from maps.charts.order_chart import order_figure
from maps.charts.pair_chart import pair_figure
from maps.charts.tornado_chart import tornado_figure, widest_first
from maps.charts.waterfall_chart import axis_start, waterfall_figure
from maps.style.html_text import short_name
from maps.style.modes import MODES
from scicity.figures.captions import listed_lines, picture_caption
from scicity.inputs.study import Study
from scicity.report.attribution_rows import UNCERTAIN_WORDS
from scicity.report.markdown import main_cutoff
from scicity.results.attribution import Attribution
from scicity.results.run_results import Results
from scicity.settings.attribution import uncertain_values

NOTHING = 0.5
"""Smaller effects, in people, count as none."""

UNITS = {"_kph": " km/h", "_m": " m"}
"""Units by the suffix of a name."""

PAIR_NOTE = (
    "数字：两个项目一起比各自单独多带来的人数（夏普利交互指数）；不足总变化 1% 的不计。"
    " Figures: what two bring together beyond one by one (Shapley interaction); below 1% of the"
    " plan's change: none."
)
SWING_NOTE = (
    "每次只改一个假定值，其余取中值；竖线为全部取中值。"
    " One assumed value low or high at a time, the others central; the line: all central."
)
ORDER_NOTE = (
    "每年建成一项，依赖的项目须先建；最优顺序使各年收益之和最大，逐年最优每年取当时最好的一项。"
    " One project a year, after those it requires; the best order has the largest sum over the"
    " years, the greedy one takes the best of each year."
)


def player_names(attribution: Attribution) -> pd.DataFrame:
    """Short names of the players, indexed by `player_id`: `name_zh`, `name_en`."""
    rows = [
        (p.player_id, short_name(p.name_zh), short_name(p.name_en)) for p in attribution.players
    ]
    columns = ["player_id", "name_zh", "name_en"]
    return pd.DataFrame(rows, columns=columns).set_index("player_id")


def main_rows(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of people within the main cutoff, of the whole study area."""
    selected = table["measure"] == f"people_{main_cutoff(study):g}"
    if "area_id" in table:
        selected &= table["area_id"] == EVERYWHERE
    return table.loc[selected]


def _ahead(study: Study, attribution: Attribution, mode: str, order: list[str]) -> list[bool]:
    """Whether each player's value is certainly larger than the next one's."""
    if attribution.certainty.empty:
        return [False] * len(order)
    table = main_rows(study, attribution.certainty)
    table = table.loc[(table["mode"] == mode) & table["robust"].astype(bool)]
    robust_pairs = set(zip(table["first"], table["second"], strict=True))
    return [pair in robust_pairs for pair in zip(order, [*order[1:], ""], strict=True)]


def step_table(study: Study, attribution: Attribution, mode: str) -> tuple[pd.DataFrame, list[str]]:
    """`WATERFALL_COLUMNS`, largest first, and the names of players without any effect."""
    shares = main_rows(study, attribution.shares)
    table = shares.loc[shares["mode"] == mode].set_index("player_id")[["shapley", "share"]]
    bands = pd.DataFrame(np.nan, table.index, ["low", "high"])
    if not attribution.bands.empty:
        all_bands = main_rows(study, attribution.bands)
        bands = all_bands.loc[all_bands["mode"] == mode].set_index("player_id")[["low", "high"]]
    table = player_names(attribution).join(table).join(bands)
    table = table.sort_values("shapley", ascending=False, kind="stable")
    has_effect = (table[["shapley", "low", "high"]].abs() >= NOTHING).any(axis=1)
    no_effect = [
        f"{row.name_zh} {row.name_en}".strip() for row in table.loc[~has_effect].itertuples()
    ]
    table = table.loc[has_effect]
    ahead = _ahead(study, attribution, mode, table.index.tolist())
    return table.assign(ahead=ahead).reset_index(), no_effect


def change_ends(study: Study, attribution: Attribution, mode: str) -> tuple[float, float]:
    """People within the main cutoff, in baseline and scenario."""
    changes = main_rows(study, attribution.changes)
    row = changes.loc[changes["mode"] == mode].iloc[0]
    return float(row["baseline"]), float(row["scenario"])


def _minutes(study: Study) -> str:
    return f"{main_cutoff(study) / 60:.0f}"


def _method_notes(attribution: Attribution) -> list[str]:
    if not attribution.exact:
        return ["夏普利值由抽样的建设次序估计。 Shapley values are estimated from sampled orders."]
    method = "夏普利值，相加即为方案总变化。 Shapley values add up to the plan's change."
    if not attribution.draws:
        return [method]
    bars = (
        f"误差线：{attribution.draws} 组假定值的 5%–95%；名次稳健："
        f"其中至少 {ROBUST:.0%} 多于下一项。"
        f" Bars: 5% to 95% of {attribution.draws} sets of assumed values; order is certain:"
        f" more than the next in at least {ROBUST:.0%} of them."
    )
    return [method, bars]


def _step_figure(study: Study, results: Results, attribution: Attribution, mode: str) -> Figure:
    table, no_effect = step_table(study, attribution, mode)
    ends, (zh, en) = change_ends(study, attribution, mode), MODES[mode]
    notes = _method_notes(attribution)
    if axis_start(ends, table):
        notes.append("横轴不从 0 起。 The axis does not start at zero.")
    notes += listed_lines("没有作用 Brings nothing: ", no_effect)
    minutes = _minutes(study)
    names = (
        f"哪个项目带来什么：{minutes} 分钟内可达人口（{zh}，高峰，居民平均）",
        f"Which project brings what: people within {minutes} min ({en.lower()}, peak, mean)",
    )
    caption = picture_caption(study, results, names, *notes, modes=[mode])
    return waterfall_figure(table, ends, caption, mode=mode)


def pair_names(study: Study, attribution: Attribution) -> pd.DataFrame:
    """Players with an effect in any mode: `player_id`, `name_zh`, `name_en`."""
    shares = main_rows(study, attribution.shares)
    figures = shares[["first_in", "last_in", "shapley"]].abs().max(axis=1)
    with_effect = set(shares.loc[figures >= NOTHING, "player_id"])
    names = player_names(attribution)
    return names.loc[[name in with_effect for name in names.index]].reset_index()


def _pair_figure(study: Study, results: Results, attribution: Attribution) -> Figure:
    shown = pair_names(study, attribution)
    no_effect = player_names(attribution).drop(shown["player_id"])
    minutes = _minutes(study)
    names = (
        f"项目之间的相互作用：{minutes} 分钟内可达人口（高峰，居民平均）",
        f"Which projects help or replace each other: people within {minutes} min (peak, mean)",
    )
    notes = [PAIR_NOTE]
    no_effect_names = [f"{row.name_zh} {row.name_en}".strip() for row in no_effect.itertuples()]
    notes += listed_lines("没有作用 Brings nothing: ", no_effect_names)
    caption = picture_caption(study, results, names, *notes)
    return pair_figure(shown, main_rows(study, attribution.pairs), caption)


def _ranges(study: Study) -> dict[str, str]:
    """Range of each uncertain value as text; factors with a multiplication sign."""
    texts = {}
    for value in uncertain_values(study.settings.uncertain):
        cross = "×" if is_factor(value.name, study.settings.assumptions) else ""
        unit = next((unit for end, unit in UNITS.items() if value.name.endswith(end)), "")
        texts[value.name] = f"{cross}{value.low:g} – {cross}{value.high:g}{unit}"
    return texts


def tornado_rows(study: Study, attribution: Attribution) -> pd.DataFrame:
    """`maps.charts.tornado_chart.TORNADO_CHART_COLUMNS`."""
    rows, ranges = main_rows(study, attribution.tornado), _ranges(study)
    names = [UNCERTAIN_WORDS.get(name, (name, "")) for name in rows["name"]]
    names_en = [
        f"{en} {ranges.get(name, '')}" for (_, en), name in zip(names, rows["name"], strict=True)
    ]
    return rows.assign(name_zh=[zh for zh, _ in names], name_en=names_en).reset_index(drop=True)


def _tornado_figure(study: Study, results: Results, attribution: Attribution) -> Figure:
    table, minutes = tornado_rows(study, attribution), _minutes(study)
    names = (
        f"结论取决于哪些假定：方案增加的 {minutes} 分钟内可达人口（高峰）",
        f"Which assumptions matter: how many more people within {minutes} min (peak, mean)",
    )
    notes = [SWING_NOTE]
    for mode, mode_names in MODES.items():
        rows = table.loc[table["mode"] == mode]
        constant = rows.drop(widest_first(rows).index)
        words = f"对{mode_names[0]}无影响 No effect by {mode_names[1].lower()}: "
        constant_names = [" ".join(UNCERTAIN_WORDS.get(name, (name,))) for name in constant["name"]]
        notes += listed_lines(words, constant_names)
    return tornado_figure(table, picture_caption(study, results, names, *notes))


def order_rows(study: Study, attribution: Attribution) -> pd.DataFrame:
    """`maps.charts.order_chart.ORDER_CHART_COLUMNS`."""
    return main_rows(study, attribution.orders).join(player_names(attribution), on="player_id")


def _order_figure(study: Study, results: Results, attribution: Attribution) -> Figure:
    minutes = _minutes(study)
    names = (
        f"先建哪个：{minutes} 分钟内可达人口（高峰，居民平均）",
        f"What to build first: people within {minutes} min (peak, mean of residents)",
    )
    return order_figure(
        order_rows(study, attribution), picture_caption(study, results, names, ORDER_NOTE)
    )


def attribution_charts(study: Study, results: Results) -> Mapping[str, Callable[[], Figure]]:
    """Functions that draw the charts, by file name; charts without data are left out."""
    attribution = results.attribution
    if attribution is None:
        return {}
    inputs = (study, results, attribution)
    charts = {f"attribution_{mode}": partial(_step_figure, *inputs, mode) for mode in MODES}
    charts["attribution_pairs"] = partial(_pair_figure, *inputs)
    if not attribution.tornado.empty:
        charts["attribution_tornado"] = partial(_tornado_figure, *inputs)
    charts["building_order"] = partial(_order_figure, *inputs)
    return charts

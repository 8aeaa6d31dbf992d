"""Charts of which project brings what, from results."""

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
"""Who brings less than this, in people, brings nothing."""

UNITS = {"_kph": " km/h", "_m": " m"}
"""By how a name ends."""

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


def player_names(found: Attribution) -> pd.DataFrame:
    """Short names of the players, indexed by `player_id`: `name_zh`, `name_en`."""
    rows = [(p.player_id, short_name(p.name_zh), short_name(p.name_en)) for p in found.players]
    columns = ["player_id", "name_zh", "name_en"]
    return pd.DataFrame(rows, columns=columns).set_index("player_id")


def main_rows(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of people within the main cutoff, of the whole study area."""
    own = table["measure"] == f"people_{main_cutoff(study):g}"
    if "area_id" in table:
        own &= table["area_id"] == EVERYWHERE
    return table.loc[own]


def _ahead(study: Study, found: Attribution, mode: str, order: list[str]) -> list[bool]:
    """Whether each is certain to bring more than the next one."""
    if found.certainty.empty:
        return [False] * len(order)
    table = main_rows(study, found.certainty)
    table = table.loc[(table["mode"] == mode) & table["robust"].astype(bool)]
    sure = set(zip(table["first"], table["second"], strict=True))
    return [pair in sure for pair in zip(order, [*order[1:], ""], strict=True)]


def step_table(study: Study, found: Attribution, mode: str) -> tuple[pd.DataFrame, list[str]]:
    """`WATERFALL_COLUMNS`, largest first, and the names of players without any effect."""
    shares = main_rows(study, found.shares)
    table = shares.loc[shares["mode"] == mode].set_index("player_id")[["shapley", "share"]]
    bands = pd.DataFrame(np.nan, table.index, ["low", "high"])
    if not found.bands.empty:
        drawn = main_rows(study, found.bands)
        bands = drawn.loc[drawn["mode"] == mode].set_index("player_id")[["low", "high"]]
    table = player_names(found).join(table).join(bands)
    table = table.sort_values("shapley", ascending=False, kind="stable")
    brings = (table[["shapley", "low", "high"]].abs() >= NOTHING).any(axis=1)
    nobody = [f"{row.name_zh} {row.name_en}".strip() for row in table.loc[~brings].itertuples()]
    table = table.loc[brings]
    ahead = _ahead(study, found, mode, table.index.tolist())
    return table.assign(ahead=ahead).reset_index(), nobody


def change_ends(study: Study, found: Attribution, mode: str) -> tuple[float, float]:
    """People within the main cutoff, before and after."""
    changes = main_rows(study, found.changes)
    row = changes.loc[changes["mode"] == mode].iloc[0]
    return float(row["baseline"]), float(row["scenario"])


def _minutes(study: Study) -> str:
    return f"{main_cutoff(study) / 60:.0f}"


def _how(found: Attribution) -> list[str]:
    if not found.exact:
        return ["夏普利值由抽样的建设次序估计。 Shapley values are estimated from sampled orders."]
    what = "夏普利值，相加即为方案总变化。 Shapley values add up to the plan's change."
    if not found.draws:
        return [what]
    bars = (
        f"误差线：{found.draws} 组假定值的 5%–95%；名次稳健：其中至少 {ROBUST:.0%} 多于下一项。"
        f" Bars: 5% to 95% of {found.draws} sets of assumed values; order is certain: more than"
        f" the next in at least {ROBUST:.0%} of them."
    )
    return [what, bars]


def _step_figure(study: Study, results: Results, found: Attribution, mode: str) -> Figure:
    table, nobody = step_table(study, found, mode)
    ends, (zh, en) = change_ends(study, found, mode), MODES[mode]
    notes = _how(found)
    if axis_start(ends, table):
        notes.append("横轴不从 0 起。 The axis does not start at zero.")
    notes += listed_lines("没有作用 Brings nothing: ", nobody)
    minutes = _minutes(study)
    names = (
        f"哪个项目带来什么：{minutes} 分钟内可达人口（{zh}，高峰，居民平均）",
        f"Which project brings what: people within {minutes} min ({en.lower()}, peak, mean)",
    )
    caption = picture_caption(study, results, names, *notes)
    return waterfall_figure(table, ends, caption, mode=mode)


def pair_names(study: Study, found: Attribution) -> pd.DataFrame:
    """Who brings something in a mode: `player_id`, `name_zh`, `name_en`."""
    shares = main_rows(study, found.shares)
    figures = shares[["first_in", "last_in", "shapley"]].abs().max(axis=1)
    bring = set(shares.loc[figures >= NOTHING, "player_id"])
    names = player_names(found)
    return names.loc[[name in bring for name in names.index]].reset_index()


def _pair_figure(study: Study, results: Results, found: Attribution) -> Figure:
    chosen = pair_names(study, found)
    nobody = player_names(found).drop(chosen["player_id"])
    minutes = _minutes(study)
    names = (
        f"项目之间的相互作用：{minutes} 分钟内可达人口（高峰，居民平均）",
        f"Which projects help or replace each other: people within {minutes} min (peak, mean)",
    )
    notes = [PAIR_NOTE]
    told = [f"{row.name_zh} {row.name_en}".strip() for row in nobody.itertuples()]
    notes += listed_lines("没有作用 Brings nothing: ", told)
    caption = picture_caption(study, results, names, *notes)
    return pair_figure(chosen, main_rows(study, found.pairs), caption)


def _ranges(study: Study) -> dict[str, str]:
    """Low and high of each uncertain value, as a text; factors with a cross."""
    texts = {}
    for value in uncertain_values(study.settings.uncertain):
        cross = "×" if is_factor(value.name, study.settings.assumptions) else ""
        unit = next((unit for end, unit in UNITS.items() if value.name.endswith(end)), "")
        texts[value.name] = f"{cross}{value.low:g} – {cross}{value.high:g}{unit}"
    return texts


def swing_table(study: Study, found: Attribution) -> pd.DataFrame:
    """`maps.charts.tornado_chart.TORNADO_CHART_COLUMNS`."""
    rows, ranges = main_rows(study, found.tornado), _ranges(study)
    names = [UNCERTAIN_WORDS.get(name, (name, "")) for name in rows["name"]]
    told = [
        f"{en} {ranges.get(name, '')}" for (_, en), name in zip(names, rows["name"], strict=True)
    ]
    return rows.assign(name_zh=[zh for zh, _ in names], name_en=told).reset_index(drop=True)


def _swing_figure(study: Study, results: Results, found: Attribution) -> Figure:
    table, minutes = swing_table(study, found), _minutes(study)
    names = (
        f"结论取决于哪些假定：方案增加的 {minutes} 分钟内可达人口（高峰）",
        f"Which assumptions matter: how many more people within {minutes} min (peak, mean)",
    )
    notes = [SWING_NOTE]
    for mode, both in MODES.items():
        own = table.loc[table["mode"] == mode]
        still = own.drop(widest_first(own).index)
        words = f"对{both[0]}无影响 No effect by {both[1].lower()}: "
        named = [" ".join(UNCERTAIN_WORDS.get(name, (name,))) for name in still["name"]]
        notes += listed_lines(words, named)
    return tornado_figure(table, picture_caption(study, results, names, *notes))


def order_rows(study: Study, found: Attribution) -> pd.DataFrame:
    """`maps.charts.order_chart.ORDER_CHART_COLUMNS`."""
    return main_rows(study, found.orders).join(player_names(found), on="player_id")


def _order_figure(study: Study, results: Results, found: Attribution) -> Figure:
    minutes = _minutes(study)
    names = (
        f"先建哪个：{minutes} 分钟内可达人口（高峰，居民平均）",
        f"What to build first: people within {minutes} min (peak, mean of residents)",
    )
    return order_figure(
        order_rows(study, found), picture_caption(study, results, names, ORDER_NOTE)
    )


def attribution_charts(study: Study, results: Results) -> Mapping[str, Callable[[], Figure]]:
    """How to draw each chart, by the name of its file: those for which there are figures."""
    found = results.attribution
    if found is None:
        return {}
    given = (study, results, found)
    charts = {f"attribution_{mode}": partial(_step_figure, *given, mode) for mode in MODES}
    charts["attribution_pairs"] = partial(_pair_figure, *given)
    if not found.tornado.empty:
        charts["attribution_tornado"] = partial(_swing_figure, *given)
    charts["building_order"] = partial(_order_figure, *given)
    return charts

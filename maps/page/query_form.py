"""The form on the page: theme, mode, cutoff, state of the network and view."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from maps.style.html_text import bilingual, both_languages
from maps.style.modes import PAGE_MODES
from maps.tables.network_states import PageTimes, State

THEMES = {
    "access": ("可达机会", "What is reached"),
    "times": ("出行时间", "Travel time"),
    "isochrones": ("等时圈", "Isochrones"),
    "none": ("不显示", "Nothing"),
}
VIEWS = {
    "change": ("变化", "Change"),
    "after": ("方案", "After"),
    "before": ("现状", "Before"),
    "swipe": ("卷帘对比", "Swipe"),
}
DIRECTIONS = {"from": ("从这里出发", "from here"), "to": ("到达这里", "to here")}
STATE_KINDS = {
    ("baseline", "scenario"): ("情景", "Scenarios"),
    ("year",): ("方案逐年（当年年底已建成）", "The plan year by year"),
    ("project",): ("单个项目（含其前提项目）", "Single projects, with what they require"),
}
FORM = Markup(
    '<form id="question" aria-label="{label}">'
    "{themes}{modes}"
    '<div class="fields" data-for="access times">{counts}{cutoffs}</div>'
    '<div data-for="times">{directions}<p id="pick-hint">{hint}</p></div>'
    '<label class="wide">{state_label}{states}</label>{left_out}'
    '<label class="wide">{year_label} <b id="year-name"></b><span class="slider">'
    '<input type="range" name="year" min="0" max="{last}" step="1" value="{last}"{still}>'
    '<button type="button" id="play" aria-pressed="false" data-says="title aria-label"'
    ' data-zh="逐年播放" data-en="play the years">▶</button></span></label>'
    "{views}</form>"
)


def _radios(name: str, choices: dict[str, tuple[str, str]], *, checked: str, themes: str) -> Markup:
    fields = Markup().join(
        Markup('<label><input type="radio" name="{}" value="{}"{}>{}</label>').format(
            name, key, Markup(" checked") if key == checked else "", bilingual(*texts)
        )
        for key, texts in choices.items()
    )
    data = Markup(' data-for="{}"').format(themes) if themes else ""
    return Markup('<div class="choice" role="radiogroup"{}>{}</div>').format(data, fields)


def _option(value: object, names: tuple[str, str], *, chosen: bool = False) -> Markup:
    mark = Markup(" selected") if chosen else ""
    return Markup('<option value="{}"{}{}>{}</option>').format(
        value, both_languages(*names), mark, names[0]
    )


def _select(name: str, options: Sequence[Markup]) -> Markup:
    return Markup('<select name="{}">{}</select>').format(name, Markup().join(options))


def _states(times: PageTimes) -> Markup:
    groups = []
    for kinds, names in STATE_KINDS.items():
        options = [_state(s, times.scenario_id) for s in times.states if s.kind in kinds]
        if options:
            says = both_languages(*names, says="label")
            start = Markup('<optgroup label="{}"{}>').format(names[0], says)
            groups.append(start + Markup().join(options) + Markup("</optgroup>"))
    return _select("state", groups)


def _state(state: State, chosen: str) -> Markup:
    return _option(state.state_id, (state.zh, state.en), chosen=state.state_id == chosen)


def _left_out(times: PageTimes) -> Markup:
    """Note of the states left out for lack of room."""
    if not times.left_out:
        return Markup()
    zh, en = ("、".join(names) for names in zip(*times.left_out, strict=True))
    count = len(times.left_out)
    summary = bilingual(f"另有 {count} 个情景未收录", f"{count} more states found no room")
    return Markup("<details><summary>{}</summary><p>{}</p></details>").format(
        summary, bilingual(zh, en)
    )


def question_form(times: PageTimes) -> Markup:
    """HTML of the form; empty if the page has no states.

    Parameters
    ----------
    times
        As in `maps.tables.page_tables.PageTables`.
    """
    if not times.states:
        return Markup()
    years = [state for state in times.states if state.kind == "year"]
    middle = sorted(times.minutes)[len(times.minutes) // 2]
    minutes = [
        _option(m, (f"{m} 分钟内", f"within {m} min"), chosen=m == middle) for m in times.minutes
    ]
    modes = {mode: PAGE_MODES[mode] for mode in times.states[0].times}
    return FORM.format(
        label="问题 Question",
        themes=_radios("theme", THEMES, checked="access", themes=""),
        modes=_radios("mode", modes, checked=next(iter(modes)), themes="access times isochrones"),
        counts=_select("count", [_option(n, (c.zh, c.en)) for n, c in enumerate(times.counts)]),
        cutoffs=_select("minutes", minutes),
        directions=_radios("direction", DIRECTIONS, checked="from", themes=""),
        hint=bilingual(
            "请在地图上点击任意位置，或搜索地点", "Click anywhere on the map, or search"
        ),
        state_label=bilingual("情景", "Scenario"),
        states=_states(times),
        left_out=_left_out(times),
        year_label=bilingual("年份", "Year"),
        last=len(years),
        still=Markup(" disabled") if not years else "",
        views=_radios("view", VIEWS, checked="change", themes="access times isochrones"),
    )

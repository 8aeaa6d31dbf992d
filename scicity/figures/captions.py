"""Captions of the figures of a study."""

from __future__ import annotations

from collections.abc import Sequence

from maps.sheet.caption import Caption, text_width
from maps.tables.page_tables import ATTRIBUTION
from scicity.inputs.pair import EVALUATED_MODES
from scicity.inputs.study import Study
from scicity.report.timetables import departures_sentence
from scicity.results.run_results import Results

LINE_WIDTH = 185
"""Maximum width of a line below a figure, half characters."""


def listed_lines(head: str, names: Sequence[str]) -> list[str]:
    """Names after a head, broken into lines; none without names.

    Examples
    --------
    >>> listed_lines("None: ", ["A", "B"]), listed_lines("None: ", [])
    (['None: A、B'], [])
    >>> [len(line) for line in listed_lines("None: ", ["x" * 100] * 2)]
    [107, 100]
    """
    lines: list[str] = []
    for number, name in enumerate(names):
        text = name if number == len(names) - 1 else f"{name}、"
        if lines and text_width(lines[-1]) + text_width(text) <= LINE_WIDTH:
            lines[-1] += text
        else:
            lines.append(text if lines else head + text)
    return lines


def picture_caption(
    study: Study,
    results: Results,
    names: tuple[str, str],
    *notes: str,
    modes: Sequence[str] = EVALUATED_MODES,
) -> Caption:
    """Caption: study, scenario and name of the figure; the figure's notes before the study's.

    Where lines have a timetable and transit is among the modes shown, the notes say which
    departures its times stand for.
    """
    settings, scenario = study.settings.study, study.scenarios[results.pair.scenario_id]
    about_transit = filter(None, departures_sentence(study) if "transit" in modes else ())
    return Caption(
        f"{settings.name_zh}：{scenario.name_zh} — {names[0]}",
        f"{settings.name_en}: {scenario.name_en} — {names[1]}",
        (
            *notes,
            *about_transit,
            f"{settings.note_zh} {settings.note_en}",
            f"数据 Data: {ATTRIBUTION}",
        ),
    )

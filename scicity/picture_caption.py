"""What stands above and below every picture of a study."""

from __future__ import annotations

from maps.caption import Caption
from maps.tables import ATTRIBUTION
from scicity.results import Results
from scicity.study import Study


def picture_caption(study: Study, results: Results, names: tuple[str, str], *notes: str) -> Caption:
    """The study and its scenario before the name of the picture; its notes before the study's."""
    words, scenario = study.settings.study, study.scenarios[results.pair.scenario_id]
    return Caption(
        f"{words['name_zh']}：{scenario.name_zh} — {names[0]}",
        f"{words['name_en']}: {scenario.name_en} — {names[1]}",
        (*notes, f"{words['note_zh']} {words['note_en']}", f"数据 Data: {ATTRIBUTION}"),
    )

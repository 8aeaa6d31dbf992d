"""Cards around the map: form and legend on the left, the picked point and layers on the right."""

from __future__ import annotations

from markupsafe import Markup

from maps.page.layer_control import control
from maps.page.legend import legend
from maps.page.query_form import question_form
from maps.style.html_text import bilingual, both_languages
from maps.style.overlay import Overlay
from maps.style.searchable import SEARCH
from maps.tables.page_tables import PageTables

BODY = Markup(
    "{search}{tools}"
    '<details class="card" id="about" open><summary><h1>{title}</h1></summary>'
    '{question}<div id="legend"><section id="answer"></section>{legend}</div>'
    '<p class="note">{note}</p></details>'
    '<div id="right"><section class="card" id="picked" hidden aria-live="polite">'
    '<button type="button" id="picked-close"{close}>×</button><h2 id="picked-name"></h2>'
    '<div id="picked-answer"></div>'
    '<button type="button" id="help-here">{help_here}</button>'
    '<div id="single-projects"></div></section>'
    '<details class="card" id="control" open>'
    "<summary>{layers}</summary><form>{control}</form></details></div>"
    '<div id="swipe" role="slider" tabindex="0" aria-valuemin="0" aria-valuemax="100"'
    ' aria-valuenow="50" hidden{swipe}></div>'
    '<div id="north" aria-hidden="true"><svg width="26" height="40" viewBox="0 0 26 40">'
    '<path d="M13 2 L22 26 L13 21 L4 26 Z" fill="#1d1d1f"/>'
    '<text x="13" y="38" text-anchor="middle" font-size="12" font-weight="bold">N</text></svg>'
    "</div>"
    '<div id="coordinates" aria-hidden="true"></div><div id="distance" role="status"></div>'
    '<footer id="paper"><p>{printed} <span id="paper-date"></span> · {note} ·'
    ' {data} {attribution}</p><p>{documents} <span id="paper-sources"></span></p></footer>'
    '<div id="paper-buttons"><button type="button" id="paper-print">{print}</button>'
    '<button type="button" id="paper-close">{back}</button></div>'
)
TOOLS = {
    "measure": ("量测", "Measure"),
    "screen": ("全屏", "Full screen"),
    "print": ("打印 A3", "Print A3"),
}


def _tools() -> Markup:
    """Buttons of the tools and of the language."""
    button = Markup('<button type="button" id="{}"{}>{}</button>')
    pressed = {"measure": Markup(' aria-pressed="false"')}
    buttons = [
        button.format(name, pressed.get(name, ""), bilingual(*texts))
        for name, texts in TOOLS.items()
    ]
    # the Chinese page offers "English", the English page "中文"
    language = button.format("language", "", bilingual("English", "中文"))
    return Markup('<div class="card" id="tools">{}{}</div>').format(
        language, Markup().join(buttons)
    )


def _note(tables: PageTables) -> tuple[str, str]:
    """The study's note, and what times by transit are."""
    zh, en = tables.transit_note
    return (
        "。".join(filter(None, [tables.note_zh, zh])),
        ". ".join(filter(None, [tables.note_en, en])),
    )


def page_body(tables: PageTables, overlays: list[Overlay]) -> str:
    """HTML of the page without the map.

    Parameters
    ----------
    tables
        Titles, notes and times are used.
    overlays
        All overlays of the page.
    """
    body = BODY.format(
        search=SEARCH,
        tools=_tools(),
        title=bilingual(tables.title_zh, tables.title_en),
        question=question_form(tables.times),
        legend=legend(overlays),
        note=bilingual(*_note(tables)),
        close=both_languages("关闭", "close", says="title aria-label"),
        help_here=bilingual("哪个项目对这里帮助最大？", "Which project helps most here?"),
        layers=bilingual("图层", "Layers"),
        control=control(overlays),
        swipe=both_languages(
            "现状与方案的分隔条", "bar between before and after", says="aria-label"
        ),
        printed=bilingual("制图日期", "Printed"),
        data=bilingual("数据：", "Data:"),
        attribution=tables.attribution,
        documents=bilingual("来源：", "Sources:"),
        print=bilingual("打印", "Print"),
        back=bilingual("返回地图", "Back to the map"),
    )
    # folium would take braces for a template
    return str(body).replace("{", "&#123;")

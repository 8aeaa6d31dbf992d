"""The report as one page with its figures, in both languages, for screen and paper."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

from geo.files import write_text
from maps.sheet.figure_files import FORMATS, fewer_colors
from maps.style.chinese_font import font_face
from scicity.inputs.study import Study
from scicity.report.file_list import files_section
from scicity.report.findings import Finding
from scicity.report.markdown import Section, report_sections, report_title
from scicity.report.words import Language, Words
from scicity.results.run_results import Results

HERE = Path(__file__).parent
FIGURES = {
    "headline": ("change_transit", "change_drive"),
    "areas": ("accessibility_by_area",),
    "transit": ("travel_times", "place_times"),
    "attribution": (
        *("attribution_transit", "attribution_drive", "attribution_pairs"),
        *("attribution_tornado", "building_order"),
    ),
    "phasing": ("accessibility_by_year",),
}
"""Pictures after the text of a section, those of them that were drawn."""

ALT = {
    "change_transit": ("公交可达人口变化图", "Map of the change of people reached by transit"),
    "change_drive": ("驾车可达人口变化图", "Map of the change of people reached by car"),
    "accessibility_by_area": (
        "各片区可达人口，现状与方案",
        "People reached by planning area, before and after",
    ),
    "travel_times": (
        "地点间出行时间分布，现状与方案",
        "Spread of travel times between places, before and after",
    ),
    "place_times": (
        "地点间公交时间表，现状、方案与变化",
        "Table of transit times between places: before, after and change",
    ),
    "attribution_transit": (
        "每个项目带来多少公交可达人口，从现状到方案",
        "What each project brings by transit, from before to after",
    ),
    "attribution_drive": (
        "每个项目带来多少驾车可达人口，从现状到方案",
        "What each project brings by car, from before to after",
    ),
    "attribution_pairs": (
        "哪些项目相互促进、相互替代",
        "Which projects help or replace each other",
    ),
    "attribution_tornado": (
        "结论取决于哪些假定值",
        "Which assumed values the gain depends on",
    ),
    "building_order": (
        "建设顺序与逐年收益",
        "In which order to build, and the gain by year",
    ),
    "accessibility_by_year": (
        "各片区可达人口逐年变化与通车项目",
        "People reached by planning area year by year, and what opens",
    ),
}
WIDE = ("place_times",)
"""Printed across the page."""

# nothing may be asked for, whatever a name in the data says
POLICY = (
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline';"
    " script-src 'unsafe-inline'"
)
PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="zh-CN" data-title-zh="{zh}" data-title-en="{en}"><head>'
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta http-equiv="Content-Security-Policy" content="{policy}">'
    "<title>{zh}</title><style>{style}</style></head>\n<body><header>"
    '<button type="button" class="language"><span class="zh" lang="en">English</span>'
    '<span class="en" lang="zh-CN">中文</span></button>\n{head}</header>\n<main>\n{body}</main>\n'
    "<script>{script}</script></body></html>\n"
)
HEAD = Markup(
    '<div class="{language}" lang="{lang}"><h1>{title}</h1><p>{compared}</p>'
    '<p class="out"><a href="map.html">{to_map}</a></p></div>\n'
)
PART = Markup('<div class="{language}" lang="{lang}"><h2>{head}</h2>\n{text}</div>\n')
FIGURE = Markup(
    '<figure{wide}><div class="scroll"><img src="{source}" alt="{zh} {en}"></div>'
    '<figcaption><span class="zh">{zh}</span><span class="en" lang="en">{en}</span>'
    '<span class="out"> · {links}</span></figcaption></figure>\n'
)
LINK = Markup('<a href="{name}.{ending}">{label}</a>')
LANGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class ReportTexts:
    """The report in one language: title and what is compared, as in the data, and its parts."""

    title: tuple[str, str]
    sections: list[Section]


def html_text(text: str) -> Markup:
    """A section's Markdown as HTML: tags in it are text, tables can be scrolled.

    Examples
    --------
    >>> print(html_text("a <b>"))
    <p>a &lt;b&gt;</p>
    <BLANKLINE>
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    html = parser.render(text)
    html = html.replace("<table>", '<div class="scroll"><table>')
    # all that is not ours was escaped by the parser
    return Markup(html.replace("</table>", "</table></div>"))  # noqa: S704


def _source(name: str, folder: Path) -> str:
    """The smaller one of the picture's SVG and its PNG of few colours, as an address of its own."""
    held = {
        "image/svg+xml": (folder / f"{name}.svg").read_bytes(),
        "image/png": fewer_colors((folder / f"{name}.png").read_bytes()),
    }
    kind = min(held, key=lambda kind: len(held[kind]))
    return f"data:{kind};base64,{base64.b64encode(held[kind]).decode('ascii')}"


def drawn(section: str, folder: Path) -> list[str]:
    """The pictures of a section that are there: charts without figures were not drawn."""
    return [name for name in FIGURES.get(section, ()) if (folder / f"{name}.svg").exists()]


def _figure(name: str, folder: Path) -> Markup:
    zh, en = ALT[name]
    wide = Markup(' class="wide"') if name in WIDE else ""
    links = [LINK.format(name=name, ending=ending, label=ending.upper()) for ending in FORMATS]
    links_html = Markup(" ").join(links)
    return FIGURE.format(wide=wide, source=_source(name, folder), zh=zh, en=en, links=links_html)


def _part(section: Section, language: Language) -> Markup:
    text = html_text(section.text)
    return PART.format(language=language, lang=LANGS[language], head=section.head, text=text)


def _head(told: ReportTexts, language: Language) -> Markup:
    title, compared = told.title
    to_map = Words(language)("打开交互地图", "Open the interactive map")
    return HEAD.format(
        language=language, lang=LANGS[language], title=title, compared=compared, to_map=to_map
    )


def report_html(zh: ReportTexts, en: ReportTexts, folder: Path) -> Markup:
    """The page as text.

    Parameters
    ----------
    zh, en
        The report in both languages, part by part the same.
    folder
        Where the pictures of `scicity.figures.charts.write_figures` are.
    """
    head = _head(zh, "zh") + _head(en, "en")
    body = Markup()
    for ours, theirs in zip(zh.sections, en.sections, strict=True):
        body += _part(ours, "zh") + _part(theirs, "en")
        body += Markup().join(_figure(name, folder) for name in drawn(ours.name, folder))
    style = font_face(str(head + body)) + (HERE / "report_page.css").read_text("utf-8")
    return PAGE.format(
        zh=zh.title[0],
        en=en.title[0],
        policy=POLICY,
        style=Markup(style),  # noqa: S704
        head=head,
        body=body,
        script=Markup((HERE / "report_page.js").read_text("utf-8")),  # noqa: S704
    )


def _told(study: Study, results: Results, findings: Sequence[Finding], words: Words) -> ReportTexts:
    """The report's parts, and at their end the files beside it."""
    listed = files_section(study, words, attributed=results.attribution is not None)
    files = Section("files", words("文件", "Files"), listed)
    sections = [*report_sections(study, results, findings, words), files]
    return ReportTexts(report_title(study, results, words), sections)


def write_report_page(
    study: Study, results: Results, findings: Sequence[Finding], folder: Path
) -> None:
    """Write report.html: one file that asks for nothing, see `report_html`.

    Parameters
    ----------
    study, results
        What was asked and what came out.
    findings
        `scicity.report.findings.all_findings`.
    folder
        Holds the pictures already.
    """
    zh, en = (_told(study, results, findings, Words(language)) for language in LANGS)
    write_text(folder / "report.html", str(report_html(zh, en, folder)))

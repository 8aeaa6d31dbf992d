"""The report as one HTML page with its figures, in both languages, for screen and print."""

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
from scicity.report.finding import Finding
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
"""Figures after the text of a section, if they were drawn."""

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
"""Figures printed across the page."""

# no requests are allowed, whatever texts of the data contain
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
    """The report in one language: title and compared scenarios as in the data, and sections."""

    title: tuple[str, str]
    sections: list[Section]


def html_text(text: str) -> Markup:
    """A section's Markdown as HTML: tags are escaped, tables can be scrolled.

    Examples
    --------
    >>> print(html_text("a <b>"))
    <p>a &lt;b&gt;</p>
    <BLANKLINE>
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    html = parser.render(text)
    html = html.replace("<table>", '<div class="scroll"><table>')
    # the parser has escaped all texts
    return Markup(html.replace("</table>", "</table></div>"))  # noqa: S704


def _source(name: str, folder: Path) -> str:
    """Data URI of the figure: its SVG or its PNG with few colours, whichever is smaller."""
    candidates = {
        "image/svg+xml": (folder / f"{name}.svg").read_bytes(),
        "image/png": fewer_colors((folder / f"{name}.png").read_bytes()),
    }
    kind = min(candidates, key=lambda kind: len(candidates[kind]))
    return f"data:{kind};base64,{base64.b64encode(candidates[kind]).decode('ascii')}"


def section_figures(section: str, folder: Path) -> list[str]:
    """Names of a section's figures that exist; charts without data are not drawn."""
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


def _head(texts: ReportTexts, language: Language) -> Markup:
    title, compared = texts.title
    to_map = Words(language)("打开交互地图", "Open the interactive map")
    return HEAD.format(
        language=language, lang=LANGS[language], title=title, compared=compared, to_map=to_map
    )


def report_html(zh: ReportTexts, en: ReportTexts, folder: Path) -> Markup:
    """HTML of the report page.

    Parameters
    ----------
    zh, en
        The report in both languages, with the same sections.
    folder
        Folder with the figures of `scicity.figures.charts.write_figures`.
    """
    head = _head(zh, "zh") + _head(en, "en")
    body = Markup()
    for section_zh, section_en in zip(zh.sections, en.sections, strict=True):
        body += _part(section_zh, "zh") + _part(section_en, "en")
        body += Markup().join(
            _figure(name, folder) for name in section_figures(section_zh.name, folder)
        )
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


def _report_texts(
    study: Study, results: Results, findings: Sequence[Finding], words: Words
) -> ReportTexts:
    """Sections of the report, with the list of files at the end."""
    links = files_section(study, words, attributed=results.attribution is not None)
    files = Section("files", words("文件", "Files"), links)
    sections = [*report_sections(study, results, findings, words), files]
    return ReportTexts(report_title(study, results, words), sections)


def write_report_page(
    study: Study, results: Results, findings: Sequence[Finding], folder: Path
) -> None:
    """Write report.html: one file that loads no others, see `report_html`.

    Parameters
    ----------
    study, results
        The study and its results.
    findings
        `scicity.report.findings.all_findings`.
    folder
        Folder that already holds the figures.
    """
    zh, en = (_report_texts(study, results, findings, Words(language)) for language in LANGS)
    write_text(folder / "report.html", str(report_html(zh, en, folder)))

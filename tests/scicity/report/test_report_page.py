"""The report's page: text from data is text, and nothing is asked for."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_parts import EVIL, PNG, SVG, told

from scicity.report.html import ALT, FIGURES, html_text, report_html
from scicity.report.words import markdown_table, plain


class Page(HTMLParser):
    """Tags with their attributes, and the text outside of style and script."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["style"], ["script"]):
            self.words += data

    def values(self, name: str) -> list[str]:
        """What stands in an attribute."""
        return [str(attrs[name]) for _, attrs in self.tags if name in attrs]


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ALT:
        (tmp_path / f"{name}.png").write_bytes(PNG)
        (tmp_path / f"{name}.svg").write_bytes(SVG)
    return tmp_path


def page(folder: Path, evil: str = "西永") -> Page:
    html = str(report_html(told(evil, language="zh"), told(evil, language="en"), folder))
    assert "{{" not in re.sub(re.escape(evil), "", html)
    return Page(html)


@pytest.mark.parametrize("evil", EVIL)
def test_names_in_data_are_text(folder: Path, evil: str) -> None:
    plain_tags, evil_tags = ([tag for tag, _ in page(folder, e).tags] for e in ("西永", evil))
    assert evil_tags == plain_tags
    # heading, cell and item of each part in each language
    assert one_line(page(folder, evil).words).count(one_line(evil)) >= 3 * 6 * 2


def test_the_page_asks_for_nothing(folder: Path) -> None:
    found = page(folder, EVIL[0])
    assert not found.open
    assert all(source.startswith("data:image/") for source in found.values("src"))
    files = {f"{name}.{ending}" for name in ALT for ending in ("png", "svg", "pdf")}
    assert set(found.values("href")) == files | {"map.html"}
    (policy,) = (v for v in found.values("content") if "default-src" in v)
    assert policy.startswith("default-src 'none'")
    assert not {"link", "iframe", "object", "base"} & {tag for tag, _ in found.tags}


def test_every_figure_is_there_once_with_words(folder: Path) -> None:
    assert sorted(name for names in FIGURES.values() for name in names) == sorted(ALT)
    found = page(folder)
    images = [attrs for tag, attrs in found.tags if tag == "img"]
    assert len(images) == len(ALT)
    for image in images:
        assert image["alt"]
        # the smaller one of the two
        kind, _, content = str(image["src"]).partition(";base64,")
        assert (kind, base64.b64decode(content)) == ("data:image/svg+xml", SVG)


def test_charts_that_were_not_drawn_are_left_out(folder: Path) -> None:
    for ending in ("png", "svg"):
        (folder / f"attribution_tornado.{ending}").unlink()
    images = [attrs for tag, attrs in page(folder).tags if tag == "img"]
    assert len(images) == len(ALT) - 1
    assert not [image for image in images if ALT["attribution_tornado"][0] in str(image["alt"])]


def test_a_picture_of_few_colours_stands_for_a_large_drawing(folder: Path) -> None:
    (folder / "travel_times.svg").write_bytes(SVG + b" " * 5000)
    sources = page(folder).values("src")
    assert [source.partition(";")[0] for source in sources].count("data:image/png") == 1


def test_both_languages_are_marked(folder: Path) -> None:
    found = page(folder)
    assert found.tags[0] == (
        "html",
        {"lang": "zh-CN", "data-title-zh": "西永", "data-title-en": "西永"},
    )
    divs = [attrs for tag, attrs in found.tags if tag == "div" and "lang" in attrs]
    assert {(attrs["class"], attrs["lang"]) for attrs in divs} == {("zh", "zh-CN"), ("en", "en")}
    assert len(divs) == 2 * (1 + 6)


def test_glyphs_come_with_the_page(folder: Path) -> None:
    html = str(report_html(told("璧山", language="zh"), told("Bishan", language="en"), folder))
    assert "@font-face" in html
    assert "src: url(data:font/woff;base64," in html


def text_of(markdown: str) -> str:
    return one_line(Page(str(html_text(markdown))).words)


SIGNS = st.text(st.sampled_from("a1 <>&;|\\`*_[]()!#+-=.~:/'\"$路 \n"), min_size=1, max_size=30)


@given(SIGNS)
def test_plain_text_reads_the_same_after_markdown(text: str) -> None:
    assert text_of(plain(text)) == one_line(text)
    html = str(html_text(plain(text)))
    assert {tag for tag, _ in Page(html).tags} <= {"p"}


@given(SIGNS, SIGNS)
def test_cells_read_the_same_after_markdown(first: str, second: str) -> None:
    html = str(html_text(markdown_table(["a", "b"], [[first, second]])))
    cells = re.findall(r"<td>(.*?)</td>", html, re.DOTALL)
    assert [one_line(Page(cell).words) for cell in cells] == [one_line(first), one_line(second)]

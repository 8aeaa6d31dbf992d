"""The pages of the check and of the report in a real browser, the network off."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import FAULTS, Browser
from report_parts import PNG, SVG, told

from geo.faults import Fault
from scicity.check.report import check_page
from scicity.report.html import ALT, report_html

EVIL = '<img src=x onerror="document.title=1">{{ 7 }}</script><b>'
PLACE = (106.3, 29.6)
FOUND = (
    Fault("b.geojson", "R10", "value-out-of-range", EVIL, "1 to 24", place=PLACE),
    Fault("a.geojson", "R9", "id-unknown", "no 'B'", EVIL, hint=EVIL),
    Fault(EVIL, "R1", "datum-suspect", "甲" * 30, severity="warning"),
)
SEEN = "[...document.querySelectorAll('tbody tr')].map(row => row.cells[{column}].innerText.trim())"
SAID = "[...document.querySelectorAll('h1, p, th, td')].map(e => e.innerText).join(' ')"


def cells(page: Browser, column: int) -> list[str]:
    found: list[str] = page.run(SEEN.format(column=column))
    return found


def click(page: Browser, selector: str) -> None:
    """A real click in the middle of what is seen."""
    box = page.run(f"document.querySelector({selector!r}).getBoundingClientRect().toJSON()")
    page.point(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, click=True)


@pytest.fixture
def checked(browser: Browser, tmp_path: Path) -> Browser:
    browser.events.clear()
    path = tmp_path / "check.html"
    path.write_text(check_page(FOUND, EVIL), encoding="utf-8")
    browser.open(path)
    return browser


def test_a_click_on_a_head_sorts_and_another_turns_it(checked: Browser) -> None:
    assert cells(checked, 3) == ["R10", "R9", "R1"]
    head = "th:nth-child(4) button"
    click(checked, head)
    assert cells(checked, 3) == ["R1", "R9", "R10"]
    click(checked, head)
    assert cells(checked, 3) == ["R10", "R9", "R1"]
    click(checked, "th:nth-child(1) button")
    assert cells(checked, 0)[-1] in ("警告", "warning")
    sorts = checked.run("[...document.querySelectorAll('th')].map(h => h.ariaSort)")
    assert sorts == ["ascending", *["none"] * 7]


def test_one_language_at_a_time(checked: Browser) -> None:
    assert "2 个错误，1 个警告" in checked.run(SAID)
    assert "2 errors" not in checked.run(SAID)
    click(checked, "#language")
    said = checked.run(SAID)
    assert "2 errors, 1 warning" in said
    assert "错误" not in said
    assert cells(checked, 0) == ["error", "error", "warning"]
    assert checked.run("document.documentElement.lang") == "en"
    click(checked, "#language")
    assert cells(checked, 0) == ["错误", "错误", "警告"]


def test_text_of_data_is_text_and_nothing_is_asked_for(checked: Browser) -> None:
    assert checked.run("document.images.length") == 0
    assert checked.run("document.querySelectorAll('td b').length") == 0
    assert cells(checked, 2).count(EVIL) == 1
    assert checked.run("document.title") == f"{EVIL} · scicity check"
    assert checked.said(*FAULTS) == []
    asked = [p["request"]["url"] for p in checked.said("Network.requestWillBeSent")]
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_the_table_is_no_wider_than_the_window(checked: Browser) -> None:
    for width in (1400, 390):
        size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
        checked.ask("Emulation.setDeviceMetricsOverride", **size)
        seen = checked.run("document.documentElement.scrollWidth")
        checked.ask("Emulation.clearDeviceMetricsOverride")
        assert seen <= width


def test_the_report_speaks_one_language_at_a_time(browser: Browser, tmp_path: Path) -> None:
    browser.events.clear()
    for name in ALT:
        (tmp_path / f"{name}.png").write_bytes(PNG)
        (tmp_path / f"{name}.svg").write_bytes(SVG)
    both = (told(f"{EVIL} {language}", language=language) for language in ("zh", "en"))
    path = tmp_path / "report.html"
    path.write_text(str(report_html(*both, tmp_path)), encoding="utf-8")
    browser.open(path)
    for language, other in (("zh", "en"), ("en", "zh")):
        said = browser.run("document.body.innerText")
        assert f"{EVIL} {language}" in said
        assert f"{EVIL} {other}" not in said
        assert browser.run("document.title") == f"{EVIL} {language}"
        assert browser.run("document.querySelectorAll('img[src=x]').length") == 0
        click(browser, ".language")
    assert browser.said(*FAULTS) == []

"""The page in a real browser with the network off.

Chromium is driven over a pair of pipes (its DevTools protocol, JSON messages that end with a null
byte), so no driver and no port is needed.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from test_maps import CLOSING, EVIL, small_tables

from maps.page import draw_page

if sys.platform == "win32":
    pytest.skip("pipes are handed over in the POSIX way", allow_module_level=True)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--window-size=1920,1080",
)
START = (
    "import os, sys; [os.dup2(int(sys.argv[n - 2]), n) for n in (3, 4)];"
    "os.execvp(sys.argv[3], sys.argv[3:])"
)
FAULTS = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
BLANK = "about:blank"
FREE = 10
"""Descriptors below are the child's own."""


@dataclass
class Browser:
    """One tab of a headless browser."""

    commands: int
    answers: int
    session: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    waiting: bytes = b""
    numbers: Iterator[int] = field(default_factory=count)

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self.waiting:
            part = os.read(self.answers, 1 << 16)
            if not part:
                raise ConnectionError("the browser has gone")
            self.waiting += part
        text, _, self.waiting = self.waiting.partition(b"\0")
        return json.loads(text)

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": params, **self.session}
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while (answer := self._message()).get("id") != number:
            self.events.append(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def run(self, script: str) -> Any:
        """The value of a script, awaited."""
        answer = self.ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def open(self, path: Path) -> None:
        self.ask("Page.navigate", url=path.as_uri())
        self.run(
            "new Promise(done => document.readyState === 'complete' ? done() :"
            " addEventListener('load', () => done()))"
        )
        self.settle()

    def settle(self) -> None:
        """Wait until what was asked for has been drawn."""
        self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot")["data"]))

    def said(self, *methods: str) -> list[dict[str, Any]]:
        return [event["params"] for event in self.events if event["method"] in methods]


def _high(descriptor: int) -> int:
    """The same end of a pipe under a number that the child does not need."""
    import fcntl  # noqa: PLC0415 - not on Windows

    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD, FREE)
    os.close(descriptor)
    return high


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None and "CI" not in os.environ:
        pytest.skip("no Chromium here")
    assert program is not None, "CI must have a Chromium"
    theirs_in, ours_out = (_high(end) for end in os.pipe())
    ours_in, theirs_out = (_high(end) for end in os.pipe())
    profile = f"--user-data-dir={tmp_path_factory.mktemp('profile')}"
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            START,
            str(theirs_in),
            str(theirs_out),
            program,
            *FLAGS,
            profile,
            BLANK,
        ],
        pass_fds=(theirs_in, theirs_out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    tab = Browser(ours_out, ours_in)
    targets = tab.ask("Target.getTargets")["targetInfos"]
    target = next(info["targetId"] for info in targets if info["type"] == "page")
    attached = tab.ask("Target.attachToTarget", targetId=target, flatten=True)
    tab.session = {"sessionId": attached["sessionId"]}
    for domain in ("Page", "Runtime", "Log", "Network"):
        tab.ask(f"{domain}.enable")
    yield tab
    tab.session = {}
    tab.ask("Browser.close")
    process.wait(timeout=20)


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """The page with names that must not act, opened once."""
    path = tmp_path_factory.mktemp("page") / "map.html"
    draw_page(small_tables(EVIL + CLOSING), path)
    browser.open(path)
    return browser


def click(page: Browser, layer: str, choice: str | None = None) -> None:
    name = f'[name="{choice}"]' if choice else ""
    page.run(f"document.querySelector('input{name}[data-layer=\"{layer}\"]').click()")
    page.settle()


def popup_text(page: Browser, layer: str, number: int) -> str:
    page.run(f"void {layer}.getLayers()[{number}].openPopup()")
    return page.run("[...document.querySelectorAll('.leaflet-popup-content')].at(-1).innerText")


def in_sight(page: Browser, layer: str) -> bool:
    script = f"Object.values(window).find(v => v instanceof L.Map).hasLayer({layer})"
    return bool(page.run(script))


def test_nothing_is_fetched_and_nothing_goes_wrong(page: Browser) -> None:
    requests = [event["request"]["url"] for event in page.said("Network.requestWillBeSent")]
    # what stands inside the page (its font) is announced like a request
    outside = [url for url in requests if not url.startswith("data:")]
    assert len(outside) == 1
    assert outside[0].startswith("file://")
    assert not page.said(*FAULTS)


def test_page_shows_the_change_by_transit_first(page: Browser) -> None:
    for layer in ("tint_change_0", "geo_json_zones", "geo_json_roads", "geo_json_plan_rail"):
        assert in_sight(page, layer), layer
    for layer in ("geo_json_isochrones_0", "geo_json_gateways_1", "geo_json_outside"):
        assert not in_sight(page, layer), layer
    assert page.run("document.documentElement.lang") == "zh-CN"


def test_one_theme_takes_the_place_of_another(page: Browser) -> None:
    color = "geo_json_zones.getLayers()[3].options.fillColor"
    by_transit = page.run(color)
    click(page, "geo_json_isochrones_1")
    assert in_sight(page, "geo_json_isochrones_1")
    assert not in_sight(page, "tint_change_0")
    assert not in_sight(page, "geo_json_zones")
    click(page, "tint_change_1")
    assert in_sight(page, "geo_json_zones")
    assert not in_sight(page, "geo_json_isochrones_1")
    click(page, "", "theme")
    assert not in_sight(page, "geo_json_zones")
    click(page, "tint_change_0")
    assert page.run(color) == by_transit


def test_layers_and_their_legend_come_and_go_together(page: Browser) -> None:
    for layer in ("geo_json_gateways_1", "geo_json_gaps_1", "geo_json_roads", "geo_json_outside"):
        before = in_sight(page, layer)
        click(page, layer)
        hidden = page.run(f"document.querySelector('[data-legend={layer}]').hidden")
        assert hidden == (not in_sight(page, layer))
        if layer in ("geo_json_roads", "geo_json_outside"):
            assert in_sight(page, layer) != before
            click(page, layer)
    for name in ("gateways", "gaps"):
        click(page, "", name)
        assert not in_sight(page, f"geo_json_{name}_1")


def test_popups_show_names_as_text(page: Browser) -> None:
    text = popup_text(page, "geo_json_plan_rail", 0)
    assert "轨道1号线" in text
    assert EVIL in text
    text = popup_text(page, "geo_json_zones", 2)
    assert "−2,000" in text
    assert "58,000" in text
    assert page.run("document.querySelectorAll('img').length") == 0
    assert not page.said(*FAULTS)


def test_names_do_not_cover_each_other(page: Browser) -> None:
    overlaps = page.run(
        "(() => { const seen = [...document.querySelectorAll('.label:not(.off)')]"
        ".map(e => e.getBoundingClientRect());"
        "return seen.some((a, i) => seen.slice(i + 1).some(b => a.left < b.right && b.left <"
        " a.right && a.top < b.bottom && b.top < a.bottom)); })()"
    )
    assert overlaps is False
    assert page.run("document.querySelectorAll('.label.area:not(.off)').length") >= 1


def test_page_is_not_blank(page: Browser, tmp_path: Path) -> None:
    page.picture(tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 30_000

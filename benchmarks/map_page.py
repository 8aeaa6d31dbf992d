"""The page in headless Chromium: its size, its first paint, and how soon a click is answered.

    python benchmarks/map_page.py [METRES ...]

Once for the bundled study as it is, and once for every width of its hexagons that is named: 740
gives about 2,000 zones, 430 about 5,000. Needs chromium.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support" / "programs"))

from browser import FAULTS, Browser, chromium, open_browser

from scicity.figures.map_page import write_page
from scicity.inputs.read_study import bundled_study, read_study
from scicity.inputs.study import Study
from scicity.results.run_results import all_results

CLICKS = 15
DRAWN = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
"""Kept when what was asked for is on the screen."""


def with_zones(study: Study, across_m: float) -> Study:
    """The study with other hexagons."""
    settings = study.settings
    assumptions = replace(settings.assumptions, zone_across_m=across_m)
    return replace(study, settings=replace(settings, assumptions=assumptions))


def timed(page: Browser, action: str) -> float:
    """Milliseconds until an action is done and drawn."""
    script = f"(async () => {{ const t = performance.now(); await {action}; await {DRAWN};"
    return page.run(script + " return performance.now() - t; })()")


def measured(page: Browser, path: Path) -> dict[str, float]:
    """Figures of one page, milliseconds unless named otherwise."""
    page.open(path)
    paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    figures = {"page MB": path.stat().st_size / 1e6, "first paint": page.run(paint)}
    page.run("scicity.ready")
    figures["ready"] = page.run("performance.now()")
    zones = page.run("scicity.middles.length")
    figures["zones"] = zones
    times = page.run(
        "[...document.querySelectorAll('script[id^=times]')].map(e => e.textContent.length)"
    )
    figures["times MB"] = sum(times) / 1e6
    page.run("scicity.pick(scicity.study.first)")
    points = [round(zones * (n + 0.5) / CLICKS) for n in range(CLICKS)]
    clicks = [timed(page, f"scicity.pick(scicity.study.first + {point})") for point in points]
    figures["click, median"] = statistics.median(clicks)
    figures["click, worst"] = max(clicks)
    page.run("scicity.choose({theme: 'access'})")
    minutes = [timed(page, f"scicity.choose({{minutes: '{m}'}})") for m in (30, 45, 60) * 3]
    figures["another cutoff, median"] = statistics.median(minutes)
    states = page.run("scicity.study.states.map(state => state.id)")
    others = [timed(page, f"scicity.choose({{state: '{state}'}})") for state in states[1:]]
    figures["another state, median"] = statistics.median(others)
    figures["another state, worst"] = max(others)
    if page.said(*FAULTS):
        raise RuntimeError(page.said(*FAULTS))
    return figures


def main(widths: list[float]) -> None:
    """Print the figures of every page."""
    program = chromium()
    if program is None:
        raise SystemExit("this needs chromium")
    study = read_study(bundled_study())
    with tempfile.TemporaryDirectory() as folder:
        for number, width in enumerate([study.settings.assumptions.zone_across_m, *widths]):
            path = Path(folder) / f"map{number}.html"
            one = with_zones(study, width)
            write_page(one, all_results(one), path)
            profile = Path(folder) / f"profile{number}"
            with open_browser(program, profile) as page:
                found = measured(page, path)
            print(f"hexagons {width:g} m across")
            for name, value in found.items():
                print(f"  {name:24} {value:10,.1f}")


if __name__ == "__main__":
    main([float(text) for text in sys.argv[1:]])

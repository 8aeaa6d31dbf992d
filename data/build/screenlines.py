"""Peak-hour volumes across the ridges and rivers, with the arithmetic behind each."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.build import crossings
from data.build.crossings import screenline_of
from data.build.facts import Facts
from data.build.geojson import Record
from data.build.roads import existing_links

FAST_LANE_PCU = {100: 2000, 80: 1750, 60: 1400}
"""Capacity of a lane of a motorway or trunk road by speed limit, pcu/h."""
OTHER_LANE_PCU = {60: 1400, 50: 1350, 40: 1300, 30: 1300, 20: 1100}
FAST = ("motorway", "trunk")

ROUND_TO = 50
FORECAST_VEHICLES_A_DAY = 102_000
COUNTED_PEAK_SHARE = 6_256 / 83_000
DIRECTION_SHARE = 0.6
PCU_PER_VEHICLE = 1.2

COLUMNS = ("screenline_id", "name_zh", "name_en", "peak_volume", "confidence", "source", "note")


@dataclass(frozen=True)
class Screenline:
    """A line that traffic crosses at few places.

    Attributes
    ----------
    ratio
        Assumed volume over capacity in the busier direction; None for a sum of parts.
    counts
        What published counts say of it.
    """

    screenline_id: str
    name_zh: str
    name_en: str
    ratio: float | None
    counts: str
    codes: tuple[str, ...] = ("EST",)


NO_COUNT = "no published count was found to compare it with"
BISHAN_PCU_A_DAY = 20_000
CHENGYU_PCU_A_DAY = 43_000


def _hourly(pcu_a_day: float) -> int:
    """Peak hour in the busier direction of a daily count."""
    return round(pcu_a_day * COUNTED_PEAK_SHARE * DIRECTION_SHARE)


SCREENLINES = (
    Screenline(
        crossings.ZHONGLIANG_NORTH, "中梁山北段", "Zhongliang Mountain north", 0.8, NO_COUNT
    ),
    Screenline(
        crossings.ZHONGLIANG_MIDDLE,
        "中梁山中段",
        "Zhongliang Mountain middle",
        None,
        "compared with the 2014 count in 中梁山隧道 before it was widened, 6256 veh/h both ways, "
        "which gives 4504 pcu/h with the same shares",
        ("ZLS1", "EST"),
    ),
    Screenline(
        crossings.ZHONGLIANG_SOUTH, "中梁山南段", "Zhongliang Mountain south", 1.0, NO_COUNT
    ),
    Screenline(
        crossings.JINYUN,
        "缙云山",
        "Jinyun Mountain",
        0.7,
        "compared with two counts of 2012, taken to the peak direction with the shares above: "
        f"璧山隧道 over 20000 pcu/day gives over {_hourly(BISHAN_PCU_A_DAY)} pcu/h where this "
        "ratio gives 1960, and the 成渝 cordon 43000 pcu/day gives "
        f"{_hourly(CHENGYU_PCU_A_DAY)} pcu/h where it gives 2450 in 缙云山隧道(成渝高速); "
        "a decade of growth lies between (peak share 6256/83000, direction share 0.6)",
        ("NB12", "ZLS1", "EST"),
    ),
    Screenline(crossings.YANGTZE, "长江", "Yangtze", 0.9, NO_COUNT),
    Screenline(crossings.JIALING, "嘉陵江", "Jialing", 1.0, NO_COUNT),
)

MIDDLE_RATIOS = {
    "大学城隧道": (1.2, "reported over capacity"),
    "双碑隧道": (1.0, "assumed"),
    "金刚坡老路": (0.8, "assumed"),
    "老成渝公路山洞段": (0.8, "assumed"),
}


def capacity_pcu(link: Record) -> int:
    """Capacity of a link in one direction, pcu/h.

    Examples
    --------
    >>> capacity_pcu({"highway": "primary", "lanes": 4, "maxspeed_kph": 60})
    2800
    """
    lanes = FAST_LANE_PCU if link["highway"] in FAST else OTHER_LANE_PCU
    return int(lanes[link["maxspeed_kph"]] * link["lanes"] / 2)


def _rounded(pcu: float) -> int:
    return round(pcu / ROUND_TO) * ROUND_TO


def _middle(links: Iterable[Record]) -> tuple[int, str]:
    """Volume and arithmetic of the one screenline that rests on a count."""
    tunnel = FORECAST_VEHICLES_A_DAY * COUNTED_PEAK_SHARE * DIRECTION_SHARE * PCU_PER_VEHICLE
    capacity = {link["crossing_zh"]: capacity_pcu(link) for link in links}
    parts = {name: ratio * capacity[name] for name, (ratio, _) in MIDDLE_RATIOS.items()}
    told = "; ".join(
        f"{name} {ratio} ({why}) x {capacity[name]} = {parts[name]:.0f}"
        for name, (ratio, why) in MIDDLE_RATIOS.items()
    )
    total = tunnel + sum(parts.values())
    return _rounded(total), (
        "中梁山隧道: forecast 102000 veh/day for 2020 x 6256/83000 (peak hour's share, 2014 "
        "count) x 0.6 (assumed direction share) x 1.2 (assumed pcu a vehicle) = "
        f"{tunnel:.0f} pcu/h; the others volume/capacity x capacity: {told}; sum {total:.0f}"
    )


def _by_ratio(line: Screenline, links: Sequence[Record]) -> tuple[int, str]:
    capacity = sum(capacity_pcu(link) for link in links)
    parts = " + ".join(f"{link['crossing_zh']} {capacity_pcu(link)}" for link in links)
    volume = (line.ratio or 0) * capacity
    return _rounded(volume), (
        f"assumed volume/capacity {line.ratio} x {capacity} pcu/h ({parts}) = {volume:.0f}"
    )


def _row(line: Screenline, links: Sequence[Record]) -> Record:
    mine = [link for link in links if screenline_of(link["crossing_zh"]) == line.screenline_id]
    volume, arithmetic = _middle(mine) if line.ratio is None else _by_ratio(line, mine)
    return {
        "screenline_id": line.screenline_id,
        "name_zh": line.name_zh,
        "name_en": line.name_en,
        "peak_volume": volume,
        "confidence": "assumed",
        "source": ";".join(line.codes),
        "note": f"{arithmetic}, rounded to {ROUND_TO}; {line.counts}",
    }


def write_screenlines(facts: Facts, folder: Path) -> None:
    """Write `screenlines.csv`."""
    links = existing_links(facts)
    with (folder / "screenlines.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_row(line, links) for line in SCREENLINES)

"""Section of the report: cross-boundary buses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.buses.links.link_sets import EVERYWHERE
from scicity.report.words import Words, escaped_text, markdown_table
from scicity.results.run_results import Results

STATE_NAMES = {
    "closed": ("已成环", "closed"),
    "open": ("有公交、未成环", "open"),
    "unserved": ("无公交", "unserved"),
}
GAP_NAMES = {
    "open_end": ("有公交未成环", "served, on no loop"),
    "facing_ends": ("两侧线路相对、中间断开", "routes end on both sides"),
    "one_sided": ("一侧有线路终点", "routes end on one side"),
    "unserved": ("两侧均无", "nothing near"),
    "unfed_station": ("骨架线车站无跨界公交接驳", "spine station without cross-border bus"),
}
TOP_LINKS = 8
MAX_ROUTES = 3
NO_LINK_NAMES = {
    "no_bus_back": (
        "个关口单靠一条联络线无法成环：没有公交能从另一关口绕回",
        "gateways that no single link closes: no bus leads back across another one",
    ),
    "no_stop_across": (
        "个车站在边界另一侧没有可达的公交站",
        "stations with no bus stop across their border within reach",
    ),
}


def bus_section(results: Results, words: Words) -> str:
    """Gateways and gaps in both scenarios, best links and sets, loop lines, fed stations."""
    parts = [
        _counts(results, words),
        _sets(results, words),
        _links(results, words),
        _loops(results, words),
        _feeding(results, words),
    ]
    return "\n\n".join(part for part in parts if part)


def _counts(results: Results, words: Words) -> str:
    baseline, scenario = (results.buses.diagnoses[name] for name, _ in results.pair.both)
    rows = []
    for state, names in STATE_NAMES.items():
        counts = [
            str((diagnosis.gateways["state"] == state).sum()) for diagnosis in (baseline, scenario)
        ]
        rows.append([words("关口：", "gateways: ") + words.of(names), *counts])
    for kind, names in GAP_NAMES.items():
        counts = [str((diagnosis.gaps["kind"] == kind).sum()) for diagnosis in (baseline, scenario)]
        rows.append([words("断点：", "gaps: ") + words.of(names), *counts])
    header = words("跨界公交|现状|方案", "cross-border buses|before|after")
    return markdown_table(header.split("|"), rows)


def _ends(link: Any) -> str:
    return f"{link.stop_names[0]} — {link.stop_names[-1]}"


def _sets(results: Results, words: Words) -> str:
    """Sentence on the number of gateways, the closed ones, and the links that close most."""
    name = results.pair.scenario_id
    gateways, plan = results.buses.diagnoses[name].gateways, results.buses.plans[name]
    closed = int((gateways["state"] == "closed").sum())
    sentence = words(
        f"方案中 {len(gateways)} 个关口有 {closed} 个已成环",
        f"In the plan {closed} of {len(gateways)} gateways are on a loop",
    )
    best = plan.sets.loc[plan.sets["scope"] == EVERYWHERE].tail(1)
    for row in best.itertuples():
        first = plan.links.drop_duplicates("link_id").set_index("link_id")
        names = words("、", "; ").join(
            escaped_text(_ends(first.loc[link])) for link in row.link_ids
        )
        certainty = words(
            "（已试遍所有组合）" if row.is_best else "（逐条添加，未试遍所有组合）",
            " (all sets tried)" if row.is_best else " (added one by one, not all sets tried)",
        )
        sentence += words(
            f"；{row.links} 条联络线（{names}）可再使 {row.closes} 个成环{certainty}，"
            f"全部联络线最多 {row.at_most} 个",
            f"; {row.links} links ({names}) close {row.closes} more{certainty}, all links together"
            f" at most {row.at_most}",
        )
    missing = plan.gaps["no_link"].value_counts()
    without_link = [
        f"{missing[key]} {words.of(text)}" for key, text in NO_LINK_NAMES.items() if key in missing
    ]
    full_stop = words("。", ". ")
    return full_stop.join([sentence, *without_link]) + full_stop.strip()


def _links(results: Results, words: Words) -> str:
    """Links with the largest savings a bus-kilometre, each once."""
    links = results.buses.plans[results.pair.scenario_id].links
    best = links.drop_duplicates("link_id").head(TOP_LINKS)
    rows = [
        [
            f"{link['stop_names'][0]} — {link['stop_names'][-1]}",
            link["name"]
            + (words("（车站）", " (station)") if link["kind"] == "unfed_station" else ""),
            _routes_to_extend(link, words),
            f"{link['length_km']:.1f}",
            f"{link['minutes']:.0f}",
            str(link["buses"]),
            f"{link['people']:,.0f}",
            f"{link['saved_per_bus_km']:,.0f}",
        ]
        for link in best.to_dict("records")
    ]
    header = words(
        "联络线|闭合的断点|可延伸的线路|公里|分钟|车辆（10 分钟一班）|新增覆盖人口"
        "|每车公里节省人·分",
        "closing link|gap it closes|routes to extend|km|min|buses (every 10 min)|people newly near"
        "|person-min saved a bus-km",
    )
    return markdown_table(header.split("|"), rows) if rows else ""


def _routes_to_extend(link: Mapping[str, Any], words: Words) -> str:
    """Routes at both ends that a link can extend."""
    route_lists = [
        words("、", ", ").join(link[routes][:MAX_ROUTES]) for routes in ("routes_from", "routes_to")
    ]
    return " / ".join(routes or "—" for routes in route_lists)


def _loops(results: Results, words: Words) -> str:
    proposals = results.buses.plans[results.pair.scenario_id].proposals
    rows = [
        [
            " → ".join(loop["stop_names"]),
            words("、", ", ").join(loop["lines"]),
            str(len(loop["closes"])),
            f"{loop['length_km']:.1f}",
            f"{loop['minutes']:.0f}",
            str(loop["buses"]),
            f"{loop['people']:,.0f}",
        ]
        for loop in proposals.to_dict("records")
    ]
    header = words(
        "建议环线|所接骨架线|闭合关口|公里|一圈分钟|车辆（10 分钟一班）|500 米内人口",
        "proposed loop line|spine|gateways it closes|km|min around|buses (every 10 min)"
        "|people within 500 m",
    )
    return markdown_table(header.split("|"), rows) if rows else ""


def _feeding(results: Results, words: Words) -> str:
    feeding = results.buses.feeding
    stations = feeding["stop_id"].nunique()
    baseline, scenario = (
        feeding.loc[feeding[f"{side}_minutes"].notna(), "stop_id"].nunique()
        for side in ("baseline", "scenario")
    )
    return words(
        f"边界附近的 {stations} 个骨架线车站中，能从边界另一侧一次公交到达的："
        f"{baseline} → {scenario}（见 spine_feeding.csv）。",
        f"Of {stations} spine stations near a border, one bus from across it reaches"
        f" {baseline} → {scenario} (see spine_feeding.csv).",
    )

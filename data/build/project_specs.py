"""The planned projects: what names them, when they open, what they need."""

from __future__ import annotations

from dataclasses import dataclass

LINKS = "四(一)"
BUSES = "四(二)"
"""Clauses of the reply of 20 April 2022: links, and bus integration."""

TUNNEL, ROAD, RAIL, MOVER, HSR, CORRIDOR = (
    "road_tunnel",
    "road",
    "rail",
    "people_mover",
    "hsr",
    "corridor",
)


@dataclass(frozen=True)
class Spec:
    """What the fact sheet does not say in a uniform way of a project.

    Attributes
    ----------
    project_id
        Also the id of its route, or of its links in the strategic network.
    clause
        Clause of the reply that names it; None for projects outside the reply.
    year
        Published or announced opening; an assumption where `year_assumed`.
    lead
        Code of the document that names a project outside the reply.
    requires
        Projects without which it hangs in the air.
    fact_id
        Its record in the fact sheet, where the id differs.
    names
        Chinese and English name where the fact sheet has none that fits.
    status, latest
        State on the baseline date and since, where the fact sheet's words do not tell.
    """

    project_id: str
    kind: str
    clause: str | None
    year: int
    year_assumed: bool = False
    lead: str = "REPLY"
    requires: tuple[str, ...] = ()
    fact_id: str = ""
    names: tuple[str, str] | None = None
    status: str | None = None
    latest: str | None = None


NO_STATE = "no later state found (2026-11)"
CONSTRUCTION, PLANNED, PROPOSED = "construction", "planned", "proposed"

RAIL_PROJECTS = (
    Spec("CRT27", RAIL, LINKS, 2027),
    Spec("CRT15P1", RAIL, LINKS, 2026),
    Spec("CRT15P2", RAIL, LINKS, 2026),
    Spec("CRT7P1", RAIL, LINKS, 2028, year_assumed=True),
    Spec("CRT17P1", RAIL, LINKS, 2028, year_assumed=True),
    Spec(
        "CRT5MID",
        RAIL,
        LINKS,
        2023,
        fact_id="CRT5",
        names=("轨道交通5号线大石坝-石桥铺段", "Line 5, Dashiba-Shiqiaopu section"),
        status=CONSTRUCTION,
        latest="opened 2023-11-29; Line 5 runs end to end since",
    ),
    Spec(
        "CRT5N",
        RAIL,
        LINKS,
        2023,
        fact_id="CRT5",
        names=("轨道交通5号线北延伸段(园博中心-悦港北路)", "Line 5 northern extension"),
        status=CONSTRUCTION,
        latest="opened 2023-02-27",
    ),
    Spec("JT", RAIL, LINKS, 2022),
    Spec("YUKUN", HSR, LINKS, 2024),
    Spec(
        "YUNBA2",
        MOVER,
        BUSES,
        2025,
        status=PLANNED,
        latest=f"in the construction plan 2022-2025; {NO_STATE}",
    ),
    Spec("YUNBA3", MOVER, BUSES, 2030, year_assumed=True, status=PROPOSED, latest=NO_STATE),
    Spec("YUNBA4", MOVER, BUSES, 2030, year_assumed=True, status=PROPOSED, latest=NO_STATE),
    Spec("CRT7P2", RAIL, None, 2032, year_assumed=True, lead="L7D", requires=("CRT7P1",)),
    Spec("CRT7P3", RAIL, None, 2035, year_assumed=True, lead="L7F", requires=("CRT7P1",)),
    Spec("CRT17P3", RAIL, None, 2035, year_assumed=True, lead="L19A", requires=("CRT17P1",)),
    Spec("JT2", RAIL, None, 2027, lead="JTC", requires=("JT",)),
    Spec("BT", RAIL, None, 2025, lead="BTA"),
    Spec("CHENGYU_MID", HSR, None, 2027, year_assumed=True, lead="CYM"),
    Spec("YONGCHUAN", RAIL, None, 2032, year_assumed=True, lead="YCA"),
    Spec("CRT19", RAIL, LINKS, 2035, year_assumed=True),
)
"""In the order of `services.PLANNED`."""

ROAD_PROJECTS = (
    Spec("KXDD_P1", ROAD, LINKS, 2023),
    Spec("KXDD_P2N", ROAD, LINKS, 2024, year_assumed=True),
    Spec("KXDD_P2S", ROAD, LINKS, 2023, requires=("KXDD_P1",)),
    Spec("KXDD_BB", ROAD, LINKS, 2023, requires=("KXDD_P2N",)),
    Spec(
        "KXDD_EXT",
        ROAD,
        LINKS,
        2030,
        year_assumed=True,
        requires=("KXDD_BB", "KXDD_P2S"),
        fact_id="KXDD_ALL",
        names=("科学大道南北延伸(分期路段以外)", "Kexue Avenue, beyond the phases named"),
        status=PLANNED,
        latest="full corridor not complete; no state of these parts found (2026-11)",
    ),
    Spec("KXC", TUNNEL, LINKS, 2026),
    Spec("HUXI", TUNNEL, LINKS, 2030, year_assumed=True),
    Spec("JINFENG_M", TUNNEL, LINKS, 2024),
    Spec("JINFENG_B", TUNNEL, LINKS, 2026, year_assumed=True),
    Spec("AIRPORT_RD", CORRIDOR, LINKS, 2035, year_assumed=True, requires=("KXDD_P1",)),
    Spec("BSY", TUNNEL, None, 2027, year_assumed=True, lead="BSY1", requires=("KXDD_P1",)),
    Spec("XIYONG", TUNNEL, None, 2028, year_assumed=True, lead="XY1"),
    Spec("TAOJIA", TUNNEL, None, 2026, year_assumed=True, lead="KXC2"),
    Spec("PSDD", ROAD, None, 2023, year_assumed=True, lead="KXC4"),
    Spec("GXDD", ROAD, None, 2022, lead="GXDD"),
    Spec("HEBIJIN", ROAD, None, 2025, lead="HBJ"),
    Spec("YONGBI", ROAD, None, 2024, year_assumed=True, lead="YB", requires=("HEBIJIN",)),
)

PORT_PROJECTS = (
    Spec(
        "PORT_YZ",
        ROAD,
        LINKS,
        2030,
        year_assumed=True,
        names=("长江港口集疏运道路(珞璜、德感、铜罐驿)", "Roads to the Yangtze ports"),
        status=PROPOSED,
        latest="no alignment and no state found (2026-11)",
    ),
    Spec(
        "PORT_JL",
        ROAD,
        LINKS,
        2030,
        year_assumed=True,
        names=("嘉陵江港口集疏运道路(北碚、井口)", "Roads to the Jialing ports"),
        status=PROPOSED,
        latest="no alignment and no state found (2026-11)",
    ),
)
PORTS = {
    "PORT_YZ": ("PORT_LH", "PORT_LJT", "PORT_DG", "PORT_TGY"),
    "PORT_JL": ("PORT_BB", "PORT_JK"),
}
"""Places to which the port roads lead."""

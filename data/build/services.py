"""Which trains run where: the services of April 2022 and those that projects bring."""

from __future__ import annotations

from dataclasses import dataclass

METRO, RAIL, MONORAIL = 1, 2, 12
"""GTFS route types; 12 is also the people mover."""

URBAN, VALLEY, LINES_7_17, EXPRESS = (
    "rail_speed_urban",
    "rail_speed_valley",
    "rail_speed_7_17",
    "rail_speed_express",
)
BITONG, JIANGTIAO, YUNBA, CENTRAL_LINE = (
    "rail_speed_bt",
    "rail_speed_jt",
    "yunba_speed",
    "central_line_speed",
)
SPEEDS_OBSERVED = frozenset({URBAN, VALLEY, BITONG, YUNBA})
"""The other commercial speeds are assumptions."""

Station = tuple[str, str]
"""Id of a line of the fact sheet, and the name of a station on it."""


@dataclass(frozen=True)
class Service:
    """A route: a stretch of a line of the fact sheet, and how it is run.

    Attributes
    ----------
    route_id
        Also the prefix of its project's id where a project brings it.
    rail_id
        The line in the fact sheet.
    line
        The public's name for the line.
    speed
        Parameter with the commercial speed.
    section
        Names of the first and last station; None for the whole line.
    names
        Chinese and English name, where the fact sheet's do not fit.
    valley_from
        Station from which on the stops lie far apart and the speed is `VALLEY`.
    before, after
        A station of another line at which the service begins or ends besides.
    through
        Earlier routes into which its trains continue at a shared end stop.
    run_secs
        Time over the whole stretch, where it does not follow from the speed.
    from_memory
        Whether the opening of the stretch is background knowledge, not a source's word.
    closed
        Whether it is a loop.
    """

    route_id: str
    rail_id: str
    line: str
    route_type: int = METRO
    speed: str = URBAN
    section: tuple[str, str] | None = None
    names: tuple[str, str] | None = None
    valley_from: str | None = None
    before: Station | None = None
    after: Station | None = None
    through: tuple[str, ...] = ()
    run_secs: int | None = None
    from_memory: bool = False
    closed: bool = False

    @property
    def is_main_line(self) -> bool:
        """Whether it is a high-speed train, with a station and a security check of its own."""
        return self.line == "hsr"


BASELINE = (
    Service("CRT1", "CRT1", "1", valley_from="沙坪坝"),
    Service(
        "CRT5A",
        "CRT5",
        "5",
        section=("园博中心", "大石坝"),
        names=("轨道交通5号线(园博中心-大石坝)", "Line 5 (Expo Garden Center-Dashiba)"),
    ),
    Service(
        "CRT5B",
        "CRT5",
        "5",
        section=("石桥铺", "跳磴"),
        names=("轨道交通5号线(石桥铺-跳磴)", "Line 5 (Shiqiaopu-Tiaodeng)"),
    ),
    Service("CRT6", "CRT6", "6", valley_from="礼嘉"),
    Service("YUNBA1", "YUNBA1", "yunba", MONORAIL, YUNBA),
    Service("CHENGYU_HSR", "CHENGYU_HSR", "hsr", RAIL, run_secs=720),
    Service(
        "OP_LOOP",
        "OP_LOOP",
        "loop",
        names=("轨道交通环线", "Loop Line"),
        from_memory=True,
        closed=True,
    ),
    Service("OP_2", "OP_2", "2", MONORAIL, names=("轨道交通2号线", "Line 2"), from_memory=True),
    Service("OP_3", "OP_3", "3", MONORAIL, names=("轨道交通3号线", "Line 3"), from_memory=True),
    Service(
        "OP_3KG",
        "OP_3KG",
        "3",
        MONORAIL,
        names=("轨道交通3号线(空港线)", "Line 3 (Konggang branch)"),
        from_memory=True,
    ),
    Service(
        "OP_4",
        "OP_4",
        "4",
        section=("唐家沱", "民安大道"),
        names=("轨道交通4号线(民安大道-唐家沱)", "Line 4 (Min'an Avenue-Tangjiatuo)"),
        from_memory=True,
    ),
    Service(
        "OP_9",
        "OP_9",
        "9",
        section=("高滩岩", "兴科大道"),
        names=("轨道交通9号线(高滩岩-兴科大道)", "Line 9 (Gaotanyan-Xingke Avenue)"),
        from_memory=True,
    ),
    Service(
        "OP_10",
        "OP_10",
        "10",
        section=("鲤鱼池", "王家庄"),
        names=("轨道交通10号线(鲤鱼池-王家庄)", "Line 10 (Liyuchi-Wangjiazhuang)"),
        from_memory=True,
    ),
    Service(
        "OP_6GB",
        "OP_6GB",
        "6gb",
        names=("轨道交通国博线", "Guobo Line (Line 6 branch)"),
        from_memory=True,
    ),
)
"""In the order in which stops get their ids."""

PLANNED = (
    Service("CRT27", "CRT27", "27", speed=EXPRESS),
    Service("CRT15P1", "CRT15P1", "15", speed=EXPRESS),
    Service(
        "CRT15P2",
        "CRT15P2",
        "15",
        speed=EXPRESS,
        after=("CRT15P1", "九曲河东"),
        through=("CRT15P1",),
    ),
    Service("CRT7P1", "CRT7P1", "7", speed=LINES_7_17),
    Service("CRT17P1", "CRT17P1", "17", speed=LINES_7_17),
    Service(
        "CRT5MID",
        "CRT5",
        "5",
        section=("大石坝", "石桥铺"),
        names=("轨道交通5号线大石坝-石桥铺段", "Line 5, Dashiba-Shiqiaopu section"),
        through=("CRT5A", "CRT5B"),
    ),
    Service(
        "CRT5N",
        "CRT5",
        "5",
        section=("悦港北路", "园博中心"),
        names=("轨道交通5号线北延伸段(园博中心-悦港北路)", "Line 5 northern extension"),
        through=("CRT5A",),
    ),
    Service("JT", "JT", "jt", RAIL, JIANGTIAO, through=("CRT5B",)),
    Service("YUKUN", "YUKUN", "hsr", RAIL, run_secs=720),
    Service("YUNBA2", "YUNBA2", "yunba", MONORAIL, YUNBA),
    Service("YUNBA3", "YUNBA3", "yunba", MONORAIL, YUNBA),
    Service("YUNBA4", "YUNBA4", "yunba", MONORAIL, YUNBA),
    Service(
        "CRT7P2",
        "CRT7P2",
        "7",
        speed=LINES_7_17,
        before=("CRT7P1", "科学城"),
        through=("CRT7P1",),
    ),
    Service("CRT7P3", "CRT7P3", "7", speed=LINES_7_17, through=("CRT7P1",)),
    Service("CRT17P3", "CRT17P3", "17", speed=LINES_7_17, through=("CRT17P1",)),
    Service("JT2", "JT2", "jt", RAIL, JIANGTIAO, through=("JT",)),
    Service("BT", "BT", "bt", RAIL, BITONG),
    Service("CHENGYU_MID", "CHENGYU_MID", "hsr", RAIL, CENTRAL_LINE),
    Service("YONGCHUAN", "YONGCHUAN", "yongchuan", RAIL, EXPRESS),
    Service("CRT19", "CRT19", "19", speed=EXPRESS),
)
"""In the order in which stops get their ids; each project's id is its route's.

Line 19 comes last: most of its stations are only representative.
"""

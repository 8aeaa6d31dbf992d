"""Which screenline each crossing of a ridge or river belongs to."""

from __future__ import annotations

ZHONGLIANG_NORTH = "zhongliang_north"
ZHONGLIANG_MIDDLE = "zhongliang_middle"
ZHONGLIANG_SOUTH = "zhongliang_south"
JINYUN = "jinyun"
YANGTZE = "yangtze"
JIALING = "jialing"

MOUNTAIN_CROSSINGS = {
    "施家梁隧道": ZHONGLIANG_NORTH,
    "北碚隧道": ZHONGLIANG_NORTH,
    "西山坪隧道(兰海高速)": ZHONGLIANG_NORTH,
    "歇马隧道": ZHONGLIANG_NORTH,
    "土主隧道": ZHONGLIANG_NORTH,
    "中梁镇山路西段": ZHONGLIANG_NORTH,
    "科学大道北段穿中梁山(规划)": ZHONGLIANG_NORTH,
    "双碑隧道": ZHONGLIANG_MIDDLE,
    "大学城隧道": ZHONGLIANG_MIDDLE,
    "中梁山隧道": ZHONGLIANG_MIDDLE,
    "金刚坡老路": ZHONGLIANG_MIDDLE,
    "老成渝公路山洞段": ZHONGLIANG_MIDDLE,
    "科学城隧道": ZHONGLIANG_MIDDLE,
    "西永隧道": ZHONGLIANG_MIDDLE,
    "华岩隧道": ZHONGLIANG_SOUTH,
    "华福隧道": ZHONGLIANG_SOUTH,
    "陶家—小南海山路(中梁山南段)": ZHONGLIANG_SOUTH,
    "陶家隧道": ZHONGLIANG_SOUTH,
    "白市驿隧道": ZHONGLIANG_SOUTH,
    "八塘—澄江公路(缙云山)": JINYUN,
    "七塘—歇马公路(缙云山)": JINYUN,
    "青木关垭口(渝遂高速)": JINYUN,
    "青木关垭口(老319国道)": JINYUN,
    "缙云山隧道(渝蓉高速)": JINYUN,
    "璧山隧道": JINYUN,
    "缙云山隧道(成渝高速)": JINYUN,
    "缙云山(九永高速)": JINYUN,
    "来凤—双福公路(缙云山)": JINYUN,
    "虎溪隧道": JINYUN,
    "金凤隧道": JINYUN,
    "新机场快速通道缙云山隧道(规划)": JINYUN,
}

ALONG_THE_RIDGE = frozenset(
    {
        "歌乐山—山洞山脊路",
        "歌乐山盘山路",
        "中梁镇山路东段",
        "中梁镇山路井口支线",
        "中梁镇—歌乐山山脊路",
    }
)
"""Roads on top of the ridge and down its east side: counted with them, a trip counts twice."""

RIVERS = {"嘉陵江": JIALING, "长江": YANGTZE, "北碚朝阳桥": JIALING}

ENGLISH = {
    "青木关垭口(老319国道)": "Qingmuguan Pass (old National Road 319)",
    "水土嘉陵江大桥(水土新城大桥)": "Shuitu Jialing River Bridge (Shuitu New Town Bridge)",
    "科学大道北段穿中梁山(规划)": "Kexue Avenue north, through Zhongliang Mountain (planned)",
    "新机场快速通道缙云山隧道(规划)": "New-airport road, Jinyun Mountain tunnel (planned)",
    "合璧津高速油溪长江大桥(规划)": "Youxi Yangtze River Bridge, Hebijin Expressway (planned)",
}
"""In place of transliterated names."""


def screenline_of(crossing: str | None) -> str | None:
    """Id of the screenline that a crossing belongs to; None for one that would count twice.

    Raises
    ------
    ValueError
        If nothing is known of the crossing.

    Examples
    --------
    >>> screenline_of("双碑隧道"), screenline_of("歌乐山盘山路"), screenline_of(None)
    ('zhongliang_middle', None, None)
    """
    if crossing is None or crossing in ALONG_THE_RIDGE:
        return None
    if crossing in MOUNTAIN_CROSSINGS:
        return MOUNTAIN_CROSSINGS[crossing]
    for river, screenline in RIVERS.items():
        if river in crossing:
            return screenline
    raise ValueError(f"no screenline is known for the crossing {crossing}")

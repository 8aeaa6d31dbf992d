"""Chinese type for figures, also where the computer has none."""

from __future__ import annotations

from functools import cache

from matplotlib.font_manager import fontManager

from maps.style.chinese_font import FAMILY, FONT_FILE

SYSTEM_FAMILIES = (
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "SimHei",
    "DejaVu Sans",
)
"""For glyphs beyond GB 2312, where the computer has them."""


@cache
def font_families() -> list[str]:
    """Our own font, then those of the system that have rarer glyphs."""
    fontManager.addfont(FONT_FILE)
    installed = {entry.name for entry in fontManager.ttflist}
    return [FAMILY, *(name for name in SYSTEM_FAMILIES if name in installed)]

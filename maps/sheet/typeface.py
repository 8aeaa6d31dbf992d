"""Fonts of figures: Chinese also on computers without a Chinese font."""

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
"""Fonts for glyphs beyond GB 2312, used if installed."""


@cache
def font_families() -> list[str]:
    """Our font, then installed fonts with rarer glyphs."""
    fontManager.addfont(FONT_FILE)
    installed = {entry.name for entry in fontManager.ttflist}
    return [FAMILY, *(name for name in SYSTEM_FAMILIES if name in installed)]

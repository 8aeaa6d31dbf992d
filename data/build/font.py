"""The font of the report's figures: `python -m data.build.font PATH_TO_NotoSansCJKsc-Regular.otf`.

The original (version 1.004, SIL Open Font License 1.1) is inside the PyPI wheel `mplfonts` 0.0.11
as `mplfonts/fonts/NotoSansCJKsc-Regular.otf`. The subset has a family name of its own, so that a
font installed on the reader's computer cannot take its place. Two runs write the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Noto Sans SC Subset"
TARGET = Path(__file__).parents[2] / "maps" / "fonts" / "NotoSansSC-Subset.otf"
GB2312_ROWS = [*range(0xA1, 0xA4), *range(0xB0, 0xF8)]
"""Symbols, numerals and full-width letters; then the 6,763 hanzi of levels 1 and 2."""

RANGES = (
    (0x20, 0x7E),  # ASCII
    (0xA0, 0xFF),  # Latin-1
    (0x2010, 0x203B),  # punctuation
    (0x2150, 0x217B),  # fractions, Roman numerals
    (0x2190, 0x2199),  # arrows
    (0x2200, 0x22A5),  # mathematical signs
    (0x3000, 0x303F),  # CJK punctuation
    (0x3380, 0x33DF),  # square units
)
FAMILY_NAMES = (1, 4, 16)
POSTSCRIPT_NAME = 6
KEPT_NAMES = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
"""Ids in the font's name table: among them copyright, trade mark and licence."""


def characters() -> set[int]:
    """Code points of the subset.

    Examples
    --------
    >>> sum(0x4E00 <= code <= 0x9FFF for code in characters())
    6763
    """
    found = {code for low, high in RANGES for code in range(low, high + 1)}
    for row in GB2312_ROWS:
        for cell in range(0xA1, 0xFF):
            text = bytes([row, cell]).decode("gb2312", errors="ignore")
            found.update(ord(letter) for letter in text)
    return found


def write_font(original: Path, target: Path) -> None:
    """Write the subset of a font, under its own family name."""
    options = subset.Options(
        layout_features=[],
        hinting=False,
        desubroutinize=False,
        name_IDs=KEPT_NAMES,
        drop_tables=["BASE", "DSIG", "GPOS", "GSUB", "VORG", "vhea", "vmtx"],
    )
    with TTFont(original, recalcTimestamp=False) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=characters())
        subsetter.subset(font)
        for record in font["name"].names:
            if record.nameID in FAMILY_NAMES:
                record.string = FAMILY
            elif record.nameID == POSTSCRIPT_NAME:
                record.string = TARGET.stem
        font.save(target)


def main() -> None:
    """Read the command line and write the font."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("original", type=Path)
    parser.add_argument("--out", type=Path, default=TARGET)
    arguments = parser.parse_args()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    write_font(arguments.original, arguments.out)
    print(f"{arguments.out}: {arguments.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

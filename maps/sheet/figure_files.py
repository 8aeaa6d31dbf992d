"""Figures as PNG, SVG and PDF files with embedded fonts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from PIL import Image

from geo.files import replacing
from maps.sheet.typeface import font_families

DPI = 200
"""Pixels an inch, of PNG and of raster parts in SVG and PDF."""

# no dates or versions in the files, so that equal tables give equal bytes
METADATA: dict[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": dict.fromkeys(("Creator", "Date", "Format", "Type")),
    "pdf": dict.fromkeys(("CreationDate", "Creator", "Producer")),
}
FORMATS = tuple(METADATA)


def typeset() -> AbstractContextManager[None]:
    """Matplotlib settings: our font, as outlines in SVG and embedded in PDF."""
    return mpl.rc_context(
        {
            "font.family": font_families(),
            # a dollar sign in a name does not start a formula
            "text.parse_math": False,
            "svg.fonttype": "path",
            "svg.hashsalt": "scicity",
            # Type 3 holds outlines; Type 42 would put our OpenType font in a TrueType stream
            "pdf.fonttype": 3,
        }
    )


def _short_paths(svg: bytes) -> bytes:
    """Round the coordinates of paths to a hundredth of a point, which halves the file."""
    return re.sub(rb' d="[^"]+"', lambda path: re.sub(rb"(\.\d\d)\d+", rb"\1", path[0]), svg)


def fewer_colors(png: bytes) -> bytes:
    """A PNG reduced to a palette of 256 colours, a third of the size.

    Examples
    --------
    >>> buffer = io.BytesIO()
    >>> Image.new("RGB", (90, 90), "#1d877c").save(buffer, "png")
    >>> with Image.open(io.BytesIO(fewer_colors(buffer.getvalue()))) as picture:
    ...     picture.mode, picture.convert("RGB").getcolors()
    ('P', [(8100, (29, 135, 124))])
    """
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        reduced = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    reduced.save(buffer, "png", optimize=True)
    return buffer.getvalue()


def write_picture(draw: Callable[[], Figure], path: Path) -> list[Path]:
    """Draw a figure once and write it in all `FORMATS`; equal tables give equal bytes.

    Parameters
    ----------
    draw
        Creates the figure; called within `typeset`.
    path
        Path of the files without extension; each is written atomically.

    Returns
    -------
    list of Path
        Paths of the files.
    """
    paths = [path.with_name(f"{path.name}.{ending}") for ending in FORMATS]
    with typeset():
        figure = draw()
        for target, (ending, metadata) in zip(paths, METADATA.items(), strict=True):
            with replacing(target) as temporary:
                figure.savefig(temporary, format=ending, dpi=DPI, metadata=metadata)
                if ending == "svg":
                    temporary.write_bytes(_short_paths(temporary.read_bytes()))
    return paths

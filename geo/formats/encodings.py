"""Text encodings used by planning offices: UTF-8, with or without BOM, and GB18030 (GBK)."""

from __future__ import annotations

import csv
from pathlib import Path

from geo.faults import Fault
from geo.formats.size_limits import size_faults

CHINESE = "gb18030"
"""GB 18030-2005, which contains GBK (code page 936) and GB 2312."""

_ALLOWED = "UTF-8 or GB18030 (GBK)"


def encoding_of(content: bytes) -> str | None:
    r"""The encoding of Chinese text; None if it is neither valid UTF-8 nor valid GB18030.

    Most Chinese text in UTF-8 is also valid GB18030 (with other characters), so text that is
    UTF-8 except for a few bytes is damaged, not GB18030.

    Examples
    --------
    >>> encoding_of("重庆".encode()), encoding_of("重庆".encode("gbk"))
    ('utf-8-sig', 'gb18030')
    >>> encoding_of("西部科学城".encode() + b"\x80") is None
    True
    """
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8-sig"
    as_utf8 = content.decode("utf-8", errors="replace")
    broken = as_utf8.count("\ufffd")
    if sum(letter > "\x7f" for letter in as_utf8) - broken > broken:
        return None
    try:
        content.decode(CHINESE)
    except UnicodeDecodeError:
        return None
    return CHINESE


def encoding_warnings(encoding: str, file: str) -> list[Fault]:
    """A warning if a file is not UTF-8, because the detected encoding may be wrong."""
    if encoding != CHINESE:
        return []
    message = "its text is not UTF-8; read as GB18030 (GBK)"
    return [Fault(file, "", "encoding-gbk", message, "UTF-8; look at the names", "warning")]


def unreadable_fault(
    file: str, message: str = "its text is damaged, or in another encoding"
) -> Fault:
    """The fault of a text file that cannot be decoded."""
    return Fault(file, "", "file-unreadable", message, _ALLOWED)


def read_csv_rows(path: Path) -> tuple[list[list[str]] | None, list[Fault]]:
    """All rows of a CSV file, with the head and empty rows; None if any part cannot be read."""
    file = path.name
    if not path.is_file():
        return None, [Fault(file, "", "file-missing", "there is no such file", file)]
    too_large = size_faults(path)
    if too_large:
        return None, too_large
    try:
        content = path.read_bytes()
        encoding = encoding_of(content)
        if encoding is None or b"\0" in content:
            return None, [unreadable_fault(file)]
        text = content.decode(encoding)
        rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    except (csv.Error, OSError) as error:
        return None, [unreadable_fault(file, str(error))]
    return rows, encoding_warnings(encoding, file)

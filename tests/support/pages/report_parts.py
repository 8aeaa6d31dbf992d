"""Texts that must not act in a report, and files for its figures."""

from __future__ import annotations

import base64

from scicity.report.html import Told
from scicity.report.markdown import Section
from scicity.report.words import markdown_table, plain

EVIL = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "a|b\\|c\\",
    "[x](javascript:alert(3)) ![y](http://example.org/z.png)",
    "<http://example.org>",
    "# *1* __2__ `3` ~~4~~",
    "&lt;b&gt; &#60;",
    "two\nlines\n\n---",
    "{{ 7 * 7 }} {head}",
    "1. one",
    "- - -",
)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def told(evil: str, *, language: str) -> Told:
    text = "\n\n".join([markdown_table(["名称", "n"], [[evil, "+1"]]), f"- {plain(evil)}"])
    parts = ("headline", "areas", "transit", "attribution", "phasing", "files")
    return Told((evil, f"现状 → {language}"), [Section(name, evil, text) for name in parts])

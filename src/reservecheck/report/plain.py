"""What strangers wrote, made harmless for a terminal and for markdown: labels, reasons and names are hostile."""

from __future__ import annotations

import html
import re
from typing import Final

from reservecheck.visible import visible

_MARKS: Final = re.compile(r"([\\`*_{}\[\]#~|!$])")
_LINKS: Final = (("://", ":&#47;&#47;"), ("www.", "www&#46;"), ("@", "&#64;"))


def plain(text: str) -> str:
    """As a terminal may have it."""
    return visible(text)


def for_markdown(text: str) -> str:
    """Like plain, and neither HTML, markup nor a link any more."""
    shown = _MARKS.sub(r"\\\1", plain(text))
    shown = html.escape(shown, quote=True).replace("&#x27;", "'").replace("&quot;", '"')
    for found, instead in _LINKS:
        shown = shown.replace(found, instead)
    return shown

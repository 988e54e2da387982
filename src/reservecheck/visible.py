"""Text in which nothing is unseen: two ids that differ look different, and a terminal is told nothing."""

from __future__ import annotations

import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANKS: Final = frozenset({" ", "\u3000"})
"""Blanks that people type; any other one passes for them."""
_IGNORED: Final = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xE0000, 0xE0FFF),
)
"""Unicode's Default_Ignorable_Code_Point beyond the categories above, and Braille's blank."""


def is_unseen(character: str) -> bool:
    """Whether a character is for control or formatting, unassigned, or drawn as nothing or as another blank."""
    if character.isascii():
        return not character.isprintable()
    kind = unicodedata.category(character)
    if kind == "Zs":
        return character not in _BLANKS
    return kind in _UNSEEN or any(first <= ord(character) <= last for first, last in _IGNORED)


def visible(text: str) -> str:
    r"""Characters that nobody sees as `\u{1b}`; everything else as it is."""
    return "".join(f"\\u{{{ord(one):x}}}" if is_unseen(one) else one for one in text)

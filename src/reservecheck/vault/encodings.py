"""Which encodings a ledger may have, and in which of them a line can be read without losing anything."""

from __future__ import annotations

from typing import Final

ENCODINGS: Final = ("utf-8", "cp949", "cp932")
"""UTF-8, Korean Windows (holds EUC-KR) and Japanese Windows (holds Shift JIS)."""


def decoded(line: bytes, encoding: str) -> str | None:
    """The text, unless it is none, or would not give the same bytes again: then two ids could become one."""
    try:
        text = line.decode(encoding)
        return text if text.encode(encoding) == line else None
    except UnicodeError:
        return None


def other_encodings(line: bytes, encoding: str) -> str:
    """The encodings but this one that the line can be read in, as "cp949 or cp932"; "" if none."""
    return " or ".join(name for name in ENCODINGS if name != encoding and _is_text(decoded(line, name)))


def _is_text(text: str | None) -> bool:
    """Whether there is a text without the signs that cp932 has for bytes that are none of its own."""
    return text is not None and not any("\ue000" <= sign <= "\uf8ff" for sign in text)

"""What a node says of a dump, without the path it says it about: paths of a practitioner's machine stay there."""

from __future__ import annotations

from typing import Final

from reservecheck.vault.canonical import BEYOND, Json

THERE_ALREADY: Final = "something is there already: a file unseen from here, or a pipe it cannot write into"
NOT_OPENED: Final = "the node could not open its file for writing"
NAMES_A_PATH: Final = "the node could not write its dump"

_NUMBERS: Final = ("coins_written", "base_height", "nchaintx")
_HASHES: Final = ("base_hash", "txoutset_hash")
_LONGEST: Final = 200
_SAID: Final = (("already exists", THERE_ALREADY), ("open file", NOT_OPENED))


def without_path(result: object, word: str) -> Json:
    """The known members of an answer, with `word` in place of the path; anything else is dropped."""
    if not isinstance(result, dict):
        return None
    kept: dict[str, Json] = {"path": word}
    for name in _NUMBERS:
        if type(number := result.get(name)) is int and 0 <= number < BEYOND:
            kept[name] = number
    for name in _HASHES:
        if isinstance(text := result.get(name), str) and text.isalnum() and text.isascii():
            kept[name] = text[:_LONGEST]
    return kept


def refusal(message: str) -> str:
    """A node's own words where they name no path, else what they mean."""
    for part, meaning in _SAID:
        if part in message:
            return meaning
    if "/" in message or "\\" in message:
        return NAMES_A_PATH
    return "".join(sign if sign.isprintable() else " " for sign in message)

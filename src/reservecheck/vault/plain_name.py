"""Names of people and institutions as they are printed: one line that can be nothing but a name.

Letters and digits of any script, with their marks, single blanks, and . , & ' ( ) - /, and no word in two alphabets
that look alike. So no name can look like a line of a report or, by one foreign letter, like another name, hide a
character, turn the direction of writing, or look empty.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 80
NAME_OF_ONE_LINE: Final = "1 to 80 letters and digits of any script, single blanks, and . , & ' ( ) - / only"
PLACEHOLDERS: Final = ("FILL IN", "Full Name")
_WHOSE: Final = {
    "practitioner": "of the firm or person that runs the engagement",
    "by": "of who declares the wallets",
    "operator": "of who runs the source",
    "none_asserted_by": "of who asserts that there are none",
    "extracted_by": "of who made the extract",
    "observed_by": "of who watched it being made",
    "institution": "of the bank",
}
"""Whose name belongs under a key; of others the key says it."""
_MARKS: Final = " .,&'()-/"
_WORD: Final = re.compile(r"[^ .,&'()/-]+")
_ALIKE: Final = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
"""Alphabets with letters that look like each other's, as the Unicode names of the letters begin."""
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}))?", re.ASCII)
# letters and marks of the Unicode categories that show nothing, or show a colon or a dot
_UNSEEN: Final = re.compile(
    "[\u01c0-\u01c3\u02b0-\u02ff\u034f\u115f\u1160\u1427\u17b4\u17b5\u180b-\u180f\u3164\ua78f\ufe00-\ufe0f\uffa0"
    "\U0001d173-\U0001d17a\U000e0100-\U000e01ef]"
)


def is_plain(text: str) -> bool:
    """Whether a text is a name: the rule above."""
    if not 1 <= len(text) <= LONGEST or text != text.strip() or "  " in text:
        return False
    if _UNSEEN.search(text) or not any(map(str.isalnum, text)):
        return False
    if mixes_alphabets(text):
        return False
    return all(character in _MARKS or unicodedata.category(character)[0] in "LMN" for character in text)


def mixes_alphabets(text: str) -> bool:
    """Whether a word has letters of two alphabets that look alike, such as a Cyrillic one in a Latin word."""
    return any(len(_alphabets(word)) > 1 for word in _WORD.findall(unicodedata.normalize("NFKD", text)))


def _alphabets(word: str) -> frozenset[str]:
    return _ALIKE & {unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha()}


def is_date(text: str) -> bool:
    """Whether a text is written like a day or an instant, such as 2018-09-14T17:00:00+09:00."""
    return _DATE.fullmatch(text) is not None


def name_problem(key: str, text: str, *, quotes: bool = True) -> tuple[str, str] | None:
    """What is wrong with a name and what to write, None if nothing is; without `quotes` not what it is."""
    if text in PLACEHOLDERS:
        whose = f"the name {_WHOSE[key]}" if key in _WHOSE else "the name"
        return f"{key} is {text!r}, which stands where a name belongs", f"write {whose} in its place"
    if mixes_alphabets(text):
        shown = f"is {text[:LONGEST]!a}, which mixes" if quotes else "mixes"
        return f"{key} {shown} letters of two alphabets in one word", "write each word in one alphabet"
    if not is_plain(text):
        shown = f"{text[:LONGEST]!r}, " if quotes else ""
        return f"{key} is {shown}not a name on one line", f"write {NAME_OF_ONE_LINE}"
    return None

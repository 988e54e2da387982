"""Every known pitfall of readers (E: EVM, U: coins, O: ownership) has a test that says its code first.

A test bears a code by a docstring that begins with it: `E5, E6: it is unread, and every other cell is read.`
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parent
ALL: Final = frozenset(
    f"{letter}{number}" for letter, count in (("E", 25), ("U", 9), ("O", 9)) for number in range(1, count + 1)
)
NOT_APPLICABLE: Final = {"O8": "reserves and escrows are of XRP, which no module reads"}
_CODES: Final = re.compile(r"((?:[EUO][1-9][0-9]?, )*[EUO][1-9][0-9]?): ", re.ASCII)


def borne() -> Iterator[tuple[str, str]]:
    """(code, test) of every docstring that begins with codes."""
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found = _CODES.match(ast.get_docstring(node) or "")
                for code in found[1].split(", ") if found else ():
                    yield code, f"{path.relative_to(TESTS)}::{node.name}"


def test_every_known_pitfall_has_a_test_that_bears_its_code() -> None:
    there = {code for code, _ in borne()}
    assert sorted(there - ALL) == []
    assert sorted(ALL - there) == sorted(NOT_APPLICABLE)

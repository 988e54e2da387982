"""docs/reference/drawing.md, followed with the standard library alone, and its example drawn by the program."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

from reservecheck.books.confirmations import COLUMNS, REMARK
from reservecheck.commitment.draw import TRIES, Drawn, Lot, draw
from reservecheck.commitment.scheme import Scope
from reservecheck.commitment.tree import Tree
from reservecheck.model.confirmations import most_overstated

ROOT: Final = Path(__file__).resolve().parent.parent
TEXT: Final = (ROOT / "docs/reference/drawing.md").read_text(encoding="utf-8")
AMOUNTS: Final = (5, 0, 7, 3)
NONE: Final = "–"


def table(heading: str) -> list[list[str]]:
    part = TEXT.partition(f"# {heading}\n")[2].partition("\n#")[0]
    rows = re.findall(r"^\|(.+)\|$", part, re.MULTILINE)
    return [[cell.strip().strip("`") for cell in row.split("|")] for row in rows[2:]]


def lp(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def stated(name: str) -> bytes:
    found = re.search(rf"^- {name} `([0-9a-f]{{64}})`$", TEXT, re.MULTILINE)
    assert found is not None
    return bytes.fromhex(found[1])


def words() -> Iterator[bytes]:
    for n in count():
        begun = b"\3" + lp(b"reservecheck/draw/1") + lp(stated("commitment")) + lp(stated("block")) + lp(b"BTC")
        yield hashlib.sha256(begun + n.to_bytes(8, "big")).digest()


def by_amount(number: int) -> str:
    if number >= sum(AMOUNTS):
        return NONE
    return str(next(leaf for leaf in range(4) if number < sum(AMOUNTS[: leaf + 1])))


def test_the_commitment_of_the_example_has_the_digest_that_is_stated() -> None:
    line = TEXT.partition("```json\n")[2].partition("```")[0]
    published: Any = json.loads(line)
    assert hashlib.sha256(line.encode()).digest() == stated("commitment")
    assert published["trees"][0]["total"] == str(sum(AMOUNTS))
    assert published["draw"] == {"network": "bitcoin:mainnet", "height": 910656, "method": "amount", "size": 4}


def test_the_words_of_the_example_are_made_from_the_page_alone() -> None:
    made = words()
    for n, (shown, word, unit, leaf, place, owed) in enumerate(table("Words of the example")):
        found = next(made)
        assert (shown, word) == (str(n), found.hex())
        assert (unit, leaf) == (str(found[0] >> 4), by_amount(found[0] >> 4))
        assert (place, owed) == (str(found[0] >> 6), str(found[0] >> 6) if AMOUNTS[found[0] >> 6] else NONE)


@pytest.mark.parametrize(("method", "column", "size"), [("amount", 3, 4), ("customer", 5, 2)])
def test_the_program_draws_the_leaves_of_the_example(method: str, column: int, size: int) -> None:
    leaves = memoryview(b"".join(bytes(32) + units.to_bytes(16, "big") for units in AMOUNTS))
    scope = Scope(snapshot="hanul/2018-09-14", asset="BTC", decimals=8, height=2)
    tree = Tree(scope=scope, leaves=leaves, upper=memoryview(b""))
    lot = Lot(commitment=stated("commitment"), block=stated("block"), method=method, size=size)
    drawn = [int(row[column]) for row in table("Words of the example") if row[column] != NONE][:size]
    assert draw(tree, lot) == tuple(
        Drawn(index=leaf, units=AMOUNTS[leaf], hits=drawn.count(leaf)) for leaf in dict.fromkeys(drawn)
    )


def test_the_page_lists_the_columns_of_the_list() -> None:
    named = [name for row in table("The list") for name in row[0].split(", ")]
    assert tuple(named) == (*COLUMNS, REMARK)


def test_the_figures_of_the_page_are_those_of_the_program() -> None:
    assert f"After\n  {TRIES:,} leaves" in TEXT
    assert (most_overstated(60), most_overstated(299)) == (488, 100)
    assert "4.88 % for 60 draws and 1 % for 299" in TEXT

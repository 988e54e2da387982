from __future__ import annotations

import pytest
from tests.assess.inputs_factory import books, inputs, liabilities
from tests.rules.asking import ask

from reservecheck.model.books import RowFinding
from reservecheck.rules.liability_extract import RULE


def found(*rows: RowFinding) -> list[tuple[str, str, str]]:
    return ask(RULE, inputs(books=books(liabilities=liabilities(findings=rows))))


HOLDS = ("holds", "critical", "no duplicate, look-alike or mismatch was found in the extract")


@pytest.mark.parametrize("kind", ["duplicate", "look-alike-id", "mismatch-rows", "mismatch-total", "anything new"])
def test_liability_extract_breaks_for_questionable_rows(kind: str) -> None:
    row = RowFinding(kind=kind, asset="BTC", count=7, units=1, where=tuple(f"customers.csv:{n}" for n in range(7)))
    assert found(row) == [
        (
            "breaks",
            "critical",
            (
                f"{kind} BTC: 7 rows (customers.csv:0, customers.csv:1, customers.csv:2, customers.csv:3,"
                " customers.csv:4)"
            ),
        )
    ]


@pytest.mark.parametrize("kind", ["zero", "house-account", "out-of-scope"])
def test_liability_extract_only_notes_zeros_house_accounts_and_what_is_out_of_scope(kind: str) -> None:
    row = RowFinding(kind=kind, asset="", count=1, units=0, where=())
    assert found(row) == [("breaks", "note", f"{kind}: 1 row (the file as a whole)"), HOLDS]


def test_liability_extract_leaves_negative_rows_to_their_own_rule() -> None:
    row = RowFinding(kind="negative", asset="BTC", count=1, units=1, where=("customers.csv:2",))
    assert found(row) == [HOLDS]

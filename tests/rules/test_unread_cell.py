from __future__ import annotations

from tests.assess.inputs_factory import BITCOIN, BTC, CELLS, WALLETS, books, cell, inputs, wallet
from tests.rules.asking import ask

from reservecheck.rules.unread_cell import RULE


def test_unread_cell_holds_for_each_asset_that_was_read() -> None:
    assert ask(RULE, inputs())[0] == ("holds", "critical", "BTC: all 2 holdings were read")


def test_unread_cell_is_not_assessable_with_the_first_reasons() -> None:
    more = tuple(wallet(line, f"w{line}", BITCOIN, f"{line:04x}") for line in range(5, 9))
    cells = (*CELLS, *(cell(line.line, line.label, BTC, None, reason="timed out") for line in more))
    assert ask(RULE, inputs(wallets=(*WALLETS, *more), cells=cells))[0] == (
        "not-assessable",
        "critical",
        "BTC: 4 of 6 holdings were not read (w5: timed out; w6: timed out; w7: timed out; and 1 more)",
    )
    one = (*CELLS[:1], cell(2, "btc-treasury", BTC, None), *CELLS[2:])
    assert ask(RULE, inputs(cells=one))[0][2] == (
        "BTC: 1 of 2 holdings was not read (btc-treasury: no source answered)"
    )


def test_unread_cell_names_an_account_without_a_figure() -> None:
    said = ask(RULE, inputs(books=books(custodians=None, letters=None)))
    assert said[-1] == ("not-assessable", "critical", "vault: no custodian's figure was received")

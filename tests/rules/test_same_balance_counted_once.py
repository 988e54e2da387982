from __future__ import annotations

from tests.assess.inputs_factory import CELLS, ETHEREUM, TOKEN, cell, inputs, instrument, observation, registry
from tests.rules.asking import ask

from reservecheck.model.evidence import OnChainDecimals
from reservecheck.rules.same_balance_counted_once import RULE


def test_same_balance_counted_once_notes_what_is_shown_again() -> None:
    alias = f"{ETHEREUM}/erc20:0x99"
    rows = {**registry().instruments, alias: instrument(alias, "USDT", 6, same_balance_as=TOKEN)}
    said = tuple(OnChainDecimals(instrument=name, decimals=6, exchanges=()) for name in (TOKEN, alias))
    seen = observation((*CELLS, cell(3, "eth-hot", alias, 2_000 * 10**6)), decimals=said)
    assert ask(RULE, inputs(registry=registry(instruments=rows), observation=seen)) == [
        (
            "breaks",
            "note",
            f"eth-hot {alias}: 2,000 USDT shown again; {TOKEN} is counted, {alias} is not",
        )
    ]


def test_same_balance_counted_once_holds_elsewhere() -> None:
    assert ask(RULE, inputs()) == [("holds", "note", "no balance is shown by two instruments")]

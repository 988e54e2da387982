from __future__ import annotations

from tests.assess.inputs_factory import BITCOIN, BTC, CELLS, WALLETS, cell, inputs, wallet
from tests.rules.asking import ask

from reservecheck.model.words import WalletKind
from reservecheck.rules.coin_beyond_the_range import RULE

BEYOND_IT = " stand beyond its declared range, on"
INCOMPLETE = "(cold/{}); the declaration is not complete, and they do not decide"
BEYOND = tuple(
    wallet(10 + number, f"cold/{1000 + number}", BITCOIN, f"0014{number:02x}", kind=WalletKind.BEYOND_RANGE)
    for number in range(3)
)
LINES = (*WALLETS, *BEYOND)


def test_coin_beyond_the_range_breaks_for_each_descriptor_with_coins_there() -> None:
    units = (0, 25_000_000, 5)
    found = [cell(line.line, line.label, BTC, held) for line, held in zip(BEYOND, units, strict=True)]
    assert ask(RULE, inputs(wallets=LINES, cells=(*CELLS, *found))) == [
        (
            "breaks",
            "warning",
            f"cold: 0.25000005 BTC{BEYOND_IT} 2 of its scripts {INCOMPLETE.format(1001)}",
        )
    ]


def test_coin_beyond_the_range_holds_where_nothing_was_found() -> None:
    found = [cell(line.line, line.label, BTC, 0) for line in BEYOND]
    assert ask(RULE, inputs(wallets=LINES, cells=(*CELLS, *found))) == [
        ("holds", "warning", "3 holdings beyond the declared ranges were looked at, and nothing stands there")
    ]


def test_coin_beyond_the_range_is_not_assessable_where_a_script_was_not_read() -> None:
    found = [cell(BEYOND[0].line, BEYOND[0].label, BTC, 7)]
    found += [cell(line.line, line.label, BTC, None, reason="the node died") for line in BEYOND[1:]]
    assert ask(RULE, inputs(wallets=LINES, cells=(*CELLS, *found))) == [
        (
            "breaks",
            "warning",
            f"cold: 0.00000007 BTC{BEYOND_IT} 1 of its scripts {INCOMPLETE.format(1000)}",
        ),
        (
            "not-assessable",
            "warning",
            "2 of 3 holdings beyond the declared ranges were not read (cold/1001: the node died)",
        ),
    ]


def test_coin_beyond_the_range_does_not_apply_where_no_descriptor_has_a_gap() -> None:
    assert ask(RULE, inputs()) == [
        ("not-applicable", "warning", "there is nothing to look at in what was received")
    ]

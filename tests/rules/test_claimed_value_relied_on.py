from __future__ import annotations

from tests.assess.inputs_factory import books, custodian, engagement, inputs
from tests.rules.asking import ask

from reservecheck.rules.claimed_value_relied_on import RULE


def usdt(units: int, **changes: object) -> tuple[str, str, str]:
    register = books(custodians=(custodian("vault", "USDT", units * 10**18),), letters=(), **changes)
    return ask(RULE, inputs(books=register, engagement=engagement(assets=("USDT",))))[0]


def test_claimed_value_relied_on_is_not_assessable_where_only_claims_cover_what_is_owed() -> None:
    assert usdt(600) == (
        "not-assessable",
        "warning",
        "USDT: 600 are claimed only; with statements the ratio would be 104.00 %",
    )


def test_claimed_value_relied_on_holds_where_claims_do_not_turn_the_answer() -> None:
    assert usdt(100) == ("holds", "warning", "USDT: 100 are claimed only, and do not turn the answer")


def test_claimed_value_relied_on_holds_without_claims() -> None:
    assert ask(RULE, inputs())[0] == ("holds", "warning", "BTC: no value that could count is claimed only")

from __future__ import annotations

from tests.assess.inputs_factory import BITCOIN, WALLETS, inputs, wallet
from tests.rules.asking import ask

from reservecheck.rules.shared_wallet import RULE


def test_shared_wallet_is_not_assessable_for_each_wallet_others_use() -> None:
    omnibus = wallet(5, "omnibus", BITCOIN, "0014cc", shared_with=("kaede-eu", "kaede-pay"))
    assert ask(RULE, inputs(wallets=(*WALLETS, omnibus))) == [
        (
            "not-assessable",
            "warning",
            "omnibus: shared with kaede-eu, kaede-pay, whose liabilities are not in the file",
        )
    ]


def test_shared_wallet_holds_where_none_is_said_to_be() -> None:
    assert ask(RULE, inputs()) == [("holds", "warning", "no declared wallet is said to be shared")]

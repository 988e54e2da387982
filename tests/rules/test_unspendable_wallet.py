from __future__ import annotations

from tests.assess.inputs_factory import ETHEREUM, TOKEN, WALLETS, inputs, wallet
from tests.rules.asking import ask

from reservecheck.rules.unspendable_wallet import RULE


def test_unspendable_wallet_breaks_for_burn_addresses_and_token_contracts() -> None:
    contract = TOKEN.rpartition(":")[2]
    lines = (wallet(5, "burn", ETHEREUM, "0x" + "00" * 20), wallet(6, "usdt", ETHEREUM, contract))
    assert ask(RULE, inputs(wallets=(*WALLETS, *lines))) == [
        (
            "breaks",
            "critical",
            f"burn: 0x{'00' * 20} on eip155:31337 does not count, because it is nobody's own",
        ),
        (
            "breaks",
            "critical",
            f"usdt: {contract} on eip155:31337 does not count, because it is a token's own contract",
        ),
    ]


def test_unspendable_wallet_holds_elsewhere() -> None:
    assert ask(RULE, inputs()) == [
        ("holds", "critical", "no declared wallet is a burn address or a token's own contract")
    ]

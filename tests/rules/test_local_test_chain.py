from __future__ import annotations

from dataclasses import replace

from tests.assess.inputs_factory import BITCOIN, ETHEREUM, engagement, inputs, network, registry
from tests.rules.asking import ask

from reservecheck.rules.local_test_chain import RULE

REAL = engagement(rehearsal=False)
PUBLIC = {
    BITCOIN: replace(network(BITCOIN, "bitcoind"), public=True),
    ETHEREUM: replace(network(ETHEREUM, "evm"), public=True),
}


def test_local_test_chain_breaks_for_each_test_chain_where_it_is_no_rehearsal() -> None:
    assert ask(RULE, inputs(engagement=REAL)) == [
        ("breaks", "critical", f"{name}: a test chain, where coins cost nothing; this is no rehearsal")
        for name in (BITCOIN, ETHEREUM)
    ]


def test_local_test_chain_holds_where_every_chain_is_public() -> None:
    said = ask(RULE, inputs(engagement=REAL, registry=registry(networks=PUBLIC)))
    assert said == [("holds", "critical", "no holding was declared on a test chain")]


def test_local_test_chain_is_not_asked_in_a_rehearsal() -> None:
    said = ask(RULE, inputs())
    assert said == [("not-applicable", "critical", "a rehearsal: test chains are what it is about")]

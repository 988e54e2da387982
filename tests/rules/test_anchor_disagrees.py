from __future__ import annotations

from tests.assess.inputs_factory import BITCOIN, inputs, observation, pin
from tests.rules.asking import ask

from reservecheck.rules.anchor_disagrees import RULE

BLOCK = "block 145 abababababababababababababababababababababababababababababababab"


def test_anchor_disagrees_holds_where_the_block_is_known_from_elsewhere() -> None:
    known = pin(BITCOIN, anchors=("own-node, the practitioner's own source", "an explorer"))
    assert ask(RULE, inputs(observation=observation(pins=(known,)))) == [
        (
            "holds",
            "critical",
            f"bitcoin:regtest: {BLOCK} is known from own-node, the practitioner's own source; an explorer",
        )
    ]


def test_anchor_disagrees_breaks_where_another_hash_was_looked_up() -> None:
    opposed = pin(BITCOIN, against=("an explorer says cdcd",))
    words = f"bitcoin:regtest: everything was read at {BLOCK}, but an explorer says cdcd"
    assert ask(RULE, inputs(observation=observation(pins=(opposed,)))) == [("breaks", "critical", words)]


def test_anchor_disagrees_asks_nothing_of_a_block_nobody_knows() -> None:
    words = f"bitcoin:regtest: nobody here knows {BLOCK} from elsewhere, so nothing is proven"
    assert ask(RULE, inputs(observation=observation(pins=(pin(BITCOIN),)))) == [
        ("not-applicable", "critical", words)
    ]

from __future__ import annotations

from tests.assess.inputs_factory import BITCOIN, engagement, inputs, observation, pin
from tests.rules.asking import ask

from reservecheck.model.engagement import Deciding
from reservecheck.model.words import Evidence
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


def test_anchor_disagrees_is_not_assessable_where_the_policy_asks_for_proof() -> None:
    strict = engagement(deciding=Deciding(evidence=Evidence.PROVEN))
    given = inputs(engagement=strict, observation=observation(pins=(pin(BITCOIN),)))
    words = (
        f"bitcoin:regtest: nobody here knows {BLOCK} from elsewhere, so nothing is proven to it:"
        " look its hash up and give it with --anchors"
    )
    assert ask(RULE, given) == [("not-assessable", "critical", words)]

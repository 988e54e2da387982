from __future__ import annotations

from tests.assess.inputs_factory import BTC, CELLS, cell, inputs
from tests.rules.asking import ask

from reservecheck.model.words import Evidence
from reservecheck.rules.source_run_by_the_entity import RULE


def test_source_run_by_the_entity_is_not_assessable_for_the_network_it_answered_for() -> None:
    own = cell(1, "btc-hot", BTC, 1, evidence=Evidence.CLAIMED)
    unread = cell(3, "eth-hot", CELLS[2].instrument, None)
    assert ask(RULE, inputs(cells=(own, CELLS[1], unread))) == [
        (
            "not-assessable",
            "warning",
            "bitcoin:regtest: 1 of 2 holdings rests on a source the entity runs, and is claimed only",
        )
    ]


def test_source_run_by_the_entity_holds_where_others_answered() -> None:
    assert ask(RULE, inputs())[0] == (
        "holds",
        "warning",
        "bitcoin:regtest: 2 holdings, none read from the entity's own source",
    )


def test_source_run_by_the_entity_has_nothing_to_look_at_where_nothing_was_read() -> None:
    assert ask(RULE, inputs(cells=())) == [
        ("not-applicable", "warning", "there is nothing to look at in what was received")
    ]

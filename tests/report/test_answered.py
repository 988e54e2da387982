from __future__ import annotations

from dataclasses import replace

import pytest
from tests.assess.drawn_inputs import FOLLOWS, STATED, answers, asked, confirmations
from tests.assess.inputs_factory import inputs

from reservecheck.assess.positions import position
from reservecheck.model.assessment import Inputs
from reservecheck.report.figures import asset_notes, cash_notes

SAID = "agreed directly, 0 by way of the entity, 0 said otherwise"


def about(given: Inputs, asset: str = "BTC") -> list[str]:
    """The notes of an asset that are about its customers' answers."""
    seen = position(given)
    notes = (*asset_notes(seen), *cash_notes(seen))
    return [note for note in notes if note.startswith(f"{asset}: ") and ("drawn" in note or "confidence" in note)]


def test_nothing_is_said_where_nobody_was_drawn() -> None:
    assert about(inputs()) == []
    assert about(asked(confirmations([answers("BTC", agreed=0)]))) == []
    assert about(asked(confirmations([answers("ETH")]))) == []
    assert about(asked(draw=None)) == []


@pytest.mark.parametrize(("method", "where"), FOLLOWS)
def test_what_all_who_were_drawn_agree_to_is_said_with_what_it_rests_on(method: str, where: str) -> None:
    for asset in ("BTC", "JPY"):
        assert about(asked(draw=replace(STATED, method=method)), asset) == [
            (
                f"{asset}: 55 customers were drawn by block 200 of bitcoin:regtest in 60 draws by {method}: 55"
                f" {SAID}, 0 did not reply, 0 not listed"
            ),
            f"{asset}: at 95 % confidence, of this asset alone, at most 4.88 % {where}",
        ]


def test_answers_that_lift_no_grade_are_counted_all_the_same() -> None:
    one = "BTC: 1 customer was drawn by block 200 of bitcoin:regtest in 60 draws by amount"
    assert about(asked(confirmations([answers("BTC", agreed=0, no_reply=1)]))) == [
        f"{one}: 0 {SAID}, 1 did not reply, 0 not listed"
    ]

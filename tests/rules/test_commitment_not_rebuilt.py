from __future__ import annotations

from dataclasses import replace

from tests.assess.inputs_factory import ROOT, books, committed, inputs, liabilities, tree
from tests.rules.asking import Said, ask

from reservecheck.model.committed import Committed, Rebuilt
from reservecheck.rules.commitment_not_rebuilt import RULE


def said(stated: Committed | None) -> Said:
    return ask(RULE, inputs(books=books(liabilities=liabilities(commitment=stated))))


def test_commitment_not_rebuilt_has_nothing_to_ask_without_a_commitment() -> None:
    assert said(None) == [("not-applicable", "note", "there is nothing to look at in what was received")]


def test_commitment_not_rebuilt_notes_every_root_that_was_only_stated() -> None:
    other = replace(tree("ETH", 5), rebuilt=Rebuilt(root="77" * 32, total=5))
    stated = (
        f"BTC: the root {ROOT} was stated, and nobody built its tree again from the customer rows:"
        " give run --commitment-secret"
    )
    assert said(committed((tree("BTC", 98 * 10**8), other))) == [
        ("breaks", "note", stated),
        ("holds", "note", "ETH: the tree committed to was built again from the customer rows"),
    ]

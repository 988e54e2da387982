"""A commitment has a tree for every asset that is owed."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.money import format_amount
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each asset owed, cash as well, where anything was committed to at all."""
    owed = position.inputs.books.liabilities
    if owed.commitment is None:
        return
    for asset in sorted({line.asset for line in owed.lines if line.gross}):
        there = owed.commitment.tree(asset) is not None
        gross = format_amount(owed.gross(asset), position.inputs.registry.assets[asset].decimals)
        outcome = Answer.HOLDS if there else Answer.BREAKS
        yield Answered(subject=asset, outcome=outcome, values={"owed": gross})


RULE = Rule(
    id="owed_without_a_tree",
    title="Every asset owed has a tree in the commitment",
    severity=Severity.WARNING,
    ask=ask,
)

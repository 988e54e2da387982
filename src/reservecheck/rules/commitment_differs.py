"""What the entity committed to is what its customer rows say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reservecheck.assess.committed_moment import committed_moment
from reservecheck.commitment.moment_named import Named
from reservecheck.model.assessment import Position
from reservecheck.model.committed import Committed, CommittedTree
from reservecheck.model.words import Answer, Severity
from reservecheck.money import format_amount
from reservecheck.rules.rule import Answered, Rule

_SAME: Final = frozenset({"stated", "rebuilt"})


def ask(position: Position) -> Iterator[Answered]:
    """One answer for the commitment, and one for each of its trees: the first thing that differs."""
    stated = position.inputs.books.liabilities.commitment
    if stated is None:
        return
    yield _whose(stated, position)
    for tree in stated.trees:
        yield _tree(tree, position)


def _whose(stated: Committed, position: Position) -> Answered:
    entity = position.inputs.entity
    values = {"stated": stated.entity, "entity": entity, "snapshot": stated.snapshot}
    case, outcome, severity = "whose", Answer.HOLDS, None
    named = committed_moment(stated, position.inputs)
    if stated.entity != entity:
        outcome = Answer.BREAKS
    elif named is Named.OTHER:
        values["cutoff"] = position.inputs.engagement.cutoff
        case, outcome = "another moment", Answer.BREAKS
    elif named is Named.NONE:
        case, outcome, severity = "no moment", Answer.NOT_ASSESSABLE, Severity.NOTE
    return Answered(subject="commitment", outcome=outcome, case=case, values=values, severity=severity)


def _tree(tree: CommittedTree, position: Position) -> Answered:
    owed, row = position.inputs.books.liabilities, position.inputs.registry.assets.get(tree.asset)
    gross = owed.gross(tree.asset)
    values = {"committed": format_amount(tree.total, tree.decimals), "root": tree.root}
    if row is None:
        case = "unknown"
    elif tree.asset not in {line.asset for line in owed.lines}:
        case = "not owed"
    elif tree.decimals != row.decimals:
        values |= {"stated": str(tree.decimals), "decimals": str(row.decimals)}
        case = "decimals"
    else:
        values["owed"] = format_amount(gross, row.decimals)
        case, more = ("total", {}) if tree.total != gross else _rows(tree)
        values |= more
    outcome = Answer.HOLDS if case in _SAME else Answer.BREAKS
    return Answered(subject=tree.asset, outcome=outcome, case=case, values=values)


def _rows(tree: CommittedTree) -> tuple[str, dict[str, str]]:
    """What the customer rows say of a tree whose total is right."""
    if tree.rebuilt is None:
        return "stated", {}
    if tree.is_rebuilt:
        return "rebuilt", {}
    if not tree.rebuilt.root:
        return "too low", {"height": str(tree.height)}
    rows_total = format_amount(tree.rebuilt.total, tree.decimals)
    return "root", {"rows_root": tree.rebuilt.root, "rows_total": rows_total}


RULE = Rule(
    id="commitment_differs",
    title="What was committed to is what the customer rows say",
    severity=Severity.CRITICAL,
    ask=ask,
)

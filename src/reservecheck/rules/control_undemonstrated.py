"""Where the policy asks for control, no asset is covered only with coins nobody has shown control of."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Control, Severity
from reservecheck.rules.figures import amount, covered, owed_assets
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each asset owed; not applicable where the policy asks for nothing."""
    asked = position.inputs.engagement.deciding.control
    if asked is Control.UNDEMONSTRATED:
        yield Answered(subject="policy", outcome=Answer.NOT_APPLICABLE)
        return
    for asset in owed_assets(position):
        missing = sum(row.amount for row in asset.excluded if row.reason.startswith("control "))
        outcome = Answer.NOT_ASSESSABLE if missing and not covered(asset) else Answer.HOLDS
        case = "" if missing else "none"
        values = {"undemonstrated": amount(missing, asset), "policy": str(asked)}
        yield Answered(subject=asset.asset, outcome=outcome, case=case, values=values)


RULE = Rule(
    id="control_undemonstrated",
    title="Control of what is needed was demonstrated",
    severity=Severity.WARNING,
    ask=ask,
)

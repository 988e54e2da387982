"""No asset is covered only with value that a statement claims."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.assess.assets import ratio
from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.figures import amount, covered, owed_assets, percent
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each asset owed."""
    for asset in owed_assets(position):
        claimed = sum(row.amount for row in asset.excluded if row.reason == "claimed only")
        needed = not covered(asset) and asset.deciding.held + claimed >= asset.owed - asset.tolerance
        outcome = Answer.NOT_ASSESSABLE if needed and claimed else Answer.HOLDS
        case = "" if claimed else "none"
        with_claims = ratio(asset.deciding.held + claimed, asset.owed)
        values = {"claimed": amount(claimed, asset), "with_claims": percent(with_claims)}
        yield Answered(subject=asset.asset, outcome=outcome, case=case, values=values)


RULE = Rule(
    id="claimed_value_relied_on",
    title="Claimed value is not needed to cover what is owed",
    severity=Severity.WARNING,
    ask=ask,
)

"""No wallet is shared with entities whose liabilities are not in the file."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each shared wallet."""
    shared = [wallet for wallet in position.inputs.wallets if wallet.shared_with]
    for wallet in shared:
        values = {"entities": ", ".join(wallet.shared_with)}
        yield Answered(subject=wallet.label, outcome=Answer.NOT_ASSESSABLE, values=values)
    if not shared:
        yield Answered(subject="wallets", outcome=Answer.HOLDS)


RULE = Rule(
    id="shared_wallet",
    title="No wallet is shared with other entities",
    severity=Severity.WARNING,
    ask=ask,
)

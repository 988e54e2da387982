"""No declared wallet is a burn address or a token's own contract."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each declared wallet that its declarer cannot spend from."""
    for wallet in position.unspendable:
        values = {"network": wallet.network, "identity": wallet.identity, "reason": wallet.reason}
        yield Answered(subject=wallet.label, outcome=Answer.BREAKS, values=values)
    if not position.unspendable:
        yield Answered(subject="wallets", outcome=Answer.HOLDS)


RULE = Rule(
    id="unspendable_wallet",
    title="Somebody can spend from every declared wallet",
    severity=Severity.CRITICAL,
    ask=ask,
)

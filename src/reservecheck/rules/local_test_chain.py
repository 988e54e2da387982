"""Where it is no rehearsal, no holding stands on a test chain, local or public, where coins cost nothing."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each test chain declared; not applicable to a rehearsal."""
    if position.inputs.engagement.rehearsal:
        yield Answered(subject="engagement", outcome=Answer.NOT_APPLICABLE)
        return
    networks = position.inputs.registry.networks
    declared = {wallet.network for wallet in position.inputs.wallets} & networks.keys()
    local = sorted(name for name in declared if not networks[name].public)
    for name in local:
        yield Answered(subject=name, outcome=Answer.BREAKS)
    if not local:
        yield Answered(subject="networks", outcome=Answer.HOLDS)


RULE = Rule(
    id="local_test_chain",
    title="No coins on a test chain count for anything but a rehearsal",
    severity=Severity.CRITICAL,
    ask=ask,
)

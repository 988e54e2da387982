"""No two sources of a network say different things: a contradiction is never outvoted in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.evidence import Disagreement
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule

SHOWN = 3


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each network of which more than one source was asked."""
    observation = position.inputs.observation
    asked = Counter(seen.network for seen in observation.sources)
    used = Counter(seen.network for seen in observation.sources if not seen.left_out)
    for network, sources in sorted(asked.items()):
        found = [one for one in observation.disagreements if one.network == network]
        if found:
            values = {"count": str(len(found)), "first": _first(found), "sources": str(sources)}
            yield Answered(subject=network, outcome=Answer.BREAKS, values=values)
        elif sources > 1:
            outcome = Answer.HOLDS if used[network] > 1 else Answer.NOT_APPLICABLE
            values = {"sources": str(sources), "used": str(used[network])}
            yield Answered(subject=network, outcome=outcome, values=values)


def _first(found: list[Disagreement]) -> str:
    shown = [_words(one) for one in found[:SHOWN]]
    rest = len(found) - len(shown)
    return "; ".join([*shown, f"and {rest} more"] if rest else shown)


def _words(one: Disagreement) -> str:
    about = " ".join(filter(None, (one.subject, one.instrument)))
    said = ", ".join(f"{said.source} says {said.value}" for said in one.said)
    return f"{about}: {said}" + ("" if one.settled else ", and nothing was taken")


RULE = Rule(
    id="sources_disagree",
    title="No sources of a network say different things",
    severity=Severity.CRITICAL,
    ask=ask,
)

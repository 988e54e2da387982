"""What letters say equals what the books say, to the smallest unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.books import Letter
from reservecheck.model.words import Answer, Severity
from reservecheck.money import format_amount
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each letter."""
    books = _books(position)
    for letter in position.inputs.books.letters or ():
        book = books.get((letter.subject, letter.label, letter.asset))
        decimals = position.inputs.registry.assets[letter.asset].decimals
        outcome, case = _answer(letter, book)
        yield Answered(
            subject=f"letter {letter.id}",
            outcome=outcome,
            case=case,
            severity=Severity.NOTE if case == "copy" else None,
            values={
                "label": letter.label,
                "asset": letter.asset,
                "letter": format_amount(letter.units, decimals),
                "book": "nothing" if book is None else format_amount(book, decimals),
                "from": letter.from_,
                "received_on": letter.received_on or "not received",
            },
        )


def _answer(letter: Letter, book: int | None) -> tuple[Answer, str]:
    if letter.channel != "direct":
        return Answer.NOT_ASSESSABLE, "copy"
    if not letter.received_on:
        return Answer.NOT_ASSESSABLE, ""
    if book is None:
        return Answer.BREAKS, "undeclared"
    return (Answer.HOLDS, "") if letter.units == book else (Answer.BREAKS, "")


def _books(position: Position) -> dict[tuple[str, str, str], int]:
    """(subject, label, asset) → what the entity's register says."""
    result: dict[tuple[str, str, str], int] = defaultdict(int)
    for line in position.inputs.books.cash or ():
        result["cash", line.label, line.currency] += line.units
    for row in position.inputs.books.custodians or ():
        result["custody", row.label, row.asset] += row.units
    return dict(result)


RULE = Rule(
    id="letters_disagree",
    title="Letters received directly say what the books say",
    severity=Severity.CRITICAL,
    ask=ask,
)

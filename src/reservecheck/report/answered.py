"""What customers who were drawn answered, beside what they are owed, and what follows where all of them agree."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reservecheck.model.assessment import Position
from reservecheck.model.confirmations import SHARE_PLACES
from reservecheck.model.words import Grade
from reservecheck.money import percent_up
from reservecheck.rules.words_owed import BOUND


def answer_notes(position: Position, asset: str, grade: Grade) -> Iterator[str]:
    """A line of counts where somebody was drawn, and one of what they are worth at grade L3."""
    kept, stated = position.inputs.books.confirmations, position.inputs.books.liabilities.commitment
    answers = None if kept is None else kept.of(asset)
    if kept is None or answers is None or not answers.drawn or stated is None or stated.draw is None:
        return
    by, method = kept.drawn_by, stated.draw.method
    who = "1 customer was" if answers.drawn == 1 else f"{answers.drawn} customers were"
    said = (
        f"{answers.agreed} agreed directly, {answers.via_entity} by way of the entity, "
        f"{answers.differing} said otherwise, {answers.no_reply} did not reply, {answers.left_out} not listed"
    )
    yield f"{asset}: {who} drawn by block {by.height} of {by.network} in {answers.draws} draws by {method}: {said}"
    if grade is Grade.TESTED:
        share = percent_up(Fraction(answers.untested, SHARE_PLACES))
        yield f"{asset}: at 95 % confidence, of this asset alone, at most {share} % {BOUND[method]}"

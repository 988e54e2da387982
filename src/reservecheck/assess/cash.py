"""Bank money against cash owed, a currency at a time: broad, segregated as declared, and what decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from reservecheck.assess.assets import CASH, perimeter, ratio
from reservecheck.assess.grades import committed_tree, grade
from reservecheck.assess.policy import tolerance
from reservecheck.assess.statements import confirmations
from reservecheck.model.assessment import CashPosition, Held, Inputs
from reservecheck.model.books import CashLine
from reservecheck.model.words import Title


class Account(NamedTuple):
    """One bank account: what the books say, and what a letter received directly says (None: there is none)."""

    label: str
    segregated: bool  # customer or trust title, as declared
    book: int
    letter: int | None

    @property
    def attainable(self) -> int:
        """The book's figure, no more than the letter's."""
        return self.book if self.letter is None else max(min(self.book, self.letter), 0)


def cash_positions(inputs: Inputs) -> tuple[CashPosition, ...]:
    """Every currency that is owed, held or in the perimeter, in alphabetical order."""
    assets = inputs.registry.assets
    named = {line.asset for line in inputs.books.liabilities.lines} | perimeter(inputs)
    currencies = {asset for asset in named if assets[asset].kind == CASH}
    currencies |= {line.currency for line in inputs.books.cash or ()}
    return tuple(_cash_position(currency, inputs) for currency in sorted(currencies))


def accounts(currency: str, inputs: Inputs) -> tuple[Account, ...]:
    """The accounts in one currency by label; lines under one label are one account, segregated only if all are."""
    lines: dict[str, list[CashLine]] = defaultdict(list)
    for line in inputs.books.cash or ():
        if line.currency == currency:
            lines[line.label].append(line)
    letters = confirmations(inputs.books.letters or (), subject="cash")
    return tuple(_account(label, group, letters.get((label, currency))) for label, group in sorted(lines.items()))


def _account(label: str, group: Sequence[CashLine], letter: int | None) -> Account:
    return Account(
        label=label,
        segregated=all(line.title is not Title.COMPANY for line in group),
        book=sum(line.units for line in group),
        letter=letter,
    )


def _cash_position(currency: str, inputs: Inputs) -> CashPosition:
    decimals = inputs.registry.assets[currency].decimals
    owed = sum(line.gross for line in inputs.books.liabilities.lines if line.asset == currency)
    every = accounts(currency, inputs)
    customers = [account for account in every if account.segregated]
    broad = sum(account.book for account in every)
    segregated = sum(account.book for account in customers)
    pledged = sum(max(row.units, 0) for row in inputs.books.encumbrances or () if row.asset == currency)
    attainable = max(sum(account.attainable for account in customers) - pledged, 0)
    confirmed_customers = sum(account.attainable for account in customers if account.letter is not None)
    accepted = inputs.engagement.accept.cash_titles
    deciding = max(confirmed_customers - pledged, 0) if accepted else 0
    return CashPosition(
        currency=currency,
        decimals=decimals,
        owed=owed,
        grade=grade(currency, inputs),
        commitment=committed_tree(currency, inputs),
        deciding=Held(held=deciding, ratio=ratio(deciding, owed)),
        segregated=Held(held=segregated, ratio=ratio(segregated, owed)),
        broad=Held(held=broad, ratio=ratio(broad, owed)),
        confirmed=sum(account.attainable for account in every if account.letter is not None),
        asserted=inputs.books.cash is not None,
        attainable=attainable,
        tolerance=tolerance(inputs.engagement, currency, decimals),
    )

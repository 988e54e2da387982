"""One sentence for each kind of thing a look at the customers' side finds, and for each comparison not made.

Sentences give figures and never a verdict. No single balance is repeated: where columns are swapped it is an id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from reservecheck.model.liability_check import Doubt
from reservecheck.money import grouped
from reservecheck.rules.words import Shown

_AMOUNT: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_UNGROUPED: Final = frozenset({"ratio", "share", "of_previous"})

SENTENCES: Final[Mapping[str, str]] = {
    "above-supply": "{owed} are owed, and the protocol never lets more than {most} exist",
    "owed-above-held": "{owed} are owed, and {held} are held in all: {ratio} %",
    "owed-above-read": "{owed} are owed, and {held} were read: {ratio} %; holdings not read: {unread}",
    "row-above-held": "one row alone is more than all {held} that are held: {share} % of what is owed",
    "jump": "{owed} are owed, {previous} were last time: {of_previous} % of it",
    "newly-owed": "{owed} are owed, none were last time",
    "one-large-balance": "one row of {rows} is {share} % of what is owed",
    "coarse-balances": (
        "every balance of {rows:# row|# rows} is a multiple of {step}:"
        " cut off there, they fall short by up to {worst}"
    ),
    "many-coarse-balances": (
        "{rows} of {of} balances are multiples of {step}: cut off there, they fall short by up to {worst}"
    ),
    "negative": "{count:# row|# rows} below zero, {amount} together, which takes nothing off what is owed",
    "zero": "{count:# row|# rows} of zero",
    "duplicate": (
        "{count:# row|# rows} with the customer, asset and class of another, {amount} together; they are summed"
    ),
    "look-alike-id": "{count:# customer's id looks|# customers' ids look} like another one",
    "house-account": "{count:# row|# rows} of the house, {amount} together, and owed all the same",
    "out-of-scope": "{count:# row|# rows}, out of scope by the engagement; no amount was read",
    "ticker": "{count:# row|# rows} under a name of the ledger's own, {amount} together",
    "mismatch-rows": "the number of rows is not the extract's own, by {count}",
    "mismatch-total": "the total is not the extract's own, by {amount}",
    "mismatch-ledger": "the total is not the general ledger's, by {amount}",
    "class-unlisted": "{count:# row|# rows} of classes the checklist does not have",
    "class-absent": "a class of the checklist is not there",
    "class-contradicted": "a class is there that somebody asserted not to be",
    "classes-not-stated": "product classes are not stated: earn, margin or others may be missing",
    "totals-only": "only totals were received, nobody summed customers' rows",
    "as-of-not-stated": "the snapshot does not state as of when the extract is; the cut-off is {cutoff}",
    "as-of": "the extract is as of {as_of}, {difference} the cut-off {cutoff}",
    "outside-the-perimeter": (
        "{owed} are owed, and the engagement neither includes the asset nor lists it out of scope"
    ),
}

NOT_COMPARED: Final[Mapping[str, str]] = {
    "cutoff": "the extract's date with a cut-off: there is no engagement.toml",
    "rows": "the number of rows: the extract does not state it",
    "totals": "totals with the extract's own: it states none",
    "ledger": "totals with the general ledger: there is no ledger.csv",
    "commitment": "totals and roots with commitment.json: a run compares them",
    "pending": "withdrawals under way: there is no register of reconciling items, so none are asserted",
    "previous": "totals with last time: neither --previous nor previous.csv",
    "held": "totals with what is held: neither --evidence nor --held",
    "cash": "cash owed with cash held: there is no cash register",
}


def sentence(doubt: Doubt) -> str:
    """The doubt in words, its asset first."""
    values = {name: Shown(_shown(name, value)) for name, value in doubt.values.items()}
    said = SENTENCES[doubt.kind].format(**values)
    return f"{doubt.asset}: {said}" if doubt.asset else said


def _shown(name: str, value: str) -> str:
    return grouped(value) if name not in _UNGROUPED and _AMOUNT.fullmatch(value) else value

"""What rules say in English: one sentence for each (rule, outcome, case). `{subject}` and the values fill it.

Sentences give figures and never a verdict: "the ratio is 103.00 %", not that somebody is sound.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from reservecheck.model.words import Answer
from reservecheck.money import grouped
from reservecheck.rules.words_owed import OWED

_HOLDS, _BREAKS = Answer.HOLDS, Answer.BREAKS
_UNKNOWN, _NOT_ASKED = Answer.NOT_ASSESSABLE, Answer.NOT_APPLICABLE


AMOUNTS: Final = frozenset(
    {
        *("owed", "deciding", "shortfall", "missing", "segregated", "attainable", "broad", "claimed"),
        *("undemonstrated", "letter", "book", "negative", "gross", "net", "amount", "committed", "rows_total"),
        *("owed_more", "owed_less"),
    }
)
"""Values that are amounts: in sentences they are grouped as in the tables, in JSON they are plain."""


_AMOUNT: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def words(rule: str, outcome: Answer, case: str, subject: str, values: Mapping[str, str]) -> str:
    """The sentence, filled in; raises KeyError where there is none."""
    if case == "nothing":
        return "there is nothing to look at in what was received"
    shown = {name: Shown(_shown(name, value)) for name, value in values.items()}
    return CATALOGUE[rule, outcome, case].format(subject=subject, **shown)


class Shown(str):
    """A value in a sentence: `{rows:# row|# rows}` says the first of one and the second of any other number."""

    __slots__ = ()

    def __format__(self, forms: str) -> str:
        one, _, many = forms.partition("|")
        return (one if self == "1" else many).replace("#", self) if forms else str(self)


def _shown(name: str, value: str) -> str:
    """Amounts grouped; everything else, and an amount nobody knows, as it is."""
    return grouped(value) if name in AMOUNTS and _AMOUNT.fullmatch(value) else value


CATALOGUE: Final[Mapping[tuple[str, Answer, str], str]] = {
    **OWED,
    ("asset_shortfall", _HOLDS, ""): "{subject}: the ratio is {ratio} %: {deciding} decide, {owed} are owed",
    ("asset_shortfall", _HOLDS, "at least"): (
        "{subject}: the ratio is at least {ratio} % of what was read: {deciding} decide, {owed} are owed"
    ),
    ("asset_shortfall", _BREAKS, ""): (
        "{subject}: the ratio is {ratio} %: {deciding} decide, {owed} are owed, {shortfall} are missing"
        " (left out: {left_out})"
    ),
    ("asset_shortfall", _BREAKS, "even then"): (
        "{subject}: the ratio is {ratio} %: {deciding} decide, {owed} are owed, {shortfall} are not shown;"
        " even if all that could be accepted is, {missing} are missing (left out: {left_out})"
    ),
    ("asset_shortfall", _UNKNOWN, ""): (
        "{subject}: {deciding} decide, {owed} are owed, {shortfall} are not shown; left out: {left_out}"
    ),
    ("asset_shortfall", _UNKNOWN, "unknown"): (
        "{subject}: the ratio is not known, because {why}; left out: {left_out}"
    ),
    ("asset_shortfall", _NOT_ASKED, ""): "{subject}: none owed in the file received",
    ("asset_shortfall", _NOT_ASKED, "outside"): "{subject}: not in the perimeter",
    ("cash_shortfall", _HOLDS, ""): (
        "{subject}: the ratio of segregated, confirmed money is {ratio} %: {deciding} against {owed} owed"
    ),
    ("cash_shortfall", _BREAKS, ""): (
        "{subject}: {owed} are owed, and only {attainable} stand in segregated accounts free of other claims"
        " (segregated as declared {segregated}, all accounts {broad})"
    ),
    ("cash_shortfall", _UNKNOWN, "no register"): "{subject}: {owed} are owed, and no cash register was received",
    ("cash_shortfall", _UNKNOWN, "unconfirmed"): (
        "{subject}: {owed} are owed; of {segregated} segregated as declared, letters received directly confirm"
        " {deciding}"
    ),
    ("cash_shortfall", _UNKNOWN, "titles"): (
        "{subject}: {owed} are owed; {segregated} are segregated as declared, and the engagement accepts no"
        " declared titles"
    ),
    ("cash_shortfall", _NOT_ASKED, ""): "{subject}: none owed in the file received",
    ("cash_shortfall", _NOT_ASKED, "outside"): "{subject}: not in the perimeter",
    ("owed_but_nothing_declared", _HOLDS, ""): "{subject}: {holdings:# holding was|# holdings were} looked at",
    ("owed_but_nothing_declared", _BREAKS, ""): "{subject}: {owed} are owed, and no holding was declared",
    ("unread_cell", _HOLDS, ""): "{subject}: {holdings:its one holding was|all # holdings were} read",
    (
        "unread_cell",
        _UNKNOWN,
        "",
    ): "{subject}: {unread} of {holdings:# holding|# holdings} {unread:was|were} not read ({first})",
    ("unread_cell", _UNKNOWN, "line"): "{subject}: {reason}",
    ("claimed_value_relied_on", _HOLDS, "none"): "{subject}: no value that could count is claimed only",
    ("claimed_value_relied_on", _HOLDS, ""): "{subject}: {claimed} are claimed only, and do not turn the answer",
    ("claimed_value_relied_on", _UNKNOWN, ""): (
        "{subject}: {claimed} are claimed only; with statements the ratio would be {with_claims} %"
    ),
    ("control_undemonstrated", _HOLDS, "none"): "{subject}: no coins were left out for want of shown keys",
    ("control_undemonstrated", _HOLDS, ""): (
        "{subject}: covered without the {undemonstrated} whose keys nobody has shown"
    ),
    ("control_undemonstrated", _UNKNOWN, ""): (
        "{subject}: nobody has shown as the policy asks ({policy}) who holds the keys of {undemonstrated}"
    ),
    ("control_undemonstrated", _NOT_ASKED, ""): "the policy does not ask who holds the keys",
    (
        "source_run_by_the_entity",
        _HOLDS,
        "",
    ): "{subject}: {holdings:# holding|# holdings}, none read from the entity's own source",
    ("source_run_by_the_entity", _UNKNOWN, ""): (
        "{subject}: {own} of {holdings:# holding|# holdings} "
        "{own:rests on a source the entity runs, and is|rest on a source the entity runs, and are} claimed only"
    ),
    (
        "sources_disagree",
        _HOLDS,
        "",
    ): "{subject}: {used} of {sources:# source was|# sources were} used, and nothing they say differs",
    ("sources_disagree", _NOT_ASKED, ""): (
        "{subject}: {used} of {sources} sources could be used, and there is nothing to compare"
    ),
    ("sources_disagree", _BREAKS, ""): "{subject}: its sources differ {count:once|# times} ({first})",
    ("anchor_disagrees", _HOLDS, ""): "{subject}: {block} is known from {known}",
    (
        "anchor_disagrees",
        _NOT_ASKED,
        "",
    ): "{subject}: nobody here knows {block} from elsewhere, so nothing is proven",
    ("anchor_disagrees", _UNKNOWN, ""): (
        "{subject}: nobody here knows {block} from elsewhere, so nothing is proven to it: look its hash up and give"
        " it with --anchors"
    ),
    ("anchor_disagrees", _NOT_ASKED, "next"): (
        "{subject}: nobody here knows {block} and the one after it from elsewhere, so nothing is proven"
    ),
    ("anchor_disagrees", _UNKNOWN, "next"): (
        "{subject}: nobody here knows {block} and the one after it from elsewhere, so nothing is proven to it: look"
        " up its hash, and that of {next}, which is to be later than the cut-off, and give both with --anchors"
    ),
    ("anchor_disagrees", _BREAKS, ""): "{subject}: everything was read at {block}, but {known}",
    ("unproven_holding", _HOLDS, ""): "{subject}: what {source} did not prove, another source did",
    ("unproven_holding", _BREAKS, ""): (
        "{subject}: proofs were asked for, and {bare} of {read:# holding|# holdings} {bare:is|are} unproven"
        " ({source}: {reason})"
    ),
    ("source_left_out", _HOLDS, ""): "{subject} was used for {network}",
    (
        "source_left_out",
        _BREAKS,
        "in part",
    ): "{subject} did not read {unread:# holding|# holdings} of {network}: {reason}",
    ("source_left_out", _BREAKS, ""): "{subject}: nothing it says of {network} was used: {reason}",
    ("duplicate_holding", _HOLDS, ""): "{declared:# line|# lines}, none declared twice",
    ("duplicate_holding", _BREAKS, ""): (
        "{subject} is declared {labels} (lines {lines}, owners {owners}); it counts once, for the least favourable"
    ),
    ("unspendable_wallet", _HOLDS, ""): "no declared wallet is a burn address or a token's own contract",
    ("unspendable_wallet", _BREAKS, ""): "{subject}: {identity} on {network} does not count, because {reason}",
    ("locked_coins", _HOLDS, ""): "nothing that was read is known to be locked",
    ("locked_coins", _BREAKS, ""): "{subject}: {amount} {asset} are there and do not count: {reason}",
    ("locked_coins", _UNKNOWN, ""): "{subject}: {amount} {asset} are there and do not count: {reason}",
    ("coin_beyond_the_range", _HOLDS, ""): (
        "{scripts:# holding|# holdings} beyond the declared ranges {scripts:was|were} looked at, and nothing stands"
        " there"
    ),
    ("coin_beyond_the_range", _BREAKS, ""): (
        "{subject}: {amount} {asset} stand beyond its declared range, on {scripts} of its scripts ({first});"
        " the declaration is not complete, and they do not decide"
    ),
    ("coin_beyond_the_range", _UNKNOWN, ""): (
        "{unread} of {scripts:# holding|# holdings} beyond the declared ranges {unread:was|were} not read"
        " ({first}: {reason})"
    ),
    ("shared_wallet", _HOLDS, ""): "no declared wallet is said to be shared",
    ("shared_wallet", _UNKNOWN, ""): "{subject}: shared with {entities}, whose liabilities are not in the file",
    ("aggregate_hides_a_hole", _HOLDS, "covered"): (
        "worst asset {worst_asset} {worst_ratio} %: no asset is below 100 %, whatever the prices"
    ),
    ("aggregate_hides_a_hole", _HOLDS, ""): (
        "worst asset {worst_asset} {worst_ratio} %: no valued aggregate of 100 % or more hides it"
    ),
    ("aggregate_hides_a_hole", _BREAKS, ""): (
        "the {view} aggregate is {aggregate} %, while {hole} stands at {hole_ratio} %"
        " (in-kind coverage {in_kind_coverage} %)"
    ),
    ("aggregate_hides_a_hole", _UNKNOWN, ""): (
        "the worst asset is {worst_asset} ({worst_ratio}), and the valued figures are not computed: {why}"
    ),
    ("pin_time", _HOLDS, ""): "{subject}: block {height} of {time}, {skew} s before the cut-off",
    ("pin_time", _HOLDS, "taken as stated"): (
        "{subject}: block {height} of {time}, {skew} s before the cut-off; header hash not recomputed"
    ),
    ("pin_time", _BREAKS, "after"): "{subject}: block {height} of {time} is {skew} s after the cut-off",
    ("pin_time", _BREAKS, "skew"): (
        "{subject}: block {height} of {time} is {skew} s before the cut-off; the limit is {limit} s"
    ),
    ("pin_time", _BREAKS, "not final"): "{subject}: block {height} of {time} was not final when it was read",
    ("pin_time", _BREAKS, "gone"): (
        "{subject}: block {height} of {time} was not shown to be there still after the last reading{why}"
    ),
    ("pin_time", _UNKNOWN, ""): "{subject}: no source answered with a block at the cut-off",
    ("local_test_chain", _HOLDS, ""): "no holding was declared on a test chain",
    ("local_test_chain", _BREAKS, ""): ("{subject}: a test chain, where coins cost nothing; this is no rehearsal"),
    ("local_test_chain", _NOT_ASKED, ""): "a rehearsal: test chains are what it is about",
    ("statement_date", _HOLDS, ""): "{subject}: as of {as_of}",
    ("statement_date", _BREAKS, ""): "{subject}: as of {as_of}, more than a day from the cut-off {cutoff}",
    (
        "statement_date",
        _UNKNOWN,
        "",
    ): "{subject}: as of {as_of}, which cannot be compared with the cut-off {cutoff}",
    ("letters_disagree", _HOLDS, ""): (
        "{subject}: {from} confirms {letter} {asset} under {label}, received directly on {received_on}"
    ),
    ("letters_disagree", _BREAKS, ""): (
        "{subject}: {from} confirms {letter} {asset} under {label}, the books say {book}; the lower figure counts"
    ),
    ("letters_disagree", _BREAKS, "undeclared"): (
        "{subject}: {from} confirms {letter} {asset} under {label}, of which the books say nothing"
    ),
    ("letters_disagree", _UNKNOWN, ""): "{subject}: asked of {from} about {label}, not received",
    ("letters_disagree", _UNKNOWN, "copy"): (
        "{subject}: a copy supplied by the entity, {letter} {asset} under {label}; it confirms nothing"
    ),
    ("letter_restrictions", _HOLDS, ""): "{subject}: states no restriction",
    ("letter_restrictions", _UNKNOWN, ""): (
        "{subject}: restricts {asset} under {label} ({restrictions}); how much of it is free is not known"
    ),
    ("price_missing", _HOLDS, ""): "{subject}: priced in {currency}",
    (
        "price_missing",
        _UNKNOWN,
        "",
    ): "{subject}: no price above zero in {currency}, so no valued figure is computed",
    ("price_after_cutoff", _HOLDS, ""): "{subject}: priced as of {as_of}",
    ("price_after_cutoff", _UNKNOWN, ""): (
        "{subject}: priced as of {as_of}, after the cut-off {cutoff}, so no valued figure is computed"
    ),
    ("encumbrances_not_asserted", _HOLDS, ""): "encumbrances: {rows:# row|# rows}, asserted by {by}",
    ("encumbrances_not_asserted", _BREAKS, ""): "loans, pledges and other encumbrances: not asserted",
    ("instrument_not_shipped", _HOLDS, ""): "everything counts through shipped instruments",
    ("instrument_not_shipped", _BREAKS, ""): (
        "{subject} counts as {asset} because the engagement says so:"
        " {amount}, {share} %{rounded} of all {asset} held"
    ),
    ("same_balance_counted_once", _HOLDS, ""): "no balance is shown by two instruments",
    ("same_balance_counted_once", _BREAKS, ""): (
        "{subject}: {amount} {asset} shown again; {counted} is counted, {instrument} is not"
    ),
    ("policy_looser_than_default", _HOLDS, ""): "no setting asks for less than the default",
    ("policy_looser_than_default", _BREAKS, ""): "{setting}",
}

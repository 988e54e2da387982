"""What the rules about the customers' side say: the part of the catalogue in `words` that is about what is owed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reservecheck.model.words import Answer

_HOLDS, _BREAKS = Answer.HOLDS, Answer.BREAKS
_UNKNOWN, _NOT_ASKED = Answer.NOT_ASSESSABLE, Answer.NOT_APPLICABLE

_PUBLIC: Final = "if the commitment was public before that block"
BOUND: Final[Mapping[str, str]] = {
    "amount": (
        f"of the total recorded stands where customers would say otherwise, {_PUBLIC}; who is recorded with too"
        " little is hardly ever drawn so, and who was left out never"
    ),
    "customer": (
        f"of the customers recorded would say otherwise, whatever sums those are owed, {_PUBLIC}; who was left"
        " out is never drawn"
    ),
}
"""By the method of a draw, what so many percent at most are of, where everybody drawn agreed."""

OWED: Final[Mapping[tuple[str, Answer, str], str]] = {
    ("nothing_owed", _HOLDS, ""): "something is owed in {lines:# line|# lines} of totals over {rows:# row|# rows}",
    (
        "nothing_owed",
        _BREAKS,
        "",
    ): "nothing is owed in the file received ({rows:# row|# rows}): there is nothing to compare",
    ("owed_outside_the_perimeter", _HOLDS, ""): "nothing is owed outside the perimeter",
    ("owed_outside_the_perimeter", _HOLDS, "listed"): (
        "{subject}: {owed} owed are left out by the engagement: {reason}"
    ),
    ("owed_outside_the_perimeter", _BREAKS, ""): (
        "{subject}: {owed} are owed, and the engagement neither includes the asset nor lists it out of scope"
    ),
    ("owed_outside_the_perimeter", _NOT_ASKED, ""): (
        "no engagement names a perimeter; everything in the file received is in it"
    ),
    ("extract_as_of", _HOLDS, ""): "the extract is as of the cut-off, {cutoff}",
    ("extract_as_of", _BREAKS, ""): "the extract is as of {as_of}, {difference} the cut-off {cutoff}",
    ("extract_as_of", _UNKNOWN, ""): "the snapshot does not state as of when the extract is",
    ("liability_extract", _HOLDS, ""): "no duplicate, look-alike or mismatch was found in the extract",
    ("liability_extract", _BREAKS, ""): "{subject}: {count:# row|# rows} ({where})",
    ("liability_extract", _BREAKS, "noted"): "{subject}: {count:# row|# rows} ({where})",
    ("commitment_differs", _HOLDS, "whose"): "the commitment is of {stated}, about {snapshot}",
    ("commitment_differs", _BREAKS, "whose"): "the commitment is of {stated}, the engagement about {entity}",
    ("commitment_differs", _BREAKS, "another moment"): (
        "the commitment is about {snapshot}, which names another moment than the cut-off, {cutoff}"
    ),
    ("commitment_differs", _UNKNOWN, "no moment"): (
        "the commitment is about {snapshot}, which names no date: no proof shows as of when it is"
    ),
    ("commitment_differs", _HOLDS, "stated"): "{subject}: the total committed to is what is owed, {owed}",
    ("commitment_differs", _HOLDS, "rebuilt"): (
        "{subject}: the customer rows give the root {root} and the total {committed} committed to"
    ),
    ("commitment_differs", _BREAKS, "unknown"): (
        "{subject}: it has a tree in the commitment, and the registry has no such asset"
    ),
    ("commitment_differs", _BREAKS, "not owed"): (
        "{subject}: {committed} are committed to, and it does not stand in the file received"
    ),
    ("commitment_differs", _BREAKS, "decimals"): (
        "{subject}: the commitment counts in units of {stated} decimals, the registry in units of {decimals}"
    ),
    ("commitment_differs", _BREAKS, "total"): "{subject}: {committed} are committed to, and {owed} are owed",
    ("commitment_differs", _BREAKS, "too low"): (
        "{subject}: the customers are more than a tree of the height committed to, {height}, has room for"
    ),
    ("commitment_differs", _BREAKS, "root"): (
        "{subject}: the root committed to is {root}, the customer rows give {rows_root} and a total of"
        " {rows_total}: other rows, other ids, or another secret than the entity's"
    ),
    ("owed_without_a_tree", _HOLDS, ""): "{subject}: it has a tree in the commitment",
    ("owed_without_a_tree", _BREAKS, ""): (
        "{subject}: {owed} are owed, and the commitment has no tree for it, so its customers can check nothing"
    ),
    ("draw_not_committed", _HOLDS, ""): (
        "{subject}: customers were drawn by block {height} of {network}, made {time}, its hash {block}; the"
        " commitment of digest {commitment} names it, and is worth nothing unless it was public before that"
    ),
    ("draw_not_committed", _UNKNOWN, "unknown block"): (
        "{subject}: the hash {block} of block {height} of {network} was not read from the practitioner's own source"
        " ({read_from}), and nobody looked it up: give run --anchors a row of this block"
    ),
    ("draw_not_committed", _UNKNOWN, "unread network"): (
        "{subject}: {network} is not read in this engagement, so nothing here tells block {height} from one made at"
        " home, or from one that was there by the cut-off; no grade is lifted by it"
    ),
    ("draw_not_committed", _UNKNOWN, "test chain"): (
        "{subject}: {network} is a test chain, whose blocks cost nothing: whoever runs it chooses who is drawn"
        " by block {height}; no grade is lifted by it"
    ),
    ("draw_not_committed", _BREAKS, "no commitment"): (
        "{subject}: customers were drawn from a commitment of digest {commitment}, and none was received"
    ),
    ("draw_not_committed", _BREAKS, "no draw"): (
        "{subject}: customers were drawn by block {height} of {network}, and the commitment names no block"
    ),
    ("draw_not_committed", _BREAKS, "another commitment"): (
        "{subject}: customers were drawn from a commitment of digest {commitment}, the one received has {published}"
    ),
    ("draw_not_committed", _BREAKS, "another block"): (
        "{subject}: customers were drawn by block {height} of {network}, the commitment names block {draw_height}"
        " of {draw_network}"
    ),
    ("draw_not_committed", _BREAKS, "before the cut-off"): (
        "{subject}: customers were drawn by block {height} of {network}, made {time}, which is not after the"
        " cut-off {cutoff}"
    ),
    ("draw_not_committed", _BREAKS, "not above the pin"): (
        "{subject}: customers were drawn by block {height} of {network}, which is not above block {pin}, the last"
        " one by the cut-off {cutoff}"
    ),
    ("draw_not_committed", _BREAKS, "known by the cut-off"): (
        "{subject}: customers were drawn by block {height} of {network}, which was looked up on {taken_at}"
        " ({source}), not after the cut-off {cutoff}"
    ),
    ("draw_not_committed", _BREAKS, "no work"): (
        "{subject}: customers were drawn by {block}, which is the hash of no block of {network}: those begin with"
        " zeros; was it written back to front?"
    ),
    ("draw_not_committed", _BREAKS, "another hash"): (
        "{subject}: customers were drawn by the hash {block}, and block {height} of {network} has {hash} ({source})"
    ),
    ("customers_disagree", _HOLDS, ""): (
        "{subject}: of {drawn:# customer|# customers} drawn {agreed} agreed directly and {via_entity} by way of the"
        " entity, {no_reply} did not reply, and none says otherwise"
    ),
    ("customers_disagree", _BREAKS, ""): (
        "{subject}: of {drawn:# customer|# customers} drawn {differing:# says|# say} otherwise: owed more by"
        " {owed_more}, owed less by {owed_less}; {agreed} agreed directly, {via_entity} by way of the entity,"
        " {no_reply} did not reply"
    ),
    ("customers_disagree", _BREAKS, "another list"): (
        "{subject}: the list is not what was drawn: of {drawn:# customer|# customers} drawn {left_out:# is|# are}"
        " left out, and {added:# row was|# rows were} not drawn"
    ),
    ("customers_disagree", _BREAKS, "no tree"): (
        "{subject}: customers are in the list, and the commitment has no tree that they could have been drawn from"
    ),
    ("customers_disagree", _BREAKS, "not held against"): (
        "{subject}: {otherwise:# customer|# customers} in the list {otherwise:says|say} otherwise, and no tree"
        " was built again that the list could be held against"
    ),
    ("customers_disagree", _UNKNOWN, ""): (
        "{subject}: customers were asked, and no tree was built again that they could have been drawn from:"
        " give run --commitment-secret"
    ),
    ("customers_disagree", _UNKNOWN, "no draw"): (
        "{subject}: customers were asked, and the commitment announces no draw, so nobody knows whether they"
        " were drawn"
    ),
    ("customers_disagree", _UNKNOWN, "nobody"): (
        "{subject}: of {drawn:# customer|# customers} drawn nobody answered"
    ),
    **{
        ("population_not_tested", _HOLDS, method): (
            "{subject}: {drawn:# customer|# customers} in {draws:# draw|# draws} by "
            f"{method} answered directly that it is right: at 95 % confidence, of this asset alone, at most "
            "{at_most} % "
            f"{follows}"
        )
        for method, follows in BOUND.items()
    },
    ("population_not_tested", _BREAKS, "too few"): (
        "{subject}: {drawn:# customer|# customers} in {draws:# draw|# draws} agree, which are too few: at 95 %"
        " confidence as much as {at_most} % could be otherwise, and less than 5 % takes 59 draws"
    ),
    ("population_not_tested", _BREAKS, "nobody"): (
        "{subject}: {draws:# draw|# draws} of each tree by block {height} of {network} were announced, and no"
        " list of customers asked was received"
    ),
    ("population_not_tested", _BREAKS, "not all"): (
        "{subject}: of {drawn:# customer|# customers} drawn {agreed} agreed directly, {via_entity} by way of the"
        " entity, {differing} said otherwise, {no_reply} did not reply, {left_out:# is|# are} not in the list: the"
        " population is not tested"
    ),
    ("population_not_tested", _BREAKS, "list"): (
        "{subject}: {drawn:# customer|# customers} drawn agreed directly, and {added:# row|# rows} in the list"
        " {added:was|were} not drawn: the population is not tested"
    ),
    ("population_not_tested", _BREAKS, "draw"): (
        "{subject}: {drawn:# customer|# customers} drawn agreed directly, and nothing here shows that they were"
        " drawn as was committed to (see the draw): the population is not tested"
    ),
    ("population_not_tested", _BREAKS, "rows"): (
        "{subject}: {drawn:# customer|# customers} drawn agreed directly, and what is owed is not what was"
        " committed to (see the commitment): the population is not tested"
    ),
    ("negative_balances", _HOLDS, ""): "no negative balances in the file received",
    ("negative_balances", _BREAKS, ""): (
        "{subject}: negative balances of {negative} are not netted: gross {gross} decides, net would be {net}"
    ),
    ("liability_grade", _HOLDS, ""): "{subject}: grade {grade}: what is owed was summed from customers' rows",
    ("liability_grade", _HOLDS, "committed"): (
        "{subject}: grade {grade}: what is owed was summed from customers' rows, which give the root committed to"
    ),
    ("liability_grade", _HOLDS, "tested"): (
        "{subject}: grade {grade}: customers' rows give the root committed to, and every customer drawn agreed"
        " directly"
    ),
    ("liability_grade", _BREAKS, ""): (
        "{subject}: grade {grade}: a total was received, and nobody summed customers' rows"
    ),
    ("commitment_not_rebuilt", _HOLDS, ""): (
        "{subject}: the tree committed to was built again from the customer rows"
    ),
    ("commitment_not_rebuilt", _BREAKS, ""): (
        "{subject}: the root {root} was stated, and nobody built its tree again from the customer rows:"
        " give run --commitment-secret"
    ),
    ("classes_not_stated", _HOLDS, ""): "product classes: {classes}",
    ("classes_not_stated", _BREAKS, ""): "product classes are not stated: earn, margin or others may be missing",
}

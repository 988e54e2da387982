"""A list of customers asked, held against what a block drew from a tree: the answers of those drawn, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from reservecheck.books.confirmations import AGREES, DIFFERS, DIRECT, VIA_ENTITY, Asked, AskedList, unanswered
from reservecheck.commitment.draw import Lot, draw
from reservecheck.commitment.tree import Tree
from reservecheck.model.committed import DrawStated
from reservecheck.model.confirmations import Answers, Confirmations


class Counting:
    """A list of customers asked, held against each tree that it is shown."""

    def __init__(
        self,
        kept: AskedList,
        stated: DrawStated,
        commitment: str,
        secret: bytes,
        house: frozenset[str] = frozenset(),
    ) -> None:
        """`commitment` is the SHA-256 of the file that was received, in hex, whatever the list says of it.

        `house` are the entity's own accounts: what they answer comes by way of the entity.
        """
        own = (replace(row, channel=VIA_ENTITY) if row.customer in house else row for row in kept.asked)
        self._kept, self._secret = replace(kept, asked=tuple(own)), secret
        self._lot = Lot(
            commitment=bytes.fromhex(commitment),
            block=bytes.fromhex(kept.drawn_by.block),
            method=stated.method,
            size=stated.size,
        )
        self._found: list[Answers] = []

    def seen(self, tree: Tree) -> None:
        """Draw from a tree and count what those drawn answered; raises CommitmentError as `answers_of` does."""
        self._found.append(answers_of(tree, self._secret, self._lot, self._kept.about(tree.scope.asset)))

    @property
    def confirmations(self) -> Confirmations:
        """What may be said of the list, with the answers counted so far."""
        answers = sorted(self._found, key=lambda one: one.asset)
        return replace(unanswered(self._kept), answers=tuple(answers))


def answers_of(tree: Tree, secret: bytes, lot: Lot, asked: Iterable[Asked]) -> Answers:
    """What the customers drawn from a tree answered, out of the rows of a list that are about its asset.

    A row whose leaf was not drawn, or not as often as it says, counts as added; a leaf without its row as left out.
    Raises CommitmentError where nobody can be drawn, though something is owed.
    """
    missing = {one.index: one for one in (draw(tree, lot) if tree.commitment.total else ())}
    kinds: Counter[str] = Counter()
    differences: list[int] = []
    for row in asked:
        place = tree.place(row.customer, row.units, secret)
        if place not in missing or missing[place].hits != row.hits:
            kinds["added"] += 1
            continue
        del missing[place]  # one row a leaf: a second one is of nobody
        kinds[_kind(row)] += 1
        if row.answer == DIFFERS:
            differences.append(row.stated - row.units)
    return Answers(
        asset=tree.scope.asset,
        draws=lot.size,
        agreed=kinds["agreed"],
        via_entity=kinds["via entity"],
        differing=len(differences),
        no_reply=kinds["no reply"],
        left_out=len(missing),
        added=kinds["added"],
        owed_more=_summed([one for one in differences if one > 0]),
        owed_less=_summed([-one for one in differences if one < 0]),
    )


def can_be_counted(counted: Answers, kept: AskedList) -> bool:
    """Whether a list has the answers that were counted of it, without knowing who was drawn or is of the house."""
    kinds = Counter(map(_kind, kept.about(counted.asset)))
    agreed = counted.agreed + counted.via_entity
    rows = agreed + counted.differing + counted.no_reply + counted.added
    return (
        rows == kinds.total()
        and counted.agreed <= kinds["agreed"]
        and agreed <= kinds["agreed"] + kinds["via entity"]
        and counted.differing <= kinds["differs"]
        and counted.no_reply <= kinds["no reply"]
    )


def _kind(row: Asked) -> str:
    if row.answer == AGREES:
        return "agreed" if row.channel == DIRECT else "via entity"
    return "differs" if row.answer == DIFFERS else "no reply"


def _summed(differences: list[int]) -> int | None:
    """The sum, unless it is one customer's alone: then only he and who asked him know it."""
    return None if len(differences) == 1 else sum(differences)

"""Which leaves a block drew: everybody who has the commitment file, the block's hash and the tree draws the same.

`docs/reference/drawing.md` lays it out. The hash comes from a block made after the commitment was published, at a
height it names, so that whoever made the tree could not know which of its leaves would be asked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from reservecheck.commitment.commitment_file import METHODS, MOST_DRAWS
from reservecheck.commitment.scheme import HASH, prefixed
from reservecheck.commitment.tree import Tree
from reservecheck.errors import CommitmentError

NAME: Final = "reservecheck/draw/1"
DRAW_TAG: Final = b"\x03"
AMOUNT: Final = METHODS[0]
MOST_WORDS: Final = 1 << 22
"""Numbers that are drawn from one tree before it is given up: by customer, from a tree that is all but empty."""
_BITS: Final = 8 * HASH


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """What decides: the SHA-256 of the commitment file, and the block's hash with its bytes as they are printed.

    Raises CommitmentError when they are not 32 bytes each, for another method and for a size out of 1 to 10,000.
    """

    commitment: bytes
    block: bytes
    method: str
    size: int

    def __post_init__(self) -> None:
        for what, digest in (("commitment's digest", self.commitment), ("block's hash", self.block)):
            if len(digest) != HASH:
                raise CommitmentError(f"the {what} has {len(digest)} bytes, not {HASH}")
        if self.method not in METHODS:
            raise CommitmentError(f"the method {self.method!r} is not one of {', '.join(METHODS)}")
        if not 1 <= self.size <= MOST_DRAWS:
            raise CommitmentError(f"{self.size} draws are not between 1 and {MOST_DRAWS}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A leaf that was drawn: where it stands, its amount in smallest units, and how often it was drawn."""

    index: int
    units: int
    hits: int


def draw(tree: Tree, lot: Lot) -> tuple[Drawn, ...]:
    """The leaves a lot draws from a tree, each once, in the order they were first drawn; hits add up to its size.

    Raises CommitmentError for a tree whose leaves are all zero, for one with so few others that none was found, and
    for one that is not what its root says.
    """
    total = tree.commitment.total
    if not total:
        raise CommitmentError(f"nothing is owed in {tree.scope.asset}: no leaf can be drawn")
    words = _words(lot, tree.scope.asset)
    hits: dict[int, int] = {}
    sound: set[tuple[int, int]] = set()  # whoever keeps a tree could steer the draw by a node that is not in it
    for _ in range(lot.size):
        by_amount = lot.method == AMOUNT
        index = _leaf_of(tree, _below(total, words)) if by_amount else _owed_leaf(tree, words, sound)
        tree.require_sound(index, sound)
        hits[index] = hits.get(index, 0) + 1
    return tuple(Drawn(index=index, units=tree.node(0, index)[1], hits=times) for index, times in hits.items())


def _words(lot: Lot, asset: str) -> Iterator[int]:
    """Numbers of 256 bits, one a counter."""
    texts = NAME.encode(), lot.commitment, lot.block, asset.encode()
    begun = sha256(DRAW_TAG + b"".join(map(prefixed, texts)))
    for counter in range(MOST_WORDS):
        word = begun.copy()
        word.update(counter.to_bytes(8, "big"))
        yield int.from_bytes(word.digest(), "big")
    raise CommitmentError(
        f"{asset}: nothing is owed in too many of the {MOST_WORDS} leaves that were drawn one after the other",
        hint="the tree is all but empty: commit to a draw by amount, or to a lower height",
    )


def _below(limit: int, words: Iterator[int]) -> int:
    """A number below the limit, all of them as likely: what reaches it is thrown away, never folded back."""
    size = (limit - 1).bit_length()
    return next(number for word in words if (number := word >> (_BITS - size)) < limit)


def _leaf_of(tree: Tree, unit: int) -> int:
    """The leaf in which a unit of the total lies, leaves in their order."""
    index = 0
    for level in range(tree.scope.height - 1, -1, -1):
        index *= 2
        left = tree.node(level, index)[1]
        if unit >= left:
            unit, index = unit - left, index + 1
    return index


def _owed_leaf(tree: Tree, words: Iterator[int], sound: set[tuple[int, int]]) -> int:
    index = _below(1 << tree.scope.height, words)
    while not tree.node(0, index)[1]:
        tree.require_sound(index, sound)
        index = _below(1 << tree.scope.height, words)
    return index

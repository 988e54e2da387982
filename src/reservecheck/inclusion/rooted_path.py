"""The shape most exchanges share: `self`, and a list of siblings from the bottom up, the root last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reservecheck.inclusion.fields import Amounts, Malformed, amounts, digest, is_object, member, steps, whole
from reservecheck.inclusion.sum_path import Step
from reservecheck.vault.canonical import Json

_LEFT, _RIGHT, _ROOT = 1, 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What one exchange calls the fields, and how it counts.

    `upwards` is what one level up adds to the level; `doubled` is the side that means "nobody stands here,
    repeat the node". `assets` is the order amounts are hashed in; a proof names all of them, or only some where
    `partial`.
    """

    path: str = "path"
    side: str = "type"
    hash: str = "hash"
    level: str = "height"
    balances: str = "balances"
    digits: int = 64
    upwards: int = 1
    doubled: int = 4
    assets: tuple[str, ...]
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooted:
    """A path as read: what the file states, and what is odd about its sides and levels."""

    own: Amounts
    own_hash: str
    own_level: int
    path: tuple[Step, ...]
    root_hash: str
    root_sums: Amounts
    oddities: tuple[str, ...]

    def named(self) -> list[tuple[str, Amounts]]:
        """Every line and its amounts, under the name it has in the file."""
        return [("your own line", self.own), *((step.name, step.amounts) for step in self.path)]


def read_rooted(document: Json, shape: Shape) -> Rooted:
    """Raises Malformed for anything that is not of this shape."""
    own = member(document, "self", "the proof")
    *siblings, root = steps(member(document, shape.path, "the proof"), shape.path)
    if not siblings:
        raise Malformed(f"{shape.path} holds a root and no sibling below it")
    named = [(f"{shape.path}[{number}]", item) for number, item in enumerate(siblings)]
    root_name = f"{shape.path}[{len(siblings)}]"
    if is_object(root, shape.side) and whole(root, shape.side, root_name) != _ROOT:
        raise Malformed(f"{root_name}.{shape.side} is not 3 (root)")
    path = tuple(_step(item, name, shape) for name, item in named)
    side = whole(own, shape.side, "self")
    if side not in (_LEFT, _RIGHT):
        raise Malformed(f"self.{shape.side} is neither 1 (left) nor 2 (right)")
    odd = _misplaced(own, [*named, (root_name, root)], shape)
    if (side == _LEFT) == path[0].left:
        odd = (f"{path[0].name} stands on the same side as your own line", *odd)
    return Rooted(
        own=read_amounts(own, "self", shape),
        own_hash=digest(own, shape.hash, "self", digits=shape.digits),
        own_level=whole(own, shape.level, "self"),
        path=path,
        root_hash=digest(root, shape.hash, root_name, digits=shape.digits),
        root_sums=read_amounts(root, root_name, shape),
        oddities=odd,
    )


def read_amounts(value: Json, name: str, shape: Shape) -> Amounts:
    """Amounts in the order they are hashed in."""
    found = amounts(value, shape.balances, name)
    unknown = [asset for asset in found if asset not in shape.assets]
    missing = [asset for asset in shape.assets if asset not in found]
    if unknown:
        raise Malformed(
            f"{name}.{shape.balances} names {unknown[0]}, which no published sample of this format does"
        )
    if missing and not (shape.partial and found):
        raise Malformed(f"{name}.{shape.balances} lacks {missing[0]}")
    return {asset: found[asset] for asset in shape.assets if asset in found}


def _step(item: Json, name: str, shape: Shape) -> Step:
    side = whole(item, shape.side, name)
    if side not in (_LEFT, _RIGHT, shape.doubled):
        raise Malformed(f"{name}.{shape.side} is not 1 (left), 2 (right) or {shape.doubled} (repeated)")
    return Step(
        name=name,
        hash=digest(item, shape.hash, name, digits=shape.digits),
        amounts=read_amounts(item, name, shape),
        left=side == _LEFT,
        doubled=side == shape.doubled,
    )


def _misplaced(own: Json, named: Sequence[tuple[str, Json]], shape: Shape) -> tuple[str, ...]:
    """Items whose level does not follow from that of the customer's line."""
    bottom = whole(own, shape.level, "self")
    said = []
    for number, (name, item) in enumerate(named):
        expected, stated = bottom + number * shape.upwards, whole(item, shape.level, name)
        if stated != expected:
            said.append(f"{name} says {shape.level} {stated}, and by its place it is {expected}")
    return tuple(said)

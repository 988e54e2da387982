"""The list of all nodes OKX published from March 2023 on, read whole and recomputed from the leaves up.

One node a line, `hash,height,{"BTC":"…","ETH":"…","USDT":"…"}`: the root first, every level from right to left.
A level of an odd number repeats its last node with nothing, as the first line of the level; that repetition has
no children.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reservecheck.inclusion.fields import Amounts, Malformed, units
from reservecheck.inclusion.okx_v1 import ASSETS, node
from reservecheck.inclusion.sum_path import added, negatives

_AMOUNTS: Final = ",".join(f'"{asset}":"([-0-9.]+)"' for asset in ASSETS)
_LINE: Final = re.compile(rf"([0-9a-f]{{64}}),([1-9][0-9]?),\{{{_AMOUNTS}\}}".encode(), re.ASCII)
_ENOUGH: Final = 20


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the list."""

    hash: str
    amounts: Amounts


def read_list(published: bytes) -> tuple[tuple[Node, ...], ...]:
    """Levels from the root down, each from right to left; raises Malformed."""
    levels: list[list[Node]] = []
    height = 0
    for number, line in enumerate(published.splitlines(), 1):
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise Malformed(f"line {number} is not `hash,height,{{…}}`")
        stated = int(match[2])
        if not levels:
            height, levels = stated, [[]]
        elif stated == height - len(levels):
            levels.append([])
        elif stated != height - len(levels) + 1:
            raise Malformed(f"line {number} has height {stated} among those of {height - len(levels) + 1}")
        name = f"line {number}"
        stated_amounts = zip(ASSETS, match.groups()[2:], strict=True)
        amounts = {asset: units(amount.decode(), f"{name}, {asset}") for asset, amount in stated_amounts}
        levels[-1].append(Node(match[1].decode(), amounts))
    if height != len(levels) or not height or len(levels[0]) != 1:
        raise Malformed("does not run from one root down to height 1")
    return tuple(tuple(level) for level in levels)


def wrong_nodes(levels: Sequence[Sequence[Node]]) -> tuple[str, ...]:
    """The first things that do not follow: hashes, sums, nodes without children, amounts below zero."""
    return tuple(said for _, said in zip(range(_ENOUGH), _wrong(levels), strict=False))


def _wrong(levels: Sequence[Sequence[Node]]) -> Iterator[str]:
    for depth, level in enumerate(levels):
        for one in level:
            yield from negatives(one.amounts, f"node {one.hash}")
        if depth + 1 < len(levels):
            yield from _not_from_children(_own(level), levels[depth + 1], len(levels) - depth)


def _own(level: Sequence[Node]) -> Sequence[Node]:
    """A level without the repetition that fills it up."""
    repeated = len(level) > 1 and level[0].hash == level[1].hash and not any(level[0].amounts.values())
    return level[1:] if repeated else level


def _not_from_children(level: Sequence[Node], below: Sequence[Node], height: int) -> Iterator[str]:
    if 2 * len(level) != len(below):
        yield f"height {height} has {len(level)} nodes, and there are {len(below)} children below them"
        return
    for number, one in enumerate(level):
        right, left = below[2 * number], below[2 * number + 1]
        if node(left.hash, right.hash, one.amounts, height) != one.hash:
            yield f"node {one.hash} at height {height} does not follow from its children"
        if added(left.amounts, right.amounts) != dict(one.amounts):
            yield f"node {one.hash} at height {height} has other amounts than its children together"

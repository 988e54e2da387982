"""A path through a tree of hashes and sums: from a customer's line up to the root, one sibling at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reservecheck.inclusion.fields import DECIMALS, Amounts
from reservecheck.money import Units, format_amount, grouped

CUT_AT: Final = 8
_BELOW: Final = 10 ** (DECIMALS - CUT_AT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The sibling one level up: its hash, its amounts, on which side it stands, its name in the file.

    `doubled` is a place nobody filled, where the node stands beside itself with nothing: its hash has to be the
    node's own, and may be absent.
    """

    name: str
    hash: str
    amounts: Amounts
    left: bool
    doubled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Climbed:
    """Where a path leads, what it adds up to, and what was odd on the way."""

    hash: str
    sums: Amounts
    oddities: tuple[str, ...]


Parent = Callable[[str, str, Amounts, int], str]
"""The hash of a node: its children's hashes, its sums, the 0-based number of the step."""


def climb(leaf: str, own: Amounts, path: Sequence[Step], parent: Parent) -> Climbed:
    """Every hash and every sum up to the root."""
    here, sums, oddities = leaf, dict(own), [*negatives(own, "your own line")]
    for number, step in enumerate(path):
        beside = step.hash or here if step.doubled else step.hash
        oddities += negatives(step.amounts, step.name)
        if beside == here and any(step.amounts.values()):
            oddities.append(f"{step.name} is the node beside it a second time, with other amounts")
        elif step.doubled and beside != here:
            oddities.append(f"{step.name} should repeat the node beside it, {here}, and is {step.hash}")
        sums = added(sums, step.amounts)
        left, right = (beside, here) if step.left else (here, beside)
        here = parent(left, right, sums, number)
    return Climbed(hash=here, sums=sums, oddities=tuple(oddities))


def added(first: Amounts, second: Amounts) -> dict[str, Units]:
    """Sums by asset, over all assets of either."""
    return {asset: Units(first.get(asset, 0) + second.get(asset, 0)) for asset in dict.fromkeys([*first, *second])}


def sha256_text(written: str) -> str:
    """SHA-256 of UTF-8 text, as lower-case hex."""
    return hashlib.sha256(written.encode()).hexdigest()


def trimmed(amounts: Amounts) -> dict[str, str]:
    """Amounts as text without trailing zeros."""
    return {asset: format_amount(units, DECIMALS) for asset, units in amounts.items()}


def leaf_differs(computed: str, stated: str) -> tuple[str, ...]:
    """Says so when the customer's line does not have the hash the file says."""
    if computed == stated:
        return ()
    return (f"your own line hashes to {computed}, and the file says {stated}",)


def root_differs(climbed: Climbed, stated: str, sums: Amounts) -> tuple[str, ...]:
    """Says so when the path does not lead to the hash and the sums of the root in the file."""
    said = []
    if climbed.hash != stated:
        said.append(f"the path leads to {climbed.hash}, and the root in the file is {stated}")
    for asset in dict.fromkeys([*climbed.sums, *sums]):
        found, claimed = climbed.sums.get(asset, 0), sums.get(asset, 0)
        if found != claimed:
            said.append(
                f"the path adds up to {_shown(found)} {asset}, and the root in the file says {_shown(claimed)}"
            )
    return tuple(said)


def negatives(amounts: Mapping[str, int], name: str) -> list[str]:
    """Says where an amount is below zero."""
    return [
        f"{name} has {_shown(units)} {asset}: an amount below zero lowers the total"
        for asset, units in amounts.items()
        if units < 0
    ]


def cut_amounts(named: Iterable[tuple[str, Amounts]]) -> tuple[str, ...]:
    """Says where an amount has digits beyond the eighth: these formats drop them whenever they add."""
    return tuple(
        f"{name} has {_shown(units)} {asset}: digits beyond the eighth are dropped whenever this format adds"
        for name, amounts in named
        for asset, units in amounts.items()
        if units % _BELOW
    )


def _shown(units: int) -> str:
    return grouped(format_amount(units, DECIMALS))

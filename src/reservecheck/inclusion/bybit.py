"""Bybit: a path of nodes over forty coins, in one of five lists of coins.

Source: github.com/bybit-exchange/merkle-proof (MIT), commit 3f0e2da6, validator and mock proofs. A leaf is
SHA-256(userHash ‖ amounts), a node SHA-256(left ‖ right ‖ sums ‖ height): amounts in the order of the list,
with eight digits after the point and nothing between them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from reservecheck.inclusion.catalogue import gap
from reservecheck.inclusion.fields import DECIMALS, Amounts, Malformed, amount_texts, digest, is_object, member
from reservecheck.inclusion.records import Inclusion
from reservecheck.inclusion.rooted_path import Shape, read_rooted
from reservecheck.inclusion.sum_path import CUT_AT, climb, leaf_differs, root_differs, sha256_text, trimmed
from reservecheck.vault.canonical import Json

NAME: Final = "bybit"
TITLE: Final = "Bybit, forty coins"
# fmt: off
_FIRST: Final = (
    "AGLA", "APT", "ATOM", "AVAX", "MNT", "BTC", "DAI", "DOGE", "DOT", "DYDX", "EOS", "ETH", "FTM", "LTC",
    "MATIC", "SOL", "USDC", "USDT", "XRP", "SHIB", "OP", "SAND", "LDO", "LINK", "COMP", "UNI", "MANA", "CRV",
    "BLUR", "SUSHI", "PEPE", "WLD", "BEAM", "AGI", "FET", "IMX", "RNDR", "GALA", "APEX", "SHRAP",
)
# fmt: on


def _renamed(assets: tuple[str, ...], **names: str) -> tuple[str, ...]:
    return tuple(names.get(asset, asset) for asset in assets)


_SECOND: Final = (*(asset for asset in _renamed(_FIRST, RNDR="RENDER") if asset != "DAI"), "USDE")
_THIRD: Final = _renamed(_SECOND, MATIC="POL")
_FOURTH: Final = _renamed(_THIRD, FTM="S")
_FIFTH: Final = _renamed(_FOURTH, EOS="A")
LISTS: Final = (_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH)
"""The lists a published mock proof has. The verifier knows older and newer ones, of which there is no sample."""

_EIGHT: Final = re.compile(rf"-?[0-9]+\.[0-9]{{{CUT_AT}}}", re.ASCII)
_GAPS: Final = (
    gap("total-not-bound", "a node is SHA-256(left ‖ right ‖ sums ‖ height)"),
    gap("negative-amounts", "amounts are decimal text, and the published verifier asks only that they parse"),
    gap(
        "joined-amounts",
        "a line joins forty amounts; this check wants eight digits after each point, the published verifier any",
    ),
    gap(
        "names-not-hashed",
        "from 2024 to 2025 RNDR became RENDER, MATIC became POL, EOS became A, in the same places",
    ),
    gap("leaf-shared", "`userHash` is taken as it is given, and `nonce` is not hashed"),
    gap("moment-not-bound", "`auditId` is not hashed"),
    gap("root-in-the-same-file", "the last item of `path` is the root, and the published verifier takes that one"),
    gap("customers-left-out"),
    gap("debts-outside", "it knows forty coins"),
)


def recognise(document: Json) -> bool:
    """Whether it has a path, and an own line with userHash and balance."""
    return is_object(document, "self", "path") and is_object(
        member(document, "self", "the proof"), "userHash", "balance"
    )


def check(document: Json) -> Inclusion:
    """The customer's line, the path and the root; raises Malformed."""
    own = member(document, "self", "the proof")
    written = amount_texts(own, "balance", "self")
    assets = _list_of(written)
    rooted = read_rooted(document, Shape(assets=assets, balances="balance"))
    leaf = sha256_text(digest(own, "userHash", "self", digits=64) + "".join(written[asset] for asset in assets))
    climbed = climb(
        leaf, rooted.own, rooted.path, lambda left, right, sums, step: node(left, right, sums, step + 2)
    )
    hashes = leaf_differs(leaf, rooted.own_hash) + root_differs(climbed, rooted.root_hash, rooted.root_sums)
    return Inclusion(
        format=NAME,
        title=TITLE,
        leaf=leaf,
        root=climbed.hash,
        recomputes=not hashes,
        balances=trimmed(rooted.own),
        totals=trimmed(climbed.sums),
        differences=hashes + rooted.oddities + climbed.oddities + _spelled_otherwise(document, written),
        not_prevented=_GAPS,
    )


def node(left: str, right: str, sums: Amounts, height: int) -> str:
    """The hash of a node, as hex text; `sums` in the order of the list."""
    return sha256_text(left + right + "".join(_eight(units) for units in sums.values()) + str(height))


def _list_of(written: Mapping[str, str]) -> tuple[str, ...]:
    for assets in LISTS:
        if set(assets) == set(written):
            return assets
    raise Malformed(f"self.balance names {len(written)} coins, in none of the lists of which a sample is published")


def _spelled_otherwise(document: Json, written: Mapping[str, str]) -> tuple[str, ...]:
    lines = [("your own line", written)]
    path = member(document, "path", "the proof")
    for number, item in enumerate(path if isinstance(path, list) else []):
        lines.append((f"path[{number}]", amount_texts(item, "balance", f"path[{number}]")))
    return tuple(
        f"{name} writes {amount} {asset} with other than eight digits after the point"
        for name, amounts in lines
        for asset, amount in amounts.items()
        if _EIGHT.fullmatch(amount) is None
    )


def _eight(units: int) -> str:
    """Units of 10^-18 with eight digits after the point, cut towards zero."""
    whole, rest = divmod(abs(units) // 10 ** (DECIMALS - CUT_AT), 10**CUT_AT)
    sign = "-" if units < 0 and (whole or rest) else ""
    return f"{sign}{whole}.{rest:0{CUT_AT}d}"

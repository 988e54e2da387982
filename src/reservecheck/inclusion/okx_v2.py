"""OKX, Merkle tree version 2 (from March 2023): a customer's lines, looked up in a list of all nodes.

Source: github.com/okx/proof-of-reserves (MIT), commit 2962a895, the validator and its two examples. A
customer's hash is SHA-256(nonce ‖ {"BTC":"…","ETH":"…","USDT":"…"}) of his total; he has lines, each
SHA-256(his hash ‖ BTC ‖ ETH ‖ USDT), spelled as they are written. A node of the list is hashed as in version 1.
The published verifier looks the lines up and recomputes no node; here every node is.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from reservecheck.inclusion.catalogue import gap
from reservecheck.inclusion.fields import Amounts, Malformed, amount_texts, digest, is_object, member, steps, text
from reservecheck.inclusion.okx_list import Node, read_list, wrong_nodes
from reservecheck.inclusion.okx_v1 import ASSETS, as_json, three
from reservecheck.inclusion.records import Inclusion
from reservecheck.inclusion.sum_path import added, cut_amounts, leaf_differs, negatives, sha256_text, trimmed
from reservecheck.vault.canonical import Json

NAME: Final = "okx-merkle-v2"
TITLE: Final = "OKX, Merkle tree version 2"
_HASH: Final = 64
_GAPS: Final = (
    gap("list-by-the-publisher"),
    gap("verifier-skips-nodes"),
    gap("negative-amounts", "the whole list is read, and none is left in it; the published verifier does not look"),
    gap(
        "joined-amounts",
        "a node joins its sums, so that a root alone does not fix the total: compare the list, not only its root",
    ),
    gap("leaf-shared", "a customer's hash is of a nonce and amounts, and equal balances can share it"),
    gap("moment-not-bound", "no date is in the hashes"),
    gap("customers-left-out"),
    gap("debts-outside", "it knows three coins"),
)


def recognise(document: Json) -> bool:
    """Whether it has nodes, totalBalances, a nonce and a hash."""
    return is_object(document, "hash", "nonce", "nodes", "totalBalances")


def check_in_list(document: Json, published: bytes) -> Inclusion:
    """The customer's lines, their place in the list, and every node of the list; raises Malformed."""
    try:
        levels = read_list(published)
    except Malformed as error:
        raise Malformed(f"the list of nodes: {error}") from error
    total = three(document, "the proof", key="totalBalances")
    written = as_json(amount_texts(document, "totalBalances", "the proof"))
    customer = sha256_text(text(document, "nonce", "the proof") + written)
    hashes = leaf_differs(customer, digest(document, "hash", "the proof", digits=_HASH))
    hashes += (*_lines(document, customer, total, levels[-1]), *wrong_nodes(levels))
    (root,) = levels[0]
    return Inclusion(
        format=NAME,
        title=TITLE,
        leaf=customer,
        root=root.hash,
        recomputes=not hashes,
        balances=trimmed(total),
        totals=trimmed(root.amounts),
        differences=hashes + cut_amounts([("your total", total)]),
        remarks=(f"the list has the SHA-256 {hashlib.sha256(published).hexdigest()}",),
        not_prevented=_GAPS,
    )


def _lines(document: Json, customer: str, total: Amounts, leaves: Sequence[Node]) -> Iterator[str]:
    """What is wrong with the customer's lines; one that stands twice has to be in the list twice."""
    there = Counter((leaf.hash, tuple(leaf.amounts.items())) for leaf in leaves)
    summed: Amounts = {}
    for number, item in enumerate(steps(member(document, "nodes", "the proof"), "nodes")):
        name = f"nodes[{number}]"
        stated, found = digest(item, "hash", name, digits=_HASH), three(item, name)
        written = amount_texts(item, "balances", name)
        if sha256_text(customer + "".join(written[asset] for asset in ASSETS)) != stated:
            yield f"{name} does not follow from your hash and its amounts"
        yield from negatives(found, name)
        line = (stated, tuple(found.items()))
        if not there[line]:
            yield f"{name}, {stated}, is not in the list with these amounts"
        there[line] -= 1
        summed = added(summed, found)
    if summed != dict(total):
        yield "your lines do not add up to your total"

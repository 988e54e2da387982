"""What inclusion formats do not prevent, one sentence each; a format adds why it is true of it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from reservecheck.inclusion.records import Gap

CATALOGUE: Final = MappingProxyType(
    {
        "total-not-bound": (
            "A total far below what is owed. The hash of a node binds the sum of its two children, not the amount "
            "of each: every customer can be shown other amounts beside his own, and the total need only be as "
            "large as the largest balance."
        ),
        "short-hashes": (
            "Two lines with one hash, one for the customer and one for the auditor. The hashes are cut short."
        ),
        "negative-amounts": (
            "Amounts below zero elsewhere in the tree. They lower the total, and the published verifier accepts "
            "them; this check refuses them wherever it can see them."
        ),
        "joined-amounts": (
            "Other amounts with the same hash. Amounts are hashed one after the other with nothing between them."
        ),
        "names-not-hashed": (
            "The same amounts under other coins. The names of the coins are not part of the hashes, only their "
            "order is."
        ),
        "leaf-shared": (
            "One line shown to several customers. Nothing in it that a customer can recompute says whose it is."
        ),
        "no-nonce": "Guessing what others hold. A line holds no secret, so it can be found by trying amounts.",
        "nodes-as-leaves": (
            "A node passed off as a customer's line. Both are hashed in the same way, so the text of a node reads "
            "as a line."
        ),
        "moment-not-bound": "An old proof shown as a new one. The date of the snapshot is not part of the hashes.",
        "root-in-the-same-file": (
            "Another root for every customer. The root stands in the same file as the path, and whoever wrote one "
            "wrote the other."
        ),
        "customers-left-out": (
            "Customers left out. Nobody sees that the line of somebody else is missing: who does not check can be."
        ),
        "list-by-the-publisher": (
            "Another list for every reader. The list of all nodes comes from the publisher: compare its SHA-256 "
            "with the one others have."
        ),
        "verifier-skips-nodes": (
            "A list whose nodes do not follow from each other, for whoever uses the published verifier: it looks "
            "the customer's lines up and recomputes no node. This check recomputes all of them."
        ),
        "amounts-not-compared": (
            "An amount that is too small. The check shows what is counted, not what is right: compare it with your "
            "own records of that moment."
        ),
        "id-shared": (
            "One line shown to two customers of one name and one amount. The line is bound to an id: it has to be "
            "one that you know and nobody else has."
        ),
        "two-statements": (
            "Another statement for other readers. Compare the root with the one others have, and with a copy in a "
            "place the publisher cannot change."
        ),
        "debts-outside": (
            "Debts outside the tree. Which products, coins and customers are in it, and of which moment, is the "
            "publisher's choice; and being included says nothing of what the exchange holds."
        ),
    }
)

ROOT_IN_THE_SAME_FILE: Final = "root-in-the-same-file"


def gap(key: str, why: str = "") -> Gap:
    """A sentence of the catalogue, and why it is true of the format."""
    return Gap(key=key, sentence=f"{CATALOGUE[key]} Here: {why}." if why else CATALOGUE[key])

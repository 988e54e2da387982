"""por-mst/1: this project's own format, checked against the commitment in the exchange's statement.

Source: `docs/reference/por-mst-1.md`. A node binds both children's sums, so the total is no less than what all who
verify are owed; what is left is listed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from reservecheck.commitment.commitment_file import Published
from reservecheck.commitment.proof import Proof, tops, verify
from reservecheck.commitment.proof_file import read_proof
from reservecheck.commitment.scheme import SCHEME, Commitment, Node, leaf_hash
from reservecheck.errors import ProofError
from reservecheck.inclusion.catalogue import ROOT_IN_THE_SAME_FILE, gap
from reservecheck.inclusion.fields import Malformed
from reservecheck.inclusion.records import Inclusion
from reservecheck.money import format_amount
from reservecheck.vault.canonical import Json

NAME: Final = SCHEME
TITLE: Final = "Liability commitment"
NO_COMMITMENT: Final = (
    "a proof that brings its own root proves nothing: give the commitment from the exchange's statement with "
    "--commitment FILE"
)
_GAPS: Final = (
    gap("amounts-not-compared"),
    gap("id-shared"),
    gap("two-statements"),
    gap("customers-left-out"),
    gap("debts-outside"),
)
_MOST_ASSETS: Final = 20
_ANOTHER: Final = "it may be of another statement; use the page, or the commitment, of that statement"
_OWN_ROOT: Final = gap(ROOT_IN_THE_SAME_FILE, "no commitment was given")


def recognise(document: Json) -> bool:
    """Whether it names the scheme."""
    return isinstance(document, dict) and document.get("scheme") == SCHEME


def check_committed(data: bytes, published: Published | None) -> Inclusion:
    """The proof in a file, followed to the tree of its asset.

    Without a commitment it is followed to the root it brings, and is not shown to be included. Raises Malformed for
    what is no proof.
    """
    try:
        proof = read_proof(data)
    except ProofError as error:
        raise Malformed(error.message) from error
    alone = _refusal(proof, Commitment(scope=proof.scope, root=proof.root, total=proof.total))
    led_to = _led_to(proof)
    if published is None:
        return _answer(proof, led_to, (*alone, NO_COMMITMENT), recomputes=not alone)
    # Of an asset without a tree any tree refuses the proof, by its snapshot or its asset.
    tree = published.tree(proof.scope.asset) or published.trees[0]
    refusal = _refusal(proof, tree)
    beside = tuple(_beside(proof, led_to, published)) if refusal else ()
    answer = _answer(proof, led_to, (*refusal, *beside), recomputes=not alone)
    differs = {root for root, _ in led_to} != {tree.root}
    return replace(answer, root_compared=True, root_differs=differs, not_prevented=_GAPS)


def _led_to(proof: Proof) -> tuple[Node, ...]:
    """None where the sums are too large for any root; the reason of the refusal says so."""
    try:
        return tops(proof)
    except ProofError:
        return ()


def _refusal(proof: Proof, commitment: Commitment) -> tuple[str, ...]:
    try:
        verify(proof, commitment)
    except ProofError as error:
        return (error.message,)
    return ()


def _beside(proof: Proof, led_to: tuple[Node, ...], published: Published) -> Iterator[str]:
    """What stands in the proof beside what was committed to, so that a customer can compare it."""
    asset, tree = proof.scope.asset, published.tree(proof.scope.asset)
    if proof.scope.snapshot != published.snapshot:
        yield f"the proof is of {proof.scope.snapshot!r}, the commitment of {published.snapshot!r}: {_ANOTHER}"
    if tree is None:
        yield f"the proof is in {asset!r}, the commitment has trees of {', '.join(_assets(published))}"
        return
    roots = tuple(dict.fromkeys(root for root, _ in led_to))
    if roots and roots != (tree.root,):
        mine = " and to ".join(root.hex() for root in roots)
        yield f"the proof leads to the root {mine}, the commitment's root of {asset} is {tree.root.hex()}"


def _assets(published: Published) -> Iterator[str]:
    assets = [tree.scope.asset for tree in published.trees]
    yield from map(repr, assets[:_MOST_ASSETS])
    if len(assets) > _MOST_ASSETS:
        yield f"… and {len(assets) - _MOST_ASSETS} more"


def _answer(proof: Proof, led_to: tuple[Node, ...], differences: tuple[str, ...], *, recomputes: bool) -> Inclusion:
    scope, customer = proof.scope, proof.customer.encode()
    sums = {format_amount(total, scope.decimals) for _, total in led_to}
    lines = (leaf_hash(scope.context, leaf.salt, leaf.units, customer).hex() for leaf in proof.leaves)
    return Inclusion(
        format=NAME,
        title=TITLE,
        leaf=", ".join(lines),
        root=", ".join(dict.fromkeys(root.hex() for root, _ in led_to)),
        recomputes=recomputes,
        balances={scope.asset: format_amount(proof.units, scope.decimals)},
        totals={scope.asset: sums.pop()} if len(sums) == 1 else {},
        differences=differences,
        remarks=(
            f"the id is {proof.customer}, of the snapshot {scope.snapshot}: it has to be yours and nobody else's",
        ),
        not_prevented=(_OWN_ROOT, *_GAPS),
    )

"""Blocks known from elsewhere, and proofs up to them: what speaks for a reading, or against it."""

from __future__ import annotations

import json
from typing import Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case
from tests.conformance.cases.tokens import BEFORE_T, T
from tests.conformance.invented import invent
from tests.nodes.running import anvil

CHAIN: Final = "eip155:31337"
OWNER: Final = "0x" + 40 * "1"
HEADER: Final = "network,height,hash,source,taken_by,taken_at\n"


def looked_up(bench: Bench, hash_: str = "", after: str = "") -> None:
    """The practitioner's file: the block that was read and the next one, or another hash at either height."""
    bench.run("--bundle", bench.bundle)
    pin = next(one for one in json.loads(bench.member("pins.json"))["pins"] if one["network"] == CHAIN)
    blocks = ((pin["height"], hash_ or pin["hash"]), (pin["height"] + 1, after or pin["next_hash"]))
    where = "a public explorer,A. Sato,2018-07-01T00:00:00Z"
    rows = "".join(f"{CHAIN},{height},{one},{where}\n" for height, one in blocks)
    (bench.folder / "anchors.csv").write_text(HEADER + rows, encoding="utf-8")


def with_anchors(bench: Bench) -> int:
    return bench.run("--anchors", bench.folder / "anchors.csv")


def below_its_own_root(bench: Bench) -> None:
    """The node's state was changed after the block was made, so that nothing it can prove has the block's root."""
    node = bench.stack.enter_context(anvil(bench.folder, 31337, "--timestamp", str(BEFORE_T - 24)))
    node("anvil_setBalance", OWNER, hex(10 * 10**18))
    node("evm_setNextBlockTimestamp", BEFORE_T)
    node("evm_mine")
    node("anvil_setBalance", OWNER, hex(90 * 10**18))
    for seconds in (24, 36, 48):
        node("evm_setNextBlockTimestamp", BEFORE_T + seconds)
        node("evm_mine")
    invent(bench, "janus", T, [(CHAIN, OWNER)], {"ETH": "90"})
    bench.provide((CHAIN, "evm", node, "practitioner"))
    providers = bench.folder / "providers.toml"
    text = providers.read_text(encoding="utf-8").replace("[[source]]", "[[source]]\nproofs = true")
    providers.write_text(text, encoding="utf-8")


CASES: Final = (
    Case(
        id="read-on-another-chain-than-the-one-looked-up",
        kind="lie",
        says="The chain behind our host names is the chain everybody has.",
        make=lambda bench: looked_up(bench, f"0x{'7' * 64}"),
        ask=with_anchors,
        code=1,
        outcome="incomplete",
        breaks=(f"anchor_disagrees {CHAIN}",),
        words=(f"but a public explorer, looked up by A. Sato, says {'7' * 64}",),
    ),
    Case(
        id="node-that-lies-below-its-own-root",
        kind="lie",
        says="Our node's word is the chain's; that it cannot prove it is a fault of the software.",
        make=below_its_own_root,
        ask=lambda bench: bench.run_live(),
        nodes=True,
        code=1,
        outcome="incomplete",
        breaks=(f"unproven_holding {CHAIN}",),
        words=("a node does not have the hash its parent names",),
    ),
    Case(
        id="next-block-made-up",
        kind="lie",
        says="After a true block stands one nobody made, so that a moment with more in it passes for the cut-off.",
        make=lambda bench: looked_up(bench, after=f"0x{'7' * 64}"),
        ask=with_anchors,
        code=1,
        outcome="incomplete",
        breaks=(f"anchor_disagrees {CHAIN}",),
        words=(f"but a public explorer, looked up by A. Sato, says of the next block {'7' * 64}",),
    ),
    Case(
        id="looked-up-and-found-the-same",
        kind="truth",
        says="The block that was read is the one a public explorer shows.",
        make=looked_up,
        ask=with_anchors,
        code=0,
        outcome="covered",
        words=(
            "is known from local-evm-31337, the practitioner's own source; a public explorer, looked up by A. Sato",
        ),
    ),
)

"""Blocks known from elsewhere: what the practitioner looked up speaks for a reading, or against it."""

from __future__ import annotations

import json
from typing import Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case

CHAIN: Final = "eip155:31337"
HEADER: Final = "network,height,hash,source,taken_by,taken_at\n"


def looked_up(bench: Bench, hash_: str = "") -> None:
    """The practitioner's file: the block that was read, or another hash at its height."""
    bench.run("--bundle", bench.bundle)
    pin = next(one for one in json.loads(bench.member("pins.json"))["pins"] if one["network"] == CHAIN)
    row = f"{CHAIN},{pin['height']},{hash_ or pin['hash']},a public explorer,A. Sato,2018-07-01T00:00:00Z\n"
    (bench.folder / "anchors.csv").write_text(HEADER + row, encoding="utf-8")


def with_anchors(bench: Bench) -> int:
    return bench.run("--anchors", bench.folder / "anchors.csv")


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
        words=(f"but a public explorer says {'7' * 64}",),
    ),
    Case(
        id="looked-up-and-found-the-same",
        kind="truth",
        says="The block that was read is the one a public explorer shows.",
        make=looked_up,
        ask=with_anchors,
        code=0,
        outcome="covered",
        words=("is known from local-evm-31337, the practitioner's own source; a public explorer",),
    ),
)

"""Bundles that were altered clumsily: the manifest gives them away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case

MEMBERS: Final = (
    "assessment.json", "cash.csv", "cells.csv.gz", "encumbrances.csv", "engagement.json", "exchanges.jsonl.gz",
    "letters.csv", "liabilities.json", "pins.json", "prices.csv", "registry.json", "rules.json", "sources.json",
    "wallets.csv.gz",
)  # fmt: skip
HOLE: Final = ("asset_shortfall ETH", "aggregate_hides_a_hole aggregate")


def verify(bench: Bench) -> int:
    return bench.verify()


def a_body(bench: Bench) -> str:
    return min(path.name for path in (bench.bundle / "bodies").iterdir())


def flipped(name: str) -> Callable[[Bench], None]:
    def make(bench: Bench) -> None:
        bench.seal()
        bench.unsealed(name, lambda data: data[:-7] + bytes([data[-7] ^ 1]) + data[-6:])

    return make


def missing(name: str) -> Callable[[Bench], None]:
    def make(bench: Bench) -> None:
        bench.seal()
        bench.unsealed(name, lambda _: None)

    return make


def flip_body(bench: Bench) -> None:
    bench.seal()
    bench.unsealed(f"bodies/{a_body(bench)}", lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])


def extra_file(bench: Bench) -> None:
    bench.seal()
    bench.unsealed("report.html", lambda _: b"<h1>covered</h1>")


def extra_member(bench: Bench) -> None:
    bench.seal()
    bench.reseal({"opinion.json": b"{}"})


def no_manifest(bench: Bench) -> None:
    bench.seal()
    bench.manifest.unlink()


def manifest_alone(bench: Bench) -> None:
    bench.seal()
    text = bench.manifest.read_bytes()
    bench.manifest.write_bytes(text.replace(b'"bytes":', b'"bytes":1', 1))


FLIPPED: Final = tuple(
    Case(
        id=f"byte-changed-in-{name.partition('.')[0]}",
        kind="lie",
        says=f"One bit of {name} is another.",
        make=flipped(name),
        ask=verify,
        code=1,
        steps={"members": f"{name}: altered"},
    )
    for name in MEMBERS
)
CASES: Final = (
    *FLIPPED,
    Case(
        id="byte-changed-in-an-answer",
        kind="lie",
        says="One bit of a recorded answer is another.",
        make=flip_body,
        ask=verify,
        code=1,
        steps={"members": "altered"},
    ),
    Case(
        id="member-missing",
        kind="lie",
        says="The letters are gone from the bundle.",
        make=missing("letters.csv"),
        ask=verify,
        code=1,
        steps={"members": "letters.csv: missing"},
    ),
    Case(
        id="file-nobody-sealed",
        kind="lie",
        says="A page that says covered lies in the bundle.",
        make=extra_file,
        ask=verify,
        code=1,
        steps={"members": "report.html: extra member"},
    ),
    Case(
        id="manifest-missing",
        kind="lie",
        says="A folder without a manifest is a bundle.",
        make=no_manifest,
        ask=verify,
        code=2,
        words=("manifest.json",),
    ),
    Case(
        id="manifest-altered",
        kind="lie",
        says="The manifest says another size.",
        make=manifest_alone,
        ask=verify,
        code=1,
        steps={"members": "assessment.json: altered"},
    ),
    Case(
        id="sealed-opinion",
        kind="lie",
        says="An opinion is sealed into the bundle beside what it rests on.",
        make=extra_member,
        ask=verify,
        code=1,
        steps={"records": "opinion.json: the manifest lists it, but nothing in the bundle needs it"},
    ),
)

"""A commitment over a bench's customer rows, honest unless told otherwise, and the secret beside the folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.conformance.bench import Bench

from reservecheck.commitment.building import build
from reservecheck.commitment.columns import Row
from reservecheck.commitment.commitment_file import Published, write_commitments
from reservecheck.commitment.scheme import Commitment, Scope, least_height
from reservecheck.money import parse_amount

SECRET: Final = bytes(range(1, 33))
OTHER: Final = bytes(range(2, 34))
DECIMALS: Final = {"BTC": 8, "ETH": 18, "KRW": 0, "LTC": 8, "USDT": 18}
Owed = dict[str, dict[str, int]]
"""Units by asset and customer."""


def owed(bench: Bench) -> Owed:
    """What the rows of the folder owe, as their leaves count it."""
    found: Owed = {}
    text = (bench.snapshot / "customers.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        one = found.setdefault(row["asset"], {})
        units = max(parse_amount(row["balance"], DECIMALS[row["asset"]]), 0)
        one[row["customer"]] = one.get(row["customer"], 0) + units
    return found


def published(  # noqa: PLR0913  # what a commitment may say otherwise, by name
    rows: Owed,
    secret: bytes = SECRET,
    *,
    entity: str = "hanul",
    decimals: Mapping[str, int] = DECIMALS,
    higher: int = 0,
    moment: str = "2018-06-28",
) -> Published:
    """The honest commitment over rows; some levels higher than needed."""
    snapshot, trees = f"{entity}/{moment}", []
    for asset, balances in sorted(rows.items()):
        height = least_height(len(balances)) + higher
        scope = Scope(snapshot=snapshot, asset=asset, decimals=decimals[asset], height=height)
        trees.append(
            build((Row(customer, units) for customer, units in balances.items()), scope, secret).commitment
        )
    return Published(entity=entity, snapshot=snapshot, trees=tuple(trees), draw=None)


def secret_file(bench: Bench, secret: bytes = SECRET) -> Path:
    path = bench.folder / "secret.hex"
    path.write_text(f"{secret.hex()}\n", encoding="ascii")
    return path


def hand_over(bench: Bench, stated: Published) -> None:
    """Put a commitment into the folder, and its secret beside it."""
    (bench.snapshot / "commitment.json").write_bytes(write_commitments(stated))
    bench.edit("snapshot.toml", "[files]\n", '[files]\ncommitment = "commitment.json"\n')
    secret_file(bench)


def committed(lie: Callable[[Owed], object] = lambda _: None, **told: object) -> Callable[[Bench], None]:
    """The folder with a commitment over its rows, after `lie` has altered what the commitment owes."""

    def make(bench: Bench) -> None:
        rows = owed(bench)
        lie(rows)
        hand_over(bench, published(rows, **told))  # type: ignore[arg-type]  # the options of `published`

    return make


def restated(asset: str, change: Callable[[Commitment], Commitment]) -> Callable[[Bench], None]:
    """The honest commitment with one tree's words altered."""

    def make(bench: Bench) -> None:
        honest = published(owed(bench))
        trees = tuple(change(tree) if tree.scope.asset == asset else tree for tree in honest.trees)
        hand_over(bench, replace(honest, trees=trees))

    return make


def with_secret(bench: Bench) -> int:
    """`run` as a practitioner does it who was given the secret."""
    return bench.run("--commitment-secret", bench.folder / "secret.hex")

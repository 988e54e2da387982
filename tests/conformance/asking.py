"""Customers drawn from a bench's commitment and asked: an honest list, honestly answered unless told otherwise."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from tests.conformance.bench import Bench
from tests.conformance.committing import DECIMALS, SECRET, hand_over, owed, published

from reservecheck.books.confirmations import COLUMNS
from reservecheck.commitment.building import build
from reservecheck.commitment.columns import Columns, Row, of_rows
from reservecheck.commitment.commitment_file import Draw, Published, write_commitments
from reservecheck.commitment.draw import Lot
from reservecheck.commitment.tree import Tree
from reservecheck.drawing import draw_list
from reservecheck.model.confirmations import CONFIRMATIONS_FILE, DrawnBy, ReadFrom
from reservecheck.money import format_amount

DRAW: Final = Draw(network="bitcoin:regtest", height=800, method="amount", size=60)
BLOCK: Final = "d4" * 32
TIME: Final = "2018-07-05T00:00:00Z"
AGREES: Final = {
    "answer": "agrees", "received_on": "2018-07-09", "channel": "direct", "received_by": "Example Audit"
}  # fmt: skip
SILENT: Final = dict.fromkeys(("answer", "stated", "received_on", "channel", "received_by"), "")
Line = dict[str, str]
Lie = Callable[[list[Line]], None]


def honest(_: list[Line]) -> None:
    """Everybody drawn agrees directly."""


def asked(
    lie: Lie = honest,
    *,
    draw: Draw | None = DRAW,
    **told: Any,  # noqa: ANN401  # any part of what drew
) -> Callable[[Bench], None]:
    """The folder with a commitment, and the list of those drawn from it, filled in and then altered by `lie`."""

    def make(bench: Bench) -> None:
        stated = replace(published(owed(bench)), draw=draw)
        hand_over(bench, stated)
        lines = drawn(bench, stated, draw or DRAW, **told)
        lie(lines)
        write(bench, lines)

    return make


def drawn(bench: Bench, stated: Published, draw: Draw, **told: Any) -> list[Line]:  # noqa: ANN401  # as above
    """The filled list; `told` says what the list states of its draw."""
    digest = hashlib.sha256(write_commitments(stated)).hexdigest()
    truth: dict[str, Any] = {
        "commitment": digest,
        "network": draw.network,
        "height": draw.height,
        "block": BLOCK,
        "time": TIME,
        "read_from": ReadFrom.OWN,
    }
    by = DrawnBy(**truth | told)
    lot = Lot(commitment=bytes.fromhex(digest), block=bytes.fromhex(by.block), method=draw.method, size=draw.size)
    text = draw_list(trees(bench, stated), SECRET, lot, by).data.decode()
    return [{**line, **AGREES} for line in csv.DictReader(io.StringIO(text, newline=""))]


def trees(bench: Bench, stated: Published) -> list[tuple[Tree, Columns]]:
    """Every tree with the rows it is made of."""
    rows = owed(bench)
    columns = {asset: of_rows(Row(*one) for one in sorted(rows[asset].items())) for asset in rows}
    return [
        (
            build((Row(*one) for one in rows[tree.scope.asset].items()), tree.scope, SECRET),
            columns[tree.scope.asset],
        )
        for tree in stated.trees
    ]


def write(bench: Bench, lines: list[Line]) -> None:
    """Put the list where the practitioner puts it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    bench.write(CONFIRMATIONS_FILE, text.getvalue())
    bench.edit("snapshot.toml", "[files]\n", f'[files]\nconfirmations = "{CONFIRMATIONS_FILE}"\n')


def of(lines: list[Line], asset: str) -> list[Line]:
    """The rows about an asset."""
    return [line for line in lines if line["asset"] == asset]


def amount_of(line: Line, units: int) -> str:
    """So many smallest units, as the list writes them."""
    return format_amount(units, DECIMALS[line["asset"]])

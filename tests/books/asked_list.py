"""Lists of customers asked, as tests write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Final

from reservecheck.books.confirmations import COLUMNS

ROW: Final[Mapping[str, str]] = {
    "number": "1", "asset": "BTC", "customer": "u1", "amount": "1", "hits": "2", "answer": "agrees", "stated": "",
    "received_on": "2018-09-21", "channel": "direct", "received_by": "A. Auditor", "commitment_sha256": "c" * 64,
    "network": "bitcoin:regtest", "height": "120", "block_hash": "b" * 64, "block_time": "2018-09-20T09:00:00Z",
    "read_from": "own-source",
}  # fmt: skip
SILENT: Final[Mapping[str, str]] = dict.fromkeys(("answer", "stated", "received_on", "channel", "received_by"), "")


def written(rows: Iterable[Mapping[str, str]]) -> str:
    """A list; each row says how it is unlike ROW."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**ROW, **row} for row in rows)
    return text.getvalue()

"""What each customer is owed of each asset, as the leaves of a tree: the rows that were summed, added up once more.

A leaf's amount is Σ max(balance, 0) over the rows of one customer in one asset, classes, duplicates and house
accounts included: a tree's total is the gross of its asset.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from reservecheck.books.customer_blocks import LINE, CustomerFile
from reservecheck.books.customer_rows import UNITS, RowGate, row_gate
from reservecheck.books.leaf_columns import CUSTOMER, leaf_columns
from reservecheck.books.ledger_names import ledger_names
from reservecheck.books.located import located
from reservecheck.books.same_files import SameFiles
from reservecheck.books.snapshot import read_snapshot
from reservecheck.books.unreadable import Unreadable
from reservecheck.commitment.columns import Columns
from reservecheck.errors import InputError, Problem
from reservecheck.model.declared import InputFile
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Asset
from reservecheck.money import in_range

MOST_ROWS: Final = 12_000_000
"""Rows that are kept at once, unless they are all of one asset."""
_NAME: Final = "asset"
_NORMAL: Final = "NFC"
_UNASSIGNED: Final = r"\p{Cn}"
_SO_WRITE: Final = f"a customer's proof is found by the id's bytes: write ids in {_NORMAL}"
_SO_LEAVE: Final = "programs differ in whether such an id is one: give that customer another"


def leaves_of(
    folder: Path,
    assets: Mapping[str, Asset],
    out_of_scope: frozenset[str],
    progress: Progress,
    summed: Iterable[InputFile] = (),
) -> Iterator[tuple[str, Columns]]:
    """(asset, leaves) of everything owed to customers, one asset after the other, by name within a reading.

    Files are read again when they hold more rows than `MOST_ROWS`: memory is that of the largest asset. `summed`
    are files as they were read before. Raises InputError as `read_customers` does, for an id that is not in NFC,
    and for a file that is not what it was. Without customer rows there is nothing.
    """
    same = SameFiles(summed)
    snapshot = read_snapshot(folder)
    same.check(snapshot.input_file())
    places = located(folder, snapshot).get("customers", ())
    gate = row_gate(ledger_names(assets, snapshot.ledger_tickers(assets)), out_of_scope)
    files = [CustomerFile(at.path, at.shown, gate.spelled) for at in places]
    done: set[str] = set()
    while True:
        kept, more = _reading(files, gate, done, progress)
        for file in files:
            same.check(file.input_file())
        done.update(kept)
        for asset in sorted(kept):
            yield asset, leaf_columns(kept.pop(asset))
        if not more:
            return


def _reading(
    files: Sequence[CustomerFile], gate: RowGate, done: set[str], progress: Progress
) -> tuple[dict[str, list[pl.DataFrame]], bool]:
    """Rows by asset, of assets not done yet, and whether some had to be left for another reading."""
    kept: dict[str, list[pl.DataFrame]] = {}
    rows: dict[str, int] = {}
    left: set[str] = set()
    unreadable = Unreadable()
    total = sum(file.path.stat().st_size for file in files)
    before = 0
    for file in files:
        for block in file.blocks():
            unreadable.add(block.problems, len(block.problems))
            frame = gate.passed(block.frame, file.shown, unreadable).rows
            _refuse_odd_ids(frame, file.shown)
            for asset, part in _by_asset(frame, gate):
                if asset not in done and asset not in left:
                    kept.setdefault(asset, []).append(part)
                    rows[asset] = rows.get(asset, 0) + part.height
            while sum(rows.values()) > MOST_ROWS and len(rows) > 1:
                last = max(rows)
                left.add(last)
                del rows[last], kept[last]
            progress("leaves", before + file.read, total)
        before += file.read
    if files:
        unreadable.refuse(files[0].shown, gate.names.keys())
    return kept, bool(left)


def _refuse_odd_ids(frame: pl.DataFrame, shown: str) -> None:
    """An id that can be written in two ways would be two customers, or none who finds the proof.

    Of characters that Unicode does not have yet nobody knows how they will be written.
    """
    id_ = pl.col(CUSTOMER)
    for odd, message, hint in (
        (id_.str.normalize(_NORMAL) != id_, f"the customer's id is not in Unicode's form {_NORMAL}", _SO_WRITE),
        (id_.str.contains(_UNASSIGNED), "the customer's id has a character that Unicode does not have", _SO_LEAVE),
    ):
        rows = frame.filter(odd)
        if rows.height:
            said = f"{message} ({rows.height} rows of this block)"
            raise InputError(Problem(path=shown, line=rows[LINE][0], message=said, hint=hint))


def _by_asset(frame: pl.DataFrame, gate: RowGate) -> Iterator[tuple[str, pl.DataFrame]]:
    """(asset, customer and units) of one block, debts as nothing owed, units the asset's smallest."""
    for (name,), part in (
        frame.select(_NAME, CUSTOMER, pl.col(UNITS).clip(0))
        .partition_by(_NAME, as_dict=True, include_key=False)
        .items()
    ):
        ledger_name = gate.names[str(name)]
        if ledger_name.multiplier == 1:
            finer = 10 ** (ledger_name.scale - ledger_name.decimals)
            units = part[UNITS] // pl.lit(finer, dtype=pl.Int128) if finer > 1 else part[UNITS]
        else:
            exact = [in_range(ledger_name.units(scaled)) for scaled in part[UNITS].to_list()]
            units = pl.Series(UNITS, exact, dtype=pl.Int128)
        yield ledger_name.asset, part.with_columns(units.alias(UNITS))

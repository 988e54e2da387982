"""What is held of each asset, to set a ledger against before anything decides: from evidence, or from a list.

Everything declared is counted, whoever owns it and whatever shows it: a figure that is too large even so is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reservecheck.assess.positions import position
from reservecheck.books.register import refuse, register_rows
from reservecheck.bundle import EVIDENCE, inputs_of, open_sealed
from reservecheck.errors import BundleError, Problem, ReplayError
from reservecheck.model.books import Books
from reservecheck.model.liability_check import HeldAmount
from reservecheck.model.registry import Asset
from reservecheck.vault.csv_file import read_csv
from reservecheck.vault.sealed import Sealed


def held_in_evidence(
    evidence: Path, books: Books, *, entity: str, cutoff_epoch: int | None
) -> dict[str, HeldAmount | None]:
    """All that a sealed evidence set, the custodians' register and the cash register hold, by asset.

    None stands where no register says anything of a currency. Raises BundleError when the set was altered,
    ReplayError when it is of another entity or cut-off.
    """
    sealed = Sealed(evidence, called="an evidence set")
    if differences := sealed.differences():
        raise BundleError(f"{evidence} was altered: {differences[0]}")
    gathered = open_sealed(sealed, kind=EVIDENCE).gathered
    theirs = gathered.job.engagement
    if gathered.cover.entity != entity:
        raise ReplayError(f"{evidence} is of {gathered.cover.entity!r}, the snapshot of {entity!r}")
    if cutoff_epoch is not None and theirs.cutoff_epoch != cutoff_epoch:
        raise ReplayError(f"{evidence} was collected for another cut-off ({theirs.cutoff})")
    found = position(inputs_of(gathered, books))
    nameless = len(found.unread_lines)
    held: dict[str, HeldAmount | None] = {
        row.asset: HeldAmount(units=row.broad.held, unread=len(row.unread) + nameless) for row in found.assets
    }
    for cash in found.cash:
        held[cash.currency] = HeldAmount(units=cash.broad.held) if cash.asserted else None
    return held


def held_in_file(path: Path, assets: Mapping[str, Asset]) -> dict[str, HeldAmount | None]:
    """A list `asset,held` of whole units; raises InputError for what it cannot hold, and an asset that repeats."""
    file = read_csv(path, required=("asset", "held"))
    problems: list[Problem] = []
    held: dict[str, HeldAmount | None] = {}
    for row in register_rows(file, assets, problems):
        asset = row.asset("asset")
        if asset in held:
            row.problem(f"{asset} stands twice", "one row an asset")
        held[asset] = HeldAmount(units=row.amount("held", asset, negative="write what is held"))
    refuse(problems)
    return held

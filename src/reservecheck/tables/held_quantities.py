"""What was read, joined with whose it is and what it stands for, and summed exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from reservecheck.errors import MoneyError
from reservecheck.model.evidence import Cell
from reservecheck.model.words import CellStatus
from reservecheck.money import LIMIT, in_range
from reservecheck.tables.exact_sums import sum_units

Holding = tuple[str, str, str, str, str]
"""(asset, instrument, owner, evidence, control)"""

_KEY = ("asset", "instrument", "owner", "evidence", "control")


def holdings(
    cells: Sequence[Cell], owner_of: Mapping[int, str], asset_of: Mapping[str, tuple[str, int]]
) -> dict[Holding, int]:
    """Σ units of the cells that were read, by (asset, instrument, owner, evidence, control).

    `owner_of` maps a wallet's line to its owner, `asset_of` an instrument to its asset and the exponent that
    scales the instrument's units up to the asset's. Cells that were not read are skipped: the caller lists them.
    Raises MoneyError for a cell without a wallet or an asset, a read cell without units, an exponent below zero,
    and amounts of 10^38 units or more.
    """
    read = [cell for cell in cells if cell.status == CellStatus.READ]
    for cell in read:
        if cell.units is None or abs(cell.units) >= LIMIT:
            what = "no amount" if cell.units is None else "an amount of 10^38 units or more"
            raise MoneyError(f"the cell of {cell.label!r} and {cell.instrument} was read, but has {what}")
    joined = _joined(read, owner_of, asset_of)
    result: dict[Holding, int] = {}
    for key, units in sum_units(joined, _KEY, "units").items():
        asset, instrument, owner, evidence, control = (str(part) for part in key)
        exponent = asset_of[instrument][1]
        if exponent < 0:
            raise MoneyError(f"{instrument} has more decimals than {asset}: it cannot be scaled without rounding")
        result[asset, instrument, owner, evidence, control] = in_range(units * 10**exponent)
    return result


def _joined(
    read: Sequence[Cell], owner_of: Mapping[int, str], asset_of: Mapping[str, tuple[str, int]]
) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "line": pl.Series([cell.line for cell in read], dtype=pl.Int64),
            "instrument": pl.Series([cell.instrument for cell in read], dtype=pl.String),
            "units": pl.Series([cell.units for cell in read], dtype=pl.Int128),
            "evidence": pl.Series([cell.evidence.value for cell in read], dtype=pl.String),
            "control": pl.Series([cell.control.value for cell in read], dtype=pl.String),
        }
    )
    owners = pl.DataFrame(
        {
            "line": pl.Series(list(owner_of), dtype=pl.Int64),
            "owner": pl.Series([str(owner) for owner in owner_of.values()], dtype=pl.String),
        }
    )
    assets = pl.DataFrame(
        {
            "instrument": pl.Series(list(asset_of), dtype=pl.String),
            "asset": pl.Series([asset for asset, _ in asset_of.values()], dtype=pl.String),
        }
    )
    joined = frame.join(owners, on="line", how="left", validate="m:1").join(
        assets, on="instrument", how="left", validate="m:1"
    )
    for column, key in (("owner", "line"), ("asset", "instrument")):
        lost = joined.filter(pl.col(column).is_null())
        if lost.height:
            raise MoneyError(f"a cell was read for the {key} {lost[key][0]}, which has no {column}")
    return joined

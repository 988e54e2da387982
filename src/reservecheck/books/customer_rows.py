"""What is wrong with rows of a customer file, and their amounts in the units frames hold.

A row is *unreadable* when its amount, its customer or its asset cannot be known: then the liability cannot be known
either, and the file is refused. Neither a customer's id nor a balance is quoted in messages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from reservecheck.books.customer_blocks import CLASS, LINE
from reservecheck.books.ledger_names import FRAME_SCALE, LedgerName
from reservecheck.books.repeated_rows import run_starts
from reservecheck.books.unreadable import MOST_PROBLEMS, Unreadable
from reservecheck.errors import Problem
from reservecheck.tables import are_amounts, is_amount, units_of_text

UNITS: Final = "units"
KIND: Final = "coin"
"""The asset a ledger's name stands for."""
SCALE: Final = "scale"
_DIGITS: Final = "digits"
_OUTSIDE: Final = "outside"
_AMOUNT: Final = re.compile(r"-?(0|[1-9][0-9]{0,18})(\.[0-9]+)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Rows with `units`, `coin` and `scale`, and their `run_starts`; rows of assets out of scope."""

    rows: pl.DataFrame
    starts: pl.Series
    outside: pl.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGate:
    """Turns blocks of text into rows with exact units, and puts aside what cannot be.

    The lookup has a row for each name in the asset column, in the order of `spelled`, the names as categories.
    """

    names: Mapping[str, LedgerName]
    lookup: pl.DataFrame
    spelled: pl.Enum

    @property
    def most_digits(self) -> int:
        """The most digits after the point that any name takes."""
        return max(name.digits for name in self.names.values())

    def passed(self, frame: pl.DataFrame, shown: str, unreadable: Unreadable) -> Passed:
        """What one block holds; rows that cannot be read are added to `unreadable`.

        Whether anything is wrong at all is asked of whole columns; only if so, it is asked of every row.
        """
        names = frame["asset"]
        if names.dtype != self.spelled:
            names = names.cast(self.spelled, strict=False)
        places = names.to_physical()
        joined = frame.with_columns(self.lookup.select(pl.all().gather(places)))
        starts = run_starts(frame)
        if self._all_good(joined, names, frame["customer"].filter(starts)):
            rows = self._with_units(joined.with_columns(names))
            return Passed(rows=rows, starts=starts, outside=joined.clear())
        joined = joined.with_columns(pl.col("asset").cast(pl.String))
        blank = ~pl.col("customer").str.contains(r"\S").fill_null(value=False)
        if CLASS in frame.columns:
            blank |= _blank(CLASS)
        named = pl.col(KIND).is_not_null()
        good = ~blank & named & is_amount(pl.col("balance"), pl.col(_DIGITS), most=self.most_digits)
        verdict = joined.select(
            good=good.fill_null(value=False), outside=pl.col(_OUTSIDE).fill_null(value=False) & ~blank
        )
        self._explain(joined.filter(~verdict["good"] & ~verdict["outside"]), shown, unreadable)
        rows = joined.with_columns(names).filter(verdict["good"])
        return Passed(
            rows=self._with_units(rows), starts=run_starts(rows), outside=joined.filter(verdict["outside"])
        )

    def _all_good(self, joined: pl.DataFrame, names: pl.Series, ids: pl.Series) -> bool:
        if names.null_count() or joined[_OUTSIDE].any():
            return False
        if ids.null_count() or not ids.str.contains(r"\S").all():
            return False
        if CLASS in joined.columns and joined.select(_blank(CLASS).any()).item():
            return False
        digits, balance = joined[_DIGITS], joined["balance"]
        classes = {name.digits for name in self.names.values()}
        return all(are_amounts(balance.filter(digits == most), most) for most in classes)

    def _with_units(self, rows: pl.DataFrame) -> pl.DataFrame:
        if (rows[SCALE] == FRAME_SCALE).all():
            return rows.with_columns(units_of_text(pl.col("balance"), FRAME_SCALE).alias(UNITS))
        parts = [
            rows.filter(pl.col(SCALE) == scale).with_columns(units_of_text(pl.col("balance"), scale).alias(UNITS))
            for scale in rows[SCALE].unique()
        ]
        return pl.concat(parts).sort(LINE)

    def _explain(self, bad: pl.DataFrame, shown: str, unreadable: Unreadable) -> None:
        named = pl.col(KIND).is_not_null() | _blank("customer", strip=True) | _blank("asset")
        if CLASS in bad.columns:
            named |= _blank(CLASS)
        known, unknown = bad.filter(named), bad.filter(~named)
        problems = [self._problem(row, shown) for row in known.head(MOST_PROBLEMS).iter_rows(named=True)]
        unreadable.add(problems, known.height)
        for name, line, count in (
            unknown.group_by("asset", maintain_order=True).agg(pl.col(LINE).first(), pl.len()).iter_rows()
        ):
            unreadable.add_unknown(name, (shown, line), count)

    def _problem(self, row: dict[str, object], shown: str) -> Problem:
        line = int(str(row[LINE]))
        if not str(row["customer"] or "").strip():
            return Problem(
                path=shown, line=line, message="the customer is empty", hint="every balance is owed to somebody"
            )
        if not row["asset"]:
            return Problem(path=shown, line=line, message="the asset is empty", hint="write BTC, KRW, …")
        if CLASS in row and not row[CLASS]:
            return Problem(path=shown, line=line, message="the class is empty", hint="write spot, earn, …")
        if not row["balance"]:
            return Problem(
                path=shown, line=line, message="the balance is empty", hint="unknown is not zero: write 0 for none"
            )
        message, hint = _not_an_amount(str(row["balance"]), self.names[str(row["asset"])].digits)
        return Problem(path=shown, line=line, message=message, hint=hint)


def _not_an_amount(text: str, digits: int) -> tuple[str, str]:
    """What is wrong with a balance, without repeating it: where columns are swapped, it is a customer's id."""
    if _AMOUNT.fullmatch(text) is None:
        return "the balance is not an amount", "write digits and a point, such as 1234.5"
    places = len(text.partition(".")[2])
    if places > digits:
        message = f"the balance has {places} digits after the point, the asset has {digits}"
        return message, "an amount is never rounded: write it as the ledger holds it"
    return "the balance is out of range: 10^38 smallest units or more", ""


def row_gate(names: Mapping[str, LedgerName], out_of_scope: frozenset[str]) -> RowGate:
    """The gate for these names; an asset out of scope that has a name is read like any other."""
    outside = sorted(out_of_scope - names.keys())
    kinds = pl.Enum(list(dict.fromkeys(name.asset for name in names.values())))
    lookup = pl.DataFrame(
        {
            KIND: [name.asset for name in names.values()] + [None] * len(outside),
            _DIGITS: [name.digits for name in names.values()] + [None] * len(outside),
            SCALE: [name.scale for name in names.values()] + [None] * len(outside),
            _OUTSIDE: [False] * len(names) + [True] * len(outside),
        },
        schema={KIND: kinds, _DIGITS: pl.UInt8, SCALE: pl.UInt8, _OUTSIDE: pl.Boolean},
    )
    return RowGate(names=names, lookup=lookup, spelled=pl.Enum([*names, *outside]))


def _blank(column: str, *, strip: bool = False) -> pl.Expr:
    text = pl.col(column).fill_null("")
    return (text.str.strip_chars() if strip else text).str.len_bytes() == 0

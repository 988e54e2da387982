"""Balances into a customer file, CSV or Parquet, which is read again and summed before it gets its name."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import polars as pl

from reservecheck.errors import OutputError
from reservecheck.importers.balances import Balance
from reservecheck.model.declared import InputFile
from reservecheck.vault.regular_file import digested
from reservecheck.vault.sealed import refuse_existing

COLUMNS: Final = ("customer", "asset", "balance")
SUFFIXES: Final = (".csv", ".parquet")
_BATCH: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What stands in the file, as it was read again: rows and their sum by asset, and what identifies the file."""

    rows: Mapping[str, int]
    sums: Mapping[str, Fraction]
    file: InputFile


class CustomerFileWriter:
    """A customer file under another name until `keep`; left without it, nothing stays behind.

    Raises OutputError for what cannot be written.
    """

    def __init__(self, target: Path, *, classes: bool) -> None:
        self._target = target
        self._columns = (*COLUMNS, "class") if classes else COLUMNS
        self._text = target.with_name(f".{target.name}.partial.csv")
        self._made = self._text if target.suffix == ".csv" else target.with_name(f".{target.name}.partial")

    def __enter__(self) -> Self:
        for path in {self._text, self._made}:
            refuse_existing(path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._text.unlink(missing_ok=True)
            self._made.unlink(missing_ok=True)

    def write(self, balances: Iterable[Balance]) -> Written:
        """Write every row, read the file again and hold each row to what was to be written."""
        width, digest = len(self._columns), hashlib.sha256()
        try:
            with self._text.open("x", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(self._columns)
                for balance in balances:
                    row = balance[:width]
                    writer.writerow(row)
                    digest.update(_as_bytes(row))
            if self._made != self._text:
                schema = dict.fromkeys(self._columns, pl.String)
                pl.scan_csv(self._text, schema=schema, glob=False).sink_parquet(self._made)
        except (OSError, pl.exceptions.PolarsError) as error:
            reason = getattr(error, "strerror", None) or error
            raise OutputError(f"{self._target} cannot be written: {reason}") from error
        return self._read_again(digest.digest())

    def keep(self) -> None:
        """Give the file its name."""
        try:
            self._made.rename(self._target)
        except OSError as error:
            raise OutputError(f"{self._target} cannot be written: {error.strerror or error}") from error

    def _read_again(self, expected: bytes) -> Written:
        rows: Counter[str] = Counter()
        sums: dict[str, Counter[int]] = {}
        digest = hashlib.sha256()
        for row in self._rows():
            digest.update(_as_bytes(row))
            _, asset, balance, *_ = row
            whole, _, fraction = balance.partition(".")
            rows[asset] += 1
            sums.setdefault(asset, Counter())[len(fraction)] += int(whole + fraction)
        if digest.digest() != expected:
            raise OutputError(f"{self._target} was not written as it should be", hint="is the disk sound?")
        return Written(
            rows=rows,
            sums={
                asset: sum((Fraction(units, 10**places) for places, units in parts.items()), Fraction())
                for asset, parts in sums.items()
            },
            file=digested(self._made, self._target.name),
        )

    def _rows(self) -> Iterator[tuple[str, ...]]:
        if self._made == self._text:
            with self._text.open(encoding="utf-8", newline="") as file:
                rows = csv.reader(file, strict=True)
                next(rows)
                yield from map(tuple, rows)
            return
        lazy = pl.scan_parquet(self._made, hive_partitioning=False, glob=False)
        for frame in lazy.collect_batches(chunk_size=_BATCH, maintain_order=True):
            yield from frame.iter_rows()


def _as_bytes(row: tuple[str, ...]) -> bytes:
    # no value has a control character
    return "\0".join(row).encode() + b"\n"

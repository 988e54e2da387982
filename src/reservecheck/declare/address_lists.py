"""Lists of addresses, CSV or Parquet: network,address[,label,storage,owner]; [[list]] gives the defaults.

Hundreds of thousands of rows are normal, so a row costs little more than decoding its address.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reservecheck.addresses.identity import refusal
from reservecheck.declare.entries import Entries, Place
from reservecheck.declare.names import NAME, NAME_MEANING
from reservecheck.errors import AddressError, InputError, Problem
from reservecheck.model.declared import InputFile, Wallet
from reservecheck.model.words import Owner, Storage, WalletKind
from reservecheck.vault.canonical import sha256
from reservecheck.vault.csv_file import MOST_PROBLEMS, check_header, read_csv, read_file

REQUIRED: Final = ("address",)
OPTIONAL: Final = ("network", "label", "storage", "owner")
_OWNERS: Final = {word.value: word for word in Owner}
_STORAGES: Final = {word.value: word for word in Storage}
_LABEL: Final = re.compile(NAME, re.ASCII)
_Rows = Iterable[tuple[int, Mapping[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressList:
    """One [[list]]: its label, the file as messages show it, and defaults of its rows ("" or None: no default)."""

    label: str
    shown: str
    network: str
    storage: Storage | None
    owner: Owner | None


class _RowError(Exception):
    """What is wrong with a row, on its way to the list of problems."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def read_list(path: Path, listed: AddressList, entries: Entries) -> InputFile | None:
    """Append the rows of a list to `entries`; None, and problems, when the file cannot be read at all."""
    try:
        rows, file = _parquet(path, listed) if path.suffix == ".parquet" else _csv(path, listed)
    except InputError as error:
        entries.problems.extend(error.problems)
        return None
    problems = _append(rows, listed, entries)
    if len(problems) > MOST_PROBLEMS:
        message = f"{len(problems)} rows are wrong; the first {MOST_PROBLEMS} are above"
        problems = [*problems[:MOST_PROBLEMS], Problem(path=listed.shown, message=message)]
    entries.problems.extend(problems)
    return file


def _csv(path: Path, listed: AddressList) -> tuple[_Rows, InputFile]:
    file = read_csv(path, required=REQUIRED, optional=OPTIONAL, shown=listed.shown)
    return file.rows, InputFile(name=path.name, bytes=file.bytes, sha256=file.sha256)


def _parquet(path: Path, listed: AddressList) -> tuple[_Rows, InputFile]:
    import polars as pl  # noqa: PLC0415  # only lists in Parquet need it

    data = read_file(path, listed.shown)
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except pl.exceptions.PolarsError as error:
        raise InputError(Problem(path=listed.shown, message=f"not Parquet: {error}")) from error
    check_header(frame.columns, required=REQUIRED, optional=OPTIONAL, shown=listed.shown)
    wrong = [name for name, kind in frame.schema.items() if kind != pl.String]
    if wrong:
        raise InputError(
            Problem(path=listed.shown, message=f"the column {wrong[0]!r} is not text", hint="write it as strings")
        )
    if frame.is_empty():
        raise InputError(
            Problem(path=listed.shown, message="there are columns but no rows", hint="an empty list passes nothing")
        )
    absent = [pl.lit("").alias(name) for name in OPTIONAL if name not in frame.columns]
    rows = enumerate(frame.with_columns(absent).fill_null("").iter_rows(named=True), 1)
    return rows, InputFile(name=path.name, bytes=len(data), sha256=sha256(data))


def _append(rows: _Rows, listed: AddressList, entries: Entries) -> list[Problem]:
    problems: list[Problem] = []
    codecs: dict[str, Callable[[str], str]] = {}
    wallets, places, shown = entries.wallets, entries.places, listed.shown
    for number, (row, values) in enumerate(rows, 1):
        try:
            wallets.append(_wallet(values, number, listed, entries, codecs))
        except _RowError as error:
            problems.append(Problem(path=shown, line=row, message=error.message, hint=error.hint))
        else:
            places.append(Place(shown, row))
    return problems


def _wallet(
    values: Mapping[str, str],
    number: int,
    listed: AddressList,
    entries: Entries,
    codecs: dict[str, Callable[[str], str]],
) -> Wallet:
    network, text = values["network"] or listed.network, values["address"]
    storage = _STORAGES.get(values["storage"]) if values["storage"] else listed.storage
    owner = _OWNERS.get(values["owner"]) if values["owner"] else listed.owner
    if storage is None or owner is None:
        raise _wrong_word(values, "storage" if storage is None else "owner")
    codec = codecs.get(network)
    try:
        if codec is None:
            codec = codecs[network] = entries.codec(network)
        identity = codec(text)
    except AddressError as error:
        full = error if codec is None else refusal(text, network, error)
        raise _RowError(full.message, full.hint) from error
    line = len(entries.wallets) + 1
    earlier = entries.first.setdefault((network, identity), line)
    return Wallet(
        line=line,
        label=_label(values["label"], entries) if values["label"] else f"{listed.label}/{number}",
        network=network,
        identity=identity,
        address=text,
        storage=storage,
        owner=owner,
        kind=WalletKind.ADDRESS,
        duplicate_of=None if earlier == line else earlier,
    )


def _wrong_word(values: Mapping[str, str], column: str) -> _RowError:
    words = ", ".join(_STORAGES if column == "storage" else _OWNERS)
    if values[column]:
        return _RowError(f"{column} is {values[column]!r}", f"write one of {words}")
    return _RowError(f"{column} is not stated", f"state it in the row or in the [[list]]: {words}")


def _label(text: str, entries: Entries) -> str:
    if _LABEL.fullmatch(text) is None:
        raise _RowError(f"label is {text!r}", f"write {NAME_MEANING}")
    if not entries.label_is_new(text):
        raise _RowError(f"the label {text!r} stands twice", "labels are unique in the declaration")
    return text

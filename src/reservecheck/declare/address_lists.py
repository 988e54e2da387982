"""Lists of addresses, CSV or Parquet: network,address[,label,storage,owner]; [[list]] gives the defaults.

Hundreds of thousands of rows are normal, so a row costs little more than decoding its address: rows that differ
in nothing but the address, as in most lists, are appended column by column.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, repeat
from pathlib import Path
from typing import Final, NamedTuple

from reservecheck.addresses.identity import refusal
from reservecheck.declare.entries import Alike, Entries
from reservecheck.declare.names import NAME, NAME_MEANING
from reservecheck.errors import AddressError, InputError, Problem
from reservecheck.model.declared import InputFile, Wallet
from reservecheck.model.words import Owner, Storage, WalletKind
from reservecheck.vault.canonical import sha256
from reservecheck.vault.csv_file import MOST_PROBLEMS, check_header, decode_text, parse_csv, read_file
from reservecheck.vault.regular_file import MIB
from reservecheck.vault.uncollected import uncollected

REQUIRED: Final = ("address",)
OPTIONAL: Final = ("network", "label", "storage", "owner")
LARGEST_LIST: Final = 256 * MIB
MOST_ROWS: Final = 5_000_000
_OWNERS: Final = {word.value: word for word in Owner}
_STORAGES: Final = {word.value: word for word in Storage}
_LABEL: Final = re.compile(NAME, re.ASCII)
_ABSENT: Final = repeat("")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressList:
    """One [[list]]: its label, the file as messages show it, and defaults of its rows ("" or None: no default)."""

    label: str
    shown: str
    network: str
    storage: Storage | None
    owner: Owner | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """A list as columns; one that is absent is empty throughout."""

    lines: Sequence[int]
    address: Iterable[str]
    network: Iterable[str] = _ABSENT
    label: Iterable[str] = _ABSENT
    storage: Iterable[str] = _ABSENT
    owner: Iterable[str] = _ABSENT

    def rows(self) -> Iterator[tuple[int, str, str, str, str, str]]:
        """(line, network, address, label, storage, owner)."""
        return zip(self.lines, self.network, self.address, self.label, self.storage, self.owner, strict=False)


class _Ready(NamedTuple):
    """What rows with the same network, storage and owner have in common."""

    codec: Callable[[str], str]
    network: str
    storage: Storage
    owner: Owner
    first: dict[str, int]  # identity on this network → the line that declared it first


class _RowError(Exception):
    """What is wrong with a row, on its way to the list of problems."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def read_list(folder: Path, name: str, listed: AddressList, entries: Entries) -> InputFile | None:
    """Append the rows of a list to `entries`; None, and problems, when the file cannot be read at all.

    `name` is the list's file, relative to the folder of the wallets file; no link is followed on the way to it.
    """
    path = folder / name
    try:
        data = read_file(path, listed.shown, inside=folder, most=LARGEST_LIST)
        columns = _parquet(data, listed) if path.suffix == ".parquet" else _csv(data, listed)
    except InputError as error:
        entries.problems.extend(error.problems)
        return None
    with uncollected():
        problems = _append(columns, listed, entries)
    if len(problems) > MOST_PROBLEMS:
        message = f"{len(problems)} rows are wrong; the first {MOST_PROBLEMS} are above"
        problems = [*problems[:MOST_PROBLEMS], Problem(path=listed.shown, message=message)]
    entries.problems.extend(problems)
    return InputFile(name=path.name, bytes=len(data), sha256=sha256(data))


def _csv(data: bytes, listed: AddressList) -> _Columns:
    columns = _plain(decode_text(data, listed.shown), listed)
    if columns is None:
        rows = parse_csv(data, required=REQUIRED, optional=OPTIONAL, shown=listed.shown).rows
        values = {name: [row.values[name] for row in rows] for name in (*REQUIRED, *OPTIONAL)}
        columns = _Columns(lines=[row.line for row in rows], **values)
    return columns


def _plain(text: str, listed: AddressList) -> _Columns | None:
    """The columns of a CSV without quotes and with nothing wrong; None for any other, which read_csv looks at."""
    if '"' in text:
        return None
    header, *lines = text.removesuffix("\n").replace("\r\n", "\n").split("\n")
    names = header.split(",")
    check_header(names, required=REQUIRED, optional=OPTIONAL, shown=listed.shown)
    if not lines or not all(lines) or "\r" in text.replace("\r\n", "\n"):
        return None
    if len(names) == 1:
        values: list[Iterable[str]] = [lines]
        if "," in "".join(lines):
            return None
    else:
        fields = [line.split(",") for line in lines]
        if any(len(row) != len(names) for row in fields):
            return None
        values = list(zip(*fields, strict=True))
    return _Columns(lines=range(2, len(lines) + 2), **dict(zip(names, values, strict=True)))


def _parquet(data: bytes, listed: AddressList) -> _Columns:
    import polars as pl  # noqa: PLC0415  # only lists in Parquet need it

    try:
        # of the metadata alone: few bytes of Parquet may unfold into more rows than memory holds
        rows = pl.scan_parquet(io.BytesIO(data)).select(pl.len()).collect().item()
        if rows > MOST_ROWS:
            message = f"the list has {rows} rows, and one may have at most {MOST_ROWS}"
            raise InputError(Problem(path=listed.shown, message=message, hint="split it into several lists"))
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
    values = {name: frame[name].fill_null("").to_list() for name in frame.columns}
    return _Columns(lines=range(1, len(frame) + 1), **values)


def _append(columns: _Columns, listed: AddressList, entries: Entries) -> list[Problem]:
    # places only matter where every row was good
    entries.places.append(listed.shown, columns.lines)
    common = _in_common(columns, listed, entries)
    if common is not None:
        try:
            _append_columns(columns.address, common, listed, entries)
        except AddressError:
            pass  # looked at again row by row, to tell all of them
        else:
            return []
    return _append_rows(columns, listed, entries)


def _in_common(columns: _Columns, listed: AddressList, entries: Entries) -> _Ready | None:
    """What holds for all rows; None when they differ in more than the address, or when it is wrong."""
    network, storage, owner = (_same(column) for column in (columns.network, columns.storage, columns.owner))
    if network is None or storage is None or owner is None or _same(columns.label) != "":
        return None
    try:
        return _ready(network, storage, owner, listed, entries)
    except _RowError:
        return None


def _same(column: Iterable[str]) -> str | None:
    """What every row has in a column, None if they differ."""
    if column is _ABSENT:
        return ""
    values = set(column)
    return values.pop() if len(values) == 1 else None


def _append_columns(texts: Iterable[str], common: _Ready, listed: AddressList, entries: Entries) -> None:
    """Does what _append_rows does; raises AddressError, with nothing appended, when a text is not an address."""
    identities = [*map(common.codec, texts)]
    labels = (f"{listed.label}/{number}" for number in count(1))
    entries.add_columns(labels, identities, texts, Alike(common.network, common.storage, common.owner))


def _append_rows(columns: _Columns, listed: AddressList, entries: Entries) -> list[Problem]:
    problems: list[Problem] = []
    shown, prefix, wallets = listed.shown, f"{listed.label}/", entries.wallets
    known: dict[tuple[str, str, str], _Ready] = {}
    line, kind = len(wallets), WalletKind.ADDRESS
    for number, (row, network, text, label, storage, owner) in enumerate(columns.rows(), 1):
        try:
            ready = known.get((network, storage, owner))
            if ready is None:
                ready = known[network, storage, owner] = _ready(network, storage, owner, listed, entries)
            codec, chain, kept, owned, first = ready
            identity = codec(text)
            name = _label(label, entries) if label else f"{prefix}{number}"
        except AddressError as error:
            full = refusal(text, network or listed.network, error)
            problems.append(Problem(path=shown, line=row, message=full.message, hint=full.hint))
            continue
        except _RowError as error:
            problems.append(Problem(path=shown, line=row, message=error.message, hint=error.hint))
            continue
        line += 1
        earlier = first.setdefault(identity, line)
        duplicate = None if earlier == line else earlier
        wallets.append(Wallet(line, name, chain, identity, text, kept, owned, kind, None, "", (), duplicate))
    return problems


def _ready(network: str, storage: str, owner: str, listed: AddressList, entries: Entries) -> _Ready:
    kept = _STORAGES.get(storage) if storage else listed.storage
    owned = _OWNERS.get(owner) if owner else listed.owner
    if kept is None:
        raise _wrong_word("storage", storage, _STORAGES)
    if owned is None:
        raise _wrong_word("owner", owner, _OWNERS)
    chain = network or listed.network
    try:
        return _Ready(entries.codec(chain), chain, kept, owned, entries.first[chain])
    except AddressError as error:
        raise _RowError(error.message, error.hint) from error


def _wrong_word(column: str, word: str, words: Iterable[str]) -> _RowError:
    if word:
        return _RowError(f"{column} is {word!r}", f"write one of {', '.join(words)}")
    return _RowError(f"{column} is not stated", f"state it in the row or in the [[list]]: {', '.join(words)}")


def _label(text: str, entries: Entries) -> str:
    if _LABEL.fullmatch(text) is None:
        raise _RowError(f"label is {text!r}", f"write {NAME_MEANING}")
    if not entries.label_is_new(text):
        raise _RowError(f"the label {text!r} stands twice", "labels are unique in the declaration")
    return text

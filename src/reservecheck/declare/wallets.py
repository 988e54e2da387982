"""`wallets/<entity>.toml` and its lists: what the entity declares, every address brought to its identity.

Lines are numbered over the whole declaration: wallet tables, lists, descriptors, statements, each in file order;
last stand the scripts beyond the ranges of descriptors.
A later line with the same (network, identity) is kept and marked as a duplicate of the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from reservecheck.addresses.identity import refusal
from reservecheck.declare.address_lists import AddressList, read_list
from reservecheck.declare.entries import Entries, Places
from reservecheck.declare.names import NAME, NAME_MEANING
from reservecheck.errors import AddressError, InputError, Problem
from reservecheck.model.declared import Declaration, DeclaredDescriptor, InputFile, Provenance, Wallet
from reservecheck.model.registry import Registry
from reservecheck.model.words import Owner, Storage, WalletKind
from reservecheck.vault.plain_name import is_date, name_problem
from reservecheck.vault.toml_file import TomlFile, read_toml
from reservecheck.vault.toml_table import Table

FORMAT: Final = "reservecheck/wallets/v1"
_SHA256: Final = r"[0-9a-f]{64}"
_DAY: Final = "write 2018-09-14 or 2018-09-14T17:00:00+09:00"
_UNIQUE: Final = "labels are unique in the declaration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A declaration, and where each of its lines was written."""

    declaration: Declaration
    places: Places


def load_wallets(path: Path, registry: Registry) -> Declaration:
    """The declaration of a wallets file and its lists; raises InputError with every problem found in them."""
    return read_wallets(path, registry).declaration


def read_wallets(path: Path, registry: Registry) -> Declared:
    """The same with places, for messages about single lines."""
    problems: list[Problem] = []
    file = read_toml(path)
    root = file.root(problems)
    root.choice("format", [FORMAT])
    entity = _entity(root, path)
    name = _name(root, "name", default=entity)
    provenance = _provenance(root.table("declaration"))
    entries = Entries(registry, problems)
    for table in root.tables("wallet"):
        entries.add(_wallet(table, entries), file.shown, table.line)
    files = [_list(table, path.parent, entries) for table in root.tables("list")]
    published = _descriptors(root, file, entries)
    root.done()
    if not entries.wallets and not problems:
        root.problem("no wallet is declared", hint="add a [[wallet]], a [[list]] or a [[statement]]")
    if problems:
        raise InputError(*problems)
    declaration = Declaration(
        entity=entity,
        name=name,
        provenance=provenance,
        wallets=tuple(entries.wallets),
        files=(_input_file(path, file), *(found for found in files if found is not None)),
        published=published,
    )
    return Declared(declaration=declaration, places=entries.places)


def _input_file(path: Path, file: TomlFile) -> InputFile:
    return InputFile(name=path.name, bytes=file.bytes, sha256=file.sha256)


def _entity(root: Table, path: Path) -> str:
    entity = root.text("entity", pattern=NAME, meaning=NAME_MEANING)
    if entity and entity != path.stem:
        hint = f'write entity = "{path.stem}", or rename the file to {entity}.toml'
        root.problem(f"entity is {entity!r}, but the file is {path.name}", "entity", hint=hint)
    return entity


def _provenance(table: Table) -> Provenance:
    silent = Provenance()
    digest = table.text("document_sha256", default="", pattern=_SHA256, meaning="64 lower-case hex digits")
    provenance = Provenance(
        by=_name(table, "by", default=silent.by),
        role=_name(table, "role", default=silent.role),
        date=_date(table, "date", default=silent.date),
        complete_as_of=_date(table, "complete_as_of", default=silent.complete_as_of),
        document_sha256=digest or silent.document_sha256,
    )
    table.done()
    return provenance


def _name(table: Table, key: str, *, default: str | None = None) -> str:
    """A text that is printed."""
    text = table.text(key, default=default)
    if text and text != default and (wrong := name_problem(key, text)):
        table.problem(wrong[0], key, hint=wrong[1])
    elif not text and default is not None and key in table:
        table.problem(f"{key} is empty", key, hint="write it, or leave the key out")
    return text


def _date(table: Table, key: str, *, default: str) -> str:
    text = table.written(key, default=default)
    if text != default and not is_date(text):
        table.problem(f"{key} is {text[:80]!r}, not a day or an instant", key, hint=_DAY)
    return text


def _wallet(table: Table, entries: Entries) -> Wallet:
    network, address = table.text("network"), table.text("address")
    wallet = Wallet(
        line=0,
        label=_label(table, entries),
        network=network,
        identity=_identity(table, network, address, entries),
        address=address,
        storage=_storage(table),
        owner=_owner(table),
        kind=WalletKind.ADDRESS,
        instruments=_narrowing(table, network, entries),
        shared_with=_shared_with(table),
    )
    table.done()
    return wallet


def _descriptors(root: Table, file: TomlFile, entries: Entries) -> tuple[DeclaredDescriptor, ...]:
    """The lines of descriptors, then statements, then what is beyond the descriptors' ranges."""
    tables, statements = root.tables("descriptor"), root.tables("statement")
    if not tables:
        _statements(statements, file, entries)
        return ()
    from reservecheck.declare import descriptors  # noqa: PLC0415  # btclib takes a while, and most files need none

    lines = [table.line for table in tables]
    derived = [
        descriptors.read_descriptor(table, _label(table, entries), _storage(table), _owner(table), entries)
        for table in tables
    ]
    descriptors.add_inside(derived, lines, file.shown, entries)
    _statements(statements, file, entries)
    descriptors.add_beyond(derived, lines, file.shown, entries)
    return tuple(one.declared for one in derived if one is not None and one.declared.published)


def _statements(tables: Iterable[Table], file: TomlFile, entries: Entries) -> None:
    for table in tables:
        entries.add(_statement(table, entries), file.shown, table.line)


def _statement(table: Table, entries: Entries) -> Wallet:
    label = _label(table, entries)
    wallet = Wallet(
        line=0,
        label=label,
        network="",
        identity=f"statement/{label}",
        address="",
        storage=None,
        owner=_owner(table),
        kind=WalletKind.STATEMENT,
        custodian=_name(table, "custodian"),
    )
    table.done()
    return wallet


def _list(table: Table, folder: Path, entries: Entries) -> InputFile | None:
    name = table.text("file")
    listed = AddressList(
        label=_label(table, entries),
        shown=str(folder / name),
        network=table.text("network", default=""),
        storage=_storage(table) if "storage" in table else None,
        owner=_owner(table) if "owner" in table else None,
    )
    for key in ("storage", "owner"):
        table.raw(key)
    table.done()
    if not name:
        return None
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name:
        hint = "put the list beside or below the wallets file, and separate folders with /"
        table.problem(f"file is {name!r}", "file", hint=hint)
        return None
    found = read_list(folder, name, listed, entries)
    return None if found is None else replace(found, name=name)


def _label(table: Table, entries: Entries) -> str:
    label = table.text("label", pattern=NAME, meaning=NAME_MEANING)
    if label and not entries.label_is_new(label):
        table.problem(f"the label {label!r} stands twice", "label", hint=_UNIQUE)
    return label


def _identity(table: Table, network: str, address: str, entries: Entries) -> str:
    if not network or not address:
        return ""
    try:
        codec = entries.codec(network)
    except AddressError as error:
        table.problem(error.message, "network", hint=error.hint)
        return ""
    try:
        return codec(address)
    except AddressError as error:
        full = refusal(address, network, error)
        table.problem(full.message, "address", hint=full.hint)
        return ""


def _storage(table: Table) -> Storage:
    return Storage(table.choice("storage", Storage) or Storage.HOT)


def _owner(table: Table) -> Owner:
    return Owner(table.choice("owner", Owner) or Owner.HOUSE)


def _narrowing(table: Table, network: str, entries: Entries) -> tuple[str, ...] | None:
    if "instruments" not in table:
        table.raw("instruments")
        return None
    instruments = table.texts("instruments")
    if not instruments and table.data["instruments"] == []:
        table.problem("instruments is empty: nothing would be read", "instruments", hint="leave it out to read all")
    for index, name in enumerate(instruments):
        row = entries.registry.instruments.get(name)
        if row is None:
            hint = "instruments are <network>/native or <network>/erc20:0x…, of the registry or accepted by name"
            table.problem(f"{name!r} is not an instrument of the registry", "instruments", index, hint=hint)
        elif row.network != network:
            table.problem(
                f"{name} is not on {network}", "instruments", index, hint="name instruments of its network"
            )
        elif name in instruments[:index]:
            table.problem(f"{name} stands twice in instruments", "instruments", index, hint="remove one")
    return instruments


def _shared_with(table: Table) -> tuple[str, ...]:
    return table.texts("shared_with", default=())

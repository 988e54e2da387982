"""What the entity declares: its wallets and custody accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from reservecheck.model.words import Owner, Storage, WalletKind

IMPORT_RECORD: Final = ".import.json"
"""What the record of an import has behind the name of its customer file."""


class Wallet(NamedTuple):
    """One declared line; a tuple, because there may be hundreds of thousands.

    `line` numbers the lines of the whole declaration from 1 and is its key everywhere; `label` is unique too.
    `identity` is the canonical account (EVM: lower-case 0x address) or script (Bitcoin family: hex);
    for a statement it is `statement/<label>`. The same (network, identity) in a later line is a duplicate.
    """

    line: int
    label: str
    network: str  # "" for a statement
    identity: str
    address: str  # as written
    storage: Storage | None  # None for a statement
    owner: Owner
    kind: WalletKind
    instruments: tuple[str, ...] | None = None  # the narrowing, None: every registered one
    custodian: str = ""
    shared_with: tuple[str, ...] = ()
    duplicate_of: int | None = None  # the earlier line with the same (network, identity)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredDescriptor:
    """A descriptor as it was declared; its lines are labelled `<label>` or `<label>/…`.

    `range` are the first and the last index of a descriptor that has one; up to `gap` further ones are looked at on
    either side. Whoever knows `descriptor` sees every address of the wallet, so it leaves the entity's own files
    only where it is `published`.
    """

    label: str
    network: str
    descriptor: str
    range: tuple[int, int] | None
    gap: int | None
    storage: Storage
    owner: Owner
    published: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Who declared, when, and as of when; "not stated" where the file is silent."""

    by: str = "not stated"
    role: str = "not stated"
    date: str = "not stated"
    complete_as_of: str = "not stated"
    document_sha256: str = "not stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """One file that went in: its name relative to what was given, and its digest."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """An entity's wallets file with its lists, normalised."""

    entity: str
    name: str
    provenance: Provenance
    wallets: tuple[Wallet, ...]
    files: tuple[InputFile, ...]
    published: tuple[DeclaredDescriptor, ...] = ()  # the descriptors whose text may be shown

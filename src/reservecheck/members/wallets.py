"""`wallets.csv.gz`: every declared line, normalised. No file of the entity's is carried verbatim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reservecheck.errors import BundleError
from reservecheck.members.rows import guarded, read_integer, read_rows, unguarded, write_rows
from reservecheck.model.declared import Wallet
from reservecheck.model.words import Owner, Storage, WalletKind

NAME: Final = "wallets.csv.gz"
HEADER: Final = (
    "line",
    "label",
    "network",
    "id",
    "address",
    "storage",
    "owner",
    "kind",
    "instruments",
    "custodian",
    "shared_with",
    "duplicate_of",
)
_NOT_NARROWED: Final = "*"


def write_wallets(wallets: Sequence[Wallet]) -> bytes:
    """One row a declared line; `instruments` is `*` or the narrowing, separated by blanks."""
    return write_rows(HEADER, (_row(wallet) for wallet in wallets))


def read_wallets(data: bytes) -> tuple[Wallet, ...]:
    """The lines; raises BundleError unless they are numbered 1..n and duplicates point at an earlier same one.

    What is beyond the range of a descriptor comes last, and is declared nowhere else. A narrowing leaves something:
    a line that is declared and of which nothing is read would be a hole nobody sees.
    """
    wallets: list[Wallet] = []
    first: dict[tuple[str, str], int] = {}
    beyond = False
    try:
        for row in read_rows(data, HEADER, name=NAME):
            wallet = _wallet(row)
            key = (wallet.network, wallet.identity)
            beyond = beyond or wallet.kind is WalletKind.BEYOND_RANGE
            if beyond and (wallet.kind is not WalletKind.BEYOND_RANGE or key in first):
                raise BundleError(f"{NAME}: line {wallet.line} is not beyond the ranges as those before it")
            _said_of_its_kind(wallet)
            if wallet.line != len(wallets) + 1 or wallet.duplicate_of != first.get(key):
                raise BundleError(f"{NAME}: line {wallet.line} is out of order, or its duplicate_of is wrong")
            first.setdefault(key, wallet.line)
            wallets.append(wallet)
    except ValueError as error:
        raise BundleError(f"{NAME}: {error}") from error
    if len({wallet.label for wallet in wallets}) != len(wallets):
        raise BundleError(f"{NAME}: a label stands twice")
    return tuple(wallets)


def _said_of_its_kind(wallet: Wallet) -> None:
    """Raises BundleError for what no declaration of this kind has."""
    narrowed = wallet.instruments
    if narrowed is not None and len(set(narrowed)) != (len(narrowed) or -1):
        raise BundleError(f"{NAME}: line {wallet.line} narrows to no instrument, or to one twice")
    alone = wallet.kind is not WalletKind.ADDRESS and (narrowed is not None or wallet.shared_with)
    if alone or (wallet.kind is not WalletKind.STATEMENT and wallet.custodian):
        raise BundleError(f"{NAME}: line {wallet.line} says what no {wallet.kind} line does")


def _row(wallet: Wallet) -> tuple[str, ...]:
    return (
        str(wallet.line),
        guarded(wallet.label),
        wallet.network,
        guarded(wallet.identity),
        guarded(wallet.address),
        wallet.storage or "",
        wallet.owner,
        wallet.kind,
        _NOT_NARROWED if wallet.instruments is None else " ".join(wallet.instruments),
        guarded(wallet.custodian),
        " ".join(wallet.shared_with),
        "" if wallet.duplicate_of is None else str(wallet.duplicate_of),
    )


def _wallet(row: list[str]) -> Wallet:
    line, label, network, identity, address, storage, owner, kind, narrowed, custodian, shared, duplicate = row
    return Wallet(
        line=read_integer(line, name=NAME, smallest=1),
        label=unguarded(label),
        network=network,
        identity=unguarded(identity),
        address=unguarded(address),
        storage=Storage(storage) if storage else None,
        owner=Owner(owner),
        kind=WalletKind(kind),
        instruments=None if narrowed == _NOT_NARROWED else tuple(narrowed.split()),
        custodian=unguarded(custodian),
        shared_with=tuple(shared.split()),
        duplicate_of=read_integer(duplicate, name=NAME, smallest=1) if duplicate else None,
    )

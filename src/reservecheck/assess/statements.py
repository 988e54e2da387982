"""What custodians are said to hold: claimed as it stands, confirmed as far as a letter received directly goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from reservecheck.model.assessment import Inputs, UnreadCell
from reservecheck.model.books import Letter
from reservecheck.model.words import Control, Evidence, Owner, WalletKind

ABOVE_THE_LETTER: Final = "more than the letter confirms"


class Parcel(NamedTuple):
    """A quantity with everything that decides whether it counts; `units` in the asset's smallest units."""

    asset: str
    instrument: str  # or `statement/<label>`
    owner: Owner
    flag: str  # why it can never count, or ""
    evidence: Evidence
    control: Control
    units: int


class Statements(NamedTuple):
    """The parcels of all declared custody accounts, and the accounts without a figure."""

    parcels: tuple[Parcel, ...]
    unread: tuple[tuple[str, UnreadCell], ...]  # asset, or "" where none is named for the account


def statements(inputs: Inputs) -> Statements:
    """Match declared custody accounts with the custodians' register and the letters, by label and asset."""
    declared = [wallet for wallet in inputs.wallets if wallet.kind is WalletKind.STATEMENT]
    amounts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in inputs.books.custodians or ():
        amounts[row.label][row.asset] += row.units
    confirmed = confirmations(inputs.books.letters or (), subject="custody")
    parcels: list[Parcel] = []
    unread: list[tuple[str, UnreadCell]] = []
    for wallet in declared:
        if wallet.label not in amounts:
            cell = UnreadCell(
                label=wallet.label, instrument=wallet.identity, reason="no custodian's figure was received"
            )
            named = sorted(asset for label, asset in confirmed if label == wallet.label)
            unread += [(asset, cell) for asset in named or [""]]
        for asset, units in sorted(amounts.get(wallet.label, {}).items()):
            letter = confirmed.get((wallet.label, asset))
            parcels += _split(asset, wallet.identity, wallet.owner, units, letter)
    return Statements(tuple(parcels), tuple(unread))


def confirmations(letters: Iterable[Letter], *, subject: str) -> dict[tuple[str, str], int]:
    """(label, asset) → what letters received directly confirm; where two differ, the lower one."""
    result: dict[tuple[str, str], int] = {}
    for letter in letters:
        if letter.subject == subject and letter.channel == "direct" and letter.received_on:
            key = (letter.label, letter.asset)
            result[key] = min(result.get(key, letter.units), letter.units)
    return result


def _split(asset: str, instrument: str, owner: Owner, units: int, letter: int | None) -> list[Parcel]:
    claimed = Evidence.CLAIMED
    if letter is None:
        return [Parcel(asset, instrument, owner, "", claimed, Control.UNDEMONSTRATED, units)]
    counted = max(min(units, letter), 0)
    parcels = [Parcel(asset, instrument, owner, "", claimed, Control.CONFIRMED, counted)]
    if units > counted:
        rest = units - counted
        parcels.append(Parcel(asset, instrument, owner, ABOVE_THE_LETTER, claimed, Control.UNDEMONSTRATED, rest))
    return parcels

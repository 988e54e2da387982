"""A small exchange to start tests from: three assets, four wallets, one custodian, one bank; all of it fictional.

`inputs()` is fully covered. Every keyword replaces one part: `inputs(wallets=(...), cells=(...))`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from reservecheck.model.assessment import Inputs
from reservecheck.model.books import Books, CashLine, CustodianLine, Extract, Letter, Liabilities, OwedLine, Price
from reservecheck.model.committed import Committed, CommittedTree, Rebuilt
from reservecheck.model.declared import Provenance, Wallet
from reservecheck.model.engagement import Accept, Deciding, Engagement
from reservecheck.model.evidence import Cell, Observation, OnChainDecimals, Pin
from reservecheck.model.registry import Asset, Instrument, Network, Registry
from reservecheck.model.words import CellStatus, Control, Evidence, Grade, Owner, Storage, Title, WalletKind

BITCOIN: Final = "bitcoin:regtest"
ETHEREUM: Final = "eip155:31337"
BTC: Final = f"{BITCOIN}/native"
ETH: Final = f"{ETHEREUM}/native"
TOKEN: Final = f"{ETHEREUM}/erc20:0x5fbdb2315678afecb367f032d93f642f64180aa3"
CUTOFF: Final = "2018-09-14T17:00:00+09:00"
CUTOFF_EPOCH: Final = 1_536_912_000


def registry(**changes: object) -> Registry:
    """BTC, ETH, USDT, JPY and the exchange's own token KDE."""
    parts: dict[str, Any] = {
        "networks": {BITCOIN: network(BITCOIN, "bitcoind"), ETHEREUM: network(ETHEREUM, "evm")},
        "assets": {
            row.asset: row
            for row in (
                asset("BTC", "coin", 8),
                asset("ETH", "coin", 18),
                asset("USDT", "token", 18, issuer="Tether"),
                asset("KDE", "issuer-token", 18, issuer="kaede"),
                asset("JPY", "cash", 0),
                asset("KRW", "cash", 0),
            )
        },
        "instruments": {
            row.instrument: row
            for row in (instrument(BTC, "BTC", 8), instrument(ETH, "ETH", 18), instrument(TOKEN, "USDT", 6))
        },
        "burn": frozenset({("evm", "0x" + "00" * 20)}),
    }
    return Registry(**{**parts, **changes})


def network(name: str, family: str) -> Network:
    return Network(
        network=name,
        name=f"{name} (local)",
        caip2="",
        family=family,
        chain_id=31337 if family == "evm" else None,
        genesis="",
        fork_height=None,
        fork_hash="",
        finality="confirmations:1",
        public=False,
        max_skew_s=7200,
        header="ethereum" if family == "evm" else "",
    )


def asset(name: str, kind: str, decimals: int, *, issuer: str = "") -> Asset:
    return Asset(asset=name, name=name, kind=kind, decimals=decimals, issuer=issuer, source="test")


def instrument(name: str, of: str, decimals: int | None, **more: object) -> Instrument:
    parts: dict[str, Any] = {"symbol": of, "issuer": "", "same_balance_as": "", "source": "test", **more}
    return Instrument(instrument=name, asset=of, decimals=decimals, **parts)


def wallet(line: int, label: str, network_: str, identity: str, **more: object) -> Wallet:
    parts: dict[str, Any] = {"storage": Storage.HOT, "owner": Owner.CUSTOMERS, "kind": WalletKind.ADDRESS, **more}
    return Wallet(line=line, label=label, network=network_, identity=identity, address=identity, **parts)


def statement(line: int, label: str, **more: object) -> Wallet:
    parts: dict[str, Any] = {"kind": WalletKind.STATEMENT, "storage": None, "custodian": "Example Custody", **more}
    return wallet(line, label, "", f"statement/{label}", **parts)


WALLETS: Final = (
    wallet(1, "btc-hot", BITCOIN, "0014aa"),
    wallet(2, "btc-treasury", BITCOIN, "0014bb", owner=Owner.HOUSE),
    wallet(3, "eth-hot", ETHEREUM, "0x" + "11" * 20),
    statement(4, "vault"),
)


def cell(line: int, label: str, name: str, units: int | None, **more: object) -> Cell:
    """A cell read by one source with control signed; `units=None` and a reason make it unread."""
    status = CellStatus.UNREAD if units is None else CellStatus.READ
    parts: dict[str, Any] = {
        "pin": f"{name.partition('/')[0]}@cutoff",
        "reason": "" if units is not None else "no source answered",
        "evidence": Evidence.OBSERVED,
        "control": Control.SIGNED,
        "exchanges": (),
        **more,
    }
    return Cell(line=line, label=label, instrument=name, units=units, status=status, **parts)


CELLS: Final = (
    cell(1, "btc-hot", BTC, 100 * 10**8),
    cell(2, "btc-treasury", BTC, 30 * 10**8),
    cell(3, "eth-hot", ETH, 51 * 10**18),
    cell(3, "eth-hot", TOKEN, 2_000 * 10**6),
)


def pin(name: str, **more: object) -> Pin:
    parts: dict[str, Any] = {
        "height": 145,
        "hash": "ab" * 32,
        "time": CUTOFF_EPOCH - 60,
        "mtp": None,
        "state_root": None,
        "final": True,
        "still_there": True,
        "agreed": ("own-node",),
        "asked": ("own-node",),
        **more,
    }
    return Pin(id=f"{name}@cutoff", network=name, role="cutoff", **parts)


def observation(cells: Iterable[Cell] = CELLS, **changes: object) -> Observation:
    parts: dict[str, Any] = {
        "pins": (pin(BITCOIN), pin(ETHEREUM)),
        "decimals": (OnChainDecimals(instrument=TOKEN, decimals=6, exchanges=()),),
        **changes,
    }
    return Observation(cells=tuple(cells), **parts)


def owed(name: str, gross: int, **more: object) -> OwedLine:
    parts: dict[str, Any] = {"class_": "", "rows": 3, "negative": 0, "house": 0, **more}
    return OwedLine(asset=name, gross=gross, **parts)


OWED: Final = (
    owed("BTC", 98 * 10**8),
    owed("ETH", 50 * 10**18),
    owed("USDT", 2_500 * 10**18),
    owed("JPY", 1_000_000),
)


def liabilities(lines: Iterable[OwedLine] = OWED, **changes: object) -> Liabilities:
    parts: dict[str, Any] = {
        "grade": Grade.RESUMMED,
        "findings": (),
        "extract": Extract(as_of=CUTOFF, as_of_epoch=CUTOFF_EPOCH),
        "classes": {"spot": "listed"},
        "private_files": (),
        **changes,
    }
    return Liabilities(lines=tuple(lines), **parts)


ROOT: Final = "5a" * 32


def tree(name: str, total: int, **more: object) -> CommittedTree:
    """A tree that nobody built again, in the registry's own units."""
    parts: dict[str, Any] = {"decimals": registry().assets[name].decimals, "height": 4, "root": ROOT, **more}
    return CommittedTree(asset=name, total=total, **parts)


def rebuilt(name: str, total: int, **more: object) -> CommittedTree:
    """A tree that the customer rows gave again."""
    plain = tree(name, total, **more)
    return replace(plain, rebuilt=Rebuilt(root=plain.root, total=total))


TREES: Final = tuple(tree(line.asset, line.gross) for line in sorted(OWED, key=lambda line: line.asset))
REBUILT: Final = tuple(rebuilt(one.asset, one.total) for one in TREES)


def committed(trees: Iterable[CommittedTree] = TREES, **changes: object) -> Committed:
    parts: dict[str, Any] = {"scheme": "por-mst/1", "entity": "kaede", "snapshot": "kaede/2018-09-14", **changes}
    return Committed(trees=tuple(trees), **parts)


def price(name: str, text: str, **more: object) -> Price:
    parts: dict[str, Any] = {"source": "reference", "as_of": CUTOFF, "as_of_epoch": CUTOFF_EPOCH, **more}
    return Price(asset=name, price=Fraction(text), text=text, **parts)


def letter(subject: str, label: str, name: str, units: int, **more: object) -> Letter:
    parts: dict[str, Any] = {
        "id": f"{subject}-{label}",
        "from_": "Example Custody" if subject == "custody" else "Example Bank",
        "as_of": CUTOFF,
        "requested_on": "2018-09-15",
        "received_on": "2018-09-20",
        "channel": "direct",
        "received_by": "Example Audit",
        "restrictions": "none",
        "file_sha256": "cd" * 32,
        **more,
    }
    return Letter(subject=subject, label=label, asset=name, units=units, **parts)


def cash(label: str, units: int, title: Title = Title.TRUST, **more: object) -> CashLine:
    parts: dict[str, Any] = {"institution": "Example Bank", "currency": "JPY", "as_of": CUTOFF, **more}
    return CashLine(label=label, units=units, title=title, **parts)


def custodian(label: str, name: str, units: int, as_of: str = CUTOFF) -> CustodianLine:
    return CustodianLine(label=label, asset=name, units=units, as_of=as_of)


def books(**changes: object) -> Books:
    parts: dict[str, Any] = {
        "liabilities": liabilities(),
        "cash": (cash("bank-trust", 1_000_000), cash("bank-company", 270_000, Title.COMPANY)),
        "prices": (price("BTC", "712565"), price("ETH", "23400.5"), price("USDT", "112")),
        "custodians": (custodian("vault", "USDT", 600 * 10**18),),
        "letters": (
            letter("cash", "bank-trust", "JPY", 1_000_000),
            letter("custody", "vault", "USDT", 600 * 10**18),
        ),
        "reconciling": None,
        "encumbrances": (),
        "files": (),
        **changes,
    }
    return Books(**parts)


def engagement(**changes: object) -> Engagement:
    """The strict defaults, with the declared owners and cash titles accepted."""
    parts: dict[str, Any] = {
        "id": "kaede-2018-09-14",
        "entity": "kaede",
        "practitioner": "Example Audit",
        "rehearsal": True,
        "cutoff": CUTOFF,
        "cutoff_epoch": CUTOFF_EPOCH,
        "currency": "JPY",
        "assets": ("BTC", "ETH", "USDT", "JPY"),
        "deciding": Deciding(),
        "accept": Accept(owner=True, cash_titles=True),
        **changes,
    }
    return Engagement(**parts)


def inputs(*, cells: Iterable[Cell] | None = None, **changes: object) -> Inputs:
    """Covered in every asset: BTC 102.04 %, ETH 102.00 %, USDT 104.00 %, JPY 100.00 %; `cells` is a shorthand."""
    parts: dict[str, Any] = {
        "entity": "kaede",
        "name": "Kaede (fictional)",
        "provenance": Provenance(),
        "engagement": engagement(),
        "registry": registry(),
        "wallets": WALLETS,
        "observation": observation() if cells is None else observation(cells),
        "books": books(),
        "tool": "reservecheck 0.1.0",
        **changes,
    }
    return Inputs(**parts)

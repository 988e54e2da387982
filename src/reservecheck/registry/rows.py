"""CSV rows of the registry to records, strictly: every reference leads somewhere, every number is in range."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from reservecheck.errors import InputError, Problem
from reservecheck.model.registry import ASSET_NAME, Asset, Instrument, Network, Registry
from reservecheck.money import MAX_DECIMALS
from reservecheck.registry.checkpoints import with_checkpoints
from reservecheck.vault.csv_file import CsvFile, CsvRow

NETWORK: Final = re.compile(r"[a-z0-9]{3,16}:[A-Za-z0-9]{1,32}", re.ASCII)
INSTRUMENT: Final = re.compile(r"[a-z0-9]{3,16}:[A-Za-z0-9]{1,32}/(native|erc20:0x[0-9a-f]{40})", re.ASCII)
SELECTOR: Final = re.compile(r"0x[0-9a-f]{8}", re.ASCII)
FAMILIES: Final = ("evm", "bitcoind", "")
_HEADERS: Final = {"evm": ("ethereum", ""), "bitcoind": ("sha256d", ""), "": ("",)}
_KINDS: Final = ("coin", "token", "cash", "issuer-token")
_FINALITY: Final = re.compile(r"confirmations:[1-9][0-9]{0,5}|tag:finalized", re.ASCII)
_HASHES: Final = {"evm": re.compile(r"0x[0-9a-f]{64}"), "": re.compile(r"[0-9a-f]{64}")}
_IDENTITY: Final = re.compile(r"(0x)?([0-9a-f]{2})+", re.ASCII)
_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The five files as read."""

    networks: CsvFile
    assets: CsvFile
    instruments: CsvFile
    burn: CsvFile
    checkpoints: CsvFile


def registry_of(tables: Tables) -> Registry:
    """Records of all rows; raises InputError naming every row that is wrong."""
    problems: list[Problem] = []
    networks = _by_id(tables.networks, "network", _network, problems)
    assets = _by_id(tables.assets, "asset", _asset, problems)
    instruments = _by_id(tables.instruments, "instrument", _instrument, problems)
    for row in tables.instruments.rows:
        instrument = instruments.get(row.values["instrument"])
        if instrument is not None and (message := _dangling(instrument, networks, assets, instruments)):
            problems.append(Problem(path=tables.instruments.shown, line=row.line, message=message))
    burn = _burn(tables.burn, networks, problems)
    networks = with_checkpoints(tables.checkpoints, networks, problems)
    if problems:
        raise InputError(*problems)
    return Registry(networks=networks, assets=assets, instruments=instruments, burn=burn)


def _by_id(
    file: CsvFile, key: str, make: Callable[[Mapping[str, str]], _Row], problems: list[Problem]
) -> dict[str, _Row]:
    rows: dict[str, _Row] = {}
    for row in file.rows:
        name = row.values[key]
        if name in rows:
            problems.append(_problem(file, row, f"{name!r} stands twice"))
        try:
            rows[name] = make(row.values)
        except ValueError as error:
            problems.append(_problem(file, row, str(error)))
    return rows


def _problem(file: CsvFile, row: CsvRow, message: str) -> Problem:
    return Problem(path=file.shown, line=row.line, message=message)


def _network(row: Mapping[str, str]) -> Network:
    _match(NETWORK, row["network"], "a network")
    _match(_FINALITY, row["finality"], "a finality rule")
    _one_of(FAMILIES, row["family"], "family")
    _one_of(("true", "false"), row["public"], "public")
    _one_of(_HEADERS[row["family"]], row["header"], "header")
    hashes = _HASHES["evm" if row["family"] == "evm" else ""]
    for name in ("genesis", "fork_hash"):
        if row[name]:
            _match(hashes, row[name], f"a block hash ({name})")
    if not row["genesis"] and row["public"] == "true":
        raise ValueError("a public network has a genesis hash")
    if bool(row["fork_height"]) != bool(row["fork_hash"]):
        raise ValueError("fork_height and fork_hash stand together or not at all")
    chain_id = _whole(row["chain_id"]) if row["chain_id"] else None
    if (chain_id is not None) != (row["family"] == "evm") or (chain_id and row["network"] != f"eip155:{chain_id}"):
        raise ValueError("an EVM network is named eip155:<chain_id>, and no other has a chain_id")
    return Network(
        network=row["network"],
        name=row["name"],
        caip2=row["caip2"],
        family=row["family"],
        chain_id=chain_id,
        genesis=row["genesis"],
        fork_height=_whole(row["fork_height"]) if row["fork_height"] else None,
        fork_hash=row["fork_hash"],
        finality=row["finality"],
        public=row["public"] == "true",
        max_skew_s=_whole(row["max_skew_s"]),
        header=row["header"],
    )


def _asset(row: Mapping[str, str]) -> Asset:
    _match(ASSET_NAME, row["asset"], "an asset")
    _one_of(_KINDS, row["kind"], "kind")
    return Asset(
        asset=row["asset"],
        name=row["name"],
        kind=row["kind"],
        decimals=_decimals(row["decimals"]),
        issuer=row["issuer"],
        source=row["source"],
    )


def _instrument(row: Mapping[str, str]) -> Instrument:
    _match(INSTRUMENT, row["instrument"], "an instrument")
    if row["frozen_by"] and (reason := why_no_selector(row["instrument"], row["frozen_by"])):
        raise ValueError(reason)
    return Instrument(
        instrument=row["instrument"],
        asset=row["asset"],
        decimals=_decimals(row["decimals"]),
        symbol=row["symbol"],
        issuer=row["issuer"],
        same_balance_as=row["same_balance_as"],
        frozen_by=row["frozen_by"],
        source=row["source"],
    )


def why_no_selector(instrument: str, frozen_by: str) -> str:
    """Why a function cannot be asked whether an instrument's issuer froze an account; "" when it can."""
    if "/erc20:" not in instrument:
        return f"{instrument} is no token contract: nobody can ask it with frozen_by"
    if SELECTOR.fullmatch(frozen_by) is None:
        return f"frozen_by is {frozen_by!r}, not a selector: write 0x and 8 lower-case hex digits"
    return ""


def _dangling(
    row: Instrument, networks: Mapping[str, Network], assets: Mapping[str, Asset], rows: Mapping[str, Instrument]
) -> str:
    asset = assets.get(row.asset)
    if row.network not in networks:
        return f"{row.network!r} is not in networks.csv"
    if asset is None:
        return f"{row.asset!r} is not in assets.csv"
    if (row.decimals or 0) > asset.decimals:
        return f"{row.decimals} decimals, {row.asset} has only {asset.decimals}"
    if row.same_balance_as:
        other = rows.get(row.same_balance_as)
        if other is None or other.network != row.network or other.same_balance_as or other.asset != row.asset:
            return "same_balance_as names a row of the same network and asset that names none itself"
    return ""


def _burn(file: CsvFile, networks: Mapping[str, Network], problems: list[Problem]) -> frozenset[tuple[str, str]]:
    places = set(networks) | set(FAMILIES) - {""}
    problems.extend(
        _problem(file, row, "a place is a network or a family, an identity lower-case hex")
        for row in file.rows
        if row.values["place"] not in places or not _IDENTITY.fullmatch(row.values["identity"])
    )
    return frozenset((row.values["place"], row.values["identity"]) for row in file.rows)


def _match(pattern: re.Pattern[str], text: str, what: str) -> None:
    if pattern.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not {what}")


def _one_of(words: tuple[str, ...], text: str, what: str) -> None:
    if text not in words:
        raise ValueError(f"{what} is {text!r}, not one of {', '.join(word or 'nothing' for word in words)}")


def _whole(text: str) -> int:
    _match(_WHOLE, text, "a whole number")
    return int(text)


def _decimals(text: str) -> int:
    if (decimals := _whole(text)) > MAX_DECIMALS:
        raise ValueError(f"{decimals} decimals, the most is {MAX_DECIMALS}")
    return decimals

"""The registry that ships with the package, and the rows an engagement adds to it.

Shipped rows cannot be redefined: an engagement adds instruments, and EVM chains that are not shipped. Columns
are those of the CSV files in `data/`; where each fact comes from stands in `data/PROVENANCE.txt`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import as_file, files
from typing import Final

from reservecheck.errors import ReservecheckError
from reservecheck.model.engagement import AcceptedInstrument, Engagement
from reservecheck.model.registry import Instrument, Network, Registry
from reservecheck.registry.rows import INSTRUMENT, Tables, registry_of, why_no_selector
from reservecheck.vault.csv_file import CsvFile, read_csv

COLUMNS: Final = {
    "networks": (
        *("network", "name", "caip2", "family", "chain_id", "genesis"),
        *("fork_height", "fork_hash", "finality", "public", "max_skew_s", "header"),
    ),
    "assets": ("asset", "name", "kind", "decimals", "issuer", "source"),
    "instruments": (
        "instrument",
        "asset",
        "decimals",
        "symbol",
        "issuer",
        "same_balance_as",
        "frozen_by",
        "source",
    ),
    "burn": ("place", "identity", "source"),
    "checkpoints": ("network", "height", "hash", "bits", "dated", "source"),
}
_EVM: Final = re.compile(r"eip155:([1-9][0-9]{0,14})", re.ASCII)
_GENERIC_SKEW_S: Final = 120


def load_registry() -> Registry:
    """The shipped rows; raises InputError when a shipped file is damaged."""
    return registry_of(Tables(**{name: _shipped(name) for name in COLUMNS}))


def _shipped(name: str) -> CsvFile:
    shown = f"registry/data/{name}.csv"
    with as_file(files("reservecheck.registry").joinpath("data", f"{name}.csv")) as path:
        return read_csv(path, required=COLUMNS[name], shown=shown)


def network_row(registry: Registry, name: str) -> Network | None:
    """The row of a network; a generic one for an EVM chain that is not shipped; None for anything else.

    A generic row knows nothing but the chain id: only an engagement that names the chain can use it.
    """
    if name in registry.networks:
        return registry.networks[name]
    found = _EVM.fullmatch(name)
    if found is None:
        return None
    return Network(
        network=name,
        name=f"EVM chain {found[1]}",
        caip2=name,
        family="evm",
        chain_id=int(found[1]),
        genesis="",
        fork_height=None,
        fork_hash="",
        finality="tag:finalized",
        public=True,
        max_skew_s=_GENERIC_SKEW_S,
    )


def with_accepted(registry: Registry, engagement: Engagement) -> Registry:
    """The registry with the networks and instruments an engagement names.

    Raises ReservecheckError for what `why_not_accepted` refuses; load_engagement says the same with file and line.
    """
    networks, instruments = dict(registry.networks), dict(registry.instruments)
    for name in (
        *engagement.sources,
        *(item.instrument.partition("/")[0] for item in engagement.accept.instruments),
    ):
        if row := network_row(registry, name):
            networks[name] = row
    result = replace(registry, networks=networks, instruments=instruments)
    for item in engagement.accept.instruments:
        if reason := why_not_accepted(result, item):
            raise ReservecheckError(reason)
        instruments[item.instrument] = accepted_row(item)
    return result


def accepted_row(item: AcceptedInstrument) -> Instrument:
    """The registry row an accepted instrument becomes."""
    return Instrument(
        instrument=item.instrument,
        asset=item.asset,
        decimals=item.decimals,
        symbol=item.symbol,
        issuer=item.issuer,
        same_balance_as=item.same_balance_as,
        source=item.reason,
        origin="engagement",
        frozen_by=item.frozen_by,
    )


def why_not_accepted(registry: Registry, item: AcceptedInstrument) -> str:
    """Why an engagement cannot add an instrument to a registry; "" when it can."""
    if (earlier := registry.instruments.get(item.instrument)) is not None:
        return f"{item.instrument} stands in the registry already, as {earlier.asset}, and cannot be redefined"
    if INSTRUMENT.fullmatch(item.instrument) is None:
        return (
            f"{item.instrument!r} is not an instrument: write <network>/native or <network>/erc20:0x<40 lower-case>"
        )
    network = network_row(registry, item.instrument.partition("/")[0])
    if network is None:
        return f"{item.instrument!r} is on a network that is not known"
    if item.frozen_by and (reason := why_no_selector(item.instrument, item.frozen_by)):
        return reason
    if "/erc20:" in item.instrument and network.family != "evm":
        return f"{item.instrument!r} is a token contract on a network that has none"
    return _why_not_asset(registry, item)


def _why_not_asset(registry: Registry, item: AcceptedInstrument) -> str:
    asset = registry.assets.get(item.asset)
    if asset is None:
        return f"{item.asset!r} is not an asset of the registry"
    if asset.kind == "cash":
        return f"{item.asset} is cash: no instrument on a chain is cash"
    if item.decimals is not None and item.decimals > asset.decimals:
        return f"{item.instrument} has {item.decimals} decimals, {item.asset} only {asset.decimals}"
    if item.same_balance_as and item.same_balance_as not in registry.instruments:
        return f"same_balance_as names {item.same_balance_as!r}, which is not an instrument of the registry"
    return ""

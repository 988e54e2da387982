"""What every row of a bundle's registry looks like; a stranger wrote it, and numbers in it are computed with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from reservecheck.errors import BundleError
from reservecheck.model.registry import ASSET_NAME, Asset, Instrument, Network, Registry
from reservecheck.money import MAX_DECIMALS

_NETWORK: Final = re.compile(r"[a-z0-9]{3,16}:[A-Za-z0-9]{1,32}", re.ASCII)
_INSTRUMENT: Final = re.compile(r"[a-z0-9]{3,16}:[A-Za-z0-9]{1,32}/(native|erc20:0x[0-9a-f]{40})", re.ASCII)
_FINALITY: Final = re.compile(r"confirmations:[1-9][0-9]{0,5}|tag:finalized", re.ASCII)
_HASH: Final = re.compile(r"((0x)?[0-9a-f]{64})?", re.ASCII)
_BITS: Final = re.compile(r"([0-9a-f]{8})?", re.ASCII)
_SELECTOR: Final = re.compile(r"(0x[0-9a-f]{8})?", re.ASCII)
_KINDS: Final = ("coin", "token", "cash", "issuer-token")
_ORIGINS: Final = ("shipped", "engagement")
_HIGHEST: Final = 10**15
_LONGEST_SKEW_S: Final = 10**6


def refuse_odd_rows(registry: Registry, *, name: str) -> None:
    """Raises BundleError naming the first row, and what of it, that no registry can hold."""
    rows: tuple[Network | Asset | Instrument, ...] = (
        *registry.networks.values(),
        *registry.assets.values(),
        *registry.instruments.values(),
    )
    for row in rows:
        for what in _odd(row):
            raise BundleError(f"{name}: {_id(row)!r}: {what}")


def _id(row: Network | Asset | Instrument) -> str:
    if isinstance(row, Network):
        return row.network[:80]
    return row.asset[:80] if isinstance(row, Asset) else row.instrument[:80]


def _odd(row: Network | Asset | Instrument) -> Iterator[str]:
    if isinstance(row, Network):
        yield from _odd_network(row)
    elif isinstance(row, Asset):
        yield from _unlike("its id", ASSET_NAME, row.asset)
        yield from _unknown("kind", row.kind, _KINDS)
        yield from _beyond("decimals", row.decimals, MAX_DECIMALS)
        yield from _unprintable(row.name, row.issuer, row.source)
    else:
        yield from _unlike("its id", _INSTRUMENT, row.instrument)
        yield from _beyond("decimals", row.decimals, MAX_DECIMALS)
        yield from _unknown("origin", row.origin, _ORIGINS)
        yield from _unlike("frozen_by", _SELECTOR, row.frozen_by)
        if row.origin == "shipped":  # what an engagement says of its own rows is escaped wherever it is shown
            yield from _unprintable(row.symbol, row.issuer, row.source)


def _odd_network(row: Network) -> Iterator[str]:
    yield from _unlike("its id", _NETWORK, row.network)
    yield from _unlike("finality", _FINALITY, row.finality)
    yield from _unlike("genesis", _HASH, row.genesis)
    yield from _unlike("fork_hash", _HASH, row.fork_hash)
    yield from _beyond("chain_id", row.chain_id, _HIGHEST)
    yield from _beyond("fork_height", row.fork_height, _HIGHEST)
    yield from _beyond("max_skew_s", row.max_skew_s, _LONGEST_SKEW_S)
    yield from _unprintable(row.name, row.caip2, row.family)
    for one in row.checkpoints:
        yield from _unlike("a checkpoint's hash", _HASH, one.hash)
        yield from _unlike("a checkpoint's bits", _BITS, one.bits)
        yield from _beyond("a checkpoint's height", one.height, _HIGHEST)
        yield from _unprintable(one.dated)


def _unlike(what: str, pattern: re.Pattern[str], text: str) -> Iterator[str]:
    if pattern.fullmatch(text) is None:
        yield f"{what} is {text[:40]!r}, which no registry holds"


def _unknown(what: str, word: str, known: tuple[str, ...]) -> Iterator[str]:
    if word not in known:
        yield f"{what} is {word[:40]!r}, none of {', '.join(known)}"


def _beyond(what: str, number: int | None, most: int) -> Iterator[str]:
    if number is not None and not 0 <= number <= most:
        yield f"{what} is {number}, not from 0 to {most}"


def _unprintable(*texts: str) -> Iterator[str]:
    for text in texts:
        if not text.isprintable():
            yield f"the text {text[:40]!r} cannot be printed"

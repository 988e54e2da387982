"""Grids of tokens × owners: how declared pairs become few calls, and how a call becomes a grid again. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from reservecheck.chains.evm.program import (
    ADDRESS_BYTES,
    CELL_BYTES,
    NATIVE,
    PROGRAM_HEX,
    READER,
    WORD_BYTES,
)
from reservecheck.chains.reader import Pair
from reservecheck.transport.jsonrpc import Call, same_calls
from reservecheck.vault.canonical import Json

_ADDRESS: Final = re.compile(r"0x[0-9a-f]{40}", re.ASCII)
_LOWER_HEX: Final = re.compile(r"[0-9a-f]*", re.ASCII)
_TWO: Final = 2


class Grid(NamedTuple):
    """Every token for every owner; addresses in lower case, NATIVE for the chain's own coin."""

    tokens: tuple[str, ...]
    owners: tuple[str, ...]

    @property
    def cells(self) -> int:
        """How many balances it asks for."""
        return len(self.tokens) * len(self.owners)

    def halves(self) -> tuple[Grid, Grid]:
        """Two smaller grids of the same cells; owners are split first. For grids of two cells or more."""
        if len(self.owners) > 1:
            middle = (len(self.owners) + 1) // _TWO
            return Grid(self.tokens, self.owners[:middle]), Grid(self.tokens, self.owners[middle:])
        middle = (len(self.tokens) + 1) // _TWO
        return Grid(self.tokens[:middle], self.owners), Grid(self.tokens[middle:], self.owners)

    def cell_keys(self) -> Iterator[tuple[str, str]]:
        """(owner, token) of every cell, in the order of the answer."""
        return ((owner, token) for token in self.tokens for owner in self.owners)


def is_address(text: str) -> bool:
    """0x and 40 digits in lower case."""
    return _ADDRESS.fullmatch(text) is not None


def unaskable(pair: Pair) -> str:
    """Why a pair cannot be asked for, or ""."""
    if not is_address(pair.identity):
        return "not an address of this network"
    if pair.contract and not is_address(pair.contract):
        return "the token's contract is not an address of this network"
    return "the zero address is not a token" if pair.contract == NATIVE else ""


def grids_of(pairs: Sequence[Pair], most: int) -> list[Grid]:
    """Owners with the same tokens share grids; no grid has more than `most` cells and none asks for more."""
    tokens_of: dict[str, list[str]] = {}
    for identity, _, contract in pairs:
        tokens_of.setdefault(identity, []).append(contract)
    contracts = {contract for _, _, contract in pairs}
    askable = {one for one in contracts if not one or (is_address(one) and one != NATIVE)}
    owners_of: dict[tuple[str, ...], list[str]] = {}
    for owner, tokens in tokens_of.items():
        wanted = tuple(sorted({token or NATIVE for token in tokens if token in askable}))
        if wanted and is_address(owner):
            owners_of.setdefault(wanted, []).append(owner)
    return [grid for tokens, owners in owners_of.items() for grid in cut(Grid(tokens, tuple(owners)), most)]


def cut(grid: Grid, most: int) -> Iterator[Grid]:
    """The same cells in grids of at most `most`."""
    wide = min(len(grid.tokens), most)
    long = most // wide
    for t in range(0, len(grid.tokens), wide):
        for o in range(0, len(grid.owners), long):
            yield Grid(grid.tokens[t : t + wide], grid.owners[o : o + long])


def block_reference(block_hash: str) -> dict[str, Json]:
    """A block by its hash, refused by the node if it left the chain (EIP-1898)."""
    return {"blockHash": block_hash, "requireCanonical": True}


def override_call(grid: Grid, block_hash: str) -> Call:
    """The program laid over an unused address for the length of one eth_call."""
    asked = {"data": "0x" + _payload(grid), "to": READER}
    return Call("eth_call", (asked, block_reference(block_hash), {READER: {"code": PROGRAM_HEX}}))


def deployless_call(grid: Grid, block_hash: str) -> Call:
    """The program as the init code of a contract that is never created."""
    return Call("eth_call", ({"data": PROGRAM_HEX + _payload(grid)}, block_reference(block_hash)))


def grid_asked(call: Call, block_hash: str) -> Grid | None:
    """The grid of a call made by one of the two functions above; None for anything else, to the last byte."""
    params = list(call.params)
    asked = params[0] if params else None
    data = asked.get("data") if isinstance(asked, dict) else None
    if not isinstance(data, str):
        return None
    grid = _grid(data[_TWO:]) or _grid(data.removeprefix(PROGRAM_HEX))
    if grid is None:
        return None
    ours = (override_call(grid, block_hash), deployless_call(grid, block_hash))
    return grid if any(same_calls([call], [one]) for one in ours) else None


def cells_answered(grid: Grid, value: object) -> bytes | None:
    """33 bytes a cell in the order of `Grid.cell_keys`; None unless the answer has exactly that size."""
    if not isinstance(value, str) or len(value) != _TWO + _TWO * CELL_BYTES * grid.cells or value[:_TWO] != "0x":
        return None
    try:
        raw = bytes.fromhex(value[_TWO:])
    except ValueError:
        return None
    return raw if len(raw) == CELL_BYTES * grid.cells else None


def statuses(raw: bytes) -> bytes:
    """One byte a cell."""
    return raw[::CELL_BYTES]


def words(raw: bytes) -> list[int]:
    """One number a cell."""
    number = int.from_bytes
    return [number(raw[at : at + WORD_BYTES], "big") for at in range(1, len(raw), CELL_BYTES)]


def _payload(grid: Grid) -> str:
    return len(grid.tokens).to_bytes(WORD_BYTES, "big").hex() + "".join(_bare((*grid.tokens, *grid.owners)))


def _bare(addresses: Iterable[str]) -> Iterator[str]:
    return (address[_TWO:] for address in addresses)


def _grid(payload: str) -> Grid | None:
    head, step = _TWO * WORD_BYTES, _TWO * ADDRESS_BYTES
    if len(payload) < head or (len(payload) - head) % step or _LOWER_HEX.fullmatch(payload) is None:
        return None
    count = int(payload[:head], 16)
    addresses = tuple("0x" + payload[at : at + step] for at in range(head, len(payload), step))
    tokens, owners = addresses[:count], addresses[count:]
    if not owners or not tokens or len(set(tokens)) != len(tokens) or len(set(owners)) != len(owners):
        return None
    return Grid(tokens, owners)

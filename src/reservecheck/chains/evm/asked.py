"""Whose balances a log asks for, whatever was answered: a holding nobody declares any more still shows here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reservecheck.chains.evm.cells import BATCH, CELLS, SINGLE, cell_asked
from reservecheck.chains.evm.decimals import DECODER as DECIMALS
from reservecheck.chains.evm.frozen import DECODER as FROZEN
from reservecheck.chains.evm.frozen import frozen_asked
from reservecheck.chains.evm.grids import grid_asked
from reservecheck.chains.evm.pins import DECODER as HEADER
from reservecheck.chains.evm.proof.exchanges import METHODS as PROOF_METHODS
from reservecheck.chains.evm.proof.exchanges import PURPOSES as PROOF_PURPOSES
from reservecheck.chains.evm.proof.exchanges import owner_asked
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Recorded

PURPOSES: Final[Mapping[str, frozenset[str]]] = {
    HEADER: frozenset({"chain", "pin", "final"}),
    CELLS: frozenset({"cells"}),
    BATCH: frozenset({"cells-batch", "cells-again"}),
    SINGLE: frozenset({"cells-single"}),
    DECIMALS: frozenset({"decimals"}),
    FROZEN: frozenset({"frozen"}),
    **{decoder: frozenset({purpose}) for decoder, purpose in PROOF_PURPOSES.items()},
}
"""Every reading an answer of this family is asked for, and for what."""
METHODS: Final = (
    frozenset({"eth_chainId", "eth_getBlockByNumber", "eth_getBlockByHash", "eth_call", "eth_getBalance"})
    | PROOF_METHODS
)


def asked(exchanges: Sequence[Recorded]) -> frozenset[str]:
    """The accounts, as lower-case 0x addresses."""
    return frozenset(
        owner
        for item in exchanges
        for call in item.question.calls
        for owner in _owners(call, item.question.decoder)
    )


def _owners(call: Call, decoder: str) -> Iterator[str]:
    if decoder in PROOF_PURPOSES:
        owner = owner_asked(call, decoder)
        if owner is not None:
            yield owner
        return
    params = list(call.params)
    block = params[1] if len(params) > 1 else None
    block_hash = block.get("blockHash") if isinstance(block, Mapping) else None
    if not isinstance(block_hash, str):
        return
    grid = grid_asked(call, block_hash)
    if grid is not None:
        yield from grid.owners
    else:
        found = cell_asked(call, block_hash) or frozen_asked(call, block_hash)
        if found is not None:
            yield found[0]

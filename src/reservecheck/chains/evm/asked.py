"""Which balances a log asks for, whatever was answered: a holding nobody declares any more still shows here.

Of proofs, an account's is of the chain's own coin, and an access list's of a token. Contracts whose storage or code
is asked for are not named: behind a token may stand any number of others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reservecheck.chains.evm.cells import BATCH, CELLS, SINGLE, cell_asked
from reservecheck.chains.evm.decimals import DECODER as DECIMALS
from reservecheck.chains.evm.decimals import decimals_call
from reservecheck.chains.evm.frozen import DECODER as FROZEN
from reservecheck.chains.evm.frozen import frozen_asked
from reservecheck.chains.evm.grids import grid_asked
from reservecheck.chains.evm.pins import DECODER as HEADER
from reservecheck.chains.evm.program import NATIVE
from reservecheck.chains.evm.proof.exchanges import METHODS as PROOF_METHODS
from reservecheck.chains.evm.proof.exchanges import PURPOSES as PROOF_PURPOSES
from reservecheck.chains.evm.proof.exchanges import holding_asked
from reservecheck.chains.reader import Asked
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


def asked(exchanges: Sequence[Recorded]) -> Iterator[Asked]:
    """Lower-case 0x addresses of the account and the token, as often as they are asked for."""
    for item in exchanges:
        for call in item.question.calls:
            for owner, token in _holdings(call, item.question.decoder):
                yield owner, "" if token == NATIVE else token


def _holdings(call: Call, decoder: str) -> Iterator[Asked]:
    if decoder in PROOF_PURPOSES:
        holding = holding_asked(call, decoder)
        if holding is not None:
            yield holding
        return
    params = list(call.params)
    first, block = params[:2] if len(params) > 1 else (None, None)
    block_hash = block.get("blockHash") if isinstance(block, Mapping) else None
    if not isinstance(block_hash, str):
        return
    grid = grid_asked(call, block_hash)
    if grid is not None:
        yield from grid.cell_keys()
        return
    found = cell_asked(call, block_hash) or frozen_asked(call, block_hash)
    token = first.get("to") if isinstance(first, Mapping) else None
    if found is not None:
        yield found[0], found[1]
    elif isinstance(token, str) and call.as_json() == decimals_call(token, block_hash).as_json():
        yield "", token

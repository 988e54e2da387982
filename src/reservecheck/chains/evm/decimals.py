"""What each token's own decimals() answers at the pin. Decoder `evm.decimals/1`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reservecheck.chains.evm.answers import data
from reservecheck.chains.evm.asking import ask_in_batches
from reservecheck.chains.evm.conversation import Conversation
from reservecheck.chains.evm.grids import block_reference, is_address
from reservecheck.chains.evm.program import NATIVE, WORD_BYTES
from reservecheck.chains.reader import Plan
from reservecheck.model.evidence import OnChainDecimals
from reservecheck.transport.jsonrpc import Call, Result, same_calls
from reservecheck.transport.record import Recorded

DECODER: Final = "evm.decimals/1"
PURPOSE: Final = "decimals"
CALLS_AT_ONCE: Final = 500
_SELECTOR: Final = "0x313ce567"
_LARGEST: Final = 255  # the function returns a uint8


def decimals_call(token: str, block_hash: str) -> Call:
    """decimals() of one token at one block."""
    return Call("eth_call", ({"data": _SELECTOR, "to": token}, block_reference(block_hash)))


def ask_for_decimals(plan: Plan, block_hash: str, conversation: Conversation) -> None:
    """Every token of the plan once, in one batch where the source takes batches."""
    calls = [decimals_call(token, block_hash) for token in dict.fromkeys(_tokens(plan).values())]
    ask_in_batches(conversation, PURPOSE, DECODER, calls, CALLS_AT_ONCE)


def read_decimals(plan: Plan, block_hash: str, exchanges: Sequence[Recorded]) -> tuple[OnChainDecimals, ...]:
    """One line for each token instrument of the plan; None where it did not answer, or not twice the same."""
    said: dict[str, set[int | None]] = {}
    where: dict[str, list[int]] = {}
    for item in exchanges:
        if item.question.decoder != DECODER:
            continue
        answers = item.reply.opened(item.question) or [None] * len(item.question.calls)
        for call, answer in zip(item.question.calls, answers, strict=True):
            token = _token_asked(call, block_hash)
            if token is None:
                continue
            where.setdefault(token, []).append(item.n)
            if isinstance(answer, Result):
                said.setdefault(token, set()).add(_uint8(answer.value))
    return tuple(
        OnChainDecimals(
            instrument=instrument,
            decimals=next(iter(said[token])) if len(said.get(token, ())) == 1 else None,
            exchanges=tuple(where.get(token, ())),
        )
        for instrument, token in _tokens(plan).items()
    )


def _token_asked(call: Call, block_hash: str) -> str | None:
    params = list(call.params)
    token = params[0].get("to") if params and isinstance(params[0], dict) else None
    ours = isinstance(token, str) and same_calls([call], [decimals_call(token, block_hash)])
    return token if ours else None


def _tokens(plan: Plan) -> dict[str, str]:
    contracts = {pair.instrument: pair.contract for pair in plan.pairs}
    return {instrument: token for instrument, token in contracts.items() if is_address(token) and token != NATIVE}


def _uint8(value: object) -> int | None:
    answer = data(value)
    if answer is None or len(answer) != WORD_BYTES:
        return None
    number = int.from_bytes(answer, "big")
    return number if number <= _LARGEST else None

"""What a token's freeze list says at the pin of every account that holds some of it. Decoder `evm.frozen/1`.

An issuer can stop an account from moving its tokens, while balanceOf goes on showing them. The registry names the
function that tells, by its selector. Silence is not a no: a holding nobody answered for is locked too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from reservecheck.chains.evm.answers import data
from reservecheck.chains.evm.asking import ask_in_batches
from reservecheck.chains.evm.cells import read_cells
from reservecheck.chains.evm.conversation import Conversation
from reservecheck.chains.evm.grids import block_reference, is_address
from reservecheck.chains.evm.program import WORD_BYTES
from reservecheck.chains.reader import Plan, Reading
from reservecheck.model.words import FREEZE_UNKNOWN, FROZEN
from reservecheck.transport.jsonrpc import Call, Result, same_calls
from reservecheck.transport.record import Recorded

DECODER: Final = "evm.frozen/1"
PURPOSE: Final = "frozen"
CALLS_AT_ONCE: Final = 500
_ASKED: Final = re.compile(r"(0x[0-9a-f]{8})0{24}([0-9a-f]{40})", re.ASCII)
_SAID: Final = {False.to_bytes(WORD_BYTES, "big"): False, True.to_bytes(WORD_BYTES, "big"): True}

Holding = tuple[str, str]
"""(identity, instrument), as in the readings."""


class FreezeCall(NamedTuple):
    """One account, one token, and the selector of the token's view function of an address that gives a bool."""

    owner: str
    token: str
    selector: str


def frozen_call(asked: FreezeCall, block_hash: str) -> Call:
    """Whether the token's list holds one account at one block."""
    call_data = asked.selector + 24 * "0" + asked.owner[2:]
    return Call("eth_call", ({"data": call_data, "to": asked.token}, block_reference(block_hash)))


def frozen_asked(call: Call, block_hash: str) -> FreezeCall | None:
    """The account, token and selector of a call of that form; None for anything else, to the last byte."""
    params = list(call.params)
    first = params[0] if params else None
    if not isinstance(first, Mapping):
        return None
    found, token = _ASKED.fullmatch(str(first.get("data", ""))), str(first.get("to", ""))
    if found is None or not is_address(token):
        return None
    asked = FreezeCall("0x" + found[2], token, found[1])
    return asked if same_calls([call], [frozen_call(asked, block_hash)]) else None


def ask_for_frozen(plan: Plan, block_hash: str, conversation: Conversation) -> None:
    """Every holding that was read, is not zero and can be frozen, in as few batches as the source takes."""
    if plan.frozen_by:
        readings = read_cells(plan, block_hash, conversation.exchanges())
        calls = [frozen_call(asked, block_hash) for asked in _freezable(plan, readings).values()]
        ask_in_batches(conversation, PURPOSE, DECODER, calls, CALLS_AT_ONCE)


def with_locks(
    plan: Plan, block_hash: str, exchanges: Sequence[Recorded], readings: Mapping[Holding, Reading]
) -> dict[Holding, Reading]:
    """The readings, those of frozen accounts locked, and those of accounts nobody answered for; pure."""
    locked = dict(readings)
    if not plan.frozen_by:
        return locked
    said, where = _answers(block_hash, exchanges)
    for holding, asked in _freezable(plan, readings).items():
        reading, answers = readings[holding], said.get(asked, set())
        numbers = tuple(dict.fromkeys((*reading.exchanges, *where.get(asked, ()))))
        why = "" if answers == {False} else FROZEN if answers == {True} else FREEZE_UNKNOWN
        units = (reading.units or 0) if why else 0
        locked[holding] = reading._replace(exchanges=numbers, locked=units, locked_why=why)
    return locked


def _freezable(plan: Plan, readings: Mapping[Holding, Reading]) -> dict[Holding, FreezeCall]:
    found = {}
    for identity, instrument, contract in plan.pairs:
        selector = plan.frozen_by.get(instrument)
        if selector and readings[identity, instrument].units:
            found[identity, instrument] = FreezeCall(identity, contract, selector)
    return found


def _answers(
    block_hash: str, exchanges: Sequence[Recorded]
) -> tuple[dict[FreezeCall, set[bool | None]], dict[FreezeCall, list[int]]]:
    """What was answered, None for what is neither yes nor no, and in which exchanges each was asked."""
    said: dict[FreezeCall, set[bool | None]] = {}
    where: dict[FreezeCall, list[int]] = {}
    for item in exchanges:
        if item.question.decoder != DECODER:
            continue
        answers = item.reply.opened(item.question) or [None] * len(item.question.calls)
        for call, answer in zip(item.question.calls, answers, strict=True):
            asked = frozen_asked(call, block_hash)
            if asked is None:
                continue
            where.setdefault(asked, []).append(item.n)
            if isinstance(answer, Result):
                said.setdefault(asked, set()).add(_SAID.get(data(answer.value) or b""))
    return said, where

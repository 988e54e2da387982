"""The questions that gather proofs, and how a recorded one becomes what was asked again. Pure.

`evm.account/1` and `evm.storage/1` read eth_getProof (of an owner, of a contract's storage), `evm.code/1` reads
eth_getCode. `evm.touched/1` marks eth_createAccessList: it tells what to ask for, and nothing is derived from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from reservecheck.chains.evm.answers import data, failure, node_error, quantity
from reservecheck.chains.evm.grids import block_reference, is_address
from reservecheck.chains.evm.program import WORD_BYTES
from reservecheck.chains.evm.proof.called import BALANCE_OF
from reservecheck.chains.evm.proof.trie import Unproven
from reservecheck.transport.jsonrpc import Call, Result, RpcError, same_calls
from reservecheck.transport.record import Recorded
from reservecheck.vault.canonical import Json

ACCOUNT: Final = "evm.account/1"
TOUCHED: Final = "evm.touched/1"
STORAGE: Final = "evm.storage/1"
CODE: Final = "evm.code/1"

ACCOUNTS_ASKED: Final = "proof-accounts"
TOUCHED_ASKED: Final = "proof-touched"
STORAGE_ASKED: Final = "proof-storage"
CODES_ASKED: Final = "proof-codes"
PURPOSES: Final[Mapping[str, str]] = {
    ACCOUNT: ACCOUNTS_ASKED,
    TOUCHED: TOUCHED_ASKED,
    STORAGE: STORAGE_ASKED,
    CODE: CODES_ASKED,
}
DECODERS: Final = frozenset(PURPOSES)
METHODS: Final = frozenset({"eth_getProof", "eth_createAccessList", "eth_getCode"})

BALANCES: Final = "0x" + BALANCE_OF.hex()
"""The selector of balanceOf(address)."""
_TOUCHING: Final = re.compile(r"0x[0-9a-f]{8}0{24}([0-9a-f]{40})", re.ASCII)


class Asked(NamedTuple):
    """One address, and which slots of its storage."""

    address: str
    slots: tuple[int, ...]


def blocks_of(block_hash: str, height: int) -> tuple[Json, Json]:
    """How nodes are told which block: by its hash, or by height where they take none; a proof fits one block."""
    return block_reference(block_hash), hex(height)


def proof_call(address: str, slots: Sequence[int], block: Json) -> Call:
    """An account, and words of its storage, with the nodes that prove them (EIP-1186)."""
    return Call("eth_getProof", (address, ["0x" + slot.to_bytes(WORD_BYTES, "big").hex() for slot in slots], block))


def touched_call(token: str, owner: str, block: Json, selector: str = BALANCES) -> Call:
    """What a token's function of an owner would look at."""
    return Call("eth_createAccessList", ({"data": selector + 24 * "0" + owner[2:], "to": token}, block))


def code_call(address: str, block: Json) -> Call:
    """A contract's code."""
    return Call("eth_getCode", (address, block))


def proof_asked(call: Call, blocks: Sequence[Json]) -> Asked | None:
    """What a call asks to prove at one of the blocks; None for anything else."""
    params = list(call.params)
    address, keys = (params[0], params[1]) if len(params) > 1 else (None, None)
    if not isinstance(address, str) or not is_address(address) or not isinstance(keys, Sequence):
        return None
    slots = tuple(quantity(key) for key in keys)
    known = tuple(slot for slot in slots if slot is not None)
    ours = (proof_call(address, known, block) for block in blocks)
    same = len(known) == len(slots) and any(same_calls([call], [one]) for one in ours)
    return Asked(address, known) if same else None


def code_asked(call: Call, blocks: Sequence[Json]) -> str | None:
    """The address whose code a call asks for at one of the blocks; None for anything else."""
    address = next(iter(call.params), None)
    if not isinstance(address, str) or not is_address(address):
        return None
    return address if any(same_calls([call], [code_call(address, block)]) for block in blocks) else None


def holding_asked(call: Call, decoder: str) -> tuple[str, str] | None:
    """(owner, token) of a question at whatever block, "" for the native coin; None where no owner is named."""
    first = next(iter(call.params), None)
    if decoder == TOUCHED and isinstance(first, Mapping):
        found, token = _TOUCHING.fullmatch(str(first.get("data", ""))), str(first.get("to", ""))
        return None if found is None else ("0x" + found[1], token)
    return (first, "") if decoder == ACCOUNT and isinstance(first, str) and is_address(first) else None


def touched_of(value: object) -> dict[str, tuple[int, ...]] | None:
    """Slots by lower-case address, as an access list names them; None where the answer is malformed."""
    listed = value.get("accessList") if isinstance(value, Mapping) else None
    if not isinstance(listed, list):
        return None
    found: dict[str, tuple[int, ...]] = {}
    for entry in listed:
        address = str(entry.get("address", "")).lower() if isinstance(entry, Mapping) else ""
        keys = entry.get("storageKeys") if isinstance(entry, Mapping) else None
        slots = [quantity(key) for key in keys] if isinstance(keys, list) else [None]
        if not is_address(address) or None in slots:
            return None
        found[address] = (*found.get(address, ()), *(slot for slot in slots if slot is not None))
    return found


class Answered(NamedTuple):
    """One call of one exchange, and its answer, or why there is none."""

    call: Call
    value: object
    why_not: str
    n: int


def answered(exchanges: Sequence[Recorded], decoder: str) -> Iterator[Answered]:
    """Every call that asks for a reading, in the order of the log."""
    for item in exchanges:
        if item.question.decoder != decoder:
            continue
        opened = item.reply.opened(item.question)
        for i, call in enumerate(item.question.calls):
            answer = opened[i] if opened else None
            if isinstance(answer, Result):
                yield Answered(call, answer.value, "", item.n)
            else:
                yield Answered(
                    call, None, node_error(answer) if isinstance(answer, RpcError) else failure(item), item.n
                )


def code_of(value: object) -> bytes:
    """The bytes of a code; raises Unproven."""
    code = data(value)
    if code is None:
        raise Unproven("the code answered is not hexadecimal")
    return code

"""Recorded exchanges to readings: pure, strict, and quick enough for a verifier with a million balances.

`evm.cells/1` reads the answers of our own program, `evm.batch/1` and `evm.single/1` those of eth_getBalance and
balanceOf. An exchange counts only if its request is, to the last byte, one this reader makes, at the pin's hash.
Of a token's answer the first 32 bytes count, as every contract reads it; fewer are no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress, repeat
from operator import not_
from typing import Final, NamedTuple

from reservecheck.chains.evm.answers import data, failure, node_error, quantity
from reservecheck.chains.evm.grids import (
    Grid,
    block_reference,
    cells_answered,
    grid_asked,
    is_address,
    statuses,
    unaskable,
    words,
)
from reservecheck.chains.evm.program import CELL_BYTES, FAILED, NATIVE, NO_CODE, SHORT, WORD_BYTES
from reservecheck.chains.reader import Pair, Plan, Reading
from reservecheck.money import LIMIT
from reservecheck.transport.jsonrpc import Call, Result, RpcError, same_calls
from reservecheck.transport.record import Recorded

CELLS: Final = "evm.cells/1"
BATCH: Final = "evm.batch/1"
SINGLE: Final = "evm.single/1"
_SELECTOR: Final = "0x70a08231" + 24 * "0"
_REVERT_CODE: Final = 3

REASONS: Final = {
    FAILED: "the token call reverted or ran out of gas",
    SHORT: "short answer: the contract answered fewer than 32 bytes",
    NO_CODE: "no code at the pin block",
}
REVERTED: Final = "the token call reverted"
EMPTY: Final = "empty answer: no code at the pin block, or a contract that answers nothing"
_SETTLED: Final = frozenset({REVERTED, EMPTY, REASONS[SHORT]})
DIFFER: Final = "two answers differ"
OUT_OF_RANGE: Final = "out of range: 10^38 smallest units or more"
NEVER_ASKED: Final = "never asked"
NOT_AGAIN: Final = "only our own program was answered: not asked again by a plain call"
AGAIN: Final = 5
"""Holdings of each token, the largest, that a plain call must show too."""

Key = tuple[str, str]
"""(owner, token), the chain's own coin as NATIVE."""
Held = tuple[int, str, str]
"""A word that was read, the owner, and the instrument."""


class Answers(NamedTuple):
    """Words by cell, and why other cells have none; each with the number of its exchange."""

    words: dict[Key, tuple[int, int]]
    failures: dict[Key, tuple[str, int]]  # the latest reason
    settled: dict[Key, int]  # failures no amount of gas would change: a word for the same cell contradicts them
    differ: dict[Key, tuple[int, ...]]
    agree: dict[Key, tuple[int, ...]]  # exchanges that gave the same word, where several did
    plain: set[Key]  # cells whose word a plain call gave


def balance_call(owner: str, token: str, block_hash: str) -> Call:
    """One balance by the node's own methods."""
    if token == NATIVE:
        return Call("eth_getBalance", (owner, block_reference(block_hash)))
    return Call("eth_call", ({"data": _SELECTOR + owner[2:], "to": token}, block_reference(block_hash)))


def read_cells(plan: Plan, block_hash: str, exchanges: Sequence[Recorded]) -> dict[tuple[str, str], Reading]:
    """A reading for each pair of the plan, in its order. Never raises for what a source answered."""
    answers = answers_of(block_hash, exchanges)
    complete = len(answers.words) == len(plan.pairs)
    silence = NEVER_ASKED if complete else _last_failure(exchanges) or NEVER_ASKED
    numbers: dict[int, tuple[int, ...]] = {item.n: (item.n,) for item in exchanges}
    readings: dict[tuple[str, str], Reading] = {}
    agree = answers.agree
    held: dict[str, list[Held]] = {}
    floor: dict[str, int] = {}
    for identity, instrument, contract in plan.pairs:
        key = (identity, contract or NATIVE)
        found = answers.words.get(key)
        if found is None or found[0] >= LIMIT or key in answers.differ or contract == NATIVE:
            readings[identity, instrument] = _unread(answers, Pair(identity, instrument, contract), silence)
        else:
            readings[identity, instrument] = Reading(found[0], "", agree.get(key) or numbers[found[1]])
        if contract and found is not None and floor.get(contract, 1) <= found[0] < LIMIT:
            best = held[contract] = largest((*held.get(contract, ()), (found[0], identity, instrument)))
            if len(best) == AGAIN:
                floor[contract] = best[-1][0]
    _take_back(answers, held, readings)
    return readings


def largest(held: Iterable[Held]) -> list[Held]:
    """The holdings of one token that are asked for again: a contract may lie to our program alone."""
    return sorted(held, reverse=True)[:AGAIN]


def _take_back(
    answers: Answers, held: Mapping[str, Sequence[Held]], readings: dict[tuple[str, str], Reading]
) -> None:
    """The largest holdings of each token are unread unless a plain call gave the same."""
    for token, holdings in held.items():
        for _, owner, instrument in holdings:
            if (owner, token) not in answers.plain and (owner, token) not in answers.differ:
                reason, n = answers.failures.get((owner, token), (NOT_AGAIN, 0))
                readings[owner, instrument] = Reading(None, reason, (n,) if n else ())


def answers_of(block_hash: str, exchanges: Sequence[Recorded]) -> Answers:
    """Everything the exchanges say about cells at one block."""
    answers = Answers({}, {}, {}, {}, {}, set())
    for item in exchanges:
        reader = _READERS.get(item.question.decoder)
        if reader is not None:
            reader(answers, item, block_hash)
    for key, n in answers.settled.items():
        if key in answers.words:
            answers.differ[key] = (answers.words[key][1], n)
    return answers


def _read_grid(answers: Answers, item: Recorded, block_hash: str) -> None:
    grid = grid_asked(item.question.calls[0], block_hash) if len(item.question.calls) == 1 else None
    if grid is None:
        return
    opened = item.reply.opened(item.question)
    cells = cells_answered(grid, opened[0].value) if opened and isinstance(opened[0], Result) else None
    if cells is None:
        reason = failure(item) or "the answer does not have a status and a word for each cell asked"
        answers.failures.update(zip(grid.cell_keys(), repeat((reason, item.n)), strict=False))
        return
    long = len(grid.owners)
    for i, token in enumerate(grid.tokens):
        part = cells[i * long * CELL_BYTES : (i + 1) * long * CELL_BYTES]
        _read_column(answers, Grid((token,), grid.owners), part, item.n)


def _read_column(answers: Answers, column: Grid, raw: bytes, n: int) -> None:
    keys, found, said = list(column.cell_keys()), words(raw), statuses(raw)
    if any(said):
        for key, status in zip(keys, said, strict=True):
            if status:
                _fail(answers, key, status, n)
        keys, found = list(compress(keys, map(not_, said))), list(compress(found, map(not_, said)))
    if answers.words.keys().isdisjoint(keys):
        answers.words.update(zip(keys, zip(found, repeat(n)), strict=True))
    else:
        for key, word in zip(keys, found, strict=True):
            _answer(answers, key, word, n)


def _fail(answers: Answers, key: Key, status: int, n: int) -> None:
    answers.failures[key] = (REASONS.get(status, f"unknown status {status}"), n)
    if status != FAILED:
        answers.settled[key] = n


def _answer(answers: Answers, key: Key, word: int, n: int) -> None:
    earlier = answers.words.setdefault(key, (word, n))
    if earlier[0] != word:
        answers.differ[key] = (earlier[1], n)
    elif earlier[1] != n:
        answers.agree[key] = (*answers.agree.get(key, (earlier[1],)), n)


def _read_calls(answers: Answers, item: Recorded, block_hash: str) -> None:
    opened: Sequence[Result | RpcError | None] = item.reply.opened(item.question) or [None] * len(
        item.question.calls
    )
    for call, answer in zip(item.question.calls, opened, strict=True):
        key = cell_asked(call, block_hash)
        if key is None:
            continue
        word = _word(call.method, answer.value) if isinstance(answer, Result) else None
        if word is not None:
            _answer(answers, key, word, item.n)
            answers.plain.add(key)
        else:
            reason = _why(answer, item)
            answers.failures[key] = (reason, item.n)
            if reason in _SETTLED:
                answers.settled[key] = item.n


def cell_asked(call: Call, block_hash: str) -> Key | None:
    """The (owner, token) of a call for one balance at that block; None for anything else."""
    params = list(call.params)
    first = params[0] if params else None
    owner, token = first, NATIVE
    if isinstance(first, dict):
        asked, token = str(first.get("data", "")), str(first.get("to", ""))
        owner = "0x" + asked[len(_SELECTOR) :]
    if not isinstance(owner, str) or not (is_address(owner) and is_address(token)):
        return None
    return (owner, token) if same_calls([call], [balance_call(owner, token, block_hash)]) else None


def _word(method: str, value: object) -> int | None:
    if method == "eth_getBalance":
        return quantity(value)
    answer = data(value)
    if answer is None or len(answer) < WORD_BYTES:
        return None
    return int.from_bytes(answer[:WORD_BYTES], "big")


def _why(answer: Result | RpcError | None, item: Recorded) -> str:
    if answer is None:
        return failure(item)
    if isinstance(answer, Result):
        return EMPTY if answer.value == "0x" else REASONS[SHORT] if data(answer.value) else "malformed answer"
    reverted = answer.code == _REVERT_CODE or "revert" in answer.message.lower()
    return REVERTED if reverted else node_error(answer)


def _unread(answers: Answers, pair: Pair, silence: str) -> Reading:
    key = (pair.identity, pair.contract or NATIVE)
    if reason := unaskable(pair):
        return Reading(None, reason, ())
    if key in answers.differ:
        return Reading(None, DIFFER, answers.differ[key])
    if key in answers.words:
        return Reading(None, OUT_OF_RANGE, (answers.words[key][1],))
    if key not in answers.failures:
        return Reading(None, silence, ())
    reason, n = answers.failures[key]
    return Reading(None, reason, (n,))


def _last_failure(exchanges: Sequence[Recorded]) -> str:
    asked: Iterator[Recorded] = (item for item in reversed(exchanges) if item.question.decoder in _READERS)
    return next((said for item in asked if (said := failure(item))), "")


_READERS: Final[Mapping[str, Callable[[Answers, Recorded, str], None]]] = {
    CELLS: _read_grid,
    BATCH: _read_calls,
    SINGLE: _read_calls,
}

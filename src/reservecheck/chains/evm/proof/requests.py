"""Asks a source to prove what it answered, while it still can: most nodes keep proofs of the last blocks only.

Owners' accounts in batches; for each token, which slots `balanceOf` and its freeze list look at for its two largest
holders and its smallest, then those of all owners in few requests: where the others' follow from the largest's by a
known layout, so do everybody's. Then every contract's code. A node that proves nothing at the pin is asked once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reservecheck.chains.evm.asking import Next, ask_in_batches
from reservecheck.chains.evm.cells import read_cells
from reservecheck.chains.evm.conversation import Conversation
from reservecheck.chains.evm.proof.exchanges import (
    ACCOUNT,
    ACCOUNTS_ASKED,
    BALANCES,
    CODE,
    CODES_ASKED,
    STORAGE,
    STORAGE_ASKED,
    TOUCHED,
    TOUCHED_ASKED,
    answered,
    blocks_of,
    code_call,
    proof_call,
    touched_call,
    touched_of,
)
from reservecheck.chains.evm.proof.slots import layout_of
from reservecheck.chains.reader import Plan
from reservecheck.model.evidence import Pin
from reservecheck.model.progress import Progress
from reservecheck.transport.jsonrpc import Call, Result
from reservecheck.vault.canonical import Json

ACCOUNTS_AT_ONCE: Final = 200
SLOTS_AT_ONCE: Final = 256
"""Of one contract in one call, and of all contracts in one request; nodes take 1,024 at most."""
CALLS_AT_ONCE: Final = 100

Touched = Mapping[str, tuple[int, ...]]
"""Slots by contract."""
Function = tuple[str, str]
"""A token and the selector of one of its functions of an owner."""


def ask_for_proofs(plan: Plan, pin: Pin, conversation: Conversation, progress: Progress) -> None:
    """Everything that proves the holdings read at the pin; what a source does not prove stays unproven."""
    read = read_cells(plan, pin.hash, conversation.exchanges())
    units = {pair: read[pair.identity, pair.instrument].units for pair in plan.pairs}
    natives: list[str] = []
    owners: dict[Function, list[str]] = {}
    for pair in sorted(
        (pair for pair in plan.pairs if units[pair] is not None), key=lambda pair: -(units[pair] or 0)
    ):
        if not pair.contract:
            natives.append(pair.identity)
            continue
        owners.setdefault((pair.contract, BALANCES), []).append(pair.identity)
        if units[pair] and pair.instrument in plan.frozen_by:
            owners.setdefault((pair.contract, plan.frozen_by[pair.instrument]), []).append(pair.identity)
    if not (natives or owners):
        return
    token = next(iter(owners), ("", ""))[0]
    first = (ACCOUNTS_ASKED, ACCOUNT, natives[0]) if natives else (STORAGE_ASKED, STORAGE, token)
    for block in blocks_of(pin.hash, pin.height):
        purpose, decoder, address = first
        exchange = conversation.ask(purpose, decoder, (proof_call(address, (), block),))
        opened = exchange.reply.opened(exchange.question)
        if opened is None:
            return
        if isinstance(opened[0], Result):
            _Asking(conversation, block, progress).all(natives[1:], owners)
            return


class _Asking:
    """One source that proves, and how it is told the block."""

    def __init__(self, conversation: Conversation, block: Json, progress: Progress) -> None:
        self._conversation = conversation
        self._block = block
        self._progress = progress

    def all(self, natives: Sequence[str], owners: Mapping[Function, Sequence[str]]) -> None:
        """Accounts, then storage and codes; stops where the source gives up."""
        self._progress("proofs", 0, 0)
        accounts = [proof_call(owner, (), self._block) for owner in natives]
        if self._asked(ACCOUNTS_ASKED, ACCOUNT, accounts, ACCOUNTS_AT_ONCE):
            slots = self._slots(owners)
            for calls in _packed([proof_call(*part, self._block) for part in _parts(slots)]):
                if not self._asked(STORAGE_ASKED, STORAGE, calls, len(calls)):
                    return
            codes = [code_call(contract, self._block) for contract in slots]
            self._asked(CODES_ASKED, CODE, codes, CALLS_AT_ONCE)

    def _slots(self, owners: Mapping[Function, Sequence[str]]) -> dict[str, dict[int, None]]:
        """Every slot of every contract that the tokens' answers rest on, each once."""
        found: dict[str, dict[int, None]] = {token: {} for token, _ in owners}
        samples = {asked: dict.fromkeys([*some[:2], some[-1]]) for asked, some in owners.items()}
        touched = self._touched([(asked, owner) for asked, some in samples.items() for owner in some])
        rest: list[tuple[Function, str]] = []
        for asked, everybody in owners.items():
            known = [(owner, seen) for owner in samples[asked] if (seen := touched.get((asked, owner)))]
            _collect(found, [seen for _, seen in known])
            if not known:
                continue  # the node does not say it of this token
            owner, seen = known[0]
            others = [other for other in everybody if (asked, other) not in touched]
            if all(_covers(_moved(seen, owner, other), theirs) for other, theirs in known):
                _collect(found, [_moved(seen, owner, other) for other in others])
            else:
                rest += [(asked, other) for other in others]
        _collect(found, list(self._touched(rest).values()))
        return found

    def _touched(self, keys: Sequence[tuple[Function, str]]) -> dict[tuple[Function, str], Touched]:
        """What the source says a function looks at, by function and owner."""
        asked = [touched_call(token, owner, self._block, selector) for (token, selector), owner in keys]
        calls = {repr(call.as_json()): key for call, key in zip(asked, keys, strict=True)}
        self._asked(TOUCHED_ASKED, TOUCHED, asked, CALLS_AT_ONCE)
        found: dict[tuple[Function, str], Touched] = {}
        for said in answered(self._conversation.exchanges(), TOUCHED) if keys else ():
            key, touched = calls.get(repr(said.call.as_json())), touched_of(said.value)
            if key is not None and touched is not None:
                found[key] = touched
        return found

    def _asked(self, purpose: str, decoder: str, calls: Sequence[Call], size: int) -> bool:
        return ask_in_batches(self._conversation, purpose, decoder, calls, size) is not Next.STOP


def _moved(touched: Touched, before: str, owner: str) -> dict[str, tuple[int, ...]]:
    """The same for another owner: what follows from who it is, be it an account or a slot, and what does not."""
    return {
        owner if contract == before else contract: tuple(
            layout.slot(owner) if (layout := layout_of(slot, before)) else slot for slot in slots
        )
        for contract, slots in touched.items()
    }


def _covers(asked: Touched, touched: Touched) -> bool:
    return all(set(slots) <= set(asked.get(contract, ())) for contract, slots in touched.items())


def _collect(found: dict[str, dict[int, None]], touched: Sequence[Touched]) -> None:
    for one in touched:
        for contract, slots in one.items():
            found.setdefault(contract, {}).update(dict.fromkeys(slots))


def _parts(slots: Mapping[str, Mapping[int, None]]) -> Iterator[tuple[str, Sequence[int]]]:
    for contract, wanted in slots.items():
        every = list(wanted)
        for at in range(0, max(1, len(every)), SLOTS_AT_ONCE):
            yield contract, every[at : at + SLOTS_AT_ONCE]


def _packed(calls: Sequence[Call]) -> Iterator[list[Call]]:
    """Calls in requests of so many slots at most."""
    pack: list[Call] = []
    weight = 0
    for call in calls:
        slots = call.params[1]
        more = 1 + len(slots) if isinstance(slots, list) else 1
        if pack and (weight + more > SLOTS_AT_ONCE or len(pack) == CALLS_AT_ONCE):
            yield pack
            pack, weight = [], 0
        pack.append(call)
        weight += more
    if pack:
        yield pack

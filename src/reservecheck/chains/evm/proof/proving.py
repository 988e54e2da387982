"""From recorded proofs to proven readings: what one source answered, held against what its state shows. Pure.

A proof counts up to the pin's state root, and only where the pin's hash was recomputed from its header. Where it
shows another number than was answered, nothing is read. A proof that does not hold leaves the reading as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

from reservecheck.chains.evm.frozen import FreezeCall
from reservecheck.chains.evm.header_hash import ETHEREUM, header_hash
from reservecheck.chains.evm.pins import DECODER as HEADER
from reservecheck.chains.evm.proof.accounts import shown
from reservecheck.chains.evm.proof.block import Block, block_of
from reservecheck.chains.evm.proof.called import balance_of, is_frozen
from reservecheck.chains.evm.proof.exchanges import (
    ACCOUNT,
    CODE,
    DECODERS,
    STORAGE,
    answered,
    blocks_of,
    code_asked,
    code_of,
    proof_asked,
)
from reservecheck.chains.evm.proof.patience import Patience
from reservecheck.chains.evm.proof.slots import flag_of
from reservecheck.chains.evm.proof.trie import Unproven
from reservecheck.chains.evm.proof.world import World
from reservecheck.chains.reader import Pair, Plan, Reading
from reservecheck.model.evidence import Pin
from reservecheck.model.words import FREEZE_UNKNOWN, FROZEN
from reservecheck.transport.jsonrpc import Result
from reservecheck.transport.record import Recorded
from reservecheck.vault.canonical import Json

STATE_PROOF: Final = "state proof"
PROVEN_CALL: Final = "proven call"
NOT_ANSWERED: Final = "no proof was answered"
OTHER_MACHINES: Final = frozenset({42161})
"""Chain ids whose contracts see another block than the header says: Arbitrum's block numbers are its parent's."""

Readings = dict[tuple[str, str], Reading]


class Proven(NamedTuple):
    """What a source proves of one holding."""

    units: int
    how: str
    exchanges: tuple[int, ...]


def prove(plan: Plan, pin: Pin, exchanges: Sequence[Recorded], read: Readings) -> tuple[Readings, tuple[int, str]]:
    """The same readings with what proves them, and how many of those read are unproven, and why the first.

    Nothing changes where no proof was asked for. Never raises for what a source answered.
    """
    asked = [item for item in exchanges if item.question.decoder in DECODERS]
    if not asked or plan.network.header != ETHEREUM or pin.state_root is None:
        return read, (0, "")
    proofs = _Proofs(plan, pin, exchanges)
    found: Readings = {}
    missing: list[str] = []
    for pair in plan.pairs:
        key = (pair.identity, pair.instrument)
        reading = found[key] = read[key]
        if reading.units is None:
            continue
        try:
            found[key] = proofs.held_against(pair, reading.units, reading)
        except Unproven as error:
            missing.append(str(error))
        if proofs.frozen(pair) and found[key].units:
            found[key] = found[key]._replace(locked=reading.units, locked_why=FROZEN)
    return found, (len(missing), missing[0] if missing else "")


class _Proofs:
    """Everything one source's exchanges prove at the pin."""

    def __init__(self, plan: Plan, pin: Pin, exchanges: Sequence[Recorded]) -> None:
        self._world = World()
        self._refused: dict[str, str] = {}  # why an answer about an address proves nothing
        self._frozen_by = plan.frozen_by
        self._patience = Patience()
        self._blocks = blocks_of(pin.hash, pin.height)
        self._block: Block | str = _block(plan, pin, exchanges)
        root = bytes.fromhex((pin.state_root or "")[2:])
        for decoder in (ACCOUNT, STORAGE):
            self._take_in(exchanges, decoder, root)
        for said in answered(exchanges, CODE):
            address = code_asked(said.call, self._blocks)
            if address is not None:
                try:
                    self._world.add_code(code_of(said.value), said.n)
                except Unproven as error:
                    self._refused.setdefault(address, said.why_not or str(error))

    def held_against(self, pair: Pair, units: int, reading: Reading) -> Reading:
        """The reading with its proof, or unread where that shows another number; raises Unproven."""
        proven = self._token(pair) if pair.contract else self._native(pair)
        numbers = tuple(sorted({*reading.exchanges, *proven.exchanges}))
        if proven.units == units:
            return self._with_freeze(pair, reading._replace(proof=proven.how, exchanges=numbers))
        kind = PROVEN_CALL if pair.contract else STATE_PROOF
        if proven.how != kind:
            raise Unproven(f"a {proven.how}, answers {proven.units} instead")
        reason = f"the {kind} shows {proven.units}, the node answered {units}"
        return Reading(None, reason, numbers, answered=units)

    def _with_freeze(self, pair: Pair, reading: Reading) -> Reading:
        """The proven reading with what the token's freeze list shows; raises Unproven where that shows nothing.

        What the list shows settles what was not answered, and locks what was answered to be free.
        """
        selector = self._frozen_by.get(pair.instrument)
        if not selector or not reading.units or isinstance(self._block, str):
            return reading
        try:
            with self._patiently(pair.contract):
                frozen = is_frozen(self._world, self._block, FreezeCall(pair.identity, pair.contract, selector))
        except Unproven as error:
            raise Unproven(f"whether it is frozen: {error}") from error
        reading = reading._replace(exchanges=tuple(sorted({*reading.exchanges, *self._world.used})))
        if frozen:
            return reading._replace(locked=reading.units or 0, locked_why=FROZEN)
        return reading._replace(locked=0, locked_why="") if reading.locked_why == FREEZE_UNKNOWN else reading

    def frozen(self, pair: Pair) -> bool:
        """Whether the token's proven storage says that its issuer froze the holder."""
        at = flag_of(pair.contract, pair.identity)
        if at is None:
            return False
        slot, flag = at
        word, _ = self._world.words.get((bytes.fromhex(pair.contract[2:]), slot), (0, 0))
        return bool(word & flag)

    def _native(self, pair: Pair) -> Proven:
        found = self._world.accounts.get(bytes.fromhex(pair.identity[2:]))
        if found is None:
            raise Unproven(self._why(pair.identity, NOT_ANSWERED))
        account, n = found
        return Proven(account.balance, STATE_PROOF, (n,))

    def _token(self, pair: Pair) -> Proven:
        if isinstance(self._block, str):
            raise Unproven(self._block)
        try:
            with self._patiently(pair.contract):
                units = balance_of(self._world, self._block, pair.contract, pair.identity)
        except Unproven as error:
            raise Unproven(self._why(pair.contract, str(error))) from error
        under = self._block.under
        how = f"{PROVEN_CALL}, {under}" if under else PROVEN_CALL
        return Proven(units, how, tuple(sorted(self._world.used)))

    @contextmanager
    def _patiently(self, token: str) -> Iterator[None]:
        """One call of a token, within what is left for it; raises Unproven."""
        self._world.used.clear()
        self._world.steps = self._patience.steps(token)
        try:
            yield
        finally:
            self._patience.took(token, self._world.steps)

    def _why(self, address: str, otherwise: str) -> str:
        """Why an answer about an address proves nothing, or why no answer does."""
        nothing = "" if self._world.accounts else next(iter(self._refused.values()), "")
        return self._refused.get(address) or nothing or otherwise

    def _take_in(self, exchanges: Sequence[Recorded], decoder: str, root: bytes) -> None:
        for said in answered(exchanges, decoder):
            asked = proof_asked(said.call, self._blocks)
            if asked is None:
                continue
            if said.why_not:
                self._refused.setdefault(asked.address, said.why_not)
                continue
            try:
                self._world.add(asked.address, shown(root, *asked, said.value), said.n)
            except Unproven as error:
                self._refused.setdefault(asked.address, str(error))


def _block(plan: Plan, pin: Pin, exchanges: Sequence[Recorded]) -> Block | str:
    """The pin's block as contracts see it, or why no call can be proven there."""
    if plan.network.chain_id is None or plan.network.chain_id in OTHER_MACHINES:
        return "contracts of this network see another block than its header says"
    for header in _headers(pin, exchanges):
        try:
            return block_of(plan.network.chain_id, header)
        except Unproven as error:
            return str(error)
    return "the pin's header was not answered"


def _headers(pin: Pin, exchanges: Sequence[Recorded]) -> Iterator[Mapping[str, Json]]:
    """The pin's header as it was answered, its hash recomputed."""
    for item in exchanges:
        if item.question.decoder != HEADER:
            continue
        for answer in item.reply.opened(item.question) or ():
            value = answer.value if isinstance(answer, Result) else None
            if isinstance(value, Mapping) and header_hash(value) == pin.hash:
                yield value

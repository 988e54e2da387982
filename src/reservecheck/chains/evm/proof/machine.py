"""py-evm over a proven world. Importing this takes seconds: import it inside the function that needs it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from types import TracebackType
from typing import ClassVar, Final, cast

from eth.abc import ComputationAPI, MessageAPI, OpcodeAPI, StateAPI, TransactionContextAPI
from eth.db.account import AccountDB
from eth.db.atomic import AtomicDB
from eth.exceptions import PyEVMError
from eth.vm.code_stream import CodeStream
from eth.vm.computation import BaseComputation
from eth.vm.execution_context import ExecutionContext
from eth.vm.forks.cancun.state import CancunState
from eth.vm.forks.london.state import LondonState
from eth.vm.forks.paris.state import ParisState
from eth.vm.forks.prague.state import PragueState
from eth.vm.forks.shanghai.state import ShanghaiState
from eth.vm.logic.invalid import InvalidOpcode
from eth.vm.message import Message
from eth.vm.opcode_values import SHA3, STOP
from eth.vm.state import BaseState
from eth_typing import Address, BlockNumber, Hash32
from eth_utils.exceptions import ValidationError

from reservecheck.chains.evm.proof.accounts import EMPTY_CODE, Account
from reservecheck.chains.evm.proof.block import Block
from reservecheck.chains.evm.proof.patience import FRAME, HASH, SIGNATURE
from reservecheck.chains.evm.proof.trie import EMPTY_ROOT, Unproven
from reservecheck.chains.evm.proof.world import World

PYTHONS_OWN: Final = 1000
sys.setrecursionlimit(PYTHONS_OWN)  # py-evm raises it until nested JSON overflows the C stack

GAS: Final = 1_000_000
"""What the balance reader gives each token call (`chains/evm/program.py`); it bounds the time a call may take."""
DEEPEST: Final = 64
"""Calls within calls. Python's own limit would come later, and at a depth that goes by who asks."""
NOBODY: Final = Address(bytes(20))
INVALID: Final = 0xFE
"""The one opcode that every fork agrees is none."""
SELFDESTRUCT: Final = 0xFF
"""Ends a static call as badly as no opcode does, in every fork; py-evm would warn of it."""
STEADY: Final = frozenset({1, 2, 4})
"""Precompiled contracts that have always answered the same: signatures, SHA-256, identity. (So has RIPEMD-160, but
OpenSSL may lack it.)"""
ECRECOVER: Final = (1).to_bytes(20, "big")
RESERVED: Final = bytes(18)
"""Addresses that begin so are where forks put precompiled contracts."""
TOO_DEEP: Final = "calls within calls are too deep"
STATES: Final[dict[str, type[BaseState]]] = {
    "London": LondonState,
    "Paris": ParisState,
    "Shanghai": ShanghaiState,
    "Cancun": CancunState,
    "Prague": PragueState,
}


def run(world: World, block: Block, to: bytes, call: bytes) -> bytes:
    """What a contract answers to a call by nobody; raises Unproven, also where it reverts or uses up its gas."""
    state = _state(world, block)
    nothing_paid = type(state).get_transaction_context_class()(gas_price=0, origin=NOBODY)
    message = Message(
        gas=GAS, to=Address(to), sender=NOBODY, value=0, data=call, code=state.get_code(Address(to)), is_static=True
    )
    for address in (Address(to), NOBODY):
        state.mark_address_warm(address)  # EIP-2929; py-evm has the fork's precompiled contracts and coinbase warm
    world.steps.unspent = 0
    try:
        done = state.computation_class.apply_message(state, message, nothing_paid)
        world.steps.unspent = done.get_gas_remaining()
    except RecursionError as error:
        raise Unproven(TOO_DEEP) from error
    except (PyEVMError, ValidationError) as error:
        raise Unproven(f"the machine stopped: {type(error).__name__}") from error
    finally:
        world.steps.paid(GAS)
    if done.is_error:
        raise Unproven(f"the call did not succeed: {type(done.error).__name__}")
    return bytes(done.output)


class _Code(CodeStream):
    """Counts each opcode, and knows once for all where a code may be jumped into."""

    def __init__(self, code: bytes, world: World) -> None:
        super().__init__(code)
        self._world = world

    def __iter__(self) -> Iterator[int]:
        code, steps = self._raw_code_bytes, self._world.steps
        while self.program_counter < len(code):
            opcode = code[self.program_counter]
            steps.take(HASH if opcode == SHA3 else 1)
            self.program_counter += 1
            yield opcode
        yield STOP

    def is_valid_opcode(self, position: int) -> bool:
        return position < len(self) and self._world.starts(self._raw_code_bytes)[position] == 1


class _Counted(BaseComputation):
    """One call, or a call within it: refused where it is too deep or takes too much."""

    def __init__(self, state: StateAPI, message: MessageAPI, transaction_context: TransactionContextAPI) -> None:
        super().__init__(state, message, transaction_context)
        self._world = cast("_State", state).world
        if message.depth > DEEPEST:
            raise Unproven(TOO_DEEP)
        self._world.steps.take(SIGNATURE if message.code_address == ECRECOVER else FRAME)
        self.code = _Code(message.code, self._world)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> bool | None:
        if isinstance(error, Unproven):
            self._world.steps.unspent += self.get_gas_meter().gas_remaining
        return super().__exit__(kind, error, where)

    def add_child_computation(self, child_computation: ComputationAPI) -> None:
        super().add_child_computation(child_computation)
        self.children.clear()  # each keeps all its memory; they are asked only for what was written


class _Opcodes(dict[int, OpcodeAPI]):
    """Those of one fork; refuses what another fork might run otherwise."""

    def __missing__(self, opcode: int) -> OpcodeAPI:
        raise Unproven(f"the contract uses opcode {opcode:#04x}, which these rules do not know")


@lru_cache
def _computation(rules: str) -> type[BaseComputation]:
    base = STATES[rules].computation_class
    steady = {opcode: InvalidOpcode(opcode) for opcode in (INVALID, SELFDESTRUCT)}
    found: type[BaseComputation] = type(rules, (_Counted, base), {"opcodes": _Opcodes({**base.opcodes, **steady})})
    return found


class _State(BaseState):
    """Refuses what the header does not prove, and what nodes answer otherwise to calls that pay nothing."""

    world: ClassVar[World]

    def set_system_contracts(self) -> None:
        """Nothing is put into the state that was not shown."""

    def get_ancestor_hash(self, block_number: int) -> Hash32:
        raise Unproven(f"the contract asks for the hash of block {block_number}")

    @property
    def base_fee(self) -> int:
        raise Unproven("the contract asks for the base fee")  # geth answers 0 where no gas price is given

    @property
    def blob_base_fee(self) -> int:
        raise Unproven("the contract asks for the price of blobs")


class _Accounts(AccountDB):
    """Reads the proven world and nothing else; a static call writes nothing."""

    world: ClassVar[World]

    def get_storage(self, address: Address, slot: int, from_journal: bool = True) -> int:  # noqa: ARG002, FBT001, FBT002  # py-evm's own signature
        return self.world.word(address, slot)

    def get_balance(self, address: Address) -> int:
        return self._account(address).balance

    def get_nonce(self, address: Address) -> int:
        return self.world.account(address).nonce

    def get_code_hash(self, address: Address) -> Hash32:
        return Hash32(self._account(address).code_hash)

    def get_code(self, address: Address) -> bytes:
        return _code_of_reserved(address) if address.startswith(RESERVED) else self.world.code(address)

    def account_exists(self, address: Address) -> bool:  # noqa: ARG002  # py-evm's own signature
        return False  # asked before a call, and matters only where value is sent: a static call sends none

    def account_is_empty(self, address: Address) -> bool:
        found = self._account(address)
        return not (found.nonce or found.balance) and found.code_hash == EMPTY_CODE

    def touch_account(self, address: Address) -> None:
        """No account changes."""

    def _account(self, address: Address) -> Account:
        if address.startswith(RESERVED):
            _refuse_what_forks_change(
                address, "asks about"
            )  # a fork that puts a contract there makes asking cheaper
        return self.world.account(address)


def _state(world: World, block: Block) -> BaseState:
    base = STATES[block.rules]
    accounts = type("Accounts", (_Accounts,), {"world": world})
    parts = {"account_db_class": accounts, "computation_class": _computation(block.rules), "world": world}
    known = type("State", (_State, base), parts)
    context = ExecutionContext(
        coinbase=Address(block.coinbase),
        timestamp=block.timestamp,
        block_number=BlockNumber(block.number),
        difficulty=block.difficulty,
        mix_hash=Hash32(block.prevrandao),
        gas_limit=block.gas_limit,
        prev_hashes=(),
        chain_id=block.chain_id,
        base_fee_per_gas=block.base_fee,
    )
    state: BaseState = known(AtomicDB(), context, Hash32(EMPTY_ROOT))
    return state


def _code_of_reserved(address: bytes) -> bytes:
    """None, for precompiled contracts that no fork has changed; raises Unproven for all others, to come or not."""
    _refuse_what_forks_change(address, "calls")
    return b""


def _refuse_what_forks_change(address: bytes, does: str) -> None:
    if int.from_bytes(address, "big") not in STEADY:
        raise Unproven(f"the contract {does} 0x{address.hex()}, which is not run here")

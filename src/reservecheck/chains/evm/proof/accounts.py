"""Accounts and storage words as an answer of eth_getProof (EIP-1186) shows them below a state root. Pure.

Whatever the answer states beside its nodes (balance, nonce, hashes, values) must be what the nodes show: an answer
that says two things says nothing. Nodes write an absent account's empty hashes in two ways; both are taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sha3 import keccak_256

from reservecheck.chains.evm.answers import data, quantity
from reservecheck.chains.evm.proof.trie import EMPTY_ROOT, HASH_BYTES, Unproven, value_at
from reservecheck.chains.evm.rlp import Item, NotCanonical, decode, number_of

EMPTY_CODE: Final = bytes.fromhex("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")
"""keccak-256 of no code at all."""

MOST_NODES: Final = 66  # a path has 64 digits
_FIELDS: Final = 4
_LARGEST: Final = 2**256


class Account(NamedTuple):
    """What the state holds of one address; balance in wei."""

    nonce: int
    balance: int
    storage_root: bytes
    code_hash: bytes


ABSENT: Final = Account(0, 0, EMPTY_ROOT, EMPTY_CODE)


class Shown(NamedTuple):
    """One address as an answer proves it, and those words of its storage that were asked for, by slot."""

    account: Account
    words: dict[int, int]


def shown(state_root: bytes, address: str, slots: Sequence[int], answer: object) -> Shown:
    """What eth_getProof of `address` and `slots` proves; raises Unproven, naming what is wrong."""
    if not isinstance(answer, Mapping):
        raise Unproven("not an answer of eth_getProof")
    if str(answer.get("address", "")).lower() != address:
        raise Unproven("the proof is of another address")
    key = keccak_256(bytes.fromhex(address[2:])).digest()
    leaf = value_at(state_root, key, _nodes(answer.get("accountProof")))
    account = ABSENT if leaf is None else _account(leaf)
    _refuse_another_account(account, answer, absent=leaf is None)
    entries = _by_slot(answer.get("storageProof"))
    if len(entries) != len(slots) or entries.keys() != set(slots):
        raise Unproven("not one storage proof for each slot asked for")
    return Shown(account, {slot: _word(account, slot, entries[slot]) for slot in slots})


def _account(leaf: bytes) -> Account:
    try:
        fields = decode(leaf)
        if isinstance(fields, bytes) or len(fields) != _FIELDS:
            raise Unproven("the account is malformed: not four fields")
        nonce, balance = number_of(fields[0]), number_of(fields[1])
    except NotCanonical as error:
        raise Unproven(f"the account is malformed: {error}") from error
    if balance >= _LARGEST:
        raise Unproven("the account is malformed: a balance of more than 256 bits")
    return Account(nonce, balance, _hash(fields[2]), _hash(fields[3]))


def _hash(item: Item) -> bytes:
    if not isinstance(item, bytes) or len(item) != HASH_BYTES:
        raise Unproven("the account is malformed: not a hash")
    return item


def _refuse_another_account(account: Account, answer: Mapping[str, object], *, absent: bool) -> None:
    for name, there in (("balance", account.balance), ("nonce", account.nonce)):
        if quantity(answer.get(name)) != there:
            raise Unproven(f"the {name} stated is not the one proven")
    for name, digest in (("storageHash", account.storage_root), ("codeHash", account.code_hash)):
        nothing = bytes(HASH_BYTES) if absent else digest
        if data(answer.get(name)) not in {digest, nothing}:
            raise Unproven(f"the {name} stated is not the one proven")


def _by_slot(entries: object) -> dict[int | None, Mapping[str, object]]:
    """Storage proofs by slot, in whatever order they came; by None where an entry is malformed or there twice."""
    if not isinstance(entries, Sequence) or not all(isinstance(one, Mapping) for one in entries):
        return {None: {}}
    found = {quantity(one.get("key")): one for one in entries}
    return found if len(found) == len(entries) else {None: {}}


def _word(account: Account, slot: int, entry: Mapping[str, object]) -> int:
    key = keccak_256(slot.to_bytes(HASH_BYTES, "big")).digest()
    leaf = value_at(account.storage_root, key, _nodes(entry.get("proof")))
    word = 0 if leaf is None else _number(leaf)
    if quantity(entry.get("value")) != word:
        raise Unproven("the value of a slot stated is not the one proven")
    return word


def _number(leaf: bytes) -> int:
    try:
        word = number_of(decode(leaf))
    except NotCanonical as error:
        raise Unproven(f"a storage word is malformed: {error}") from error
    if not 0 < word < _LARGEST:
        raise Unproven("a storage word is malformed: zero or more than 256 bits")
    return word


def _nodes(value: object) -> list[bytes]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MOST_NODES:
        raise Unproven("not a list of nodes")
    nodes = [data(one) for one in value]
    if None in nodes:
        raise Unproven("a node is not hexadecimal")
    return [node for node in nodes if node is not None]

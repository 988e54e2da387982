"""`eth_getProof` answers about a state trie of any size, without building it.

Only the paths of the owners asked about are made. Whatever else hangs on such a path is a random digest, spread as
the keys of a trie are, so depth, node sizes and what proofs share are those of a whole trie of that many accounts.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import rlp
from sha3 import keccak_256

EMPTY_CODE: Final = keccak_256(b"").digest()
EMPTY_TRIE: Final = keccak_256(rlp.encode(b"")).digest()
_FANOUT: Final = 16
_EVENLY_FROM: Final = 256  # so many keys below a node leave none of its children empty

Proofs = dict[str, list[bytes]]
"""The nodes from here down to the leaf, by the hex digits of a key."""


@dataclass(frozen=True)
class SimulatedTrie:
    """The state of `accounts` accounts, `owners` of which are asked about."""

    accounts: int
    owners: int
    seed: int = 1

    @cached_property
    def _random(self) -> random.Random:
        return random.Random(self.seed)  # noqa: S311  # a simulation, the same every time

    @cached_property
    def addresses(self) -> list[bytes]:
        """The owners, in the order in which they are asked about."""
        return [self._random.randbytes(20) for _ in range(self.owners)]

    @cached_property
    def proofs(self) -> Proofs:
        """Each owner's proof, by the hex digits of the hash of its address; the root comes first."""
        keys = [keccak_256(address).hexdigest() for address in self.addresses]
        return self._below(keys, self.accounts - self.owners, 0)

    def bodies(self, batch: int) -> list[bytes]:
        """What a node answers to JSON-RPC batches of `eth_getProof`."""
        results = [self._result(address) for address in self.addresses]
        return [
            json.dumps(
                [
                    {"jsonrpc": "2.0", "id": number, "result": result}
                    for number, result in enumerate(results[start : start + batch], 1)
                ],
                separators=(",", ":"),
            ).encode()
            for start in range(0, len(results), batch)
        ]

    def _result(self, address: bytes) -> dict[str, object]:
        return {
            "address": f"0x{address.hex()}",
            "balance": hex(self._balance()),
            "codeHash": f"0x{EMPTY_CODE.hex()}",
            "nonce": hex(self._random.randrange(200)),
            "storageHash": f"0x{EMPTY_TRIE.hex()}",
            "accountProof": [f"0x{node.hex()}" for node in self.proofs[keccak_256(address).hexdigest()]],
            "storageProof": [],
        }

    def _balance(self) -> int:
        return self._random.randrange(10**15, 10**21)

    def _below(self, keys: list[str], strangers: int, depth: int) -> Proofs:
        """Proofs of keys that share their first `depth` digits, as `strangers` do that nobody asks about."""
        if len(keys) + strangers == 1:
            account = rlp.encode([self._random.randrange(200), self._balance(), EMPTY_TRIE, EMPTY_CODE])
            return {keys[0]: [rlp.encode([_compact(keys[0][depth:], leaf=True), account])]}
        start, counts = depth, self._spread(keys, strangers, depth)
        while sum(map(bool, counts)) == 1:  # all go the same way: an extension stands above the branch
            depth += 1
            counts = self._spread(keys, strangers, depth)
        below: Proofs = {}
        children = []
        for digit, count in enumerate(counts):
            mine = [key for key in keys if int(key[depth], 16) == digit]
            found = self._below(mine, count - len(mine), depth + 1) if mine else {}
            below |= found
            stranger = self._random.randbytes(32) if count else b""
            children.append(keccak_256(found[mine[0]][0]).digest() if mine else stranger)
        branch = rlp.encode([*children, b""])
        above = [branch]
        if start != depth:
            shared = _compact(keys[0][start:depth], leaf=False)
            above = [rlp.encode([shared, keccak_256(branch).digest()]), branch]
        return {key: above + rest for key, rest in below.items()}

    def _spread(self, keys: list[str], strangers: int, depth: int) -> list[int]:
        """How many accounts there are below each child."""
        evenly = strangers // _FANOUT if strangers >= _EVENLY_FROM else 0
        counts = [evenly] * _FANOUT
        for _ in range(strangers - evenly * _FANOUT):
            counts[self._random.randrange(_FANOUT)] += 1
        for key in keys:
            counts[int(key[depth], 16)] += 1
        return counts


def _compact(digits: str, *, leaf: bool) -> bytes:
    """A path's hex digits as bytes: yellow paper, appendix C."""
    odd = len(digits) % 2
    head = f"{2 * leaf + odd:x}" + ("" if odd else "0")
    return bytes.fromhex(head + digits)

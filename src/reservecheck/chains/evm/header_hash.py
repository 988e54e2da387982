"""A block's hash from its own header, as Ethereum defines it: keccak-256 of the header's RLP. Pure.

A node's JSON states both the header's fields and their hash; whoever alters a time or a state root and leaves the
hash is found out here. The order of fields is that of go-ethereum's `core/types.Header` (Yellow Paper, section 4.3;
EIP-1559, 4895, 4844, 4788, 7685 and later ones for what forks have added).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sha3 import keccak_256

from reservecheck.chains.evm.answers import data, quantity
from reservecheck.chains.evm.rlp import rlp_item, rlp_list, whole

ETHEREUM: Final = "ethereum"
"""The one shape of header known here; networks with another have "" in the registry's column `header`."""

ANY: Final = -1
NUMBER: Final = 0
_MANDATORY: Final = (
    *(("parentHash", 32), ("sha3Uncles", 32), ("miner", 20), ("stateRoot", 32), ("transactionsRoot", 32)),
    *(("receiptsRoot", 32), ("logsBloom", 256), ("difficulty", NUMBER), ("number", NUMBER), ("gasLimit", NUMBER)),
    *(("gasUsed", NUMBER), ("timestamp", NUMBER), ("extraData", ANY), ("mixHash", 32), ("nonce", 8)),
)
_ADDED_BY_FORKS: Final = (
    *(("baseFeePerGas", NUMBER), ("withdrawalsRoot", 32), ("blobGasUsed", NUMBER), ("excessBlobGas", NUMBER)),
    *(("parentBeaconBlockRoot", 32), ("requestsHash", 32), ("blockAccessListHash", 32), ("slotNumber", NUMBER)),
)


def header_hash(block: Mapping[str, object]) -> str | None:
    """The hash of a block's header from its JSON fields, 0x and lower case.

    None where a field is missing or malformed, or where a fork's field stands without those of the forks before.
    """
    fields = list(_fields(block))
    if None in fields:
        return None
    digest: str = keccak_256(rlp_list(rlp_item(field) for field in fields if field is not None)).hexdigest()
    return f"0x{digest}"


def _fields(block: Mapping[str, object]) -> Iterator[bytes | None]:
    for name, size in _MANDATORY:
        yield _field(block.get(name), size)
    there = [block.get(name) is not None for name, _ in _ADDED_BY_FORKS]
    if sorted(there, reverse=True) != there:
        yield None
    for name, size in _ADDED_BY_FORKS[: sum(there)]:
        yield _field(block.get(name), size)


def _field(value: object, size: int) -> bytes | None:
    if size == NUMBER:
        number = quantity(value)
        return None if number is None else whole(number)
    found = data(value)
    return found if found is not None and size in {ANY, len(found)} else None

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
_SHORT: Final = 55  # bytes; longer items state the length of their length
_ITEM: Final = 0x80
_LIST: Final = 0xC0


def header_hash(block: Mapping[str, object]) -> str | None:
    """The hash of a block's header from its JSON fields, 0x and lower case.

    None where a field is missing or malformed, or where a fork's field stands without those of the forks before.
    """
    fields = list(_fields(block))
    if None in fields:
        return None
    payload = b"".join(rlp_item(field) for field in fields if field is not None)
    digest: str = keccak_256(_prefix(len(payload), _LIST) + payload).hexdigest()
    return f"0x{digest}"


def rlp_item(item: bytes) -> bytes:
    """The recursive-length-prefix form of a byte string (Yellow Paper, appendix B)."""
    if len(item) == 1 and item[0] < _ITEM:
        return item
    return _prefix(len(item), _ITEM) + item


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
        return None if number is None else _whole(number)
    found = data(value)
    return found if found is not None and size in {ANY, len(found)} else None


def _whole(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _prefix(length: int, kind: int) -> bytes:
    if length <= _SHORT:
        return bytes([kind + length])
    size = _whole(length)
    return bytes([kind + _SHORT + len(size)]) + size

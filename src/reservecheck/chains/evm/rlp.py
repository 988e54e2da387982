"""Recursive-length-prefix coding as Ethereum defines it (Yellow Paper, appendix B), strictly read. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

Item: TypeAlias = "bytes | list[Item]"
"""A byte string, or a list of items."""

DEEPEST: Final = 8
"""Lists within lists: a trie's nodes need four at most, because a node within a node is shorter than 32 bytes."""
LONGEST: Final = 2**24  # bytes

_SHORT: Final = 55  # bytes; longer items state the length of their length
_STRING: Final = 0x80
_LIST: Final = 0xC0


class NotCanonical(ValueError):  # noqa: N818  # reads as what it is where it is caught
    """The bytes are not the one encoding of anything: cut off, padded, too long, too deep."""


class Span(NamedTuple):
    """Where an item's contents lie: `data[start:stop]`."""

    start: int
    stop: int
    is_list: bool


def encode(item: Item) -> bytes:
    """The one encoding of an item."""
    if isinstance(item, bytes):
        return rlp_item(item)
    return rlp_list(encode(one) for one in item)


def rlp_item(item: bytes) -> bytes:
    """The encoding of a byte string."""
    if len(item) == 1 and item[0] < _STRING:
        return item
    return _prefix(len(item), _STRING) + item


def rlp_list(encoded: Iterable[bytes]) -> bytes:
    """The encoding of a list whose items are encoded already."""
    payload = b"".join(encoded)
    return _prefix(len(payload), _LIST) + payload


def whole(number: int) -> bytes:
    """A number as items hold it: big-endian, as short as can be, nothing for 0."""
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def number_of(item: Item) -> int:
    """The number an item holds; raises NotCanonical for a list or a leading zero."""
    if not isinstance(item, bytes) or item[:1] == b"\0":
        raise NotCanonical("not a number")
    return int.from_bytes(item, "big")


def decode(data: bytes) -> Item:
    """The item that `data` encodes, all of it; raises NotCanonical."""
    if len(data) > LONGEST:
        raise NotCanonical(f"more than {LONGEST} bytes")
    span = _span(data, 0, len(data))
    if span.stop != len(data):
        raise NotCanonical("bytes after the end")
    return _item(data, span, 0)


def _item(data: bytes, span: Span, depth: int) -> Item:
    start, stop, is_list = span
    if not is_list:
        return data[start:stop]
    if depth == DEEPEST:
        raise NotCanonical("lists too deep")
    found: list[Item] = []
    while start < stop:
        inner = _span(data, start, stop)
        found.append(_item(data, inner, depth + 1))
        start = inner.stop
    return found


def _span(data: bytes, at: int, end: int) -> Span:
    """The item that begins at `at` and may not pass `end`."""
    if at >= end:
        raise NotCanonical("cut off")
    first = data[at]
    if first < _STRING:
        return Span(at, at + 1, is_list=False)
    is_list = first >= _LIST
    length, start = first - (_LIST if is_list else _STRING), at + 1
    if length > _SHORT:
        size = length - _SHORT
        stated = data[start : min(start + size, end)]
        length, start = int.from_bytes(stated, "big"), start + size
        if len(stated) < size or stated[0] == 0 or length <= _SHORT:
            raise NotCanonical("a length that is cut off, padded or needlessly long")
    if start + length > end:
        raise NotCanonical("cut off")
    if length == 1 and not is_list and data[start] < _STRING:
        raise NotCanonical("a small byte with a length")
    return Span(start, start + length, is_list)


def _prefix(length: int, kind: int) -> bytes:
    if length <= _SHORT:
        return bytes([kind + length])
    size = whole(length)
    return bytes([kind + _SHORT + len(size)]) + size

"""What the loops do beside their twins; that both make the same trees is in tests/commitment/test_building.py."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from reservecheck.kernels.big_endian import copy, put_eight, put_four, taken
from reservecheck.kernels.summation_tree import NODE, _order


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.binary(min_size=3, max_size=3), st.binary(max_size=2)), max_size=40),
    st.integers(0, 6),
)
def test_nodes_are_put_in_order_however_alike_they_are(parts: list[tuple[bytes, bytes]], bits: int) -> None:
    nodes = [
        first.ljust(30, b"\0") + last.rjust(2, b"\0") + bytes([place] * 16)
        for place, (first, last) in enumerate(parts)
    ]
    data = np.frombuffer(b"".join(nodes) or bytes(NODE), dtype=np.uint8)[: NODE * len(nodes)].copy()
    _order(data, np.zeros((1 << bits) + 1, dtype=np.int64), 64 - bits)
    ordered = [data[at : at + NODE].tobytes() for at in range(0, len(data), NODE)]
    assert sorted(ordered) == sorted(nodes)
    assert [node[:32] for node in ordered] == sorted(node[:32] for node in nodes)


@given(st.integers(0, (1 << 64) - 1), st.integers(0, 9))
def test_words_are_written_and_read_big_endian_at_any_place(value: int, at: int) -> None:
    data = np.full(20, 7, dtype=np.uint8)
    put_eight(data, at, np.uint64(value))
    assert data.tobytes() == b"\7" * at + value.to_bytes(8, "big") + b"\7" * (12 - at)
    assert int(taken(data, at)) == value
    put_four(data, at, np.uint32(value >> 32))
    assert data.tobytes() == b"\7" * at + value.to_bytes(8, "big") + b"\7" * (12 - at)


@given(st.binary(max_size=50), st.integers(0, 5), st.integers(0, 9))
def test_bytes_are_copied_and_none_beside_them(data: bytes, start: int, to: int) -> None:
    size = max(0, len(data) - start)
    source = np.frombuffer(data + b"\0", dtype=np.uint8).copy()
    target = np.full(70, 9, dtype=np.uint8)
    copy(source, start, target, to, size)
    assert target.tobytes() == (b"\x09" * to + data[start:]).ljust(70, b"\x09")

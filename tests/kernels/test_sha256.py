from __future__ import annotations

import hashlib
import hmac
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reservecheck.kernels.sha256 import NATIVE, compress, compress_two, digest, keyed, new_work, pad, resume, start

both = pytest.mark.parametrize("native", [False, NATIVE], ids=["arithmetic", "native, where there is"])


def hashed(message: bytes, native: bool, state: object = None, before: int = 0) -> bytes:  # noqa: FBT001  # as in the loops
    data = np.zeros(len(message) + 128, dtype=np.uint8)
    data[: len(message)] = np.frombuffer(message, dtype=np.uint8)
    data[len(message) :] = 0xAA  # what stands there must not matter
    work, result = new_work(), np.zeros(40, dtype=np.uint8)
    if state is None:
        start(work)
    else:
        resume(work, state, 0)  # type: ignore[arg-type]  # a state
    compress(work, data, 0, pad(data, 0, len(message), before), native)
    digest(work, result, 3)
    assert not result[:3].any()
    assert not result[35:].any()
    return result[3:35].tobytes()


@both
@settings(deadline=None)
@given(message=st.binary(max_size=400))
def test_a_hash_is_that_of_the_standard_library(native: bool, message: bytes) -> None:  # noqa: FBT001  # parametrized
    assert hashed(message, native) == hashlib.sha256(message).digest()


@both
@pytest.mark.parametrize("length", [0, 1, 55, 56, 63, 64, 119, 120, 128, 1_000])
def test_a_hash_is_right_at_the_edges_of_blocks(native: bool, length: int) -> None:  # noqa: FBT001  # parametrized
    assert hashed(b"m" * length, native) == hashlib.sha256(b"m" * length).digest()


@both
@settings(deadline=None)
@given(key=st.binary(max_size=100), message=st.binary(max_size=150))
def test_the_keyed_states_make_hmacs(native: bool, key: bytes, message: bytes) -> None:  # noqa: FBT001  # parametrized
    inner, outer = keyed(key, native)
    assert hashed(hashed(message, native, inner, 64), native, outer, 64) == hmac.digest(key, message, "sha256")


PLAIN_PROCESSOR = r"""
import hashlib
from reservecheck.commitment import building
from reservecheck.commitment.columns import Row, of_rows
from reservecheck.commitment.scheme import Scope
from reservecheck.kernels import sha256
scope = Scope(snapshot="s", asset="BTC", decimals=8, height=6)
columns = of_rows(Row(f"user-{number}", number**20) for number in range(50))
print(sha256.NATIVE, building._compiled(columns, scope, bytes(32)) == building._plain(columns, scope, bytes(32)))
"""


def test_a_processor_without_its_own_instructions_makes_the_same_tree(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PLAIN_PROCESSOR],
        env={**os.environ, "NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.stdout == "False True\n", done.stderr


IR = r"""
import re
from reservecheck.commitment import building
from reservecheck.commitment.columns import Row, of_rows
from reservecheck.commitment.scheme import Scope
from reservecheck.kernels import big_endian, sha256, summation_tree
scope = Scope(snapshot="s", asset="BTC", decimals=8, height=6)
building._compiled(of_rows([Row("a", 1)]), scope, bytes(32))
for module in (big_endian, sha256, summation_tree):
    for name, loop in vars(module).items():
        if hasattr(loop, "inspect_llvm"):
            for text in loop.inspect_llvm().values():
                print(name, re.search(r"\b(double|float)\b", text) is not None)
"""


def test_no_compiled_loop_holds_a_float(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IR],
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    said = [line.split() for line in done.stdout.splitlines()]
    assert {name for name, _ in said} >= {"compress", "digest", "write_leaves", "_order", "_grow", "taken"}
    assert {held for _, held in said} == {"False"}


@both
@settings(deadline=None)
@given(one=st.binary(min_size=70, max_size=110), other=st.binary(min_size=70, max_size=110))
def test_two_hashes_at_a_time_are_those_of_one_at_a_time(native: bool, one: bytes, other: bytes) -> None:  # noqa: FBT001  # parametrized
    data = np.zeros(512, dtype=np.uint8)
    works = new_work(), new_work()
    for message, at, work in zip((one, other), (5, 300), works, strict=True):
        data[at : at + len(message)] = np.frombuffer(message, dtype=np.uint8)
        assert pad(data, at, len(message), 0) == 2
        start(work)
    compress_two(works[0], data, 5, works[1], data, 300, 2, native)
    for message, work in zip((one, other), works, strict=True):
        digest(work, data, 0)
        assert data[:32].tobytes() == hashlib.sha256(message).digest()

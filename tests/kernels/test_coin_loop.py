from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tests.chains.bitcoind.written_dumps import varint

from reservecheck.kernels.coin_numbers import place_of

IR = r"""
import re
from reservecheck.chains.bitcoind.compiled_coins import CompiledCoins
from reservecheck.kernels import coin_loop, script_table
coins = CompiledCoins(1, [b"\x51"], older=False, hashed=print)
coins.feed(bytes(31) + bytes((1, 1, 0, 2, 9, 7, 0x51)))
print(coins.read, coins.total, len(coins.found))
for loop in (coin_loop.read_coins, script_table._fill):
    for text in loop.inspect_llvm().values():
        print(len(text) > 500, re.search(r"\b(double|float)\b", text) is not None)
"""


def test_no_compiled_loop_holds_a_float(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", IR]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=300).stdout
    *_, read, loop, table = said.splitlines()
    assert (read, loop, table) == ("1 100000000 1", "True False", "True False")


@given(st.integers(0, 33_554_432), st.integers(0, 33_554_432))
def test_outputs_stand_to_each_other_as_their_varints_do(one: int, other: int) -> None:
    assert (place_of(one) < place_of(other)) == (varint(one) < varint(other))


def test_every_boundary_of_a_varint_is_kept() -> None:
    edges = sorted({n + d for n in (0x7F, 0x80, 0x407F, 0x4080, 0x20407F, 0x204080, 33_554_431) for d in (0, 1)})
    assert sorted(edges, key=place_of) == sorted(edges, key=varint)

from __future__ import annotations

import subprocess
import sys
import time
from hashlib import sha256

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.kernels.script_table import (
    KEY_BYTES,
    find_script,
    keyed_hash,
    may_be_found,
    script_table,
)

FORMS = st.lists(st.tuples(st.integers(0, 6), st.binary(max_size=40)), unique=True, max_size=60)


def find(kind: int, payload: bytes, forms: list[tuple[int, bytes]], before: bytes = b"") -> int:
    data = np.frombuffer(before + payload + bytes(8), dtype=np.uint8)
    text, numbers, slots, bits = script_table(forms)
    form = find_script(data, len(before), len(payload), kind, text, numbers, slots)
    assert form < 0 or may_be_found(data, len(before), len(payload), bits)
    return form


def test_the_filter_lets_few_others_pass() -> None:
    *_, bits = script_table([(0, sha256(b"%d" % number).digest()[:20]) for number in range(1_000)])
    others = np.frombuffer(b"".join(sha256(b"other %d" % number).digest() for number in range(10_000)), np.uint8)
    assert sum(may_be_found(others, 32 * number, 20, bits) for number in range(10_000)) < 1_000


@given(FORMS, FORMS, st.binary(max_size=20))
def test_forms_that_are_there_are_found_and_no_others(
    forms: list[tuple[int, bytes]], others: list[tuple[int, bytes]], before: bytes
) -> None:
    for kind, payload in forms + others:
        expected = forms.index((kind, payload)) if (kind, payload) in forms else -1
        assert find(kind, payload, forms, before) == expected


def test_scripts_that_differ_only_in_their_middle_are_told_apart() -> None:
    forms = [(6, bytes(20) + number.to_bytes(4) + bytes(20)) for number in range(500)]
    for number, (kind, payload) in enumerate(forms):
        assert find(kind, payload, forms) == number
    assert find(6, bytes(20) + (501).to_bytes(4) + bytes(20), forms) == -1


def test_kind_and_length_are_part_of_a_form() -> None:
    forms = [(0, bytes(20)), (6, bytes(21)), (6, b"")]
    assert [find(kind, payload, forms) for kind, payload in forms] == [0, 1, 2]
    assert [find(1, bytes(20), forms), find(6, bytes(20), forms), find(6, bytes(22), forms)] == [-1] * 3
    assert find(0, bytes(20), []) == -1


def test_the_hash_is_the_one_that_python_has_for_bytes() -> None:
    """With PYTHONHASHSEED=0 the key of Python's own SipHash-1-3 is all zeros."""
    texts = [bytes(range(size)) for size in (1, 7, 8, 9, 20, 32, 33, 64, 200)]
    said = subprocess.run(
        [sys.executable, "-c", f"print(*map(hash, {texts!r}))"],
        env={"PYTHONHASHSEED": "0"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    key = np.zeros(16, dtype=np.uint8)
    data = [np.frombuffer(text + bytes(8), dtype=np.uint8) for text in texts]
    ours = [int(keyed_hash(one, 0, len(text), 0, key)) for one, text in zip(data, texts, strict=True)]
    assert [one - (1 << 64) * (one >> 63) for one in ours] == [int(one) for one in said.split()]


def test_every_process_has_a_key_of_its_own() -> None:
    code = "from reservecheck.kernels.script_table import script_table as t; print(bytes(t([])[0][:16]).hex())"
    said = {subprocess.check_output([sys.executable, "-c", code]) for _ in range(3)}
    assert len(said) == 3
    assert bytes(script_table([], bytes(range(16)))[0][:KEY_BYTES]) == bytes(range(16))


def test_scripts_chosen_to_be_alike_at_both_ends_take_no_longer_than_others() -> None:
    """In a table laid out by their ends they have one place, and each is looked for behind all the others."""
    alike = [(6, b"\x51\x20" + b"\1" * 8 + number.to_bytes(8) + b"\2" * 16) for number in range(50_000)]
    other = [(6, b"\x51\x20" + number.to_bytes(8) * 4) for number in range(50_000)]
    seconds = []
    for forms in (other, other, alike):
        start = time.perf_counter()
        script_table(forms)
        seconds.append(time.perf_counter() - start)
    assert seconds[2] < 20 * seconds[1] + 0.5
    assert find(*alike[49_999], alike) == 49_999

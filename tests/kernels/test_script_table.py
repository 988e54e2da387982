from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.kernels.script_table import find_script, script_table

FORMS = st.lists(st.tuples(st.integers(0, 6), st.binary(max_size=40)), unique=True, max_size=60)


def find(kind: int, payload: bytes, forms: list[tuple[int, bytes]], before: bytes = b"") -> int:
    data = np.frombuffer(before + payload + bytes(8), dtype=np.uint8)
    return find_script(data, len(before), len(payload), kind, *script_table(forms))


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

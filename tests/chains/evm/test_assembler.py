from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.chains.evm.assembler import OPCODES, assemble

SHANGHAI_PUSH0 = 0x5F
BYZANTIUM_ABSENT = {0x1B, 0x1C, 0x1D, 0x3F, 0x46, 0x47, 0x48, 0x5C, 0x5D, 0x5E, SHANGHAI_PUSH0, 0xF5}


def test_words_become_bytes_and_comments_do_not() -> None:
    assert (
        assemble("CALLDATASIZE 0 0x100 CALLDATACOPY ; 7 STOP\nSTOP").hex() == "36" + "6000" + "610100" + "37" + "00"
    )


def test_a_label_is_a_jumpdest_and_may_be_used_before_it_stands() -> None:
    assert assemble("@there JUMP :there @there @end").hex() == "610004" + "56" + "5b" + "610004" + "61000b"


@given(st.integers(0, 2**256 - 1))
def test_a_number_is_pushed_in_as_few_bytes_as_it_needs(number: int) -> None:
    code = assemble(hex(number))
    assert code[0] - 0x5F == len(code) - 1 == max(1, (number.bit_length() + 7) // 8)
    assert int.from_bytes(code[1:], "big") == number


def test_only_opcodes_of_byzantium_are_known() -> None:
    assert not BYZANTIUM_ABSENT & set(OPCODES.values())


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("PUSH0", "'PUSH0' is neither an opcode, a number nor a label"),
        ("@nowhere", "no label 'nowhere'"),
        (":a :a", "the label 'a' stands twice"),
        (":end", "the label 'end' stands twice"),
        ("-1", "'-1' does not fit into a word of 32 bytes"),
        (hex(2**256), f"'{hex(2**256)}' does not fit into a word of 32 bytes"),
    ],
)
def test_a_word_that_means_nothing_is_refused(source: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        assemble(source)

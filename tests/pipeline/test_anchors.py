from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assess.inputs_factory import BITCOIN, ETHEREUM, pin

from reservecheck.anchors import anchored, compared, contradiction, read_anchors
from reservecheck.errors import InputError
from reservecheck.model.anchor import Anchor

HEADER: Final = "network,height,hash,source,taken_by,taken_at\n"
THERE: Final = "ab" * 32
OTHER: Final = "cd" * 32
AT: Final = "2018-09-15T09:00:00+09:00"


def anchor(network: str = BITCOIN, height: int = 145, hash_: str = THERE, source: str = "explorer") -> Anchor:
    return Anchor(network=network, height=height, hash=hash_, source=source, taken_by="A. Sato", taken_at=AT)


def file(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "anchors.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return path


@pytest.mark.parametrize("written", [THERE, THERE.upper(), f"0x{THERE}", f"0X{THERE.upper()}"])
def test_a_hash_is_read_with_or_without_0x_in_any_letter_case(tmp_path: Path, written: str) -> None:
    path = file(tmp_path, f"{BITCOIN},145,{written},explorer,A. Sato,{AT}")
    assert read_anchors(path) == (replace(anchor(), line=2),)


@pytest.mark.parametrize("shown", [THERE, f"0x{THERE}"])
def test_a_pin_is_the_same_block_with_or_without_0x(shown: str) -> None:
    assert contradiction(replace(pin(BITCOIN), hash=shown), (anchor(),)) == ""


def test_every_line_that_is_wrong_is_named_with_what_to_write(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        *(f"{BITCOIN},{height},{THERE},explorer,A. Sato,{AT}" for height in ("-1", "1.5", "٣", "0x91", "1" * 5000)),
        f",145,{THERE},explorer,A. Sato,{AT}",
        f"{BITCOIN},,{THERE},explorer,A. Sato,{AT}",
        f"{BITCOIN},145,,explorer,A. Sato,{AT}",
        f"{BITCOIN},145,{THERE},,A. Sato,{AT}",
        f"{BITCOIN},145,{THERE},explorer,,{AT}",
        f"{BITCOIN},145,{THERE},explorer,A. Sato,",
        f"{BITCOIN},145,{THERE[:-1]},explorer,A. Sato,{AT}",
        f"{BITCOIN},145,{THERE},explorer,A. Sato,x",
    )
    with pytest.raises(InputError) as refused:
        read_anchors(path)
    height = "write the block's number in digits under 'height'"
    assert [(problem.line, problem.message, problem.hint) for problem in refused.value.problems] == [
        (2, "'-1' is not a block height", height),
        (3, "'1.5' is not a block height", height),
        (4, "'٣' is not a block height", height),
        (5, "'0x91' is not a block height", height),
        (6, f"'{'1' * 60}' is not a block height", height),
        (7, "the column 'network' is empty", "write a network of the bundle, such as bitcoin:mainnet"),
        (8, "the column 'height' is empty", "write the block's number in digits"),
        (9, "the column 'hash' is empty", "write 64 hex digits, with or without 0x"),
        (10, "the column 'source' is empty", "write where you looked the block up, in a few printable words"),
        (11, "the column 'taken_by' is empty", "write who looked it up, in a few printable words"),
        (12, "the column 'taken_at' is empty", "write when, such as 2018-07-02T09:00:00+09:00"),
        (
            13,
            f"'{THERE[:-1]}' is not a block hash",
            "write 64 hex digits, with or without 0x under 'hash'",
        ),
        (
            14,
            "'x' is not an instant with an offset, such as 2018-06-28T00:00:00+09:00",
            "write when, such as 2018-07-02T09:00:00+09:00 under 'taken_at'",
        ),
    ]
    assert {problem.path for problem in refused.value.problems} == {str(path)}


def test_a_row_about_no_block_of_the_bundle_is_a_remark_beside_one_that_is() -> None:
    there, elsewhere = anchor(), replace(anchor(height=131), line=3)
    unknown = replace(anchor("litecoin:mainnet"), line=4)
    assert compared((pin(BITCOIN),), (there, elsewhere, unknown)) == (
        [],
        [
            f"anchors, line 3: no block 131 of {BITCOIN} in this bundle; it has 145",
            "anchors, line 4: no block 145 of litecoin:mainnet in this bundle, nor any other of that network",
        ],
    )
    assert anchored((pin(BITCOIN),), (there, elsewhere)) == {pin(BITCOIN).id}


def test_rows_that_are_all_about_other_blocks_compare_nothing() -> None:
    elsewhere = replace(anchor(height=131), line=2)
    nothing = "nothing compared: no row is about a block of this bundle"
    assert compared((pin(BITCOIN),), (elsewhere,)) == (
        [f"anchors, line 2: no block 131 of {BITCOIN} in this bundle; it has 145", nothing],
        [],
    )
    assert compared((pin(BITCOIN),), ()) == ([nothing], [])
    assert anchored((pin(BITCOIN),), (elsewhere,)) == frozenset()


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "anchors.csv"
    path.write_text("network,height,hash,source,taken_by\na,1,b,c,d\n")
    with pytest.raises(InputError, match="the column 'taken_at' is missing"):
        read_anchors(path)


def test_a_pin_nobody_looked_up_is_neither_agreed_nor_contradicted() -> None:
    elsewhere = (anchor(ETHEREUM), anchor(height=144), anchor(height=146, hash_=OTHER))
    assert contradiction(pin(BITCOIN), elsewhere) is None
    assert contradiction(pin(BITCOIN), ()) is None


def test_an_anchor_of_the_same_block_agrees() -> None:
    assert contradiction(pin(BITCOIN), (anchor(ETHEREUM, hash_=OTHER), anchor())) == ""


def test_an_anchor_of_another_block_at_the_height_contradicts() -> None:
    assert contradiction(pin(BITCOIN), (anchor(hash_=OTHER),)) == (
        f"{BITCOIN} block 145: the bundle says {THERE}, explorer says {OTHER}"
    )


@given(st.permutations((anchor(), anchor(source="second"), anchor(hash_=OTHER, source="third"))))
def test_one_contradiction_is_heard_however_many_agree_before_it(anchors: list[Anchor]) -> None:
    assert contradiction(pin(BITCOIN), tuple(anchors)) == (
        f"{BITCOIN} block 145: the bundle says {THERE}, third says {OTHER}"
    )

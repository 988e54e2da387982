from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assess.inputs_factory import BITCOIN, ETHEREUM, pin

from reservecheck.anchors import Anchor, contradiction, read_anchors
from reservecheck.errors import InputError

HEADER: Final = "network,height,hash,source,taken_by,taken_at\n"
THERE: Final = "ab" * 32
OTHER: Final = "cd" * 32


def anchor(network: str = BITCOIN, height: int = 145, hash_: str = THERE, source: str = "explorer") -> Anchor:
    return Anchor(
        network=network, height=height, hash=hash_, source=source, taken_by="A. Sato", taken_at="2018-09-15"
    )


def file(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "anchors.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return path


def test_a_row_is_an_anchor_and_its_hash_is_in_lower_case(tmp_path: Path) -> None:
    path = file(tmp_path, f"{BITCOIN},145,{THERE.upper()},explorer,A. Sato,2018-09-15")
    assert read_anchors(path) == (anchor(),)


def test_every_line_that_is_wrong_is_named(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        *(f"{BITCOIN},{height},{THERE},explorer,A. Sato," for height in ("", "-1", "1.5", "٣", "0x91", "1" * 5000)),
        f"{BITCOIN},145,{THERE},,A. Sato,",
        f"{BITCOIN},145,{THERE},explorer,,",
        f"{BITCOIN},145,{THERE},explorer,A. Sato,",
    )
    with pytest.raises(InputError) as refused:
        read_anchors(path)
    unsaid = "an anchor says where it was taken from and by whom"
    assert [(problem.line, problem.message) for problem in refused.value.problems] == [
        (2, "'' is not a block height"),
        (3, "'-1' is not a block height"),
        (4, "'1.5' is not a block height"),
        (5, "'٣' is not a block height"),
        (6, "'0x91' is not a block height"),
        (7, f"'{'1' * 60}' is not a block height"),
        (8, unsaid),
        (9, unsaid),
    ]
    assert {problem.path for problem in refused.value.problems} == {str(path)}


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

from __future__ import annotations

import pytest
from tests.chains.evm.proof.vectors import HELD, TOKENS, slots_of, world_of

from reservecheck.chains.evm.proof.slots import (
    ERC_7201,
    FLAGGED,
    LAYOUTS,
    MAPPINGS,
    SOLADY,
    SOLIDITY,
    VYPER,
    Layout,
    flag_of,
    layout_of,
)

EXPECTED = {
    "OZ": Layout(SOLIDITY, 0),
    "SolT": Layout(SOLADY, 0),
    "Packed": Layout(SOLIDITY, 9),
    "U96": Layout(SOLIDITY, 4),
    "StructPacked": Layout(SOLIDITY, 2),
    "Rebase": Layout(SOLIDITY, 0),
    "Ext": Layout(SOLIDITY, 0),
    "OZUp(proxy,ERC-7201)": Layout(ERC_7201, 0),
    "Vyper": Layout(VYPER, 8),
}
USDC = next(iter(FLAGGED))
HOLDER = "0x" + 20 * "ab"


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: f"{token['name']}-{token['balanceOf'][:3]}")
def test_one_of_the_slots_a_token_touches_is_where_it_keeps_the_holder(token: dict[str, object]) -> None:
    holder = str(token["holder"]).lower()
    proofs: list[dict[str, object]] = token["proofs"]  # type: ignore[assignment]  # as recorded
    found = [layout for one in proofs for slot in slots_of(one) if (layout := layout_of(slot, holder))]
    assert found == [EXPECTED[str(token["name"])]]


def test_every_layout_is_recognised_by_the_slot_it_keeps_a_holder_in() -> None:
    assert len({layout.slot(HOLDER) for layout in LAYOUTS}) == len(LAYOUTS) == 2 * MAPPINGS + 5
    for layout in LAYOUTS:
        assert layout_of(layout.slot(HOLDER), HOLDER) == layout
        assert layout_of(layout.slot(HOLDER), "0x" + 20 * "cd") is None
    assert layout_of(0, HOLDER) is None


def test_the_highest_bit_of_a_usdc_holders_word_says_that_he_is_frozen() -> None:
    token = next(one for one in TOKENS if one["name"] == "Packed")
    ((_, slot),) = world_of(token).words
    ((word, _),) = world_of(token).words.values()
    assert flag_of(USDC, HOLDER) == (slot, 1 << 255)
    assert word == HELD | 1 << 255
    assert flag_of("0x" + 40 * "1", HOLDER) is None

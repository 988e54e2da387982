from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assess.inputs_factory import network

from reservecheck.chains.bitcoind.answers import Unreadable
from reservecheck.chains.bitcoind.headers import Header
from reservecheck.chains.bitcoind.work import require_time, require_work, target
from reservecheck.model.registry import Checkpoint
from reservecheck.moments import parse_moment
from reservecheck.registry.shipped import load_registry

BITS = 0x17034219
"""Of block 840,000."""
HASH = "0000000000000000000320283a032748cef8227873ff4872689bf23f1cda83a5"
MAINNET = load_registry().networks["bitcoin:mainnet"]


def header(bits: int = BITS, hash_: str = HASH) -> Header:
    return Header(hash_, "", 1, bits)


def test_block_840000_has_the_work_it_states() -> None:
    require_work(MAINNET, [header()], 840_000)
    assert target(BITS) == 0x034219 << 8 * 20


@pytest.mark.parametrize(
    ("bits", "expected"),
    [
        (0x207FFFFF, 0x7FFFFF << 232),
        (0x1D00FFFF, 0xFFFF << 208),
        (0x03123456, 0x123456),
        (0x02123456, 0x1234),
        (0x01123456, 0x12),
        (0x00123456, None),
        (0x04923456, None),
        (0x04000000, None),
        (0x23000001, None),
        (0xFF123456, None),
    ],
)
def test_a_target_is_read_from_its_compact_form(bits: int, expected: int | None) -> None:
    assert target(bits) == expected


@given(st.integers(0, 2**32 - 1))
def test_any_bits_give_a_target_in_range_or_none(bits: int) -> None:
    found = target(bits)
    assert found is None or 0 < found < 2**256


@pytest.mark.parametrize(
    "one",
    [header(hash_=f"{'0' * 19}34219{'0' * 39}1"), header(bits=0x04923456)],
)
def test_a_header_without_the_work_it_states_is_refused(one: Header) -> None:
    with pytest.raises(Unreadable, match=r"^block 7 has not the work its header states$"):
        require_work(MAINNET, [header(), one], 6)


def test_a_chain_made_at_home_is_too_easy() -> None:
    easy = header(bits=0x1D00FFFF)
    words = "block 840007 is more than 8 times easier than block 840000 of bitcoin:mainnet: this is another chain"
    require_work(MAINNET, [easy], 839_999)
    with pytest.raises(Unreadable) as refused:
        require_work(MAINNET, [header(), easy], 840_006)
    assert str(refused.value) == words


def test_eight_times_easier_is_still_taken() -> None:
    row = Checkpoint(height=5, hash=HASH, bits="03000010", dated="2026-01-01")
    chain = replace(MAINNET, checkpoints=(row,))
    require_work(chain, [header(bits=0x03000080, hash_="00")], 6)
    with pytest.raises(Unreadable, match="8 times easier"):
        require_work(chain, [header(bits=0x03000081, hash_="00")], 6)


@pytest.mark.parametrize(
    ("name", "easiest"),
    [("mainnet", 0x1D00FFFF), ("testnet4", 0x1D00FFFF), ("signet", 0x1E0377AE), ("regtest", 0x207FFFFF)],
)
def test_no_block_is_easier_than_its_network_allows_at_any_height(name: str, easiest: int) -> None:
    chain = replace(MAINNET, network=f"bitcoin:{name}", checkpoints=())
    require_work(chain, [header(easiest, "00")], 7)
    with pytest.raises(Unreadable) as refused:
        require_work(chain, [header(easiest + 1 if name != "regtest" else 0x2100FFFF, "00")], 7)
    assert str(refused.value) == f"block 7 is easier than bitcoin:{name} allows: this is another chain"


def test_a_block_below_a_checkpoint_is_not_a_day_younger_than_it() -> None:
    day = parse_moment("2024-04-21T00:00:00Z")
    require_time(MAINNET, 839_999, day)
    require_time(MAINNET, 840_000, day + 1)
    require_time(MAINNET, 935_000, 1_790_000_000)
    with pytest.raises(Unreadable) as refused:
        require_time(MAINNET, 839_999, day + 1)
    assert str(refused.value) == (
        "block 839999 of 2024-04-21T00:00:01Z is below checkpoint 840000 of 2024-04-20: this is another chain"
    )


def test_no_work_is_looked_for_where_it_is_another_function() -> None:
    require_work(replace(network("litecoin:mainnet", "bitcoind"), header=""), [header(hash_="f" * 64)], 1)

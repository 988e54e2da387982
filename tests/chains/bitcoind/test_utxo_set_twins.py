"""The compiled reader and the plain one read the same, and refuse the same in the same words."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chains.bitcoind.scanning_dumps import outcome
from tests.chains.bitcoind.test_utxo_set import every_kind, litecoin
from tests.chains.bitcoind.written_dumps import REGTEST, Unspent, dump, header, older_dump, recorded, set_hash

from reservecheck.chains.bitcoind.utxo_set import UtxoSetScan

MOST_SATS: Final = 21 * 10**14 // 40
"""Of a coin, so that forty of them are not more than there can be."""
SCRIPTS: Final = st.sampled_from(every_kind()) | st.binary(max_size=300)
COINS: Final = st.lists(
    st.builds(
        Unspent,
        st.binary(min_size=32, max_size=32).filter(any) | st.sampled_from([bytes((n,)) * 32 for n in range(1, 5)]),
        st.integers(0, 300) | st.sampled_from([16_511, 16_512, 33_000, 70_000, 2_113_664, 33_554_432]),
        st.integers(0, 2_000_000) | st.integers(0, (1 << 32) - 1),
        st.integers(0, 10**8) | st.integers(0, MOST_SATS),
        SCRIPTS,
    ),
    max_size=40,
    unique_by=lambda coin: coin[:2],
)


def twins(data: bytes, scripts: Sequence[bytes], message_start: bytes | None = REGTEST) -> UtxoSetScan | str:
    """What both made of it, in chunks of several sizes."""
    outcomes = [
        outcome(data, scripts, reader=reader, chunk=chunk, message_start=message_start)
        for reader, chunk in (("plain", 1 << 20), ("compiled", 1 << 20), ("compiled", 17), ("plain", 23))
    ]
    assert all(one == outcomes[0] for one in outcomes), outcomes
    return outcomes[0]


@given(COINS, st.lists(SCRIPTS, max_size=5))
def test_any_set_is_read_alike_and_as_it_was_written(coins: list[Unspent], others: list[bytes]) -> None:
    wanted = {coin.script for coin in coins[::2]} | set(others)
    found = twins(dump(coins), sorted(wanted))
    assert isinstance(found, UtxoSetScan)
    assert found.set_hash == set_hash(coins)
    assert (found.coins, found.total_sats) == (len(coins), sum(coin.sats for coin in coins))
    assert list(found.matched) == sorted(
        (coin.txid[::-1].hex(), coin.vout, coin.code >> 1, bool(coin.code & 1), coin.sats, coin.script.hex())
        for coin in coins
        if coin.script in wanted
    )


@given(COINS, st.lists(SCRIPTS, max_size=5))
def test_any_older_set_is_read_alike_and_as_it_was_written(coins: list[Unspent], others: list[bytes]) -> None:
    wanted = {coin.script for coin in coins[::2]} | set(others)
    found = twins(older_dump(coins), sorted(wanted), None)
    assert isinstance(found, UtxoSetScan)
    assert (found.coins, found.total_sats) == (len(coins), sum(coin.sats for coin in coins))
    assert [(one.txid, one.vout, one.sats, one.script) for one in found.matched] == sorted(
        (coin.txid[::-1].hex(), coin.vout, coin.sats, coin.script.hex()) for coin in coins if coin.script in wanted
    )


@settings(max_examples=200)
@given(COINS, st.data())
def test_a_changed_dump_is_read_or_refused_alike(coins: list[Unspent], data: st.DataObject) -> None:
    whole = bytearray(dump(coins))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=3))
    twins(bytes(whole), every_kind())


@given(st.binary(max_size=400), st.integers(0, 10) | st.integers(0, (1 << 64) - 1))
def test_any_bytes_after_a_header_are_read_or_refused_alike(body: bytes, stated: int) -> None:
    twins(header(stated) + body, every_kind())
    twins(bytes(32) + stated.to_bytes(8, "little") + bytes(4) + body, every_kind(), None)


def test_recorded_dumps_with_changed_bytes_are_read_or_refused_alike() -> None:
    chance = random.Random(18)  # noqa: S311  # the same changes every time
    for original, message_start in ((recorded(120), REGTEST), (litecoin()[0], None)):
        for _ in range(60):
            changed = bytearray(original)
            changed[chance.randrange(len(changed))] = chance.randrange(256)
            twins(bytes(changed), (), message_start)

from __future__ import annotations

import gzip
import hashlib
import json
import os
import threading
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from tests.chains.bitcoind.conftest import Told
from tests.chains.bitcoind.scanning_dumps import READERS, chunks, either, scan
from tests.chains.bitcoind.written_dumps import (
    DATA,
    REGTEST,
    Unspent,
    compact,
    dump,
    header,
    older_dump,
    public_key,
    record,
    recorded,
    set_hash,
    varint,
)

from reservecheck.chains.bitcoind import utxo_set
from reservecheck.chains.bitcoind.utxo_set import MatchedCoin, scan_utxo_set

HEIGHTS: Final = (120, 150, 200, 250)


def txid(number: int) -> bytes:
    return number.to_bytes(32)


def coin(number: int, vout: int = 0, script: bytes = b"\x51", sats: int = 5, code: int = 2) -> Unspent:
    return Unspent(txid(number), vout, code, sats, script)


@either
@pytest.mark.parametrize("height", HEIGHTS)
def test_recorded_dumps_hold_what_an_independent_ledger_says(told: Told, height: int, reader: str) -> None:
    data = recorded(height)
    expected = json.loads((DATA / "bitcoin-core" / "expected" / f"h{height}.json").read_text())
    found = scan(data, [bytes.fromhex(script) for script in told.all_scripts], reader=reader)
    assert (found.version, found.message_start, found.base_hash) == (2, "fabfb5da", expected["blockhash"])
    assert (found.coins, found.total_sats) == (expected["utxo_count"], expected["total_sats"])
    assert found.set_hash == expected["hash_serialized_3"]
    assert (found.file_sha256, found.bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    assert found.matched == tuple(
        sorted(
            {
                MatchedCoin(
                    one["txid"], one["vout"], one["height"], one["coinbase"], one["sats"], one["scriptPubKey"]
                )
                for wallet in expected["wallets"].values()
                for one in wallet["utxos"]
            }
        )
    )


@either
@pytest.mark.parametrize("size", [1, 7, 1_000, 40_000])
def test_chunks_may_be_of_any_size(told: Told, reader: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = [bytes.fromhex(script) for script in told.all_scripts]
    whole = scan(recorded(150), scripts, reader=reader)
    assert scan(recorded(150), scripts, reader=reader, chunk=size) == whole
    monkeypatch.setattr(utxo_set, "BLOCK", max(size, 51))
    assert scan(recorded(150), scripts, reader=reader, chunk=size) == whole


def test_a_pipe_is_read_once_and_its_bytes_are_told_as_they_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe, told = tmp_path / "pipe", list[int]()
    os.mkfifo(pipe)
    monkeypatch.setattr(utxo_set, "BLOCK", 10_000)
    writer = threading.Thread(target=pipe.write_bytes, args=(recorded(150),))
    writer.start()
    with pipe.open("rb") as stream:
        read = scan_utxo_set(iter(lambda: stream.read(4_096), b""), (), message_start=REGTEST, progress=told.append)
    writer.join()
    assert read == scan(recorded(150), reader="plain")
    assert told == [12_288, 24_576, 31_518]


@either
def test_the_set_hash_can_be_left_out(reader: str) -> None:
    whole = scan(recorded(150), reader=reader)
    bare = scan(recorded(150), reader=reader, set_hash=False)
    assert bare.set_hash == ""
    assert (bare.coins, bare.total_sats, bare.file_sha256) == (whole.coins, whole.total_sats, whole.file_sha256)


@either
def test_the_file_s_own_hash_can_be_left_out(reader: str) -> None:
    whole = scan(recorded(150), reader=reader)
    assert scan(recorded(150), reader=reader, file_hash=False) == replace(whole, file_sha256="")


@either
def test_a_set_without_coins_is_one(reader: str) -> None:
    found = scan(dump([]), [b"\x51"], reader=reader)
    assert (found.coins, found.matched, found.total_sats, found.set_hash) == (0, (), 0, set_hash([]))


@either
def test_coins_stand_by_txid_as_displayed_and_a_script_named_twice_counts_once(reader: str) -> None:
    low, high = (
        Unspent(b"\x01" + b"\xff" * 31, 3, 9, 7, b"\x51"),
        Unspent(b"\x02" + b"\x00" * 31, 1, 12, 8, b"\x51"),
    )
    found = scan(dump([low, high, coin(5, script=b"\x52")]), [b"\x51", b"\x51", b""], reader=reader)
    assert found.matched == (
        MatchedCoin("00" * 31 + "02", 1, 6, coinbase=False, sats=8, script="51"),
        MatchedCoin("ff" * 31 + "01", 3, 4, coinbase=True, sats=7, script="51"),
    )
    assert found.total_sats == 20


def every_kind() -> list[bytes]:
    even, odd = public_key(1, odd=False), public_key(1, odd=True)
    assert even is not None
    assert odd is not None
    assert public_key(5, odd=False) is None
    hashed, x = bytes(range(20)), bytes(range(32))
    return [
        b"\x76\xa9\x14" + hashed + b"\x88\xac", b"\xa9\x14" + hashed + b"\x87", b"\x21\x02" + x + b"\xac",
        b"\x21\x03" + x + b"\xac", b"\x41" + even + b"\xac", b"\x41" + odd + b"\xac", b"", b"\x51",
        b"\x00\x14" + hashed, b"\x51\x20" + x, b"\x51\x02\x4e\x73", b"\x41\x04" + x + x + b"\xac",
        b"\x41\x06" + even[1:] + b"\xac", b"\x21\x05" + x + b"\xac", b"\x76\xa9\x14" + hashed + b"\x88\xad",
        b"\xa9\x14" + hashed + b"\x88", b"\x41" + even + b"\xad", b"\x52" * 252, b"\x53" * 253, b"\x54" * 10_000,
    ]  # fmt: skip


@either
def test_every_kind_of_script_is_found_and_hashed_as_it_is(reader: str) -> None:
    """U6: keys are stored short, with or without their sign."""
    coins = [coin(number, script=script) for number, script in enumerate(every_kind(), 1)]
    for one in coins:
        found = scan(dump(coins), [one.script], reader=reader)
        assert [(hit.txid, hit.script) for hit in found.matched] == [(one.txid[::-1].hex(), one.script.hex())]
        assert found.set_hash == set_hash(coins)
    assert len(scan(dump(coins), every_kind(), reader=reader).matched) == len(coins)


@either
def test_a_script_stored_whole_that_a_node_would_shorten_is_still_that_script(reader: str) -> None:
    scripts = every_kind()[:6]
    coins = [coin(number, script=script) for number, script in enumerate(scripts, 1)]
    whole = (
        one.txid + b"\x01\x00" + varint(one.code) + varint(41) + varint(6 + len(one.script)) + one.script
        for one in coins
    )
    found = scan(header(len(coins)) + b"".join(whole), scripts, reader=reader)
    assert [hit.script for hit in found.matched] == [script.hex() for script in scripts]
    assert found.set_hash == set_hash([one._replace(sats=5) for one in coins])


@either
@pytest.mark.parametrize(
    "sats", [0, 1, 9, 10, 546, 10**8, 50 * 10**8, 123_456_789, 7 * 10**14, 10**14 + 1, 69 * 10**13 + 9]
)
def test_amounts_are_what_they_are(reader: str, sats: int) -> None:
    coins = [coin(1, sats=sats), coin(1, vout=1, sats=sats), coin(1, vout=2, sats=sats)]
    found = scan(dump(coins), [b"\x51"], reader=reader)
    assert [one.sats for one in found.matched] == [sats] * 3
    assert (found.total_sats, found.set_hash) == (3 * sats, set_hash(coins))


@either
def test_outputs_stored_out_of_their_order_are_hashed_in_it(reader: str) -> None:
    numbers = [*range(120, 300), *range(16_500, 16_530), 32_895, 32_896, 49_279, 49_280, 2_113_663, 2_113_664]
    coins = [coin(1), *(coin(2, vout=number) for number in numbers), coin(3, vout=40_000), coin(3), coin(4)]
    stored = dump(coins)
    assert stored.index(b"\xfd\x80\x40\x02") < stored.index(b"\xfd\x00\x01\x02")  # 16,512 before 256
    found = scan(stored, [b"\x51"], reader=reader)
    assert found.set_hash == set_hash(coins)
    assert [one.vout for one in found.matched if one.txid.startswith("02")] == numbers
    assert scan(stored, reader=reader, chunk=5) == scan(stored, reader=reader)


@either
def test_more_coins_than_a_target_holds_are_all_there(reader: str) -> None:
    coins = [coin(1, vout=number, script=b"\x51" * 40) for number in range(10_000)]
    coins += [coin(2, vout=number, script=every_kind()[4 + number % 2]) for number in range(5_000)]
    coins += [coin(3, vout=number) for number in (*range(20_000, 30_000), 5)]
    found = scan(dump(coins), [b"\x51" * 40, b"\x51"], reader=reader)
    assert (len(found.matched), found.set_hash) == (20_001, set_hash(coins))


@pytest.mark.parametrize("reader", READERS)
def test_memory_does_not_grow_with_the_file(reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def stream(count: int) -> Iterator[bytes]:
        yield header(count)
        for number in range(1, count + 1):
            yield txid(number) + compact(1) + compact(0) + record(coin(number, script=bytes(10_000)))

    monkeypatch.setattr(utxo_set, "WORTH_COMPILING", 0 if reader == "compiled" else 1 << 64)
    scan_utxo_set(stream(2), (), message_start=REGTEST)
    tracemalloc.start()
    assert scan_utxo_set(stream(6_000), (), message_start=REGTEST).bytes > 60_000_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24_000_000


def litecoin() -> tuple[bytes, Any]:
    folder = DATA / "litecoin"
    return gzip.decompress((folder / "dump.dat.gz").read_bytes()), json.loads((folder / "dump.json").read_text())


@either
@pytest.mark.parametrize("size", [11, 1 << 20])
def test_the_older_format_of_litecoin_is_read_without_a_hash(reader: str, size: int) -> None:
    data, said = litecoin()
    scripts = [bytes.fromhex(script) for script in said["scripts"]]
    found = scan(data, scripts, reader=reader, message_start=None, chunk=size)
    assert (found.version, found.message_start, found.set_hash) == (0, "", "")
    assert (found.base_hash, found.coins) == (said["base_hash"], said["txouts"])
    assert found.total_sats == Decimal(said["total_amount"]).scaleb(8)
    assert [(one.txid, one.vout, one.height, one.sats, one.script) for one in found.matched] == sorted(
        (one["txid"], one["vout"], one["height"], int(Decimal(one["amount"]).scaleb(8)), one["scriptPubKey"])
        for one in said["unspents"]
    )


@either
def test_a_coin_litecoin_pegged_out_has_the_height_it_has(reader: str) -> None:
    pegged_out = coin(1, code=(1 << 31) | 2_265_984 << 1)
    found = scan(older_dump([pegged_out]), [b"\x51"], reader=reader, message_start=None)
    assert [(one.height, one.coinbase) for one in found.matched] == [(2_265_984, False)]


@either
def test_heights_of_version_2_have_31_bits(reader: str) -> None:
    found = scan(dump([coin(1, code=(1 << 32) - 1)]), [b"\x51"], reader=reader)
    assert [(one.height, one.coinbase) for one in found.matched] == [((1 << 31) - 1, True)]


def test_few_coins_are_read_without_the_compiled_loop_and_all_are_where_there_is_no_compiler(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def none_installed(name: str) -> None:
        asked.append(name)

    monkeypatch.setattr(utxo_set, "find_spec", none_installed)
    expected = scan_utxo_set([recorded(150)], (), message_start=REGTEST)
    assert asked == []
    monkeypatch.setattr(utxo_set, "WORTH_COMPILING", 0)
    assert scan_utxo_set(chunks(recorded(150), 1_000), (), message_start=REGTEST) == expected
    assert asked == ["numba"]

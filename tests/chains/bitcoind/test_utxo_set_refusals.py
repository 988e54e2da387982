from __future__ import annotations

import pickle
import struct
from collections.abc import Sized
from typing import Final

import pytest
from tests.chains.bitcoind.scanning_dumps import READERS, either, outcome, refusal, scan
from tests.chains.bitcoind.test_utxo_set import coin, every_kind, litecoin, txid
from tests.chains.bitcoind.written_dumps import (
    REGTEST,
    compact,
    dump,
    header,
    older_dump,
    record,
    recorded,
    varint,
)

from reservecheck.chains.bitcoind import compiled_coins
from reservecheck.chains.bitcoind.utxo_set import UtxoSetError, scan_utxo_set
from reservecheck.errors import SourceError
from reservecheck.kernels import coin_loop
from reservecheck.kernels.coin_format import CoinFault, Fault

BADLY: Final = "\n  hint: no node writes this: the file was damaged or changed; have the node dump the set again"
PARTLY: Final = "\n  hint: the node writes to PATH.incomplete and renames it at the end; copy the file again"
WRITE: Final = "\n  hint: have a node write it: dumptxoutset PATH, Bitcoin Core 28 or later"
REST: Final = record(coin(1))
NETWORK: Final = "\n  hint: dump the set of a node of the network the wallets are on"
NO_DUMP: Final = f"no UTXO-set dump: it does not start with 7574786fff{WRITE}"
LENGTH: Final = "a length or output number above 33,554,432, or written longer than need be"
ORDER: Final = "its transaction stands out of order, or twice"
OUTPUT: Final = "an output out of order, or twice"
AMOUNT: Final = "an amount above what 63 bits hold"
SCRIPT: Final = "a script of more than 10,000 bytes"
CURVE: Final = "a public key that is no point of the curve"
HEIGHT: Final = "its height is above 2,147,483,647"


def group(number: int, *parts: bytes) -> bytes:
    """A transaction of coins, each an output number and a record."""
    return txid(number) + compact(len(parts)) + b"".join(parts)


def made(amount: int = 5, code: int = 2, script: bytes = varint(7) + b"\x51") -> bytes:
    return varint(code) + varint(amount) + script


def at(vout: int, rest: bytes = REST) -> bytes:
    return compact(vout) + rest


ONE: Final = group(1, at(0))
COINS: Final[dict[str, tuple[bytes, int, int, str]]] = {
    # bytes after the header, coins stated, which of them is at fault, what is said
    "a txid below the one before": (group(2, at(0)) + ONE, 2, 2, ORDER),
    "a transaction twice": (ONE + group(1, at(1)), 2, 2, ORDER),
    "a transaction without coins": (ONE + group(2), 2, 2, "its transaction has no coins"),
    "more coins than are stated": (
        ONE + group(2, at(0), at(1)), 2, 2, "its transaction has more coins than the header leaves for it",
    ),
    "a count of three bytes for 252": (ONE + txid(2) + b"\xfd\xfc\x00" + at(0), 300, 2, LENGTH),
    "a count of five bytes for 65,535": (ONE + txid(2) + b"\xfe\xff\xff\x00\x00" + at(0), 70_000, 2, LENGTH),
    "a count above what a node reads": (ONE + txid(2) + b"\xfe\x01\x00\x00\x02" + at(0), 1 << 40, 2, LENGTH),
    "a count of nine bytes": (ONE + txid(2) + b"\xff" + bytes(8) + at(0), 1 << 40, 2, LENGTH),
    "an output of three bytes for 252": (group(1, b"\xfd\xfc\x00" + REST), 1, 1, LENGTH),
    "an output above what a node reads": (group(1, b"\xfe\x01\x00\x00\x02" + REST), 1, 1, LENGTH),
    "an output of nine bytes": (group(1, b"\xff" + bytes(8) + REST), 1, 1, LENGTH),
    "an output twice": (group(1, at(0), at(3), at(3)), 3, 3, OUTPUT),
    "an output below the one before": (group(1, at(4), at(3)), 2, 2, OUTPUT),
    "a high output twice": (group(1, at(300), at(300)), 2, 2, OUTPUT),
    "high outputs in numeric order": (group(1, at(256), at(16_512)), 2, 2, OUTPUT),
    "a low output after a high one": (group(1, at(16_512), at(255)), 2, 2, OUTPUT),
    "very high outputs out of order": (group(1, at(2_113_664), at(2_113_663), at(20_000)), 3, 3, OUTPUT),
    "a height of 32 bits": (group(1, at(0, made(code=1 << 32))), 1, 1, HEIGHT),
    "a height without end": (group(1, at(0, b"\xff" * 10 + b"\x00" + REST)), 1, 1, HEIGHT),
    "a packed amount of 64 bits": (group(1, at(0, varint(2) + b"\x80" * 9 + b"\x00" + REST)), 1, 1, AMOUNT),
    "an amount of 64 bits": (group(1, at(0, made(amount=1 + (9_223_372_037 - 1) * 10 + 9))), 1, 1, AMOUNT),
    "a script of 10,001 bytes": (group(1, at(0, made(script=varint(10_007) + bytes(10_001)))), 1, 1, SCRIPT),
    "a script without end": (group(1, at(0, made(script=b"\xff" * 10))), 1, 1, SCRIPT),
    "an x on no point, y even": (group(1, at(0), at(1, made(script=b"\x04" + bytes(31) + b"\x05"))), 2, 2, CURVE),
    "an x on no point, y odd": (group(1, at(0, made(script=b"\x05" + b"\xff" * 32)), at(1)), 2, 1, CURVE),
}  # fmt: skip


@either
@pytest.mark.parametrize("name", COINS)
def test_what_no_node_writes_is_refused(name: str, reader: str) -> None:
    body, stated, which, what = COINS[name]
    said = f"UTXO-set dump, coin {which} of {stated:,}: {what}{BADLY}"
    assert refusal(header(stated) + body, reader=reader) == said
    assert refusal(header(stated) + body, reader=reader, chunk=1) == said
    assert refusal(header(stated) + body + b"more", reader=reader) == said


@either
def test_a_transaction_larger_than_any_is_refused(reader: str) -> None:
    coins = [coin(1, vout=number, script=bytes(10_000)) for number in range(1_000_000 // 10_009 + 1)]
    assert scan(dump(coins[:-1]), reader=reader, set_hash=False).coins == len(coins) - 1
    said = f"UTXO-set dump, coin 100 of 100: its transaction is larger than 1,000,000 bytes{BADLY}"
    assert refusal(dump(coins), reader=reader) == said


@either
def test_no_more_coins_are_held_than_the_largest_transaction_has(reader: str) -> None:
    """They are held for their order, in memory: a transaction has room for 111,111 outputs."""
    coins = 111_111 + 2
    body = txid(1) + compact(coins) + b"".join(compact(16_512 + n) + b"\x00\x00\x06" for n in range(coins))
    said = f"UTXO-set dump, coin 111,112 of {coins:,}: its transaction is larger than 1,000,000 bytes{BADLY}"
    assert refusal(header(coins) + body, reader=reader) == said


@either
def test_more_coins_than_there_can_be_are_refused(reader: str) -> None:
    most = 21 * 10**14
    assert scan(dump([coin(1, sats=most), coin(2, sats=0)]), reader=reader).total_sats == most
    words = "UTXO-set dump of {:,} units: there are never more than {:,}" + BADLY
    for sats in (most, (1 << 63) // 10**9 * 10**9):
        many = [coin(1, sats=sats), coin(2, sats=1)]
        assert refusal(dump(many), reader=reader) == words.format(sats + 1, most)
    older = (1 << 53) - 1
    whole = older_dump([coin(1, sats=older), coin(2, sats=0)])
    assert scan(whole, reader=reader, message_start=None).total_sats == older
    over = older_dump([coin(1, sats=older), coin(2, sats=1)])
    assert refusal(over, reader=reader, message_start=None) == words.format(older + 1, older)


def test_the_compiled_loop_is_given_nothing_but_what_padding_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    """It checks no bound itself: a coin that starts before the end may reach `PADDING` bytes beyond it."""
    spans: list[tuple[int, int, int]] = []

    def watched(data: Sized, at: int, end: int, *more: object) -> object:
        spans.append((at, end, len(data)))
        return coin_loop.read_coins(data, at, end, *more)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(compiled_coins, "read_coins", watched)
    coins = [coin(number, script=b"") for number in range(1, 3_000)]
    whole = dump(coins)
    for last in (1, 21_999, 22_000, 22_001, 22_036, 32_999, 33_000, 33_001, 45_000):
        reader = compiled_coins.CompiledCoins(len(coins), [], older=False, hashed=None)
        reader.feed(whole[51 : len(whole) - last])
        reader.feed(whole[len(whole) - last :])
        assert reader.finish()
    assert [span for span in spans if not span[0] <= span[1] <= span[2] - coin_loop.PADDING] == []


@either
def test_bytes_after_the_last_coin_are_refused(reader: str) -> None:
    said = f"UTXO-set dump that goes on after its 1 coins{BADLY}"
    for chunk in (1, 1 << 20):
        assert refusal(header(1) + ONE + b"\x00", reader=reader, chunk=chunk) == said
        assert refusal(header(1) + ONE + group(2, at(0)), reader=reader, chunk=chunk) == said
    assert refusal(header(1) + ONE + bytes(30_000), reader=reader) == said
    assert refusal(header(0) + b"\x00", reader=reader) == f"UTXO-set dump that goes on after its 0 coins{BADLY}"


@either
def test_a_dump_that_states_more_coins_than_it_has_is_cut_short(reader: str) -> None:
    said = f"UTXO-set dump that is cut short: 1 of 2 coins in {len(header(2) + ONE)} bytes{PARTLY}"
    assert refusal(header(2) + ONE, reader=reader) == said


@either
def test_a_dump_cut_short_anywhere_is_refused(reader: str) -> None:
    coins = [coin(1 + number // 3, vout=number, script=script) for number, script in enumerate(every_kind()[:17])]
    coins += [coin(9, vout=number) for number in (2, 253, 16_600, 70_000)]
    data = dump(coins)
    assert scan(data, reader=reader).coins == len(coins)
    for size in range(len(data)):
        said = refusal(data[:size], reader=reader)
        assert said.startswith("UTXO-set dump that is cut short: ")
        assert said.endswith(f" coins in {size:,} bytes{PARTLY}" if size >= 51 else f"the header{PARTLY}")
    assert refusal(data[:50], reader=reader) == (
        f"UTXO-set dump that is cut short: 50 bytes, not even the header{PARTLY}"
    )


@either
def test_a_recorded_dump_cut_short_is_refused(reader: str) -> None:
    data = recorded(150)
    for size in (*range(0, len(data), 997), len(data) - 1):
        assert refusal(data[:size], reader=reader).startswith("UTXO-set dump that is cut short: ")


NOT_DUMPS: Final = {
    "another file": (b"SQLite format 3\x00" + bytes(60), NO_DUMP),
    "a short other file": (b"utx0", NO_DUMP),
    "the older format": (older_dump([coin(1)]), NO_DUMP),
    "version 1": (header(0, version=1), f"UTXO-set dump of version 1: version 2 is read{WRITE}"),
    "version 3": (header(0, version=3), f"UTXO-set dump of version 3: version 2 is read{WRITE}"),
    "another network": (
        header(0, network=bytes.fromhex("f9beb4d9")),
        f"UTXO-set dump of another network: its message start is f9beb4d9, not fabfb5da{NETWORK}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_DUMPS)
def test_another_file_version_or_network_is_refused(name: str) -> None:
    """U5: nor is one that was cut short, or of another hash, taken for the set."""
    data, said = NOT_DUMPS[name]
    assert refusal(data, reader="plain") == said


def test_a_dump_with_a_header_is_not_of_the_older_format() -> None:
    assert refusal(recorded(150), reader="plain", message_start=None) == (
        "UTXO-set dump with a message start where the older format without one was expected"
        "\n  hint: name the network's message start"
    )


@either
def test_an_older_dump_cut_short_is_refused(reader: str) -> None:
    data = litecoin()[0]
    for size in (*range(0, len(data), 173), len(data) - 1):
        said = refusal(data[:size], reader=reader, message_start=None)
        assert said.startswith("UTXO-set dump that is cut short: ")
    assert refusal(b"", reader=reader, message_start=None) == (
        f"UTXO-set dump that is cut short: 0 bytes, not even the header{PARTLY}"
    )


def older(*coins: tuple[int, int]) -> bytes:
    """Coins by transaction and output, in this order."""
    parts = [txid(number) + struct.pack("<I", vout) + REST for number, vout in coins]
    return bytes(32) + struct.pack("<QI", len(coins), 1) + b"".join(parts)


@either
@pytest.mark.parametrize(
    ("coins", "what"),
    [
        ([(2, 0), (1, 0)], ORDER),
        ([(2, 0), (2, 0)], OUTPUT),
        ([(2, 3), (2, 2)], OUTPUT),
        ([(2, 256), (2, 16_512)], OUTPUT),
        ([(2, 0), (3, 33_554_433)], LENGTH),
    ],
)
def test_what_no_older_node_writes_is_refused(reader: str, coins: list[tuple[int, int]], what: str) -> None:
    for chunk in (1, 1 << 20):
        said = refusal(older(*coins), reader=reader, message_start=None, chunk=chunk)
        assert said == f"UTXO-set dump, coin 2 of 2: {what}{BADLY}"


@either
def test_an_older_dump_may_hold_many_coins_of_a_transaction_in_stored_order(reader: str) -> None:
    data = older((2, 0), (2, 255), (2, 16_512), (2, 256), (3, 0), (3, 1))
    assert scan(data, reader=reader, message_start=None).coins == 6


def test_random_bytes_are_never_a_dump_of_the_older_format() -> None:
    data = bytes(number * 37 % 251 for number in range(5_000))
    for reader in READERS:
        assert isinstance(outcome(data, reader=reader, scripts=(), message_start=None), str)


def test_a_refusal_is_one_of_a_source() -> None:
    with pytest.raises(SourceError) as caught:
        scan_utxo_set([], (), message_start=REGTEST)
    assert type(caught.value) is UtxoSetError


def test_a_fault_names_itself_and_its_coin() -> None:
    fault = pickle.loads(pickle.dumps(CoinFault(Fault.ORDER, 3)))  # noqa: S301  # our own bytes
    assert (fault.fault, fault.coin) == (Fault.ORDER, 3)

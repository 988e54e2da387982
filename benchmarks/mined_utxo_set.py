"""A regtest node with a UTXO set of some size that it mined itself, quickly: three outputs a transaction."""

from __future__ import annotations

import struct
from hashlib import sha256

from tests.nodes.running import Node

ROUNDS = 250
FAN = 3_000
OUTPUTS = 3
REGTEST = bytes.fromhex("fabfb5da")
ANYONE = b"\x51"
_FEE = 1_000
_SUBSIDY = 50 * 10**8
_HALVING = 150
_COINBASES = ROUNDS + 1
_MATURE = 100
_TWO_BYTES = 0xFD


def paid(number: int) -> bytes:
    """The script of one output, P2WPKH."""
    return b"\x00\x14" + sha256(b"%d" % number).digest()[:20]


def mine_set(node: Node) -> int:
    """Mine some 2,250,000 coins, each on a script of its own; how many there are."""
    blocks = node("generatetodescriptor", _COINBASES + _MATURE, "raw(51)")
    for number, block in enumerate(blocks[:ROUNDS]):
        coinbase = bytes.fromhex(node("getblock", block)["tx"][0])[::-1]
        value = ((_SUBSIDY >> (number + 1) // _HALVING) - _FEE) // FAN
        fan = transaction(coinbase, 0, [(value, ANYONE)] * FAN)
        node("generateblock", "raw(51)", [fan.hex()])
        source, first = sha256(sha256(fan).digest()).digest(), number * FAN * OUTPUTS
        node("generateblock", "raw(51)", [split(source, vout, value, first).hex() for vout in range(FAN)])
    return int(node("gettxoutsetinfo", "none")["txouts"])


def split(source: bytes, vout: int, value: int, first: int) -> bytes:
    """Spend one output of the fan to three."""
    share = (value - _FEE) // OUTPUTS
    return transaction(source, vout, [(share - n, paid(first + vout * OUTPUTS + n)) for n in range(OUTPUTS)])


def transaction(source: bytes, vout: int, outputs: list[tuple[int, bytes]]) -> bytes:
    """One input that takes no signature."""
    body = b"".join(struct.pack("<qB", sats, len(script)) + script for sats, script in outputs)
    start = struct.pack("<I", 2) + b"\x01" + source + struct.pack("<I", vout) + b"\x00" + b"\xff" * 4
    count = struct.pack("<BH", _TWO_BYTES, len(outputs)) if len(outputs) >= _TWO_BYTES else bytes((len(outputs),))
    return start + count + body + bytes(4)

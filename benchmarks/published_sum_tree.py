"""BitMEX's published liabilities tree, line by line, as its description has it.

Written from the README of github.com/BitMEX/proof-of-reserves-liabilities. Numbers are 8 bytes, unsigned,
little-endian. Balances are split in two at random until there are 2^k parts, at least two a balance; the parts are
shuffled. Each account has a nonce, and the whole tree is published, root first, a line a node:

    sub_nonce = sha256(account_nonce || block_height || account)
    leaf      = HMAC-SHA256(sub_nonce, value || leaf_index)
    node      = sha256(left_digest || left_value || right_digest || right_value)
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import struct
from collections.abc import Callable
from typing import Final

Node = tuple[bytes, int]
Part = tuple[int, int]
Randint = Callable[[int, int], int]

EXAMPLE: Final = (
    ("85b0a83970a74a6ad0ee5d4bec5d3afe0048d18b8342e31e2d3a45e0f17879c7", 4_000_004_000),
    ("4e6661db50e4ec1c42204c471c0a6fa2a8749127368f3358c340752208b160c9", 963_611_993),
    ("128b3b2bd3f6bde35d5ac2ba0a37def53fad7a607e6cdd76ee4ad39472b44447", 3_036_392_007),
)
"""The root of the README's example, and the two nodes below it."""


def published_tree(liabilities: str, nonces: str, height: int, randint: Randint) -> str:
    """The lines to publish, of lines `account,amount` after a header and lines `account,nonce`."""
    accounts = [(int(account), int(amount)) for account, amount in list(csv.reader(io.StringIO(liabilities)))[1:]]
    keys = {int(account): nonce for account, nonce in csv.reader(io.StringIO(nonces))}
    parts = shuffled(split(accounts, randint), randint)
    leaves = [
        (leaf(sub_nonce(keys[account], height, account), value, index), value)
        for index, (account, value) in enumerate(parts)
    ]
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node(below[place], below[place + 1]) for place in range(0, len(below), 2)])
    lines = [f"block_height:{height}"]
    for level in reversed(levels):
        lines += [f"{digest.hex()},{value}" for digest, value in level]
    return "\n".join(lines)


def sub_nonce(nonce: str, height: int, account: int) -> bytes:
    """The key of an account's leaves at one height."""
    digest = hashlib.sha256()
    digest.update(bytes.fromhex(nonce))
    digest.update(struct.pack("<Q", height))
    digest.update(struct.pack("<Q", account))
    return digest.digest()


def leaf(key: bytes, value: int, index: int) -> bytes:
    """A leaf's digest."""
    return hmac.new(key, struct.pack("<Q", value) + struct.pack("<Q", index), hashlib.sha256).digest()


def node(left: Node, right: Node) -> Node:
    """The node above two."""
    digest = hashlib.sha256()
    digest.update(left[0])
    digest.update(struct.pack("<Q", left[1]))
    digest.update(right[0])
    digest.update(struct.pack("<Q", right[1]))
    return digest.digest(), left[1] + right[1]


def split(accounts: list[Part], randint: Randint) -> list[Part]:
    """Parts of the balances, a power of two of them; a part of 1 stays whole."""
    parts, count = accounts, len(accounts)
    wanted = 1 << (2 * count - 1).bit_length()
    while count < wanted:
        found = []
        for account, value in parts:
            if count < wanted and value > 1:
                count += 1
                first = randint(1, value - 1)
                found.append((account, first))
                found.append((account, value - first))
            else:
                found.append((account, value))
        parts = found
    return parts


def shuffled(parts: list[Part], randint: Randint) -> list[Part]:
    """The parts in another order."""
    for last in range(len(parts) - 1, 0, -1):
        chosen = randint(0, last)
        parts[last], parts[chosen] = parts[chosen], parts[last]
    return parts

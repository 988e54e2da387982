"""What a node's answer says, strictly read; and what a failed one says, in words fit for a report. Pure."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from reservecheck.transport.jsonrpc import RpcError
from reservecheck.transport.record import Recorded
from reservecheck.vault.canonical import BEYOND

_QUANTITY: Final = re.compile(r"0x[0-9a-fA-F]{1,64}", re.ASCII)
_HASH: Final = re.compile(r"0x[0-9a-fA-F]{64}", re.ASCII)
_ADDRESS_OF_A_SITE: Final = re.compile(r"\S*://\S*")
_LONGEST: Final = 120
LAST_SECOND: Final = 253_402_300_799
"""The end of the year 9999: later times cannot be written down, and no honest header has one."""


class Header(NamedTuple):
    """What is used of a block's header; time in seconds since 1970."""

    height: int
    hash: str
    parent: str
    time: int
    state_root: str


def quantity(value: object) -> int | None:
    """A number as nodes write it: `0x1f`; None for anything else."""
    return int(value, 16) if isinstance(value, str) and _QUANTITY.fullmatch(value) else None


def block_hash(value: object) -> str | None:
    """32 bytes in lower-case hex; None for anything else."""
    return value.lower() if isinstance(value, str) and _HASH.fullmatch(value) else None


def data(value: object) -> bytes | None:
    """Bytes as nodes write them: `0x` and an even number of digits; None for anything else."""
    if not isinstance(value, str) or value[:2] != "0x":
        return None
    try:
        found = bytes.fromhex(value[2:])
    except ValueError:
        return None
    return found if len(value) == 2 + 2 * len(found) else None  # white space is passed over by fromhex


def header(value: object) -> Header | None:
    """The header of a block as eth_getBlockByNumber answers it; None if anything used of it is malformed."""
    if not isinstance(value, dict):
        return None
    height, time = quantity(value.get("number")), quantity(value.get("timestamp"))
    own, parent, root = (block_hash(value.get(name)) for name in ("hash", "parentHash", "stateRoot"))
    if height is None or time is None or own is None or parent is None or root is None:
        return None
    if time > LAST_SECOND or height >= BEYOND:  # neither could be written down
        return None
    return Header(height, own, parent, time, root)


def node_error(error: RpcError) -> str:
    """`node error -32000: …`: shortened, unprintable characters escaped, addresses of sites taken out."""
    return f"node error {error.code}: {_plain(error.message)}"


def failure(exchange: Recorded) -> str:
    """Why an exchange as a whole says nothing, or "" if it was answered."""
    if exchange.reply.body is None:
        return _plain(exchange.reply.outcome)
    opened = exchange.reply.opened(exchange.question)
    if opened is None:
        return "not a JSON-RPC answer to what was asked"
    if not exchange.question.batch and isinstance(opened[0], RpcError):
        return node_error(opened[0])
    return ""


def _plain(text: str) -> str:
    shown = _ADDRESS_OF_A_SITE.sub("…", text)
    shown = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in shown)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"

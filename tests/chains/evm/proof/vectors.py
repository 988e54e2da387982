"""Recorded proofs: nine token layouts of our own, and the public transcripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import rlp

from reservecheck.chains.evm.proof.accounts import shown
from reservecheck.chains.evm.proof.world import World
from reservecheck.chains.evm.rlp import Item

FOLDER: Final = Path(__file__).resolve().parents[3] / "data" / "evm-proofs"
_RECORDED: Final = json.loads((FOLDER / "tokens.json").read_text(encoding="utf-8"))
BLOCK: Final[dict[str, Any]] = _RECORDED["block"]
TOKENS: Final[list[dict[str, Any]]] = _RECORDED["tokens"]
ROOT: Final = bytes.fromhex(BLOCK["stateRoot"][2:])
HELD: Final = 123456789012345678901234567


def slots_of(answer: dict[str, Any]) -> list[int]:
    """The slots an answer of eth_getProof is about."""
    return [int(one["key"], 16) for one in answer["storageProof"]]


def world_of(token: dict[str, Any]) -> World:
    """Everything recorded of a token, proven."""
    world = World()
    for answer in token["proofs"]:
        address = answer["address"].lower()
        world.add(address, shown(ROOT, address, slots_of(answer), answer))
    for code in token["codes"].values():
        world.add_code(bytes.fromhex(code[2:]))
    return world


def transcript(name: str) -> tuple[list[Any], dict[str, Any]]:
    """(what was asked, what was answered) of a public transcript."""
    lines = (FOLDER / "execution-apis" / name).read_text(encoding="utf-8").splitlines()
    asked, answered = (json.loads(line[3:]) for line in lines if line[:2] in {">>", "<<"})
    return asked["params"], answered["result"]


def public_headers() -> list[list[bytes]]:
    """The fields of every header of the public chain, in order of height from 1."""
    raw = (FOLDER / "execution-apis" / "chain.rlp").read_bytes()
    headers = []
    at = 0
    while at < len(raw):
        _, _, length, start = rlp.codec.consume_length_prefix(raw, at)
        headers.append(list(rlp.decode(raw[at : start + length])[0]))
        at = start + length
    return headers


def as_item(node: object) -> Item:
    """A node of py-trie, or any list of bytes, as our encoder takes it."""
    if isinstance(node, list | tuple):
        return [as_item(one) for one in node]
    assert isinstance(node, bytes)
    return node

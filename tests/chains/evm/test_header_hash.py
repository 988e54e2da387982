from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from tests.chains.evm.proof.vectors import public_headers
from tests.chains.evm.small_chain import mine
from tests.nodes.running import Node, evm_block

from reservecheck.chains.evm.header_hash import _ADDED_BY_FORKS, _MANDATORY, NUMBER, header_hash

DATA: Final = Path(__file__).resolve().parents[2] / "data" / "ethereum-blocks" / "blocks.json"
BLOCKS: Final[dict[str, dict[str, Any]]] = json.loads(DATA.read_text(encoding="utf-8"))
FORKS: Final = sorted(BLOCKS)
LATEST: Final = "prague"


@pytest.mark.parametrize("fork", FORKS)
def test_the_hash_of_a_header_of_every_fork_is_recomputed(fork: str) -> None:
    block = BLOCKS[fork]
    assert header_hash(block) == block["hash"]


@pytest.mark.parametrize("fork", FORKS)
def test_no_field_of_a_header_can_be_altered_without_altering_the_hash(fork: str) -> None:
    block = BLOCKS[fork]
    for name in set(block) - {"hash", "size", "totalDifficulty"}:
        last = "1" if block[name].endswith("0") else "0"
        longer = block[name] + "00" if block[name] == "0x" else block[name][:-1] + last
        assert header_hash({**block, name: longer}) not in {None, block["hash"]}, name


def test_a_header_that_lacks_a_field_or_has_one_too_long_has_no_hash() -> None:
    block = BLOCKS["london"]
    for name in set(block) - {"hash", "size", "totalDifficulty", "baseFeePerGas"}:
        assert header_hash({**block, name: None}) is None, name
        assert header_hash({**block, name: "1"}) is None, name
    assert header_hash({**block, "parentHash": block["parentHash"] + "00"}) is None
    assert header_hash({**block, "nonce": "0x00"}) is None


def test_fields_of_later_forks_stand_only_on_those_before() -> None:
    block = BLOCKS[LATEST]
    for name in ("baseFeePerGas", "withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot"):
        assert header_hash({**block, name: None}) is None, name
    assert header_hash({**block, "requestsHash": None}) not in {None, block["hash"]}
    assert header_hash({**block, "slotNumber": "0x1"}) is None
    both = {"blockAccessListHash": "0x" + 64 * "0", "slotNumber": "0x1"}
    assert header_hash({**block, **both}) not in {None, block["hash"]}
    assert header_hash({**block, "requestsHash": "0x"}) is None


def test_every_block_of_a_local_chain_has_the_hash_it_states(fresh_anvil: Node) -> None:
    sender = fresh_anvil("eth_accounts")[0]
    fresh_anvil("eth_sendTransaction", {"from": sender, "to": "0x" + 40 * "1", "value": "0x1"})
    mine(fresh_anvil, 12)
    for tag in ("0x0", "0x1", "0x2", "latest", "finalized"):
        block = evm_block(fresh_anvil, tag)
        assert header_hash(block) == block["hash"]


def test_every_header_of_a_public_chain_across_all_forks_has_the_hash_its_child_names() -> None:
    headers = public_headers()
    assert len(headers) == 54
    assert {len(header) for header in headers} == {15, 16, 17, 20, 21}
    for header, child in pairwise(headers):
        assert header_hash(as_answered(header)) == "0x" + child[0].hex()


def as_answered(header: list[bytes]) -> dict[str, str]:
    names = [*_MANDATORY, *_ADDED_BY_FORKS]
    return {
        name: hex(int.from_bytes(field, "big")) if size == NUMBER else "0x" + field.hex()
        for (name, size), field in zip(names, header, strict=False)
    }

"""Mistakes other readers of EVM chains have made, each against a real node behind a proxy that misbehaves.

The codes are those of the list that `tests/test_known_pitfalls.py` checks for being complete.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pytest
from tests.chains.evm.node_transport import only_plain_calls
from tests.chains.evm.pitfalls import (
    HOLDER,
    held,
    over_http,
    point,
    put_odd_tokens,
    rebase,
    settle,
    why,
)
from tests.chains.evm.small_chain import (
    NETWORK,
    fund,
    mine,
    one_by_one,
    owner,
    pairs_of,
    plan_at,
    read,
    token,
    units,
)
from tests.chains.joined import joined
from tests.nodes import fault_proxy as faults
from tests.nodes.fault_proxy import Fault, FaultProxy, fault_proxy, method
from tests.nodes.running import Node, anvil, evm_block

from reservecheck.chains.evm import decode
from reservecheck.chains.evm.cells import REASONS, REVERTED
from reservecheck.chains.evm.pins import FORGED, LEFT
from reservecheck.chains.evm.program import (
    DEPLOYLESS_CELLS,
    FAILED,
    NO_CODE,
    OVERRIDE_CELLS,
    PROGRAM_HEX,
    READER,
    SHORT,
)
from reservecheck.chains.quorum import JointReading
from reservecheck.errors import PinError, SourceError
from reservecheck.model.evidence import Said

MULTICALL3: Final = "0xca11bde05977b3631167028862be2a173976ca11"
LIAR: Final = "0x61ffff60005260206000f3"
READING: Final = method("eth_call", "eth_getBalance")


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """The tokens of both lists in block 1; in block 3 some of them are others than they were."""
    with anvil(tmp_path_factory.mktemp("pitfalls"), 31337) as node:
        put_odd_tokens(node)
        fund(node, 4)
        for contract in (MULTICALL3, READER):
            node("anvil_setCode", contract, LIAR)
        point(node, "seven")
        rebase(node, 9)
        node("anvil_setCode", token("late"), "0x600860005260206000f3")
        mine(node, 12, 12)
        yield node


@pytest.fixture
def proxy(chain: Node) -> Iterator[FaultProxy]:
    with fault_proxy(chain) as between:
        yield between


def test_a_token_that_was_not_deployed_yet_is_unread_and_not_zero(chain: Node, proxy: FaultProxy) -> None:
    """E1: no code at the pin says that there is no token, not that there is nothing."""
    before, _ = over_http(proxy, plan_at(chain, 1, pairs_of([HOLDER], ["late", ""])))
    assert (held(before, "late"), why(before, "late"), held(before)) == (None, REASONS[NO_CODE], 10**18)
    after, _ = over_http(proxy, plan_at(chain, 3, pairs_of([HOLDER], ["late"])))
    assert held(after, "late") == 8


@pytest.mark.parametrize(
    ("name", "expected", "reason"),
    [
        pytest.param("revert", None, REVERTED, id="E2"),
        pytest.param("stop", None, REASONS[SHORT], id="E3"),
        pytest.param("nothing", None, REASONS[NO_CODE], id="E3-no-code"),
        pytest.param("one-byte", None, REASONS[SHORT], id="E4-one-byte"),
        pytest.param("two-words", 42, "", id="E4-two-words"),
        pytest.param("bytes", 32, "", id="E4-bytes"),
    ],
)
def test_an_answer_in_another_shape_is_read_as_contracts_read_it_or_not_at_all(
    chain: Node, proxy: FaultProxy, name: str, expected: int | None, reason: str
) -> None:
    """E2, E3, E4: a revert, nothing, and too little are unread; of more than a word the first word counts."""
    found, _ = over_http(proxy, plan_at(chain, 1, pairs_of([HOLDER], [name, "storage"])))
    assert (held(found, name), why(found, name), held(found, "storage")) == (expected, reason, 1)


@pytest.mark.parametrize("name", [pytest.param("burner", id="E5"), pytest.param("loop", id="E6")])
def test_a_token_that_burns_all_gas_costs_the_others_nothing(chain: Node, proxy: FaultProxy, name: str) -> None:
    """E5, E6: it is unread, and every other cell of the same call is read."""
    owners = [owner(i) for i in range(4)]
    found, transport = over_http(proxy, plan_at(chain, 1, pairs_of(owners, [name, "storage", ""])))
    assert [held(found, "storage", who) for who in owners] == [1, 2, 3, 4]
    assert [held(found, "", who) for who in owners] == [10**18 + i for i in range(4)]
    assert [held(found, name, who) for who in owners] == [None] * 4
    assert REASONS[FAILED] not in {why(found, "storage", who) for who in owners}
    assert len(transport.asked("cells")) == 1


@pytest.mark.parametrize(("height", "expected"), [(1, 5), (3, 7)])
def test_a_proxy_that_was_upgraded_is_read_as_it_was_at_the_pin(
    chain: Node, proxy: FaultProxy, height: int, expected: int
) -> None:
    """E7: what the contract became later changes nothing."""
    found, _ = over_http(proxy, plan_at(chain, height, pairs_of([HOLDER], ["proxy"])))
    assert held(found, "proxy") == expected


@pytest.mark.parametrize(("height", "expected"), [(1, 300), (3, 900)])
def test_a_token_that_rebases_is_read_at_the_rate_of_the_pin(
    chain: Node, proxy: FaultProxy, height: int, expected: int
) -> None:
    """E8: the balance is that of the pinned block, not of now."""
    found, _ = over_http(proxy, plan_at(chain, height, pairs_of([HOLDER], ["rebasing"])))
    assert held(found, "rebasing") == expected


def test_decimals_that_are_missing_or_no_single_word_are_none(chain: Node, proxy: FaultProxy) -> None:
    """E9: they are not guessed, and nobody asks for a symbol, be it a string or 32 bytes."""
    names = ["storage", "revert", "stop", "two-words", "nothing", "largest"]
    found, _ = over_http(proxy, plan_at(chain, 1, pairs_of([HOLDER], names)))
    assert [one.decimals for one in found.decimals] == [6, None, None, None, None, None]
    assert not any(b"95d89b41" in one.body for one in proxy.asked)


def test_no_contract_on_the_chain_is_trusted_to_read_others(chain: Node, proxy: FaultProxy) -> None:
    """E10: code at Multicall3's address, or where our program is laid, is neither asked nor heard."""
    assert len(chain("eth_getCode", MULTICALL3, "latest")) > 2
    found, _ = over_http(proxy, plan_at(chain, 3, pairs_of([HOLDER], ["storage", ""])))
    assert (held(found, "storage"), held(found)) == (1, 10**18)
    assert not any(MULTICALL3[2:].encode() in one.body for one in proxy.asked)


def test_the_first_blocks_of_a_chain_can_be_read(chain: Node, proxy: FaultProxy) -> None:
    """E11: no reader has to be deployed before the pin."""
    plan = plan_at(chain, 0, pairs_of([HOLDER, owner(99)], [""]))
    found, _ = over_http(proxy, plan)
    assert found.pin is not None
    assert found.pin.height == 0
    assert list(units(found).values()) == [one_by_one(chain, pair, found.pin.hash) for pair in plan.pairs]


@pytest.mark.parametrize("cells", [153, 154, 155, DEPLOYLESS_CELLS, DEPLOYLESS_CELLS + 1])
def test_no_cell_is_lost_at_the_edges_of_one_call(chain: Node, proxy: FaultProxy, cells: int) -> None:
    """E12: as init code one call answers for 744 cells; with one more there are two calls."""
    proxy.when(lambda asked: b'"code"' in asked.body, faults.error_body(-32602, "too many arguments"))
    found, transport = over_http(proxy, plan_at(chain, 1, pairs_of([owner(i) for i in range(cells)], ["hash"])))
    assert len(units(found)) == cells
    assert None not in units(found).values()
    calls = [question for question in transport.asked("cells") if len(question.calls[0].params) == 2]
    assert len(calls) == (1 if cells <= DEPLOYLESS_CELLS else 2)


def test_a_block_that_is_no_longer_canonical_is_not_read(fresh_anvil: Node) -> None:
    """E13: the node refuses the pin's hash, and the last look says why."""
    snapshot = fresh_anvil("evm_snapshot")
    fund(fresh_anvil, 1)
    plan = plan_at(fresh_anvil, 1, pairs_of([HOLDER], ["", "storage"]))
    with fault_proxy(fresh_anvil) as between:

        def reorganise() -> None:
            between.behave()
            assert fresh_anvil("evm_revert", snapshot)
            mine(fresh_anvil, 13, 12)

        between.when(READING, faults.after(reorganise))
        found, _ = over_http(between, plan)
    assert {one.reason for one in found.readings.values()} == {LEFT}


@pytest.mark.parametrize("message", ["missing trie node 1f2e", "header not found"])
def test_a_node_that_lags_is_unread_and_the_other_is_used(chain: Node, proxy: FaultProxy, message: str) -> None:
    """E14: its words are kept, and what another source says is taken."""
    plan = plan_at(chain, 1, pairs_of([HOLDER], ["", "storage"]))
    proxy.when(READING, faults.error_body(-32000, message))
    lagging, log = over_http(proxy, plan, name="lagging")
    assert {one.reason for one in lagging.readings.values()} == {f"node error -32000: {message}"}
    _, other = read(chain, plan)
    joint = joined(plan, decode, {"lagging": log.log().exchanges, "other": other.log().exchanges})
    assert [one.units for one in joint.readings.values()] == [10**18, 1]
    assert joint.unread["lagging"] == (3, f"node error -32000: {message}")  # and decimals()


def test_a_header_of_another_block_is_not_taken_for_the_one_asked(chain: Node, proxy: FaultProxy) -> None:
    """E15: another height says nothing, and fields under another block's hash are found out."""
    plan = plan_at(chain, 1, pairs_of([HOLDER], [""]))
    mine_, other = evm_block(chain, "0x1"), evm_block(chain, "0x2")
    whole = faults.altered_entries(lambda entry: entry | {"result": other})
    part = faults.altered_entries(lambda entry: entry | {"result": mine_ | {"stateRoot": other["stateRoot"]}})
    asked_for_one = method("eth_getBlockByNumber")
    proxy.when(lambda asked: asked_for_one(asked) and b'"0x1"' in asked.body, whole)
    found, _ = over_http(proxy, plan)
    assert (found.pin, held(found)) == (None, None)
    proxy.behave()
    proxy.when(lambda asked: asked_for_one(asked) and b'"0x1"' in asked.body, part)
    with pytest.raises(PinError) as caught:
        over_http(proxy, plan)
    assert caught.value.message == f"{NETWORK.network}: {FORGED}"


def three(chain: Node, lie: Fault, names: list[str]) -> JointReading:
    """Three sources of distinct operators, the third of which lies about balances."""
    plan = plan_at(chain, 1, pairs_of([HOLDER], names))
    logs = {}
    for name in ("one", "two", "three"):
        with fault_proxy(chain) as between:
            if name == "three":
                between.when(READING, lie)
            logs[name] = over_http(between, plan, name=name)[1].log().exchanges
    return joined(plan, decode, logs)


def test_balances_of_another_block_are_contradicted_by_the_others(chain: Node) -> None:
    """E15: a node that answers for the newest block, whatever hash is asked, is outvoted and named."""
    newest = evm_block(chain, "latest")["hash"][2:].encode()
    pinned = evm_block(chain, "0x1")["hash"][2:].encode()
    joint = three(chain, faults.asked_otherwise(lambda body: body.replace(pinned, newest)), ["rebasing"])
    assert [one.units for one in joint.readings.values()] == [300]
    ((_, said, settled),) = joint.contradictions
    assert (settled, said[1]) == (True, Said(source="three", value="900"))


def test_one_of_three_that_lies_by_one_wei_is_outvoted_and_named(chain: Node) -> None:
    """E16: the two that agree are taken, and the third is never outvoted in silence."""
    lie = faults.altered(lambda body: body.replace(b"0de0b6b3a7640000", b"0de0b6b3a7640001"))
    joint = three(chain, lie, [""])
    assert [one.units for one in joint.readings.values()] == [10**18]
    ((_, said, settled),) = joint.contradictions
    assert settled
    assert Said(source="three", value=str(10**18 + 1)) in said


def test_another_chain_behind_the_address_is_refused(chain: Node, proxy: FaultProxy) -> None:
    """E18: by its id, before anything else is asked."""
    other = replace(NETWORK, network="eip155:31338", chain_id=31338)
    with pytest.raises(SourceError) as caught:
        over_http(proxy, plan_at(chain, 1, network=other))
    assert caught.value.message == "wrong chain for eip155:31338: the chain id is 31337, expected 31338"
    assert [one.methods for one in proxy.asked] == [("eth_chainId",)]


def test_answers_of_a_batch_are_told_apart_by_their_ids(chain: Node, proxy: FaultProxy) -> None:
    """E19: out of order they are read all the same; where one is missing none counts, and all are asked again."""
    plan = plan_at(chain, 1, pairs_of([owner(i) for i in range(4)], ["", "storage"]))
    expected = units(read(chain, plan)[0])
    no_program = faults.error_body(-32602, "too many arguments")
    for fault in (faults.out_of_order, faults.one_is_missing):
        proxy.behave()
        proxy.when(lambda asked: PROGRAM_HEX[2:].encode() in asked.body, no_program)
        proxy.when(lambda asked: len(asked.methods) > 1, fault)
        found, transport = over_http(proxy, plan)
        assert units(found) == expected
        sizes = [len(question.calls) for question in transport.asked("cells-batch")]
        assert sizes == ([8] if fault is faults.out_of_order else [8, 4, 2, 1, 1, 2, 1, 1, 4, 2, 1, 1, 2, 1, 1])


@pytest.mark.parametrize("cells", [501, OVERRIDE_CELLS + 1])
def test_the_last_cell_after_a_full_call_is_asked_for_too(chain: Node, cells: int) -> None:
    """E20: one more than fits into a call is one call more, and not one cell less."""
    plan = plan_at(chain, 1, pairs_of([owner(i) for i in range(cells)], ["hash"]))
    found, transport = read(chain, plan, only_plain_calls if cells == 501 else lambda _: None)
    assert len(transport.asked("cells-batch" if cells == 501 else "cells")) == 2
    last = plan.pairs[-1]
    assert found.pin is not None
    assert held(found, "hash", last.identity) == one_by_one(chain, last, found.pin.hash)
    assert None not in units(found).values()


def offchain_lookup(url: str) -> str:
    """Code whose every call reverts with OffchainLookup(sender, [url], "", 0, "") of EIP-3668."""
    words = [int(token("ccip"), 16), 0xA0, 0x120, 0, 0x140, 1, 0x20, len(url)]
    text = url.encode().ljust(-(-len(url) // 32) * 32, b"\0")
    said = bytes.fromhex("556f1830") + b"".join(word.to_bytes(32, "big") for word in words) + text + bytes(64)
    head = f"61{len(said):04x}600e60003961{len(said):04x}6000fd"
    return "0x" + head + said.hex()


def test_no_address_that_a_contract_names_is_asked(fresh_anvil: Node) -> None:
    """E21: a token that sends readers to a site of its own is unread, and nobody calls there."""
    with socket.create_server(("127.0.0.1", 0)) as site:
        site.setblocking(False)  # noqa: FBT003  # as socket names it
        code = offchain_lookup(f"http://127.0.0.1:{site.getsockname()[1]}/{{sender}}")
        fresh_anvil("anvil_setCode", token("ccip"), code)
        settle(fresh_anvil)
        with fault_proxy(fresh_anvil) as between:
            found, _ = over_http(between, plan_at(fresh_anvil, 1, pairs_of([HOLDER], ["ccip"])))
        assert (held(found, "ccip"), why(found, "ccip")) == (None, REVERTED)
        with pytest.raises(BlockingIOError):
            site.accept()


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        pytest.param(faults.status(429, retry_after="7"), "http 429", id="E22-429"),
        pytest.param(faults.status(503, b"over capacity"), "http 503", id="E22-503"),
        pytest.param(faults.error_body(-32005, "limit exceeded"), "rate limited", id="E22-error-under-200"),
        pytest.param(faults.truncated, "not json", id="E22-half"),
        pytest.param(faults.html_page, "not json", id="E22-page"),
    ],
)
def test_a_host_that_is_busy_or_broken_is_asked_again_and_then_unread(
    chain: Node, proxy: FaultProxy, fault: Fault, reason: str
) -> None:
    """E22: once is waited for, as long as the host says; always is unread with that reason, and never zero."""
    plan = plan_at(chain, 1, pairs_of([HOLDER], ["", "storage"]))
    waits: list[float] = []
    proxy.when(faults.first(1), fault)
    found, _ = over_http(proxy, plan, waits=waits)
    assert (held(found), held(found, "storage")) == (10**18, 1)
    assert [wait for wait in waits if wait >= 0.5] == [7.0 if reason == "http 429" else 0.5]
    proxy.behave()
    proxy.when(READING, fault)
    found, _ = over_http(proxy, plan)
    assert {(one.units, one.reason) for one in found.readings.values()} == {(None, reason)}


def test_a_wallet_that_is_a_minimal_proxy_is_a_wallet(fresh_anvil: Node) -> None:
    """E23: an account with code of EIP-1167 holds coins and tokens like any other."""
    fund(fresh_anvil, 1)
    fresh_anvil("anvil_setCode", HOLDER, f"0x363d3d373d3d3d363d73{token('five')[2:]}5af43d82803e903d91602b57fd5bf3")
    settle(fresh_anvil)
    with fault_proxy(fresh_anvil) as between:
        found, _ = over_http(between, plan_at(fresh_anvil, 3, pairs_of([HOLDER], ["", "storage"])))
    assert (held(found), held(found, "storage")) == (10**18, 1)

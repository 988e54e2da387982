from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.chains.evm.node_transport import NodeTransport, failed, node_says
from tests.chains.evm.proof.installed import (
    ADDRESSES,
    HOLDER,
    NOBODY,
    PROVER,
    USDC,
    altering,
    held_by_holder,
    install,
    pair,
    plan_of,
    put,
    read,
    reading_of,
)
from tests.chains.evm.proof.vectors import HELD
from tests.chains.evm.small_chain import NETWORK, mine
from tests.nodes.running import Node, anvil

from reservecheck.chains.evm import asked, decode, fetch
from reservecheck.chains.evm.cells import BATCH, CELLS
from reservecheck.chains.evm.proof.exchanges import ACCOUNT, CODE, STORAGE, TOUCHED
from reservecheck.chains.reader import Pair
from reservecheck.model.progress import silent
from reservecheck.model.words import FROZEN
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.log_codec import read_log, write_log
from reservecheck.transport.record import Question, Recorded, Reply

ADDRESS_OF_OZ = ADDRESSES["OZ"]
NATIVE = pair(HOLDER)
OZ = pair(HOLDER, ADDRESS_OF_OZ)
EVERYTHING = tuple(pair(owner, contract) for owner in (HOLDER, NOBODY) for contract in ("", *ADDRESSES.values()))


def test_every_layout_and_the_chains_own_coin_are_proven_for_a_holder_and_for_nobody(tokens: Node) -> None:
    found, transport = read(tokens, plan_of(tokens, *EVERYTHING))
    for one in EVERYTHING:
        reading = reading_of(found, one)
        assert reading.reason == ""
        assert reading.proof == ("proven call" if one.contract else "state proof")
        assert (reading.locked, reading.locked_why) == (0, "")
    for name, contract in ADDRESSES.items():
        assert reading_of(found, pair(HOLDER, contract)).units == held_by_holder(name)
        assert reading_of(found, pair(NOBODY, contract)).units == 0
    assert reading_of(found, NATIVE).units == 7 * 10**18
    assert reading_of(found, pair(NOBODY)).units == 0
    assert found.unproven == (0, "")
    assert [question.purpose for question, _ in transport.said][-1] == "final"
    assert {who for who, _ in asked(transport.log().exchanges) if who} == {HOLDER, NOBODY}


def test_a_proven_reading_names_the_exchanges_its_proof_was_read_from(tokens: Node) -> None:
    found, transport = read(tokens, plan_of(tokens, NATIVE, OZ))
    log = transport.log().exchanges
    for one, decoders in ((NATIVE, {CELLS, ACCOUNT}), (OZ, {CELLS, BATCH, STORAGE, CODE})):
        assert {log[n - 1].question.decoder for n in reading_of(found, one).exchanges} == decoders


def test_a_source_that_is_not_to_prove_is_not_asked_to(tokens: Node) -> None:
    transport = NodeTransport(tokens)
    plan = plan_of(tokens, NATIVE, OZ)
    fetch(plan, replace(PROVER, proofs=False), transport, silent)
    assert not any(question.purpose.startswith("proof") for question, _ in transport.said)
    found = decode(plan, transport.log().exchanges)
    assert (reading_of(found, OZ).units, reading_of(found, OZ).proof, found.unproven) == (HELD, "", (0, ""))


def test_nothing_is_proven_where_the_hash_of_a_header_is_not_recomputed(tokens: Node) -> None:
    plan = plan_of(tokens, NATIVE)
    _, transport = read(tokens, plan)
    unknown = replace(plan, network=replace(NETWORK, header=""))
    found = decode(unknown, transport.log().exchanges)
    assert (reading_of(found, NATIVE).proof, found.unproven) == ("", (0, ""))
    assert not any(question.purpose.startswith("proof") for question, _ in read(tokens, unknown)[1].said)


def test_a_frozen_holder_of_usdc_has_all_of_it_locked(tokens: Node) -> None:
    """E24: the flag in the highest bit is no part of the balance."""
    frozen, free = pair(HOLDER, USDC), pair(NOBODY, USDC)
    found, _ = read(tokens, plan_of(tokens, frozen, free))
    assert reading_of(found, frozen)[3:6] == ("proven call", HELD, FROZEN)
    assert reading_of(found, free)[3:6] == ("proven call", 0, "")
    other = pair(HOLDER, ADDRESSES["Packed"])
    assert reading_of(read(tokens, plan_of(tokens, other))[0], other)[3:6] == ("proven call", 0, "")


def more(value: str) -> str:
    return value[:-1] + ("1" if value[-1] == "0" else "0")


def test_a_node_that_answers_more_than_its_state_holds_is_caught(tokens: Node) -> None:
    """E17: whoever agrees with it, its proof does not."""
    found, _ = read(tokens, plan_of(tokens, NATIVE), altering(tokens, CELLS, more))
    reading = reading_of(found, NATIVE)
    assert reading.units is None
    assert reading.reason == f"the state proof shows {7 * 10**18}, the node answered {7 * 10**18 + 1}"
    assert (reading.proof, len(reading.exchanges), found.unproven) == ("", 2, (0, ""))


def test_a_node_that_answers_more_of_a_token_than_its_state_holds_is_caught(tokens: Node) -> None:
    def fault(question: Question) -> Reply | None:
        decoder = question.decoder if question.decoder in {CELLS, BATCH} else ""
        return altering(tokens, decoder, lambda value: value[:-1] + "0")(question)

    found, _ = read(tokens, plan_of(tokens, OZ), fault)
    lie = HELD - HELD % 16
    assert reading_of(found, OZ)[:2] == (None, f"the proven call shows {HELD}, the node answered {lie}")


def test_a_node_whose_state_was_altered_after_its_block_was_made_proves_nothing(fresh_anvil: Node) -> None:
    fresh_anvil("anvil_setBalance", HOLDER, hex(5))
    mine(fresh_anvil, 12)
    fresh_anvil("anvil_setBalance", HOLDER, hex(500))
    mine(fresh_anvil, 12)
    found, _ = read(fresh_anvil, plan_of(fresh_anvil, NATIVE))
    assert reading_of(found, NATIVE)[:2] == (500, "")
    assert reading_of(found, NATIVE).proof == ""
    assert found.unproven == (1, "a node does not have the hash its parent names")


def without_a_node(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "accountProof": answer["accountProof"][:-1]}


def with_another_value(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "storageProof": [{**one, "value": "0x1"} for one in answer["storageProof"]]}


@pytest.mark.parametrize(
    ("one", "decoder", "change", "reason"),
    [
        (NATIVE, ACCOUNT, without_a_node, "a node on the path is missing"),
        (NATIVE, ACCOUNT, lambda said: {**said, "balance": "0x1"}, "the balance stated is not the one proven"),
        (NATIVE, ACCOUNT, lambda said: {**said, "address": NOBODY}, "the proof is of another address"),
        (NATIVE, ACCOUNT, lambda _: None, "not an answer of eth_getProof"),
        (OZ, STORAGE, without_a_node, "a node on the path is missing"),
        (OZ, STORAGE, with_another_value, "the value of a slot stated is not the one proven"),
        (OZ, CODE, lambda _: "0x00", f"the code of {ADDRESS_OF_OZ} was not answered"),
        (OZ, CODE, lambda _: "code", "the code answered is not hexadecimal"),
        (OZ, TOUCHED, lambda _: {"accessList": []}, "slot "),
        (OZ, TOUCHED, lambda _: {"accessList": [{"address": "0x1", "storageKeys": []}]}, "slot "),
        (OZ, TOUCHED, lambda _: {"accessList": [7]}, "slot "),
        (OZ, TOUCHED, lambda _: None, "slot "),
    ],
)
def test_what_was_tampered_with_leaves_a_holding_read_and_unproven(
    tokens: Node, one: Pair, decoder: str, change: Callable[[Any], object], reason: str
) -> None:
    found, _ = read(tokens, plan_of(tokens, one), altering(tokens, decoder, change))
    reading = reading_of(found, one)
    assert (reading.reason, reading.proof) == ("", "")
    assert reading.units == (HELD if one.contract else 7 * 10**18)
    count, why = found.unproven
    assert count == 1
    assert why.startswith(reason)


def test_a_proof_of_another_block_proves_nothing(fresh_anvil: Node) -> None:
    install(fresh_anvil)
    fresh_anvil("anvil_setBalance", HOLDER, hex(1))
    mine(fresh_anvil, 12)

    def fault(question: Question) -> Reply | None:
        if question.decoder != ACCOUNT:
            return None
        (call,) = question.calls
        later = replace(call, params=(*call.params[:2], "latest"))
        return NodeTransport(fresh_anvil).pass_on(replace(question, calls=(later,)))

    found, _ = read(fresh_anvil, plan_of(fresh_anvil, NATIVE), fault)
    assert reading_of(found, NATIVE)[:4] == (7 * 10**18, "", reading_of(found, NATIVE).exchanges, "")
    assert found.unproven == (1, "a node does not have the hash its parent names")


def test_a_node_that_takes_no_hash_is_asked_by_height(tokens: Node) -> None:
    def fault(question: Question) -> Reply | None:
        by_hash = question.purpose.startswith("proof") and any(
            isinstance(one, dict) for one in question.calls[0].params[1:]
        )
        return node_says("invalid argument 2: json: cannot unmarshal object", -32602) if by_hash else None

    found, transport = read(tokens, plan_of(tokens, NATIVE, OZ), fault)
    assert [reading_of(found, one).proof for one in (NATIVE, OZ)] == ["state proof", "proven call"]
    assert len(transport.asked("proof-accounts")) == 2


@pytest.mark.parametrize(
    ("reply", "times", "reason"),
    [
        (node_says("the method eth_getProof does not exist", -32601), 2,
         "node error -32601: the method eth_getProof does not exist"),
        (node_says("distance to target block exceeds maximum proof window"), 2,
         "node error -32000: distance to target block exceeds maximum proof window"),
        (failed("timed out"), 1, "timed out"),
    ],
)  # fmt: skip
def test_a_node_that_proves_nothing_is_asked_no_more(tokens: Node, reply: Reply, times: int, reason: str) -> None:
    found, transport = read(
        tokens, plan_of(tokens, NATIVE, OZ, pair(NOBODY)),
        lambda question: reply if question.purpose.startswith("proof") else None,
    )  # fmt: skip
    assert [question.purpose for question, _ in transport.said if question.purpose[:5] == "proof"] == times * [
        "proof-accounts"
    ]
    assert [reading_of(found, one)[:2] for one in (NATIVE, OZ)] == [(7 * 10**18, ""), (HELD, "")]
    assert found.unproven == (3, reason)


@pytest.mark.parametrize("purpose", ["proof-accounts", "proof-touched", "proof-storage", "proof-codes"])
def test_a_node_that_stops_proving_amid_it_leaves_the_rest_unproven(tokens: Node, purpose: str) -> None:
    def fault(question: Question) -> Reply | None:
        amid = question.purpose == purpose and (question.ordinal > 1 or purpose != "proof-accounts")
        return failed("unreachable") if amid else None

    found, transport = read(tokens, plan_of(tokens, NATIVE, OZ, pair(NOBODY)), fault)
    proofs = [reading_of(found, one).proof for one in (NATIVE, OZ, pair(NOBODY))]
    assert proofs == ["state proof", "", "" if purpose == "proof-accounts" else "state proof"]
    assert found.unproven[0] == proofs.count("")
    asked_for = [question.purpose for question, _ in transport.said if question.purpose.startswith("proof")]
    assert asked_for[-1] == (purpose if purpose != "proof-touched" else "proof-codes")


def test_holdings_that_were_not_read_are_not_proven(tokens: Node) -> None:
    odd = pair("not an address", ADDRESS_OF_OZ)
    found, _ = read(tokens, plan_of(tokens, odd))
    assert (reading_of(found, odd).units, found.unproven) == (None, (0, ""))
    assert not any(
        question.purpose.startswith("proof") for question, _ in read(tokens, plan_of(tokens, odd))[1].said
    )


def test_holdings_that_were_not_read_are_left_as_they_are(tokens: Node) -> None:
    odd = pair("not an address", ADDRESS_OF_OZ)
    found, _ = read(tokens, plan_of(tokens, odd, OZ))
    assert [reading_of(found, one)[:2] for one in (odd, OZ)] == [
        (None, "not an address of this network"),
        (HELD, ""),
    ]
    assert found.unproven == (0, "")


def test_a_question_that_no_reader_asks_proves_nothing(tokens: Node) -> None:
    plan = plan_of(tokens, NATIVE, OZ)
    _, transport = read(tokens, plan)
    log = [
        replace(item, question=replace(item.question, calls=tuple(longer(call) for call in item.question.calls)))
        if item.question.decoder in {ACCOUNT, STORAGE, CODE}
        else item
        for item in transport.log().exchanges
    ]
    found = decode(plan, log)
    assert [reading_of(found, one).proof for one in (NATIVE, OZ)] == ["", ""]
    assert found.unproven == (2, "no proof was answered")


def longer(call: Call) -> Call:
    return replace(call, params=(*call.params, "0x"))


@pytest.mark.parametrize(
    ("fork", "proof", "why"),
    [
        ("berlin", "", "the header does not say which fork's rules apply"),
        ("london", "proven call", ""),
        ("paris", "proven call", ""),
        ("shanghai", "proven call", ""),
        ("cancun", "proven call", ""),
        ("osaka", "proven call", ""),
    ],
)
def test_calls_are_proven_by_the_rules_of_the_blocks_fork(fork: str, proof: str, why: str, tmp_path: Path) -> None:
    with anvil(tmp_path, 31337, "--hardfork", fork) as node:
        token = "0x" + 20 * "70"
        put(node, token, "0x6004355460005260206000f3", {"0x" + 12 * "00" + HOLDER[2:]: "0x9"})
        mine(node, 12, 12)
        found, _ = read(node, plan_of(node, NATIVE, pair(HOLDER, token)))
    assert reading_of(found, NATIVE).proof == "state proof"
    assert reading_of(found, pair(HOLDER, token))[:4:3] == (9, proof)
    assert found.unproven == ((1, why) if why else (0, ""))


def test_many_owners_of_a_token_need_few_questions(fresh_anvil: Node) -> None:
    owners = [f"0x{i:040x}" for i in range(1, 301)]
    install(fresh_anvil)
    plan = plan_of(fresh_anvil, *(pair(owner, contract) for contract in ADDRESSES.values() for owner in owners))
    found, transport = read(fresh_anvil, plan)
    assert {reading.proof for reading in found.readings.values()} == {"proven call"}
    assert len(transport.asked("proof-touched")) == 1
    assert len(transport.asked("proof-storage")) <= 28


def test_holders_are_asked_for_before_those_who_hold_nothing(fresh_anvil: Node) -> None:
    rich, others = f"0x{200:040x}", [f"0x{i:040x}" for i in range(1, 30)]
    looks_further = "0x600435548060105760005260206000f35b60005450" + "60005260206000f3"  # at slot 0, for a holder
    token = "0x" + 20 * "70"
    put(fresh_anvil, token, looks_further, {f"0x{200:064x}": "0x9", f"0x{0:064x}": "0x5"})
    mine(fresh_anvil, 12, 12)
    found, _ = read(fresh_anvil, plan_of(fresh_anvil, *(pair(owner, token) for owner in [*others, rich])))
    assert {one.proof for one in found.readings.values()} == {"proven call"}
    assert reading_of(found, pair(rich, token)).units == 9


def test_a_token_that_answers_the_owners_own_coin_is_proven_for_all(fresh_anvil: Node) -> None:
    token, owners = "0x" + 20 * "70", [f"0x{i:040x}" for i in range(0x10000, 0x10009)]
    put(fresh_anvil, token, "0x6004353160005260206000f3", {})
    for owner in owners:
        fresh_anvil("anvil_setBalance", owner, hex(int(owner, 16)))
    mine(fresh_anvil, 12, 12)
    found, transport = read(fresh_anvil, plan_of(fresh_anvil, *(pair(owner, token) for owner in owners)))
    assert [one.proof for one in found.readings.values()] == len(owners) * ["proven call"]
    assert [one.units for one in found.readings.values()] == [int(owner, 16) for owner in owners]
    assert len(transport.asked("proof-touched")) == 1


def test_owners_whose_slots_do_not_follow_from_each_other_are_each_asked_for(fresh_anvil: Node) -> None:
    plain = "0x6004355460005260206000f3"  # SLOAD(owner)
    token, owners = "0x" + 20 * "70", [f"0x{i:040x}" for i in range(1, 6)]
    put(fresh_anvil, token, plain, {f"0x{1:064x}": "0x9"})
    mine(fresh_anvil, 12, 12)
    found, transport = read(fresh_anvil, plan_of(fresh_anvil, *(pair(owner, token) for owner in owners)))
    assert [(one.units, one.proof) for one in found.readings.values()] == [
        (9, "proven call"),
        *4 * [(0, "proven call")],
    ]
    assert [len(question.calls) for question in transport.asked("proof-touched")] == [3, 2]


def test_calls_are_not_proven_where_contracts_see_another_block(tokens: Node) -> None:
    plan = plan_of(tokens, NATIVE, OZ)
    _, transport = read(tokens, plan)
    said = transport.log().exchanges
    for chain_id in (None, 42161):
        elsewhere = replace(plan, network=replace(NETWORK, chain_id=chain_id))
        answers = [altered_id(item, chain_id) for item in said]
        found = decode(elsewhere, answers)
        assert [reading_of(found, one).proof for one in (NATIVE, OZ)] == ["state proof", ""]
        assert found.unproven == (1, "contracts of this network see another block than its header says")


def altered_id(item: Recorded, chain_id: int | None) -> Recorded:
    if chain_id is None or item.question.calls[0].method != "eth_chainId":
        return item
    body = f'{{"jsonrpc":"2.0","id":1,"result":"{hex(chain_id)}"}}'
    return replace(item, reply=replace(item.reply, body=body.encode()))


def test_a_block_of_a_later_fork_is_proven_by_the_newest_rules_and_says_so(
    tokens: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(tokens, NATIVE, OZ)
    _, transport = read(tokens, plan)
    said = transport.log().exchanges
    monkeypatch.setattr("reservecheck.chains.evm.proof.block._LATER", ("requestsHash",))
    found = decode(plan, said)
    under = "executed under Prague's rules, the block is of a later fork"
    assert [reading_of(found, one).proof for one in (NATIVE, OZ)] == ["state proof", f"proven call, {under}"]
    monkeypatch.setattr("reservecheck.chains.evm.proof.proving.balance_of", lambda *_: 3)
    found = decode(plan, said)
    assert (reading_of(found, OZ).units, reading_of(found, OZ).proof) == (HELD, "")
    assert found.unproven == (1, f"a proven call, {under}, answers 3 instead")


def test_a_proof_is_found_again_from_the_log_alone(tokens: Node) -> None:
    plan = plan_of(tokens, *EVERYTHING)
    found, transport = read(tokens, plan)
    lines, bodies = write_log(transport.log())
    kept = read_log(lines, bodies.__getitem__)
    assert decode(plan, kept.exchanges).readings == found.readings

from __future__ import annotations

from tests.assess.inputs_factory import (
    BITCOIN,
    BTC,
    CELLS,
    ETH,
    ETHEREUM,
    TOKEN,
    WALLETS,
    cell,
    inputs,
    observation,
    wallet,
)
from tests.rules.asking import ask

from reservecheck.model.evidence import Cell, SourceSeen
from reservecheck.rules.unproven_holding import RULE

LINES = (*WALLETS[:3], wallet(4, "eth-cold", ETHEREUM, "0x" + "22" * 20))


def seen(network: str, name: str, unproven: int = 0) -> SourceSeen:
    why = "the node refuses eth_getProof" if unproven else ""
    return SourceSeen(
        network=network, source=name, operator=name, run_by="third-party", left_out="", unproven=unproven,
        why_unproven=why,
    )  # fmt: skip


def asked(*cells: Cell, sources: tuple[SourceSeen, ...]) -> list[tuple[str, str, str]]:
    return ask(RULE, inputs(wallets=LINES, cells=cells, observation=observation(cells=cells, sources=sources)))


def test_unproven_holding_is_not_asked_where_no_proof_was_missed() -> None:
    ((answer, _, _),) = asked(*CELLS, sources=(seen(ETHEREUM, "a"), seen(BITCOIN, "b")))
    assert answer == "not-applicable"


def test_unproven_holding_breaks_with_the_count_and_the_first_reason() -> None:
    cells = (
        cell(1, "btc-hot", BTC, 1),
        cell(3, "eth-hot", ETH, 1, proof="state proof"),
        cell(3, "eth-hot", TOKEN, 1),
        cell(4, "eth-cold", ETH, None),
    )
    words = (
        "eip155:31337: proofs were asked for, and 1 of 2 holdings is unproven (b: the node refuses eth_getProof)"
    )
    found = asked(*cells, sources=(seen(ETHEREUM, "a"), seen(ETHEREUM, "b", 2), seen(ETHEREUM, "c", 1)))
    assert found == [("breaks", "warning", words)]


def test_unproven_holding_holds_where_another_source_proved_it() -> None:
    proven = cell(3, "eth-hot", ETH, 1, proof="state proof")
    found = asked(proven, sources=(seen(ETHEREUM, "a", 1), seen(ETHEREUM, "b")))
    assert found == [("holds", "warning", "eip155:31337: what a did not prove, another source did")]

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.assess.inputs_factory import (
    BITCOIN,
    CELLS,
    CUTOFF_EPOCH,
    ETHEREUM,
    engagement,
    inputs,
    network,
    observation,
    pin,
    registry,
)
from tests.rules.asking import ask

from reservecheck.model.words import CellStatus
from reservecheck.rules.pin_time import RULE


def test_pin_time_holds_for_a_block_before_the_cutoff() -> None:
    assert ask(RULE, inputs())[0] == (
        "holds",
        "critical",
        "bitcoin:regtest: block 145 of 2018-09-14T07:59:00Z, 60 s before the cut-off",
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"time": CUTOFF_EPOCH + 1}, "block 145 of 2018-09-14T08:00:01Z is 1 s after the cut-off"),
        (
            {"time": CUTOFF_EPOCH - 7201},
            "block 145 of 2018-09-14T05:59:59Z is 7201 s before the cut-off; the limit is 7200 s",
        ),
        ({"final": False}, "block 145 of 2018-09-14T07:59:00Z was not final when it was read"),
        (
            {"still_there": False},
            "block 145 of 2018-09-14T07:59:00Z was not shown to be there still after the last reading",
        ),
    ],
)
def test_pin_time_breaks_for_a_block_that_does_not_stand(changed: dict[str, object], message: str) -> None:
    seen = observation(pins=(pin(BITCOIN, **changed), pin(ETHEREUM)))
    assert ask(RULE, inputs(observation=seen))[0] == ("breaks", "critical", f"bitcoin:regtest: {message}")


@pytest.mark.parametrize("time", [CUTOFF_EPOCH, CUTOFF_EPOCH - 7200])
def test_pin_time_holds_at_the_cutoff_and_at_the_limit(time: int) -> None:
    seen = observation(pins=(pin(BITCOIN, time=time),))
    assert ask(RULE, inputs(observation=seen))[0][0] == "holds"


def test_pin_time_takes_the_tighter_of_the_engagements_and_the_networks_limit() -> None:
    tight = {BITCOIN: replace(network(BITCOIN, "bitcoind"), max_skew_s=59)}
    said = ask(RULE, inputs(registry=registry(networks=tight)))
    assert said[0][2].endswith("is 60 s before the cut-off; the limit is 59 s")
    assert said[1][0] == "holds"
    loose = ask(RULE, inputs(engagement=engagement(skew_seconds=10)))
    assert loose[1][2].endswith("the limit is 10 s")


def test_pin_time_is_not_assessable_for_a_network_without_a_block() -> None:
    said = ask(RULE, inputs(observation=observation(CELLS, pins=(pin(ETHEREUM),))))
    assert said[0] == (
        "not-assessable",
        "critical",
        "bitcoin:regtest: no source answered with a block at the cut-off",
    )


def test_pin_time_says_why_nobody_knows_whether_the_block_is_still_there() -> None:
    unread = [cell._replace(status=CellStatus.UNREAD, units=None, reason="timed out") for cell in CELLS]
    seen = observation(unread, pins=(pin(BITCOIN, still_there=False), pin(ETHEREUM)))
    assert ask(RULE, inputs(observation=seen))[0][2] == (
        "bitcoin:regtest: block 145 of 2018-09-14T07:59:00Z was not shown to be there still after the last reading"
        " (timed out)"
    )


def test_pin_time_says_where_nobody_recomputed_the_hash_of_the_header() -> None:
    other = {BITCOIN: network(BITCOIN, "bitcoind"), ETHEREUM: replace(network(ETHEREUM, "evm"), header="")}
    said = ask(RULE, inputs(registry=registry(networks=other)))
    assert said[0][2].endswith("60 s before the cut-off")
    assert said[1] == (
        "holds",
        "critical",
        f"{ETHEREUM}: block 145 of 2018-09-14T07:59:00Z, 60 s before the cut-off; header hash not recomputed",
    )

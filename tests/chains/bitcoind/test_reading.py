from __future__ import annotations

import pytest
from tests.chains.bitcoind.conftest import Told
from tests.chains.bitcoind.talking import Talk, plan_of, read, units
from tests.nodes.running import Node


@pytest.mark.parametrize("height", [120, 150, 200, 250])
def test_every_script_type_equals_the_independent_ledger_to_the_satoshi(
    story: Node, told: Told, height: int
) -> None:
    reading = read(plan_of(told.all_scripts, told.times[height]), Talk(story))
    assert reading.pin is not None
    assert (reading.pin.height, reading.pin.hash) == (height, told.hashes[height])
    assert units(reading) == told.ledger(height)

from __future__ import annotations

from hypothesis import given
from tests.assess.inputs_factory import owed
from tests.members.records import sizes


@given(sizes, sizes)
def test_net_is_gross_less_what_customers_owe(gross: int, negative: int) -> None:
    line = owed("BTC", gross, negative=negative)
    assert line.net + line.negative == line.gross

from __future__ import annotations

import pytest
from tests.chains.bitcoind.conftest import Told
from tests.chains.bitcoind.talking import SOURCE, Talk, few, plan_of
from tests.nodes.running import Node

from reservecheck.chains.bitcoind import asked, fetch
from reservecheck.model.progress import silent
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Question, Recorded, Reply
from reservecheck.vault.canonical import Json


def question(method: str, params: list[Json]) -> Recorded:
    call = Call(method, params)
    put = Question(network="bitcoin:regtest", source="a", purpose="cells", ordinal=0, decoder="", calls=(call,))
    return Recorded(1, put, Reply("timed out", None, 1, "2018-06-28T00:00:00Z"))


def test_every_script_a_log_asks_for_is_named_whatever_was_answered(story: Node, told: Told) -> None:
    talk = Talk(story)
    fetch(plan_of(told.all_scripts, told.times[150]), SOURCE, talk, silent, pace=few())
    assert set(asked(talk.log.exchanges)) == {(script, "") for script in told.all_scripts}
    assert [*asked([question("scantxoutset", ["start", ["raw(51)", "raw(52)"]])])] == [("51", ""), ("52", "")]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("getblockhash", [7]),
        ("scantxoutset", ["status"]),
        ("scantxoutset", ["start", "raw(51)"]),
        ("scantxoutset", ["start", [7, None]]),
    ],
)
def test_a_question_about_no_script_names_none(method: str, params: list[Json]) -> None:
    assert not [*asked([question(method, params)])]

"""One line on stderr for a source that did not answer: what it last did, and what to look at."""

from __future__ import annotations

import json

import pytest
from tests.cli.command_line import Ask
from tests.cli.small_world import BITCOIN, NETWORKS, ONE, TWO, Desk, source_of
from tests.pipeline.shipped_job import desk as shipped_desk

from reservecheck.bundle import Gathered
from reservecheck.cli.dead_sources import dead_sources
from reservecheck.observe import observe
from reservecheck.transport.record import ANSWERED, Log, Recorded, Reply


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    return shipped_desk(tmp_path_factory.mktemp("hanul")).gathered()


def failing(gathered: Gathered, outcome: str, *, network: str = ONE, purpose: str = "") -> list[str]:
    """The lines where one network's source fails at everything, or at one purpose."""

    def answer(item: Recorded) -> Recorded:
        dead = item.question.network == network and purpose in ("", item.question.purpose)
        reply = Reply(outcome, None, 3, item.reply.at) if dead else item.reply
        return Recorded(item.n, item.question, reply)

    log = Log(tuple(map(answer, gathered.log.exchanges)))
    other = Gathered(cover=gathered.cover, job=gathered.job, log=log)
    return list(dead_sources(other, observe(other.job, log)))


@pytest.mark.parametrize(
    ("outcome", "look_at"),
    [
        ("http 401", " – look at auth in providers.toml"),
        ("no cookie file", " – look at cookie_file in providers.toml, and whether the node runs"),
        ("http 403", " – look at auth in providers.toml"),
        ("unreachable", " – look at url in providers.toml, and at the node"),
        ("http 429", " – lower requests_per_second in providers.toml"),
        ("timed out", " – raise timeout_s in providers.toml, or look at the node"),
        ("http 503", " – look at the node"),
        ("echoes a credential", ""),
    ],
)
def test_what_a_source_did_last_says_where_to_look(gathered: Gathered, outcome: str, look_at: str) -> None:
    assert failing(gathered, outcome) == [f"source local-evm-31337 ({ONE}): {outcome}{look_at}"]


@pytest.mark.parametrize(
    ("message", "look_at"),
    [
        ("missing trie node", " – ask a node that keeps older state"),
        ("daily request limit reached", " – lower requests_per_second in providers.toml"),
        ("invalid API key https://x.example/secret", " – look at auth in providers.toml"),
        ("database is closed", " – look at the node"),
    ],
)
def test_an_error_under_status_200_says_where_to_look_too(gathered: Gathered, message: str, look_at: str) -> None:
    shown = message.replace("https://x.example/secret", "…")
    line = f"source local-evm-31337 ({ONE}): node error -32000: {shown}{look_at}"
    assert refusing(gathered, -32000, message) == [line]


def test_a_method_the_node_does_not_know_says_so(gathered: Gathered) -> None:
    (line,) = refusing(gathered, -32601, "method not found")
    assert line.endswith(
        "node error -32601: method not found – look at kind in providers.toml, and at what the node allows"
    )


def test_what_a_contract_refuses_is_no_fault_of_the_node(gathered: Gathered) -> None:
    assert refusing(gathered, 3, "execution reverted") == []
    assert refusing(gathered, -32003, "Out of gas: gas required exceeds allowance") == []


def refusing(gathered: Gathered, code: int, message: str) -> list[str]:
    """The lines where one network's source answers every question about balances with an error."""

    def answer(item: Recorded) -> Recorded:
        if item.question.network != ONE or not item.question.purpose.startswith("cells"):
            return item
        errors = [
            {"id": i, "error": {"code": code, "message": message}} for i in range(1, len(item.question.calls) + 1)
        ]
        body = json.dumps(errors if item.question.batch else errors[0]).encode()
        return Recorded(item.n, item.question, Reply(ANSWERED, body, 1, item.reply.at))

    log = Log(tuple(map(answer, gathered.log.exchanges)))
    other = Gathered(cover=gathered.cover, job=gathered.job, log=log)
    return list(dead_sources(other, observe(other.job, log)))


def test_answers_that_all_came_are_no_lines(gathered: Gathered) -> None:
    assert failing(gathered, "x", network="eip155:1") == []


def test_a_failure_that_left_nothing_unread_is_no_line(gathered: Gathered) -> None:
    assert failing(gathered, "timed out", network=BITCOIN, purpose="busy") == []


def test_credentials_a_node_refuses_are_said_once(desk: Desk, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODE_USER", "somebody-else")
    monkeypatch.setenv("NODE_PASSWORD", "wrong-password")
    desk.auth[BITCOIN] = 'auth = { user_env = "NODE_USER", password_env = "NODE_PASSWORD" }'
    desk.write_providers()
    line = f"source {source_of(BITCOIN)} ({BITCOIN}): http 401 – look at auth in providers.toml\n"
    for arguments in (desk.collect("evidence"), desk.run()):
        said = ask(*arguments)
        assert said.code == 1
        assert said.err.count(line) == 1


def test_only_sources_that_are_needed_are_opened(desk: Desk, ask: Ask) -> None:
    with desk.providers.open("a") as providers:
        providers.write(
            '[[source]]\nname = "unused"\nnetwork = "eip155:1"\nkind = "evm"\nurl_env = "NOT_SET_ANYWHERE"\n'
            'operator = "own"\nrun_by = "practitioner"\n'
        )
    assert ask(*desk.collect("evidence")).code == 0


def test_every_network_without_a_source_is_named_at_once(desk: Desk, ask: Ask) -> None:
    text = desk.providers.read_text()
    head, *sources = text.split("[[source]]")
    desk.providers.write_text(head + "".join(f"[[source]]{one}" for one in sources if f'"{ONE}"' in one))
    missing = ", ".join(sorted({*NETWORKS} - {ONE}))
    said = ask(*desk.collect("evidence"))
    assert (said.code, missing) == (2, f"{BITCOIN}, {TWO}")
    assert said.err.startswith(f"error: no source is named for {missing}\n")

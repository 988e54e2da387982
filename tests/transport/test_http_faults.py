"""Every fault a provider can show, in front of a real node."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from tests.nodes.fault_proxy import (
    Fault,
    FaultProxy,
    altered,
    always,
    cut_off,
    drip,
    error_body,
    fault_proxy,
    first,
    gzipped,
    hang,
    html_page,
    method,
    nth,
    out_of_order,
    reset,
    status,
    truncated,
    wrong_id,
)
from tests.nodes.running import Node
from tests.transport.asking import CHAIN_ID, HEIGHT, NOW_TEXT, Sleeps, asking, question

from reservecheck.transport.jsonrpc import Result, RpcError
from reservecheck.transport.record import Reply

BATCH = question(("eth_chainId", []), ("net_version", []), ("eth_nothing", []), batch=True)
BACKOFF = [0.5, 1.0, 2.0, 4.0]


@pytest.fixture
def proxy(evm_one: Node) -> Iterator[FaultProxy]:
    with fault_proxy(evm_one) as running:
        yield running


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (status(429), "http 429"),
        (status(503, b"Work queue depth exceeded"), "http 503"),
        (status(500, b"oops"), "http 500"),
        (html_page, "not json"),
        (truncated, "not json"),
        (cut_off, "reset"),
        (reset, "reset"),
        (wrong_id, "wrong id"),
        (error_body(-32005, "daily request count exceeded"), "rate limited"),
        (error_body(429, "slow down"), "rate limited"),
        (error_body(-28, "Loading block index..."), "warming up"),
        (status(200, b"", kind="application/json"), "not json"),
    ],
)
@pytest.mark.parametrize("batch", [False, True])
def test_a_fault_that_stays_is_asked_five_times_and_keeps_no_body(
    proxy: FaultProxy, fault: Fault, outcome: str, *, batch: bool
) -> None:
    proxy.when(always, fault)
    sleeps = Sleeps()
    with asking(proxy.url, sleeps) as transport:
        reply = transport.ask(BATCH if batch else CHAIN_ID)
    assert (reply.outcome, reply.body, reply.attempts, reply.at) == (outcome, None, 5, NOW_TEXT)
    assert sleeps.waits == BACKOFF
    assert len(proxy.asked) == 5


@pytest.mark.parametrize(
    "fault",
    [status(429), status(502), status(504), html_page, truncated, cut_off, reset, wrong_id, error_body(-28, "…")],
)
def test_a_fault_that_passes_leaves_no_trace_but_the_attempts(proxy: FaultProxy, fault: Fault) -> None:
    proxy.when(first(2), fault)
    sleeps = Sleeps()
    with asking(proxy.url, sleeps) as transport:
        reply = transport.ask(CHAIN_ID)
    assert reply.opened(CHAIN_ID) == (Result("0x7a69"),)
    assert (reply.outcome, reply.attempts, sleeps.waits) == ("answered", 3, BACKOFF[:2])


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("Wed, 27 Jun 2018 15:00:30 GMT", 29.1),  # the clock stands at 15:00:00.9
        ("Wed, 27 Jun 2018 15:00:30 -0000", 29.1),
        ("Wed, 27 Jun 2018 14:00:00 GMT", 0.5),
        ("999999999999", 60.0),
        ("soon", 0.5),
        ("-3", 0.5),
        ("", 0.5),
    ],
)
def test_a_host_that_says_when_to_come_back_is_obeyed_for_a_minute_at_most(
    proxy: FaultProxy, retry_after: str, wait: float
) -> None:
    proxy.when(nth(1), status(503, retry_after=retry_after))
    sleeps = Sleeps()
    with asking(proxy.url, sleeps) as transport:
        assert transport.ask(CHAIN_ID).attempts == 2
    assert sleeps.waits == [pytest.approx(wait)]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (status(403, b"not whitelisted"), "http 403"),
        (status(404, b"nothing here"), "http 404"),
        (status(401), "http 401"),
        (status(400, b'{"message": "bad"}'), "http 400"),
        (status(302, b"", retry_after="1"), "http 302"),
        (status(204), "http 204"),
    ],
)
def test_a_refusal_for_good_is_not_asked_again(proxy: FaultProxy, fault: Fault, outcome: str) -> None:
    proxy.when(always, fault)
    with asking(proxy.url) as transport:
        reply = transport.ask(CHAIN_ID)
    assert (reply.outcome, reply.body, reply.attempts) == (outcome, None, 1)


def test_a_redirect_is_not_followed(proxy: FaultProxy, evm_two: Node) -> None:
    def elsewhere(handler: object, ask: object) -> None:
        del ask
        handler.send(307, b"", {"Location": evm_two.url})  # type: ignore[attr-defined]  # the proxy's Handler

    proxy.when(always, elsewhere)
    with asking(proxy.url) as transport:
        assert transport.ask(CHAIN_ID).outcome == "http 307"


def test_the_answers_of_a_batch_may_come_in_any_order(proxy: FaultProxy) -> None:
    with asking(proxy.url) as transport:
        plain = transport.ask(BATCH)
        proxy.when(always, out_of_order)
        turned = transport.ask(BATCH)
    assert turned.body != plain.body
    assert turned.opened(BATCH) == plain.opened(BATCH)
    assert turned.opened(BATCH) == (Result("0x7a69"), Result("31337"), RpcError(-32601, "Method not found"))


def test_an_answer_missing_from_a_batch_is_no_answer(proxy: FaultProxy) -> None:
    proxy.when(always, altered(lambda body: body[: body.rindex(b',{"jsonrpc')] + b"]"))
    with asking(proxy.url) as transport:
        assert transport.ask(BATCH).outcome == "wrong id"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b'{"jsonrpc":"2.0","id":null,"error":{"code":-32005,"message":"limit"}}', "rate limited"),
        (b'{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}', "wrong id"),
        (b'{"jsonrpc":"2.0","id":null,"error":{"code":"-32005"}}', "wrong id"),
        (b'{"jsonrpc":"2.0","id":null,"error":"no"}', "wrong id"),
        (b"[]", "wrong id"),
    ],
)
def test_one_object_in_place_of_a_batch_is_no_answer(proxy: FaultProxy, body: bytes, outcome: str) -> None:
    proxy.when(always, status(200, body))
    with asking(proxy.url) as transport:
        assert transport.ask(BATCH).outcome == outcome


def test_a_host_that_hangs_is_given_up_at_the_deadline(proxy: FaultProxy) -> None:
    proxy.when(always, hang)
    with asking(proxy.url, timeout_s=0.05) as transport:
        reply = transport.ask(CHAIN_ID)
    assert (reply.outcome, reply.body, reply.attempts) == ("timed out", None, 5)


@pytest.mark.parametrize("headers_too", [False, True])
def test_a_slow_drip_does_not_escape_the_deadline(proxy: FaultProxy, *, headers_too: bool) -> None:
    proxy.when(always, drip(0.01, headers_too=headers_too))
    with asking(proxy.url, timeout_s=0.1) as transport:
        reply = transport.ask(BATCH)
    assert (reply.outcome, reply.attempts) == ("timed out", 5)


def test_an_answer_without_end_does_not_escape_the_deadline(proxy: FaultProxy) -> None:
    def endless(handler: object, ask: object) -> None:
        del ask
        handler.head(200, 10**12)  # type: ignore[attr-defined]  # the proxy's Handler
        while not proxy.stopped.is_set():
            handler.wfile.write(b" " * 1000)  # type: ignore[attr-defined]  # the proxy's Handler

    proxy.when(always, endless)
    with asking(proxy.url, timeout_s=0.05) as transport:
        assert transport.ask(CHAIN_ID).outcome == "timed out"


def test_a_host_that_is_gone_is_asked_once_a_question_until_it_is_back(proxy: FaultProxy) -> None:
    proxy.when(first(3), hang)
    with asking(proxy.url, timeout_s=0.3, attempts=2) as transport:
        assert transport.ask(CHAIN_ID) == Reply("timed out", None, 2, NOW_TEXT)
        assert transport.ask(CHAIN_ID) == Reply("timed out", None, 1, NOW_TEXT)
        assert transport.ask(CHAIN_ID).outcome == "answered"
        proxy.when(always, status(503))
        assert transport.ask(CHAIN_ID) == Reply("http 503", None, 2, NOW_TEXT)
        assert transport.ask(CHAIN_ID) == Reply("http 503", None, 2, NOW_TEXT)


def test_nobody_listening_is_unreachable(proxy: FaultProxy) -> None:
    proxy.die()
    with asking(proxy.url) as transport:
        reply = transport.ask(CHAIN_ID)
    assert (reply.outcome, reply.body, reply.attempts) == ("unreachable", None, 5)


def test_a_connection_lost_between_two_questions_is_made_again(proxy: FaultProxy, evm_one: Node) -> None:
    with asking(proxy.url) as transport:
        assert transport.ask(CHAIN_ID).outcome == "answered"
        proxy.when(nth(2), reset)
        assert transport.ask(CHAIN_ID).attempts == 2
    assert evm_one("eth_chainId") == "0x7a69"


def test_a_compressed_answer_is_kept_as_it_was_before_compression(proxy: FaultProxy) -> None:
    with asking(proxy.url) as transport:
        plain = transport.ask(CHAIN_ID).body
        proxy.when(always, gzipped)
        assert transport.ask(CHAIN_ID).body == plain
        assert proxy.asked[-1].headers["accept-encoding"] == "gzip"


def test_damaged_compression_is_not_json(proxy: FaultProxy) -> None:
    def damaged(handler: object, ask: object) -> None:
        del ask
        handler.send(200, b"no gzip", {"Content-Encoding": "gzip"})  # type: ignore[attr-defined]  # the proxy's Handler

    proxy.when(always, damaged)
    with asking(proxy.url) as transport:
        assert transport.ask(CHAIN_ID).outcome == "not json"


def test_a_bomb_is_too_large_and_not_asked_for_again(proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = gzip.compress(b" " * 20_000_000)

    def burst(handler: object, ask: object) -> None:
        del ask
        handler.send(200, bomb, {"Content-Encoding": "gzip"})  # type: ignore[attr-defined]  # the proxy's Handler

    proxy.when(always, burst)
    with asking(proxy.url) as transport:
        monkeypatch.setattr(transport._wires["node"], "_largest_body", 1_000_000)
        reply = transport.ask(CHAIN_ID)
    assert len(bomb) < 1_000_000
    assert (reply.outcome, reply.body, reply.attempts) == ("too large", None, 1)


def test_a_lie_about_a_balance_arrives_as_an_answer(proxy: FaultProxy, evm_one: Node) -> None:
    account = evm_one("eth_accounts")[0]
    asked = question(("eth_getBalance", [account, "latest"]))
    proxy.when(method("eth_getBalance"), altered(lambda body: body.replace(b'"0x', b'"0xf')))
    with asking(proxy.url) as transport:
        reply = transport.ask(asked)
    assert reply.opened(asked) == (Result("0xf" + evm_one("eth_getBalance", account, "latest")[2:]),)


def test_an_aborted_scan_answers_200_and_is_passed_on_for_the_decoder_to_refuse(bitcoind: Node) -> None:
    asked = question(("scantxoutset", ["start", ["raw(51)"]]))
    with fault_proxy(bitcoind) as proxy, asking(proxy.url) as transport:
        proxy.when(
            method("scantxoutset"), altered(lambda body: body.replace(b'"success":true', b'"success":false'))
        )
        opened = transport.ask(asked).opened(asked)
    assert opened is not None
    assert isinstance(opened[0], Result)
    assert opened[0].value["success"] is False


def test_an_error_under_status_500_or_404_is_an_answer_of_an_older_node(bitcoind: Node) -> None:
    asked = question(("getblockhash", [9_999_999]))
    refused = b'{"result":null,"error":{"code":-8,"message":"Block height out of range"},"id":1}'
    with fault_proxy(bitcoind) as proxy, asking(proxy.url) as transport:
        for code in (500, 404, 400):
            proxy.behave()
            proxy.when(always, status(code, refused))
            reply = transport.ask(asked)
            assert reply.opened(asked) == (RpcError(-8, "Block height out of range"),)
            assert reply.attempts == 1


def test_a_bitcoin_node_that_warms_up_is_waited_for(bitcoind: Node) -> None:
    warming = b'{"result":null,"error":{"code":-28,"message":"Verifying blocks..."},"id":1}'
    with fault_proxy(bitcoind) as proxy, asking(proxy.url) as transport:
        proxy.when(first(3), status(500, warming))
        reply = transport.ask(HEIGHT)
    assert (reply.outcome, reply.attempts) == ("answered", 4)

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests.nodes.fault_proxy import always, fault_proxy, first, status
from tests.nodes.running import Node, bitcoind_node
from tests.transport.asking import CHAIN_ID, HEIGHT, Sleeps, asking, question

from reservecheck.errors import SourceError
from reservecheck.transport.endpoint import Endpoint
from reservecheck.transport.http import HttpTransport
from reservecheck.transport.jsonrpc import Result


def test_a_source_nobody_named_is_refused() -> None:
    with HttpTransport({}) as transport, pytest.raises(SourceError) as refused:
        transport.ask(CHAIN_ID)
    assert str(refused.value) == (
        "no source is named node\n  hint: name it in the providers file, or ask another one"
    )


def test_a_node_behind_a_cookie_is_asked_with_it(bitcoind: Node) -> None:
    with asking(bitcoind.url, cookie_file=bitcoind.cookie_file) as transport:
        reply = transport.ask(HEIGHT)
    assert reply.opened(HEIGHT) == (Result(bitcoind("getblockcount")),)


def test_a_node_behind_a_user_is_asked_with_it_and_a_wrong_password_fails_once(bitcoind: Node) -> None:
    assert bitcoind.auth is not None
    user, password = bitcoind.auth
    with asking(bitcoind.url, user=user, password=password) as transport:
        assert transport.ask(HEIGHT).outcome == "answered"
    with asking(bitcoind.url, user=user, password=password[:-1]) as transport:
        reply = transport.ask(HEIGHT)
    assert (reply.outcome, reply.attempts) == ("http 401", 1)


def test_a_cookie_written_anew_by_a_restarted_node_is_read_again(tmp_path: Path) -> None:
    cookie = tmp_path / "cookie"
    cookie.write_text("__cookie__:of-the-run-before")
    with bitcoind_node(tmp_path) as node, asking(node.url, cookie_file=cookie) as transport:
        assert transport.ask(HEIGHT).outcome == "http 401"
        assert node.cookie_file is not None
        cookie.write_text(node.cookie_file.read_text())
        reply = transport.ask(HEIGHT)
    assert (reply.outcome, reply.attempts) == ("answered", 1)


def test_many_threads_notice_one_new_cookie(bitcoind: Node, tmp_path: Path) -> None:
    cookie = tmp_path / "cookie"
    cookie.write_text("__cookie__:of-the-run-before")
    outcomes: list[str] = []
    with asking(bitcoind.url, cookie_file=cookie) as transport:
        assert bitcoind.cookie_file is not None
        cookie.write_text(bitcoind.cookie_file.read_text())
        threads = [threading.Thread(target=lambda: outcomes.append(transport.ask(HEIGHT).outcome)) for _ in "1234"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert outcomes == ["answered"] * 4


def test_a_cookie_file_that_is_not_there_is_a_failure_of_its_own_until_it_is(
    bitcoind: Node, tmp_path: Path
) -> None:
    cookie = tmp_path / "none"
    with fault_proxy(bitcoind) as proxy, asking(proxy.url, cookie_file=cookie) as transport:
        reply = transport.ask(HEIGHT)
        assert (reply.outcome, reply.body, reply.attempts, len(proxy.asked)) == ("no cookie file", None, 1, 0)
        assert bitcoind.cookie_file is not None
        cookie.write_text(bitcoind.cookie_file.read_text())
        assert transport.ask(HEIGHT).outcome == "answered"


def test_headers_reach_the_host(evm_one: Node) -> None:
    with fault_proxy(evm_one) as proxy, asking(proxy.url, headers={"X-Key": "k"}) as transport:
        transport.ask(CHAIN_ID)
        assert proxy.asked[0].headers["x-key"] == "k"
        assert proxy.asked[0].headers["user-agent"] == "reservecheck"


def test_proxies_of_the_environment_are_not_used(evm_one: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with asking(evm_one.url) as transport:
        assert transport.ask(CHAIN_ID).outcome == "answered"


def test_the_limit_on_requests_at_a_time_is_kept_and_shared_by_sources_of_one_host(evm_one: Node) -> None:
    def slow(handler: object, ask: object) -> None:
        threading.Event().wait(0.02)
        handler.send(200, ask().body)  # type: ignore[attr-defined,operator]  # the proxy's Handler and its node

    with fault_proxy(evm_one) as proxy:
        proxy.when(always, slow)
        wide, narrow = (Endpoint(proxy.url, requests_per_second=1000, parallel=n) for n in (8, 3))
        with HttpTransport({"wide": wide, "narrow": narrow}) as transport:
            threads = [
                threading.Thread(target=transport.ask, args=[question(("eth_chainId", []), source=source)])
                for source in ("wide", "narrow")
                for _ in range(8)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert len(proxy.asked) == 16
        assert proxy.busiest == 3


def test_requests_are_spread_over_time_at_the_rate_of_the_source(evm_one: Node) -> None:
    slept: list[float] = []
    endpoint = Endpoint(evm_one.url, requests_per_second=1)
    with HttpTransport({"node": endpoint}, sleep=slept.append) as transport:
        for _ in range(4):
            assert transport.ask(CHAIN_ID).outcome == "answered"
    assert [round(seconds) for seconds in slept] == [1, 2, 3]


def test_the_number_of_attempts_can_be_chosen(evm_one: Node) -> None:
    with fault_proxy(evm_one) as proxy:
        proxy.when(first(3), status(503))
        endpoint = Endpoint(proxy.url, requests_per_second=1000)
        with HttpTransport({"node": endpoint}, sleep=Sleeps(), attempts=2) as transport:
            assert transport.ask(CHAIN_ID).attempts == 2


def test_nothing_heavy_is_imported_before_a_transport_is_made() -> None:
    code = "import sys, reservecheck.transport.http; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

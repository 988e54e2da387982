"""Credentials are planted everywhere they can be given, everything goes wrong, and they turn up nowhere."""

from __future__ import annotations

import logging
import traceback
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.nodes.fault_proxy import (
    Fault,
    FaultProxy,
    always,
    cut_off,
    error_body,
    fault_proxy,
    hang,
    html_page,
    reset,
    status,
    truncated,
    wrong_id,
)
from tests.nodes.running import Node
from tests.transport.asking import CHAIN_ID, NOW_TEXT, Sleeps, question

from reservecheck.errors import ReservecheckError
from reservecheck.transport.endpoint import Endpoint
from reservecheck.transport.http import HttpTransport
from reservecheck.transport.journal import RecordingTransport
from reservecheck.transport.log_codec import write_log
from reservecheck.transport.record import Reply
from reservecheck.transport.replay import ReplayTransport

KEY, QUERY, HEADER, USER, PHRASE, COOKIE = (
    f"planted-{name}-0123456789" for name in ("path", "query", "header", "user", "phrase", "cookie")
)
PLANTED = (KEY, QUERY, HEADER, USER, PHRASE, COOKIE)


@pytest.fixture
def proxy(evm_one: Node) -> Iterator[FaultProxy]:
    with fault_proxy(evm_one) as running:
        yield running


def endpoints(proxy: FaultProxy, folder: Path, timeout_s: float = 10) -> dict[str, Endpoint]:
    cookie = folder / ".cookie"
    cookie.write_text(f"__cookie__:{COOKIE}")
    url = f"{proxy.url}/v3/{KEY}?apikey={QUERY}"
    limits: dict[str, Any] = {"requests_per_second": 1000, "timeout_s": timeout_s}
    return {
        "basic": Endpoint(url, headers={"X-Api-Key": HEADER}, user=USER, password=PHRASE, **limits),
        "cookie": Endpoint(url, cookie_file=cookie, **limits),
        "inside": Endpoint(url.replace("http://", f"http://{USER}:{PHRASE}@"), **limits),
    }


@pytest.mark.parametrize(
    "fault",
    [
        None,
        cut_off,
        error_body(-32005, "limit"),
        hang,
        html_page,
        reset,
        status(401),
        status(429),
        status(500, " ".join(PLANTED).encode()),
        truncated,
        wrong_id,
    ],
)
def test_no_credential_reaches_disk_log_repr_or_terminal(
    proxy: FaultProxy,
    tmp_path: Path,
    fault: Fault | None,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    if fault is not None:
        proxy.when(always, fault)
    sources = endpoints(proxy, tmp_path, timeout_s=0.05 if fault is hang else 10)
    folder = tmp_path / "run"
    shown: list[object] = [sources]
    with HttpTransport(sources, sleep=Sleeps()) as transport:
        recording = RecordingTransport(transport, folder)
        for ordinal, name in enumerate(sources):
            shown.append(recording.ask(question(("eth_chainId", []), ordinal=ordinal, source=name)))
        shown += [transport, recording, vars(transport), recording.log(), ReplayTransport(recording.log())]
    jsonl, bodies = write_log(recording.log())
    printed = capfd.readouterr()
    texts = [repr(shown), str(shown), caplog.text, printed.out, printed.err, jsonl.decode()]
    texts += [body.decode() for body in bodies.values()]
    texts += [content(path) for path in folder.rglob("*") if path.is_file()]
    assert_clean("\n".join(texts), proxy)
    assert len(proxy.asked) >= 3


@pytest.mark.parametrize("secret", PLANTED)
def test_a_host_that_repeats_a_credential_is_not_written_down(
    proxy: FaultProxy, tmp_path: Path, secret: str
) -> None:
    body = f'{{"id":1,"jsonrpc":"2.0","error":{{"code":-32000,"message":"bad key {secret}"}}}}'.encode()
    proxy.when(always, status(200, body))
    repeated = 0
    with HttpTransport(endpoints(proxy, tmp_path), sleep=Sleeps()) as transport:
        recording = RecordingTransport(transport, tmp_path / "run")
        for ordinal, name in enumerate(("basic", "cookie", "inside")):
            reply = recording.ask(question(("eth_chainId", []), ordinal=ordinal, source=name))
            if reply.outcome != "answered":
                assert reply == Reply("echoes a credential", None, 1, reply.at)
                repeated += 1
    assert repeated == {KEY: 3, QUERY: 3, HEADER: 1, USER: 2, PHRASE: 2, COOKIE: 1}[secret]


def test_a_cookie_read_again_is_watched_for_too(proxy: FaultProxy, tmp_path: Path) -> None:
    with HttpTransport(endpoints(proxy, tmp_path), sleep=Sleeps(), clock=lambda: 1_530_111_600) as transport:
        asked = question(("eth_chainId", []), source="cookie")
        assert transport.ask(asked).outcome == "answered"
        (tmp_path / ".cookie").write_text("__cookie__:planted-anew-0123456789")
        proxy.when(lambda one: one.number == 2, status(401))
        proxy.when(always, status(200, b'{"id":1,"result":"planted-anew-0123456789"}'))
        assert transport.ask(asked) == Reply("echoes a credential", None, 1, NOW_TEXT)


@pytest.mark.parametrize(
    "broken",
    [
        {"url": f"gopher://{USER}:{PHRASE}@127.0.0.1/{KEY}"},
        {"url": f"http://127.0.0.1:port/{KEY}?{QUERY}"},
        {"headers": {"X-Api-Key": HEADER + "\n"}},
        {"user": USER},
        {"password": PHRASE},
        {"user": USER, "password": PHRASE, "cookie_file": Path(COOKIE)},
    ],
)
def test_no_credential_reaches_an_error(proxy: FaultProxy, broken: dict[str, Any]) -> None:
    with pytest.raises(ReservecheckError) as refused:
        HttpTransport({"alpha": Endpoint(**{"url": f"{proxy.url}/{KEY}"} | broken)})
    assert_clean("".join(traceback.format_exception(refused.value)), proxy)
    assert_clean(repr(refused.value), proxy)


def test_no_credential_reaches_the_error_about_an_unknown_source(proxy: FaultProxy, tmp_path: Path) -> None:
    with HttpTransport(endpoints(proxy, tmp_path)) as transport, pytest.raises(ReservecheckError) as refused:
        transport.ask(CHAIN_ID)
    assert_clean("".join(traceback.format_exception(refused.value)), proxy)


def content(path: Path) -> str:
    data = path.read_bytes()
    return (zlib.decompress(data, zlib.MAX_WBITS | 16) if path.suffix == ".gz" else data).decode()


def assert_clean(text: str, proxy: FaultProxy) -> None:
    found = [secret for secret in PLANTED if secret in text]
    assert found == []
    assert f":{proxy.server_address[1]}" not in text

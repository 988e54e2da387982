from __future__ import annotations

import logging
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.nodes.fault_proxy import FaultProxy, fault_proxy
from tests.nodes.running import Node
from tests.transport.asking import CHAIN_ID, asking

from reservecheck.transport.jsonrpc import Result


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
        ],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def secure(evm_one: Node, certificate: Path) -> Iterator[FaultProxy]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with fault_proxy(evm_one) as proxy:
        proxy.socket = context.wrap_socket(proxy.socket, server_side=True)
        yield proxy


def test_a_certificate_nobody_vouches_for_is_not_accepted(secure: FaultProxy) -> None:
    with asking(f"https://localhost:{secure.server_address[1]}/") as transport:
        assert transport.ask(CHAIN_ID).outcome == "unreachable"
    assert secure.asked == []


def test_a_certificate_that_is_vouched_for_is_accepted(
    secure: FaultProxy, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.create_default_context(cafile=certificate / "cert.pem")
    monkeypatch.setattr(httpx, "create_ssl_context", lambda **_: trusting)
    with asking(f"https://localhost:{secure.server_address[1]}/") as transport:
        assert transport.ask(CHAIN_ID).opened(CHAIN_ID) == (Result("0x7a69"),)


def test_a_host_name_that_cannot_be_looked_up_is_unreachable() -> None:
    for host in ("no-such-host.invalid", "a" * 64 + ".invalid"):
        with asking(f"http://{host}/") as transport:
            assert transport.ask(CHAIN_ID).outcome == "unreachable"


def test_our_requests_are_not_logged_and_those_of_others_are(
    evm_one: Node, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with asking(evm_one.url) as transport:
        transport.ask(CHAIN_ID)
        assert caplog.records == []
        httpx.post(evm_one.url, json={}, trust_env=False)
    assert {"httpx", "httpcore.http11"} <= {record.name for record in caplog.records}


def test_a_large_question_is_sent_whole(evm_one: Node) -> None:
    with fault_proxy(evm_one) as proxy, asking(proxy.url) as transport:
        big = CHAIN_ID.__class__(
            network="eip155:31337", source="node", purpose="cells", ordinal=1, decoder="test/1",
            calls=CHAIN_ID.calls * 5000, batch=True,
        )  # fmt: skip
        assert transport.ask(big).opened(big) == (Result("0x7a69"),) * 5000
        assert len(proxy.asked[0].body) > 3 * 65536

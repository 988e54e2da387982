"""What lets one in, and who the customers are, is found in nothing that is written or printed."""

from __future__ import annotations

import gzip
import traceback
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.command_line import Ask, Said
from tests.cli.small_world import BITCOIN, CUSTOMER, ONE, TWO, Desk
from tests.nodes import fault_proxy as faults
from tests.nodes.fault_proxy import FaultProxy, always, fault_proxy, method

from reservecheck import __main__
from reservecheck.cli import collecting

PASSWORD = "hunter2-password"  # noqa: S105  # planted, to be looked for
KEY = "header-key-5f3a"
TOKEN = "url-token-77ab"  # noqa: S105  # as above


@pytest.fixture
def guarded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Desk, FaultProxy]]:
    """A password for one network, a header for another, a token in the URL of the third."""
    monkeypatch.setenv("RPC_USER", "satoshi-user")
    monkeypatch.setenv("RPC_PASSWORD", PASSWORD)
    monkeypatch.setenv("API_KEY", KEY)
    with fault_proxy(desk.world.nodes[ONE]) as one, fault_proxy(desk.world.nodes[TWO]) as two:
        monkeypatch.setenv("TWO_URL", f"{two.url}/v2/{TOKEN}")
        desk.urls.update({ONE: one.url, TWO: 'url_env = "TWO_URL"'})
        desk.auth[ONE] = 'auth = { header = "X-Api-Key", value_env = "API_KEY" }'
        desk.write_providers()
        yield desk, one


def nothing_leaked(desk: Desk, *said: Said) -> None:
    cookie = desk.world.nodes[BITCOIN].auth
    assert cookie is not None
    secrets = [PASSWORD, KEY, TOKEN, cookie[1], "satoshi-user", CUSTOMER, "127.0.0.1"]
    everything = [(one.out + one.err).encode() for one in said]
    inputs = {desk.providers, desk.snapshot / "customers.csv"}
    for path in desk.folder.rglob("*"):
        if path.is_file() and path not in inputs:
            data = path.read_bytes()
            everything += [data, inflated(data)]
    for secret in secrets:
        assert not [text for text in everything if secret.encode() in text], secret


def inflated(data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return b""


def test_nothing_leaks_after_success(guarded: tuple[Desk, FaultProxy], ask: Ask) -> None:
    desk, one = guarded
    bundle = str(desk.folder / "bundle")
    collected = ask(*desk.collect("evidence"))
    ran = ask(*desk.run("--bundle", bundle))
    assert (collected.code, ran.code) == (0, 0)
    assert one.asked[0].headers["x-api-key"] == KEY
    others = [
        ask("verify", bundle),
        ask("trace", bundle, "usdt", "--all"),
        ask("report", bundle, "--format", "json"),
    ]
    nothing_leaked(desk, collected, ran, *others)


def test_nothing_leaks_after_failures(guarded: tuple[Desk, FaultProxy], ask: Ask, waits: list[float]) -> None:
    desk, one = guarded
    echo = f'{{"jsonrpc":"2.0","id":1,"error":{{"code":-1,"message":"bad key {KEY}"}}}}'.encode()
    one.when(method("eth_call"), faults.status(200, echo, kind="application/json"))
    one.when(always, faults.status(401, f"no such key {KEY}".encode()))
    said = ask(*desk.run("--bundle", str(desk.folder / "bundle")))
    assert said.code == 1
    nothing_leaked(desk, said)
    assert waits is not None


def test_nothing_leaks_with_a_wrong_password(
    guarded: tuple[Desk, FaultProxy], ask: Ask, waits: list[float]
) -> None:
    desk, _ = guarded
    desk.auth[BITCOIN] = 'auth = { user_env = "RPC_USER", password_env = "RPC_PASSWORD" }'
    desk.write_providers()
    said = ask(*desk.run("--bundle", str(desk.folder / "bundle")))
    assert said.code == 1
    assert "http 401" in said.out
    nothing_leaked(desk, said)
    assert waits is not None


def test_nothing_leaks_where_a_variable_is_not_set(
    guarded: tuple[Desk, FaultProxy], ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _ = guarded
    monkeypatch.delenv("API_KEY")
    said = ask(*desk.run("--bundle", str(desk.folder / "bundle"), "--debug"))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: source src-eip155-31337: the environment variable API_KEY is not set\n")
    nothing_leaked(desk, said)


@pytest.mark.parametrize(
    "row",
    [f"{CUSTOMER}-9,BTC,1.2.3,spot", f"{CUSTOMER}-9,NOPE,1,spot", f"{CUSTOMER}-9,BTC", f'"{CUSTOMER}-9'],
)
def test_a_bad_row_is_named_without_its_customer(desk: Desk, ask: Ask, row: str) -> None:
    with (desk.snapshot / "customers.csv").open("a") as rows:
        rows.write(row + "\n")
    for said in (ask(*desk.run("--debug")), ask("lint", str(desk.wallets), str(desk.snapshot))):
        assert said.code in (1, 2)
        assert f"{desk.snapshot}/customers.csv" in said.out + said.err
        nothing_leaked(desk, said)


def test_a_traceback_shows_no_secret(
    guarded: tuple[Desk, FaultProxy], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _ = guarded

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(collecting, "collect", broken)
    with pytest.raises(RuntimeError) as raised:
        __main__.run([*desk.collect("evidence"), "--debug"])
    text = "".join(traceback.format_exception(raised.value))
    nothing_leaked(desk, Said(2, text.replace("127.0.0.1", ""), ""))
    assert tmp_path.exists()

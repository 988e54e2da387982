"""A real process, stopped in the middle: nothing half-written at the target, and a rerun goes on from there."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.cli.command_line import Ask
from tests.cli.small_world import ONE, Desk
from tests.nodes import fault_proxy as faults
from tests.nodes.fault_proxy import FaultProxy, fault_proxy, method

from reservecheck.vault.sealed import Sealed

READING = method("eth_call", "eth_getBalance")


@pytest.fixture
def proxy(desk: Desk) -> Iterator[FaultProxy]:
    with fault_proxy(desk.world.nodes[ONE]) as before:
        desk.urls[ONE] = before.url
        desk.write_providers()
        yield before


def stopped_while_reading(desk: Desk, proxy: FaultProxy, how: signal.Signals) -> subprocess.CompletedProcess[str]:
    """Start `collect` as its own process and stop it once it waits for the first answer about a balance."""
    proxy.when(READING, faults.hang)
    command = [sys.executable, "-m", "reservecheck", *desk.collect("evidence")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            deadline = time.monotonic() + 30
            while not any(READING(asked) for asked in proxy.asked):
                assert time.monotonic() < deadline
                time.sleep(0.02)
            settle(desk)
            process.send_signal(how)
            out, err = process.communicate(timeout=5)
        finally:
            process.kill()
    return subprocess.CompletedProcess([], process.returncode, out, err)


def settle(desk: Desk) -> None:
    """Until the other chains are read too: the journal does not grow any more."""
    journal = desk.folder / "evidence.partial" / "journal.jsonl"
    before = -1
    while journal.stat().st_size != before:
        before = journal.stat().st_size
        time.sleep(0.3)


def lines_without_times(evidence: Path) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in Sealed(evidence).content("exchanges.jsonl.gz").splitlines()]
    return [{key: value for key, value in line.items() if key != "at"} for line in lines]


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_stopped_collect_resumes(  # noqa: PLR0913, PLR0917  # how it is stopped, and what it leaves with
    desk: Desk, recorded: Desk, proxy: FaultProxy, ask: Ask, how: signal.Signals, code: int
) -> None:
    stopped = stopped_while_reading(desk, proxy, how)
    assert (stopped.returncode, stopped.stdout) == (code, "")
    if how is signal.SIGINT:
        kept = f"what was read is kept in {desk.folder}/evidence.partial; start the same command again to go on"
        assert stopped.stderr == f"interrupted: {kept}\n"
    assert not (desk.folder / "evidence").exists()
    assert (desk.folder / "evidence.partial" / "journal.jsonl").exists()

    proxy.behave()
    before = len(proxy.asked)
    again = ask(*desk.collect("evidence"))
    assert again.code == 0
    assert f"resuming what {desk.folder}/evidence.partial holds\n" in again.err
    later = proxy.asked[before:]
    assert [one.methods for one in later if "decimals" in one.methods] == []
    assert any(READING(one) for one in later)
    assert not (desk.folder / "evidence.partial").exists()

    undisturbed, resumed = Sealed(recorded.folder / "evidence"), Sealed(desk.folder / "evidence")
    assert lines_without_times(desk.folder / "evidence") == lines_without_times(recorded.folder / "evidence")
    assert undisturbed.names == resumed.names
    same = undisturbed.names - {"exchanges.jsonl.gz"}
    assert {name: undisturbed.content(name) for name in same} == {name: resumed.content(name) for name in same}


def test_what_was_answered_is_not_asked_again(desk: Desk, proxy: FaultProxy, ask: Ask) -> None:
    stopped_while_reading(desk, proxy, signal.SIGKILL)
    proxy.behave()
    first = {one.body for one in proxy.asked if READING(one)}
    before = len(proxy.asked)
    assert ask(*desk.collect("evidence")).code == 0
    second = [one for one in proxy.asked[before:] if READING(one)]
    assert [one.body for one in second if one.body in first] == list(first)[: len(first)]
    third = len(proxy.asked)
    assert ask(*desk.collect("other")).code == 0
    assert len(proxy.asked) - third >= len(proxy.asked[before:third])


def test_another_question_does_not_resume(desk: Desk, proxy: FaultProxy, ask: Ask) -> None:
    stopped_while_reading(desk, proxy, signal.SIGKILL)
    proxy.behave()
    desk.change("nami.toml", 'label = "usdt-2"', 'label = "usdt-3"')
    said = ask(*desk.collect("evidence"))
    assert said.code == 0
    assert "resuming" not in said.err


def test_a_torn_last_line_is_asked_again(desk: Desk, proxy: FaultProxy, ask: Ask) -> None:
    stopped_while_reading(desk, proxy, signal.SIGKILL)
    proxy.behave()
    journal = desk.folder / "evidence.partial" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-40])
    said = ask(*desk.collect("evidence"))
    assert said.code == 0
    assert ask(*desk.run(evidence=desk.folder / "evidence")).code == 0


@pytest.mark.parametrize("seconds", [1.5, 4.0])
def test_control_c_on_a_terminal_ends_a_hundred_thousand_addresses_at_once(
    desk: Desk, proxy: FaultProxy, tmp_path: Path, seconds: float
) -> None:
    """Early, while the declaration is read, and late, while balances are waited for."""
    proxy.when(READING, faults.hang)
    rows = "".join(f"0x{number:040x}\n" for number in range(1 << 100, (1 << 100) + 100_000))
    (desk.folder / "many.csv").write_text(f"address\n{rows}")
    with desk.wallets.open("a") as wallets:
        wallets.write(f'[[list]]\nlabel = "many"\nfile = "many.csv"\nnetwork = "{ONE}"\n')
        wallets.write('storage = "cold"\nowner = "customers"\n')
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "reservecheck", *desk.collect("evidence")]
    with (
        (tmp_path / "out").open("wb") as out,
        subprocess.Popen(command, stdin=theirs, stdout=out, stderr=theirs, start_new_session=True) as process,
    ):
        os.close(theirs)
        threading.Thread(target=drained, args=(ours,), daemon=True).start()
        try:
            time.sleep(seconds)
            assert process.poll() is None
            os.killpg(process.pid, signal.SIGINT)
            assert process.wait(timeout=2) == 130
        finally:
            process.kill()
    assert not (desk.folder / "evidence").exists()


def drained(terminal: int) -> None:
    """Read what a terminal shows until nobody writes to it any more."""
    with suppress(OSError):
        while os.read(terminal, 65_536):
            pass

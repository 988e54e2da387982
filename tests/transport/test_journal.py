from __future__ import annotations

import dataclasses
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.nodes.fault_proxy import always, fault_proxy, status
from tests.nodes.running import Node
from tests.transport.asking import CHAIN_ID, NOW_TEXT, Scripted, answered, asking, question

from reservecheck.errors import BundleError, OutputError
from reservecheck.transport.journal import RecordingTransport
from reservecheck.transport.log_codec import read_log, write_log
from reservecheck.transport.record import Question, Reply, seal
from reservecheck.vault.canonical import sha256

ONE, TWO = (answered(b'{"id":1,"result":%d}' % n) for n in (1, 2))
FAILED = Reply("timed out", None, 5, NOW_TEXT)
SECOND = question(("eth_call", ["0x"]), ordinal=1)


def test_what_is_asked_is_on_disk_before_it_is_returned(tmp_path: Path) -> None:
    recording = RecordingTransport(Scripted([ONE, FAILED]), tmp_path / "deep" / "run")
    assert recording.ask(CHAIN_ID) == ONE
    assert recording.ask(SECOND) == FAILED
    folder = tmp_path / "deep" / "run"
    assert len((folder / "journal.jsonl").read_bytes().splitlines()) == 2
    assert [path.name for path in (folder / "bodies").iterdir()] == [f"{sha256(ONE.body or b'')}.gz"]


def test_the_sealed_log_is_in_order_and_can_be_written(tmp_path: Path) -> None:
    recording = RecordingTransport(Scripted([FAILED, ONE]), tmp_path)
    recording.ask(SECOND)
    recording.ask(CHAIN_ID)
    assert recording.log() == seal([(CHAIN_ID, ONE), (SECOND, FAILED)])
    jsonl, bodies = write_log(recording.log())
    assert read_log(jsonl, bodies.__getitem__) == recording.log()


def test_a_later_question_at_one_place_replaces_the_earlier_one(tmp_path: Path) -> None:
    recording = RecordingTransport(Scripted([ONE, TWO]), tmp_path)
    recording.ask(CHAIN_ID)
    other = question(("eth_blockNumber", []))
    recording.ask(other)
    assert recording.log() == seal([(other, TWO)])


def test_what_was_asked_in_an_earlier_round_is_in_no_log(tmp_path: Path) -> None:
    recording = RecordingTransport(Scripted([ONE, ONE, TWO]), tmp_path)
    recording.ask(CHAIN_ID)
    recording.ask(SECOND)
    recording.forget()
    assert recording.log() == seal([])
    recording.ask(CHAIN_ID)
    assert recording.log() == seal([(CHAIN_ID, TWO)])


def test_an_interrupted_run_does_not_ask_again_what_was_answered(tmp_path: Path) -> None:
    first = RecordingTransport(Scripted([ONE, FAILED]), tmp_path)
    first.ask(CHAIN_ID)
    first.ask(SECOND)
    inner = Scripted([TWO])
    second = RecordingTransport(inner, tmp_path)
    assert second.log() == seal([])
    assert second.ask(CHAIN_ID) == ONE
    assert inner.asked == []
    assert second.ask(SECOND) == TWO
    assert inner.asked == [SECOND]
    assert second.log() == seal([(CHAIN_ID, ONE), (SECOND, TWO)])
    assert RecordingTransport(Scripted([]), tmp_path).ask(SECOND) == TWO


def test_within_one_run_a_repeated_question_is_asked_again(tmp_path: Path) -> None:
    recording = RecordingTransport(Scripted([ONE, TWO]), tmp_path)
    assert (recording.ask(CHAIN_ID), recording.ask(CHAIN_ID)) == (ONE, TWO)
    assert RecordingTransport(Scripted([]), tmp_path).ask(CHAIN_ID) == TWO


def test_a_purpose_that_must_be_fresh_is_always_asked(tmp_path: Path) -> None:
    RecordingTransport(Scripted([ONE]), tmp_path).ask(CHAIN_ID)
    again = RecordingTransport(Scripted([TWO]), tmp_path, always_ask=frozenset({"cells"}))
    assert again.ask(CHAIN_ID) == TWO


@pytest.mark.parametrize(
    "other",
    [
        question(("eth_blockNumber", [])),
        dataclasses.replace(CHAIN_ID, decoder="test/2"),
        dataclasses.replace(CHAIN_ID, source="other"),
        question(("eth_chainId", []), batch=True),
    ],
)
def test_a_question_in_other_words_is_asked(tmp_path: Path, other: Question) -> None:
    RecordingTransport(Scripted([ONE]), tmp_path).ask(CHAIN_ID)
    assert RecordingTransport(Scripted([TWO]), tmp_path).ask(other) == TWO


@given(st.data())
def test_wherever_the_journal_is_torn_nothing_wrong_is_served(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    first = RecordingTransport(Scripted([ONE, TWO]), folder)
    first.ask(CHAIN_ID)
    first.ask(SECOND)
    journal = folder / "journal.jsonl"
    content = journal.read_bytes()
    cut = data.draw(st.integers(0, len(content)))
    journal.write_bytes(content[:cut])
    kept = content[:cut].count(b"\n")
    inner = Scripted([ONE, TWO][kept:])
    again = RecordingTransport(inner, folder)
    assert (again.ask(CHAIN_ID), again.ask(SECOND)) == (ONE, TWO)
    assert len(inner.asked) == 2 - kept
    assert journal.read_bytes() == content


@pytest.mark.parametrize("damage", [b"", b"torn", None])
def test_a_body_that_is_missing_or_damaged_is_asked_for_again(tmp_path: Path, damage: bytes | None) -> None:
    RecordingTransport(Scripted([ONE]), tmp_path).ask(CHAIN_ID)
    (body,) = (tmp_path / "bodies").iterdir()
    if damage is None:
        body.unlink()
    else:
        body.write_bytes(damage)
    inner = Scripted([ONE])
    assert RecordingTransport(inner, tmp_path).ask(CHAIN_ID) == ONE
    assert inner.asked == [CHAIN_ID]
    assert RecordingTransport(Scripted([]), tmp_path).ask(CHAIN_ID) == ONE


def test_a_body_under_anothers_name_is_asked_for_again(tmp_path: Path) -> None:
    recording = RecordingTransport(Scripted([ONE, TWO]), tmp_path)
    recording.ask(CHAIN_ID)
    recording.ask(SECOND)
    left, right = (tmp_path / "bodies").iterdir()
    left.write_bytes(right.read_bytes())
    inner = Scripted([FAILED])
    again = RecordingTransport(inner, tmp_path)
    assert FAILED in (again.ask(CHAIN_ID), again.ask(SECOND))
    assert len(inner.asked) == 1


def test_a_journal_that_is_damaged_in_the_middle_is_refused(tmp_path: Path) -> None:
    RecordingTransport(Scripted([ONE]), tmp_path).ask(CHAIN_ID)
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(b"{}\n" + journal.read_bytes())
    with pytest.raises(BundleError) as refused:
        RecordingTransport(Scripted([]), tmp_path)
    assert str(refused.value) == (
        f"{journal}:1: an exchange has exactly the keys answer, at, attempts, decoder, n, network, ordinal, "
        f"outcome, purpose, request, source\n  hint: delete {tmp_path} and start again"
    )


def test_a_folder_that_cannot_be_written_is_an_error_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError) as refused:
        RecordingTransport(Scripted([]), tmp_path / "file")
    assert str(refused.value) == f"cannot write to {tmp_path / 'file'}: Not a directory"
    recording = RecordingTransport(Scripted([ONE]), tmp_path / "run")
    (tmp_path / "run" / "bodies").rmdir()
    with pytest.raises(OutputError, match=r"cannot write to .*run: No such file or directory"):
        recording.ask(CHAIN_ID)


def test_many_threads_write_whole_lines(tmp_path: Path) -> None:
    recording = RecordingTransport(Scripted([ONE, TWO, FAILED]), tmp_path)
    questions = [question(("eth_call", ["0x" + "00" * 5000]), ordinal=n) for n in range(60)]
    threads = [threading.Thread(target=lambda part=part: list(map(recording.ask, part))) for part in
               (questions[::3], questions[1::3], questions[2::3])]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [item.question for item in recording.log().exchanges] == questions
    again = RecordingTransport(Scripted([FAILED]), tmp_path)
    replies = [again.ask(asked) for asked in questions]
    assert replies == [item.reply for item in recording.log().exchanges]


def test_a_run_over_a_failing_host_goes_on_when_the_host_is_back(evm_one: Node, tmp_path: Path) -> None:
    with fault_proxy(evm_one) as proxy, asking(proxy.url) as transport:
        RecordingTransport(transport, tmp_path).ask(CHAIN_ID)
        proxy.when(always, status(503))
        broken = RecordingTransport(transport, tmp_path)
        assert (broken.ask(CHAIN_ID).outcome, broken.ask(SECOND).outcome) == ("answered", "http 503")
        proxy.behave()
        whole = RecordingTransport(transport, tmp_path)
        assert (whole.ask(CHAIN_ID).outcome, whole.ask(SECOND).outcome) == ("answered", "answered")
        assert len(proxy.asked) == 1 + 5 + 1

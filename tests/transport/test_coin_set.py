"""The door that owns dumps: what is where, what it says of it, and that no path leaves it."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.errors import SourceError
from reservecheck.model.progress import silent
from reservecheck.transport.coin_set import BEING_WRITTEN, UNWRITABLE, CoinSetFile, CoinSetTransport
from reservecheck.transport.dump_words import NAMES_A_PATH, NOT_OPENED, THERE_ALREADY, refusal, without_path
from reservecheck.transport.endpoint import Endpoint
from reservecheck.transport.http import HttpTransport
from reservecheck.transport.jsonrpc import Call, Result, RpcError
from reservecheck.transport.record import ANSWERED, Question, Reply
from reservecheck.vault.canonical import Json

STATE: Final = Call("utxosetstate", [])
SCAN: Final = Call("scanutxoset", ["ab", ["raw(51)"], "", ""])
DUMP: Final = Call("dumptxoutset", ["utxo-set", "rollback", {"rollback": "ab"}])
NOON: Final = 1_530_100_800


def question(*calls: Call, source: str = "own", batch: bool = False) -> Question:
    return Question(
        network="bitcoin:regtest",
        source=source,
        purpose="proof",
        ordinal=0,
        decoder="d/1",
        calls=calls,
        batch=batch,
    )


def length(call: Call, chunks: Iterable[bytes], progress: Callable[[int], None]) -> Mapping[str, Json]:
    """A reader that counts; it refuses a dump that starts with "bad"."""
    data = b"".join(chunks)
    progress(len(data))
    if data.startswith(b"bad"):
        raise SourceError("no dump", hint="never said")
    return {"bytes": len(data), "asked": call.params[0]}


class Node:
    """What was asked of it, and what it answers to a dump."""

    def __init__(self, result: object = None, error: object = None, outcome: str = ANSWERED) -> None:
        self.asked: list[Question] = []
        self._body, self._outcome = (
            {"id": 1, "result": result} if error is None else {"id": 1, "error": error},
            outcome,
        )

    def ask(self, question: Question) -> Reply:
        self.asked.append(question)
        body = json.dumps(self._body).encode() if self._outcome == ANSWERED else None
        return Reply(self._outcome, body, 2, "2018-06-28T00:00:00Z")


def door(path: Path, node: Node | None = None, **more: Any) -> CoinSetTransport:  # noqa: ANN401  # of a file
    file = CoinSetFile(path=path, on_node="/node/set.dat", **{"silent_s": 0.4, **more})
    return CoinSetTransport(node or Node(), {"own": file}, length, silent, clock=lambda: NOON)


def said(reply: Reply, asked: Question) -> list[object]:
    answers = reply.opened(asked)
    assert answers is not None
    return [one.value if isinstance(one, Result) else one for one in answers]


def answer(transport: CoinSetTransport, *calls: Call, batch: bool = False) -> list[object]:
    asked = question(*calls, batch=batch)
    return said(transport.ask(asked), asked)


def test_everything_else_goes_to_the_node(tmp_path: Path) -> None:
    node = Node("pong")
    assert answer(door(tmp_path / "a", node), Call("ping", [])) == ["pong"]


def test_what_is_there_is_told_by_kind(tmp_path: Path) -> None:
    path = tmp_path / "set.dat"
    assert answer(door(path), STATE) == ["nothing"]
    path.write_bytes(b"123")
    assert answer(door(path), STATE) == ["file"]
    os.mkfifo(tmp_path / "pipe")
    assert answer(door(tmp_path / "pipe"), STATE) == ["pipe"]


def test_a_file_is_read_with_the_hash_stated_for_it(tmp_path: Path) -> None:
    (tmp_path / "set.dat").write_bytes(b"12345")
    asked = question(SCAN)
    reply = door(tmp_path / "set.dat", stated="cd").ask(asked)
    assert said(reply, asked) == [{"bytes": 5, "asked": "ab", "stated": "cd"}]
    assert (reply.outcome, reply.attempts, reply.at) == (ANSWERED, 1, "2018-06-27T12:00:00Z")


def test_progress_tells_how_much_of_the_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "set.dat").write_bytes(b"12345")
    heard: list[tuple[str, int, int]] = []
    file = CoinSetFile(path=tmp_path / "set.dat", on_node="x")
    CoinSetTransport(Node(), {"own": file}, length, lambda *told: heard.append(told)).ask(question(SCAN))
    assert heard == [("coin set", 5, 5)]


def test_what_cannot_be_read_is_refused_in_words_without_a_path(tmp_path: Path) -> None:
    (tmp_path / "set.dat").write_bytes(b"bad")
    assert answer(door(tmp_path / "set.dat"), SCAN) == [RpcError(-1, "no dump")]
    missing = answer(door(tmp_path / "none"), SCAN)
    assert missing == [RpcError(-1, "the UTXO set cannot be read: No such file or directory")]
    neither = "what is named as UTXO set is neither a file nor a named pipe"
    assert answer(door(tmp_path), SCAN) == [RpcError(-1, neither)]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "set.dat"
    path.write_bytes(b"12345")

    def meddle(call: Call, chunks: Iterable[bytes], progress: Callable[[int], None]) -> Mapping[str, Json]:
        found = length(call, chunks, progress)
        path.write_bytes(b"123456")
        return found

    transport = CoinSetTransport(Node(), {"own": CoinSetFile(path=path, on_node="x")}, meddle, silent)
    assert answer(transport, SCAN) == [RpcError(-1, "the UTXO set was changed while it was read")]


@pytest.mark.parametrize("calls", [(STATE,), (SCAN,), (DUMP,), (DUMP, SCAN)])
def test_a_source_without_a_set_is_refused(tmp_path: Path, calls: tuple[Call, ...]) -> None:
    node = Node()
    asked = question(*calls, source="other", batch=len(calls) > 1)
    refused = RpcError(-1, "no UTXO set is named for this source")
    assert said(door(tmp_path / "a", node).ask(asked), asked) == [refused] * len(calls)
    assert node.asked == []


def test_a_dump_is_asked_for_at_the_nodes_path_and_answered_without_it(tmp_path: Path) -> None:
    told = {"path": "/node/set.dat", "coins_written": 7, "base_hash": "ab", "base_height": 1, "txoutset_hash": "cd"}
    node = Node(told | {"nchaintx": 2, "other": "/node/x"})
    asked = question(DUMP)
    reply = door(tmp_path / "a", node).ask(asked)
    assert [list(one.calls[0].params) for one in node.asked] == [["/node/set.dat", "rollback", {"rollback": "ab"}]]
    assert said(reply, asked) == [told | {"path": "utxo-set", "nchaintx": 2}]
    assert (reply.attempts, reply.at) == (2, "2018-06-28T00:00:00Z")


def test_a_dump_the_node_did_not_answer_is_a_failure(tmp_path: Path) -> None:
    reply = door(tmp_path / "a", Node(outcome="timed out")).ask(question(DUMP))
    assert (reply.outcome, reply.body) == ("timed out", None)


def test_a_refused_dump_says_no_path(tmp_path: Path) -> None:
    node = Node(error={"code": -8, "message": "/node/set.dat already exists. Move it."})
    assert answer(door(tmp_path / "a", node), DUMP) == [RpcError(-8, THERE_ALREADY)]
    odd = Node(error={"code": 2**70, "message": "odd"})
    assert answer(door(tmp_path / "a", odd), DUMP) == [RpcError(-1, "odd")]


def test_no_second_dump_is_begun_beside_an_unfinished_one(tmp_path: Path) -> None:
    (tmp_path / "set.dat.incomplete").touch()
    node = Node()
    assert answer(door(tmp_path / "set.dat", node), DUMP) == [RpcError(-1, BEING_WRITTEN)]
    assert node.asked == []


def writing(path: Path, data: bytes) -> threading.Thread:
    def write() -> None:
        with path.open("wb") as pipe:
            pipe.write(data)

    thread = threading.Thread(target=write)
    thread.start()
    return thread


def test_a_pipe_that_is_being_written_is_held_open_until_it_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = writing(tmp_path / "pipe", b"x" * 3_000_000)
    transport = door(tmp_path / "pipe")
    assert answer(transport, STATE) == ["pipe being written"]
    assert answer(transport, SCAN) == [{"bytes": 3_000_000, "asked": "ab", "stated": ""}]
    writer.join(5)
    assert not writer.is_alive()


def test_a_pipe_nobody_read_is_let_go_at_the_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = writing(tmp_path / "pipe", b"x")
    with door(tmp_path / "pipe") as transport:
        assert answer(transport, STATE) == ["pipe being written"]
    writer.join(5)
    assert not writer.is_alive()
    assert not transport._held


def test_a_pipe_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    nobody = RpcError(-1, "nobody writes into the named pipe of the UTXO set")
    assert answer(door(tmp_path / "pipe"), SCAN) == [nobody]
    slow = Node(outcome="reset")
    first, second = answer(door(tmp_path / "pipe", slow), DUMP, SCAN, batch=True)
    assert (first, second) == (RpcError(-1, "reset"), nobody)


@pytest.mark.parametrize("every_s", [0.2, 0.02])
def test_a_pipe_that_trickles_is_given_up(tmp_path: Path, every_s: float) -> None:
    """A byte now and then is no dump; neither is a node that ended while its pipe goes on."""
    os.mkfifo(tmp_path / "pipe")
    over = threading.Event()

    def trickle() -> None:
        with (tmp_path / "pipe").open("wb", buffering=0) as pipe, contextlib.suppress(BrokenPipeError):
            while not over.wait(every_s):
                pipe.write(b"x")

    writer = threading.Thread(target=trickle)
    writer.start()
    slow = RpcError(-1, "the named pipe of the UTXO set brings less than 100,000 bytes a second")
    assert answer(door(tmp_path / "pipe"), SCAN) == [slow]
    over.set()
    writer.join(5)
    assert not writer.is_alive()


def test_a_pipe_that_brings_enough_may_take_its_time(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    def write() -> None:
        with (tmp_path / "pipe").open("wb", buffering=0) as pipe:
            for _ in range(8):
                threading.Event().wait(0.2)
                pipe.write(b"x" * 60_000)

    writer = threading.Thread(target=write)
    writer.start()
    assert answer(door(tmp_path / "pipe"), SCAN) == [{"bytes": 480_000, "asked": "ab", "stated": ""}]
    writer.join(5)


@pytest.mark.parametrize("found", [{"total_sats": 2**53}, {"script": "\ud800"}])
def test_what_cannot_be_written_down_is_refused(tmp_path: Path, found: dict[str, Json]) -> None:
    (tmp_path / "set.dat").write_bytes(b"12345")
    file = CoinSetFile(path=tmp_path / "set.dat", on_node="x")
    transport = CoinSetTransport(Node(), {"own": file}, lambda *_: found, silent)
    assert answer(transport, SCAN) == [RpcError(-1, UNWRITABLE)]


class Writer(Node):
    """A node that takes a while, then writes into the pipe it is asked to."""

    def __init__(self, path: Path) -> None:
        super().__init__({"txoutset_hash": "cd"})
        self._path = path

    def ask(self, question: Question) -> Reply:
        threading.Event().wait(1)  # longer than a pipe may be silent where no node works
        writing(self._path, b"y" * 500_000).join()
        return super().ask(question)


def test_a_pipe_is_read_while_the_node_writes_and_its_silence_is_borne(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    first, second = answer(door(tmp_path / "pipe", Writer(tmp_path / "pipe")), DUMP, SCAN, batch=True)
    assert first == {"path": "utxo-set", "txoutset_hash": "cd"}
    assert second == {"bytes": 500_000, "asked": "ab", "stated": ""}


def test_what_breaks_while_the_node_is_asked_is_raised(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    class Gone(Node):
        def ask(self, question: Question) -> Reply:
            raise SourceError(f"no source is named {question.source}")

    with pytest.raises(SourceError, match="no source is named own"):
        door(tmp_path / "pipe", Gone()).ask(question(DUMP, SCAN, batch=True))


def test_where_a_set_is_does_not_print_itself(tmp_path: Path) -> None:
    assert repr(CoinSetFile(path=tmp_path, on_node="/x")) == "CoinSetFile(…)"


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Couldn't open file /a/b.incomplete for writing.", NOT_OPENED),
        ("/a/b already exists.", THERE_ALREADY),
        ("something about /a/b", NAMES_A_PATH),
        (r"something about C:\a", NAMES_A_PATH),
        ("Unable to flush\nto disk", "Unable to flush to disk"),
    ],
)
def test_a_refusal_names_no_path(message: str, words: str) -> None:
    assert refusal(message) == words


@given(st.text(max_size=40), st.sampled_from(["{} already exists", "Couldn't open file {}.", "x {} y"]))
def test_no_refusal_shows_an_absolute_path(name: str, words: str) -> None:
    found = refusal(words.format(f"/secret-folder/{name}"))
    assert "secret-folder" not in found


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_only_known_members_of_known_kinds_are_kept(value: object) -> None:
    names = ("coins_written", "base_height", "nchaintx", "base_hash", "txoutset_hash", "path", "else")
    kept = without_path(dict.fromkeys(names, value), "word")
    assert isinstance(kept, dict)
    assert kept["path"] == "word"
    assert "else" not in kept
    assert all(type(kept[name]) is int for name in names[:3] if name in kept)
    assert all(str(kept[name]).isalnum() for name in names[3:5] if name in kept)


def test_an_answer_that_is_no_object_is_dropped() -> None:
    assert without_path("/a/b", "word") is None


def test_a_dump_is_never_asked_for_twice() -> None:
    waits: list[float] = []
    with HttpTransport({"own": Endpoint(url="http://127.0.0.1:9")}, sleep=waits.append) as http:
        assert http.ask(question(DUMP)).attempts == 1
    with HttpTransport({"own": Endpoint(url="http://127.0.0.1:9")}, sleep=waits.append) as http:
        assert http.ask(question(STATE)).attempts == 5

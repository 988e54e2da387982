"""The practitioner's own UTXO-set dumps, asked like a node: what is in a file becomes an answer in the log.

A door before the one to the network. It owns files and named pipes, and keeps where they are to itself: questions
and answers that are written down say `utxo-set` in place of a path. Three methods are its own:

    utxosetstate []            what is at the path: file | pipe | pipe being written | nothing
    scanutxoset [block, …]     what the file, or whoever writes into the pipe, shows; read by a given function
    dumptxoutset [utxo-set, …] passed on to the node with the path in place; in a batch with scanutxoset, the pipe
                               is read while the node writes into it

What cannot be read answers with a JSON-RPC error, like a node that refuses.
"""

from __future__ import annotations

import os
import select
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Lock, Thread
from typing import Final, Self

from reservecheck.errors import SourceError
from reservecheck.model.progress import Progress
from reservecheck.moments import utc_text
from reservecheck.transport.dump_words import refusal, without_path
from reservecheck.transport.jsonrpc import Call, Result, RpcError
from reservecheck.transport.record import ANSWERED, Question, Reply, Transport
from reservecheck.vault.canonical import BEYOND, Json, canonical_json

STATE: Final = "utxosetstate"
SCAN: Final = "scanutxoset"
DUMP: Final = "dumptxoutset"
PATH: Final = "utxo-set"
"""Stands for the path wherever it would be written down."""
FILE: Final = "file"
PIPE: Final = "pipe"
WRITTEN: Final = "pipe being written"
NOTHING: Final = "nothing"
BEING_WRITTEN: Final = "a dump is being written there, or was cut off: PATH.incomplete is there"

LEAST_RATE: Final = 100_000
"""Bytes a second a pipe must bring where no node is known to work: a set of 10 GB takes a day at that."""
NOBODY_WRITES: Final = "nobody writes into the named pipe of the UTXO set"
TOO_SLOW: Final = f"the named pipe of the UTXO set brings less than {LEAST_RATE:,} bytes a second"
UNWRITABLE: Final = "the answer about the UTXO set cannot be written down"

_PIECE: Final = 1 << 20
_TICK_S: Final = 0.2
_LOOK_S: Final = 1.0
"""How long a pipe is watched to see whether somebody writes already."""

Chunks = Iterable[bytes]
Scan = Callable[[Call, Chunks, Callable[[int], None]], Mapping[str, Json]]
"""Reads a dump for a question, telling how many bytes were read; raises SourceError for what is no such dump."""


@dataclass(frozen=True, slots=True, repr=False)
class CoinSetFile:
    """Where one source's dump is, for this machine and for the node, and the hash the practitioner states."""

    path: Path
    on_node: str
    stated: str = ""
    silent_s: float = 60  # how long a pipe may bring next to nothing while no node is known to work

    def __repr__(self) -> str:
        return "CoinSetFile(…)"


class CoinSetTransport:
    """Answers for files by source name; everything else goes to `inner`. Safe to use from many threads."""

    def __init__(
        self,
        inner: Transport,
        files: Mapping[str, CoinSetFile],
        scan: Scan,
        progress: Progress,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._inner, self._files, self._scan, self._progress, self._clock = inner, files, scan, progress, clock
        self._held: dict[str, int] = {}  # pipes that were found being written: closing them would stop the writer
        self._lock = Lock()

    def ask(self, question: Question) -> Reply:
        """One exchange; raises SourceError where the door behind it does."""
        methods = tuple(call.method for call in question.calls)
        if not {STATE, SCAN, DUMP}.intersection(methods):
            return self._inner.ask(question)
        file = self._files.get(question.source)
        if file is None:
            return self._reply(question, [_refused("no UTXO set is named for this source") for _ in methods])
        if methods == (DUMP,):
            return self._dump(question, file)
        if methods == (STATE,):
            return self._reply(question, [{"result": self._state(question.source, file)}])
        if methods == (SCAN,):
            return self._reply(question, [self._read(question, question.calls[0], file)])
        return self._dump_into_pipe(question, file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of pipes nobody read."""
        with self._lock:
            for descriptor in self._held.values():
                os.close(descriptor)
            self._held.clear()

    def _state(self, source: str, file: CoinSetFile) -> str:
        try:
            mode = file.path.stat().st_mode
        except OSError:
            return NOTHING
        if not stat.S_ISFIFO(mode):
            return FILE
        descriptor = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK)
        if select.select([descriptor], [], [], _LOOK_S)[0]:
            with self._lock:
                self._held[source] = descriptor
            return WRITTEN
        os.close(descriptor)
        return PIPE

    def _dump(self, question: Question, file: CoinSetFile) -> Reply:
        """The node's answer to the dump alone, without its path."""
        if file.path.with_name(f"{file.path.name}.incomplete").exists():
            return self._reply(question, [_refused(BEING_WRITTEN)])
        call = question.calls[0]
        put = replace(question, calls=(Call(DUMP, [file.on_node, *call.params[1:]]),), batch=False)
        reply = self._inner.ask(put)
        answers = reply.opened(put)
        if answers is None:
            return Reply(reply.outcome, None, reply.attempts, reply.at)
        return replace(reply, body=_body(question, [_told(answers[0])]))

    def _dump_into_pipe(self, question: Question, file: CoinSetFile) -> Reply:
        dump, scan = question.calls
        dumped: Future[Reply] = Future()
        alone = replace(question, calls=(dump,), batch=False)

        def ask() -> None:
            try:
                dumped.set_result(self._dump(alone, file))
            except BaseException as error:  # noqa: BLE001  # handed to the thread that waits
                dumped.set_exception(error)

        Thread(target=ask, daemon=True).start()
        read = self._read(question, scan, file, dumped)
        reply = dumped.result()
        answers = reply.opened(alone)
        said = _refused(reply.outcome) if answers is None else _told(answers[0])
        return self._reply(question, [said, read])

    def _read(
        self, question: Question, call: Call, file: CoinSetFile, dumped: Future[Reply] | None = None
    ) -> Mapping[str, Json]:
        try:
            with self._chunks(question.source, file, dumped) as (chunks, size):
                found = self._scan(call, chunks, lambda done: self._progress("coin set", done, size))
        except SourceError as error:
            return _refused(error.message)
        except OSError as error:
            return _refused(f"the UTXO set cannot be read: {error.strerror}")
        return {"result": {**found, "stated": file.stated}}

    @contextmanager
    def _chunks(self, source: str, file: CoinSetFile, dumped: Future[Reply] | None) -> Iterator[tuple[Chunks, int]]:
        """The pieces, and their size together (0 where it is not known); raises SourceError, OSError."""
        before = file.path.stat()
        if stat.S_ISFIFO(before.st_mode):
            with self._lock:
                held = self._held.pop(source, None)
            descriptor = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK) if held is None else held
            try:
                yield _pieces(descriptor, file.silent_s, dumped), 0
            finally:
                os.close(descriptor)
            return
        if not stat.S_ISREG(before.st_mode):
            raise SourceError("what is named as UTXO set is neither a file nor a named pipe")
        with file.path.open("rb") as stream:
            yield iter(partial(stream.read, _PIECE), b""), before.st_size
        if _mark(file.path.stat()) != _mark(before):
            raise SourceError("the UTXO set was changed while it was read")

    def _reply(self, question: Question, answers: Sequence[Mapping[str, Json]]) -> Reply:
        return Reply(ANSWERED, _body(question, answers), 1, utc_text(int(self._clock())))


def _pieces(descriptor: int, silent_s: float, dumped: Future[Reply] | None) -> Iterator[bytes]:
    """What is written into a pipe, until its last writer closes it.

    As long as a node works on the dump, it may take its time. Else what `silent_s` of waiting bring must be worth
    it; the time that is spent on reading what was brought does not count.
    """
    waited, brought, started = 0.0, 0, False
    while True:
        since = time.monotonic()
        ready = select.select([descriptor], [], [], _TICK_S)[0]
        waited += time.monotonic() - since
        if ready:
            piece = os.read(descriptor, _PIECE)
            if not piece:
                return
            yield piece
            brought, started = brought + len(piece), True
        working = dumped is not None and not dumped.done()
        if not ready and dumped is not None and not working and not started:
            raise SourceError(NOBODY_WRITES)
        if not working and waited > silent_s and brought < LEAST_RATE * silent_s:
            raise SourceError(TOO_SLOW if brought else NOBODY_WRITES)
        if working or waited > silent_s:
            waited, brought = 0.0, 0


def _mark(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _told(answer: Result | RpcError) -> Mapping[str, Json]:
    """What a node answered to a dump, as it may be written down."""
    if isinstance(answer, RpcError):
        return _refused(refusal(answer.message), answer.code if abs(answer.code) < BEYOND else -1)
    return {"result": without_path(answer.value, PATH)}


def _refused(message: str, code: int = -1) -> Mapping[str, Json]:
    return {"error": {"code": code, "message": message}}


def _body(question: Question, answers: Sequence[Mapping[str, Json]]) -> bytes:
    """Answers in a node's shape; one with what JSON cannot hold here, such as 2^53, becomes a refusal."""
    objects: list[Json] = [{"id": i, "jsonrpc": "2.0", **_writable(one)} for i, one in enumerate(answers, 1)]
    return canonical_json(objects if question.batch else objects[0])


def _writable(answer: Mapping[str, Json]) -> Mapping[str, Json]:
    try:
        canonical_json(answer)
    except (TypeError, ValueError):
        return _refused(UNWRITABLE)
    return answer

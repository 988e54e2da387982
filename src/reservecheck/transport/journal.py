"""Everything asked and answered, on disk at once, so that an interrupted run goes on where it stopped.

`journal.jsonl` holds lines as `exchanges.jsonl` does, in the order things happened; `bodies/` holds each body
once, by its digest. What a torn write left behind is asked again.
"""

from __future__ import annotations

import threading
import zlib
from pathlib import Path
from typing import Final

from reservecheck.errors import BundleError, OutputError
from reservecheck.transport.log_codec import Line, read_line, request_digest, write_line
from reservecheck.transport.record import ANSWERED, Log, Question, Reply, Transport, seal
from reservecheck.vault.canonical import sha256

JOURNAL: Final = "journal.jsonl"
BODIES: Final = "bodies"
_Key = tuple[str, str, str, int]


class RecordingTransport:
    """Asks `inner` and writes down what happens; safe to use from many threads.

    What an earlier run in the same folder asked in the same words and got answered is not asked again, except
    for the purposes named in `always_ask`; failures are asked again. Raises OutputError when it cannot write.
    """

    def __init__(self, inner: Transport, folder: Path, *, always_ask: frozenset[str] = frozenset()) -> None:
        self._inner = inner
        self._folder = folder
        self._always_ask = always_ask
        self._lock = threading.Lock()
        self._asked: dict[_Key, tuple[Question, Reply]] = {}
        self._stored: set[str] = set()
        try:
            (folder / BODIES).mkdir(parents=True, exist_ok=True)
            self._earlier, self._lines, whole = _read(folder / JOURNAL)
            with (folder / JOURNAL).open("ab") as journal:
                journal.truncate(whole)
        except OSError as error:
            raise _unwritable(folder, error) from error

    def ask(self, question: Question) -> Reply:
        """The earlier answer, or a new one, written down before it is returned."""
        reply = self._recorded(question)
        if reply is None:
            reply = self._inner.ask(question)
            self._write(question, reply)
        with self._lock:
            self._asked[question.key] = (question, reply)
        return reply

    def forget(self) -> None:
        """Begin anew: what was asked so far is in the journal, and in the log only if it is asked again."""
        with self._lock:
            self._asked.clear()

    def log(self) -> Log:
        """The sealed log of what this run asked; of two questions at one place the later counts."""
        with self._lock:
            return seal(list(self._asked.values()))

    def _recorded(self, question: Question) -> Reply | None:
        line = self._earlier.get(question.key)
        if line is None or line.answer is None or question.purpose in self._always_ask:
            return None
        if request_digest(line.question) != request_digest(question):
            return None
        body = self._body(line.answer)
        return None if body is None else line.reply(body)

    def _body(self, digest: str) -> bytes | None:
        """A stored body, None when it is missing or damaged."""
        try:
            body = zlib.decompress(self._path(digest).read_bytes(), zlib.MAX_WBITS | 16)
        except (OSError, zlib.error):
            return None
        return body if sha256(body) == digest else None

    def _write(self, question: Question, reply: Reply) -> None:
        try:
            digest = None if reply.body is None else self._store(reply.body)
            with self._lock, (self._folder / JOURNAL).open("ab") as journal:
                self._lines += 1
                journal.write(write_line(self._lines, question, reply, digest))
        except OSError as error:
            raise _unwritable(self._folder, error) from error

    def _store(self, body: bytes) -> str:
        """Under a temporary name first, so that a file with a digest for a name is whole."""
        digest = sha256(body)
        if digest not in self._stored:
            deflate = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
            partial = self._path(digest).with_suffix(f".{threading.get_ident()}.partial")
            partial.write_bytes(deflate.compress(body) + deflate.flush())
            partial.replace(self._path(digest))
            self._stored.add(digest)
        return digest

    def _path(self, digest: str) -> Path:
        return self._folder / BODIES / f"{digest}.gz"


def _read(path: Path) -> tuple[dict[_Key, Line], int, int]:
    """The last answered line at each place, the number of lines, and the bytes up to the last whole line."""
    content = path.read_bytes() if path.exists() else b""
    whole = content.rfind(b"\n") + 1
    lines: dict[_Key, Line] = {}
    raws = content[:whole].split(b"\n")[:-1]
    for number, raw in enumerate(raws, 1):
        try:
            line = read_line(raw, f"{path}:{number}")
        except BundleError as error:
            raise BundleError(error.message, hint=f"delete {path.parent} and start again") from error
        if line.outcome == ANSWERED:
            lines[line.question.key] = line
    return lines, len(raws), whole


def _unwritable(folder: Path, error: OSError) -> OutputError:
    return OutputError(f"cannot write to {folder}: {error.strerror}")

"""What `collect` and `run` share: sources opened, a workspace beside the target, the wait for a final pin."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from reservecheck.bundle import Gathered
from reservecheck.chains.bitcoind.set_questions import answer_for
from reservecheck.cli.console import Interrupted, tell
from reservecheck.declare.providers import Provider, endpoints_of, load_providers
from reservecheck.errors import OutputError, PinError, ReservecheckError
from reservecheck.model.progress import Progress
from reservecheck.pins_first import PINNING
from reservecheck.pipeline import Prepared, collect, job_digest
from reservecheck.transport.coin_set import CoinSetTransport
from reservecheck.transport.http import HttpTransport
from reservecheck.transport.journal import JOURNAL, RecordingTransport
from reservecheck.vault.sealed import refuse_existing

WAIT_SECONDS = 15
ALWAYS_ASK = PINNING | {"final", "rollback"}
"""A resumed run looks again at the pins, first and last, and where a rollback left nodes; all else is read once."""


def open_providers(path: Path) -> tuple[Provider, ...]:
    """The practitioner's sources; raises InputError."""
    return load_providers(path)


@contextmanager
def workspace(target: Path, prepared: Prepared, *, lasting: bool = True) -> Iterator[Path]:
    """`<target>.partial` while the block runs; left behind only by an interruption, so that a rerun resumes.

    An interruption after a first answer is raised as Interrupted where the workspace is `lasting`.

    What another job left there is thrown away, and so is what a refused question leaves. Raises OutputError when
    the target exists or nothing can be written beside it.
    """
    refuse_existing(target)
    partial = target.with_name(f"{target.name}.partial")
    try:
        _claim(partial, job_digest(prepared))
    except OSError as error:
        raise OutputError(f"{partial} cannot be written: {error.strerror or error}") from error
    try:
        yield partial
    except ReservecheckError:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    except KeyboardInterrupt:
        if lasting and (partial / JOURNAL).exists():
            words = f"what was read is kept in {partial}; start the same command again to go on"
            raise Interrupted(words) from None
        raise
    shutil.rmtree(partial)


def _claim(partial: Path, digest: str) -> None:
    key = partial / "job.sha256"
    if partial.exists() and not (key.is_file() and key.read_text(encoding="ascii") == digest):
        shutil.rmtree(partial)
    if partial.exists():
        tell(f"resuming what {partial} holds")
    partial.mkdir(parents=True, exist_ok=True)
    key.write_text(digest, encoding="ascii")


def gather(
    prepared: Prepared, providers: tuple[Provider, ...], partial: Path, progress: Progress, *, wait: bool
) -> Gathered:
    """Ask the sources, recorded under `partial`; with `wait`, ask again until every pin is final."""
    needed = {card.network for card in prepared.job.sources}
    endpoints = endpoints_of(one for one in providers if one.card.network in needed)
    files = {one.card.name: one.coin_set for one in providers if one.coin_set is not None}
    with HttpTransport(endpoints) as http, CoinSetTransport(http, files, answer_for, progress) as door:
        transport = RecordingTransport(door, partial, always_ask=ALWAYS_ASK)

        def one_round() -> None:
            transport.forget()
            collect(prepared, transport, progress)

        patiently(one_round, wait=wait)
        return Gathered(cover=prepared.cover, job=prepared.job, log=transport.log())


def patiently(work: Callable[[], None], *, wait: bool, sleep: Callable[[float], None] = time.sleep) -> None:
    """Do the work, again and again while the pin is not final and the person asked to wait."""
    said = ""
    while True:
        try:
            return work()
        except PinError as error:
            if not wait:
                raise
            words = error.message.replace(" or use --wait", "")
            if words != said:
                tell(f"waiting: {words}")
            said = words
            sleep(WAIT_SECONDS)

"""The program's entry: exit codes and words where nothing went as planned."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
import typer

from reservecheck import __main__
from reservecheck.cli.console import Interrupted
from reservecheck.errors import InputError, Problem, ReservecheckError

FORMATS = "'text', 'markdown', 'json'"
HINT = "--help says what can be asked"


def replaced(monkeypatch: pytest.MonkeyPatch, does: Callable[[], object]) -> None:
    monkeypatch.setattr(__main__, "app", lambda **_: does())


def raising(error: BaseException) -> Callable[[], object]:
    def does() -> object:
        raise error

    return does


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ReservecheckError("no", hint="yes"), 2, "error: no\n  hint: yes\n"),
        (InputError(Problem(path="a.toml", line=3, message="no")), 2, "error: a.toml:3: no\n"),
        (KeyboardInterrupt(), 130, "interrupted; nothing half-written was left at the target\n"),
        (Interrupted("kept in x"), 130, "interrupted: kept in x\n"),
        (KeyError("secret"), 2, "internal error: KeyError\n  hint: run again with --debug for the details\n"),
        (
            PermissionError(13, "Permission denied", b"a/b.csv"),
            2,
            (
                "error: a/b.csv: cannot be used: Permission denied\n"
                "  hint: look at its owner and mode, and at those of the folders above it\n"
            ),
        ),
        (OSError(28, "No space left", "a.csv"), 2, "error: a.csv: cannot be used: No space left\n"),
        (OSError(5, "broken"), 2, "internal error: OSError\n  hint: run again with --debug for the details\n"),
        (
            typer.BadParameter("path 'a.csv' is not readable."),
            2,
            (
                "error: Invalid value: path 'a.csv' is not readable.\n"
                "  hint: look at its owner and mode, and at those of the folders above it\n"
            ),
        ),
        (MemoryError(), 2, "internal error: MemoryError\n  hint: run again with --debug for the details\n"),
    ],
)
def test_every_error_has_its_code_and_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, code: int, words: str
) -> None:
    replaced(monkeypatch, raising(error))
    assert __main__.run(["x"]) == code
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", words)


@pytest.mark.parametrize(("answer", "code"), [(None, 0), (0, 0), (1, 1), (2, 2)])
def test_what_a_command_returns_is_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, answer: int | None, code: int
) -> None:
    replaced(monkeypatch, lambda: answer)
    assert __main__.run(["x"]) == code


def test_an_interrupted_command_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    replaced(monkeypatch, lambda: 130)
    assert __main__.run(["x"]) == 130
    assert capsys.readouterr().err == "interrupted; nothing half-written was left at the target\n"


def test_debug_shows_an_internal_error_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, raising(KeyError("x")))
    with pytest.raises(KeyError):
        __main__.run(["--debug"])


def test_debug_shows_what_the_system_refused_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, raising(PermissionError(13, "Permission denied", "a.csv")))
    with pytest.raises(PermissionError):
        __main__.run(["--debug"])


def test_debug_is_no_argument_of_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.run(["--version", "--debug"]) == 0
    assert capsys.readouterr().out == "reservecheck 0.1.0\n"


@pytest.mark.parametrize("error", [BrokenPipeError(), SystemExit(1)])
def test_nobody_reading_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    replaced(monkeypatch, raising(error))
    assert __main__.run(["x"]) == 2
    assert capsys.readouterr().err == ""


def test_main_leaves_with_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["reservecheck", "x"])
    replaced(monkeypatch, lambda: 1)
    with pytest.raises(SystemExit) as left:
        __main__.main()
    assert left.value.code == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing"], "error: No such command 'nothing'.\n  hint: --help says what can be asked\n"),
        (["verify"], "error: Missing argument 'bundle'.\n  hint: --help says what can be asked\n"),
        (
            ["run", "a", "b", "--format", "html"],
            f"error: Invalid value for '--format': 'html' is not one of {FORMATS}.\n  hint: {HINT}\n",
        ),
        (
            ["liabilities", "commit", "a", "--private", "p", "--out", "c.json", "--height", "six"],
            f"error: Invalid value for '--height': it is not a whole number\n  hint: {HINT}\n",
        ),
        (["verify", "a", "--nothing"], "error: No such option: --nothing\n  hint: --help says what can be asked\n"),
    ],
)
def test_a_question_that_makes_no_sense_is_an_error(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert __main__.run(arguments) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", words)


def test_without_arguments_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.run([]) == 2
    said = capsys.readouterr()
    assert "At one instant, did an exchange hold" in said.out
    assert said.err == ""
    assert "..." not in said.out.partition("\n")[2]  # every summary fits its line
    assert max(map(len, said.out.splitlines())) <= 80


def test_a_closed_pipe_ends_without_a_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reservecheck", "--version"], stdout=writing, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (2, b"")


def test_what_compiled_code_writes_to_stderr_does_not_reach_the_user(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with os.fdopen(os.dup(2), "w") as kept:
        monkeypatch.setattr(sys, "stderr", open(2, "w", closefd=False, encoding="utf-8"))  # noqa: SIM115  # descriptor 2
        monkeypatch.setattr(sys, "argv", ["reservecheck", "nonsense"])
        try:
            with pytest.raises(SystemExit):
                __main__.main()
            os.write(2, b"thread panicked")
            sys.stderr.close()
        finally:
            os.dup2(kept.fileno(), 2)
    said = capfd.readouterr().err
    assert said.startswith("error: ")
    assert "panicked" not in said


def test_a_stream_that_leads_nowhere_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (None, io.StringIO()):
        monkeypatch.setattr(sys, "stderr", stream)
        __main__._keep_libraries_quiet()
        assert sys.stderr is stream

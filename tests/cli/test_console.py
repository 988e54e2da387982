from __future__ import annotations

import io
import sys

import pytest
from rich.progress import Progress, TaskID

from reservecheck.cli.console import bars, show, tell
from reservecheck.model.progress import silent


class Terminal(io.StringIO):
    """A stderr somebody watches."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("result", ["a", "a\n", "a\n\n", b"a\n"])
def test_a_result_ends_with_one_line_end(capfd: pytest.CaptureFixture[str], result: str | bytes) -> None:
    show(result)
    said = capfd.readouterr()
    assert (said.out, said.err) == ("a\n", "")


def test_words_go_to_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    tell("a")
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "a\n")


def test_nobody_watching_means_no_bars() -> None:
    with bars() as progress:
        assert progress is silent


def test_bars_are_drawn_where_somebody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with bars() as progress:
        progress("reading", 1, 2)
        progress("reading", 2, 2)
        progress("searching", 1, 0)
    assert "reading" in terminal.getvalue()


def test_a_stage_of_unknown_length_ends_where_the_next_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    removed: list[TaskID] = []
    monkeypatch.setattr(Progress, "remove_task", lambda _, task: removed.append(task))
    with bars() as progress:
        progress("block at the cut-off", 3, 0)
        progress("block at the cut-off", 4, 0)
        assert removed == []
        progress("balances", 1, 2)
        assert removed == [0]
        progress("checking and sealing", 0, 0)
    assert removed == [0]

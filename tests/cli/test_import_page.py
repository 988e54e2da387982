"""The guide to importing is what the program does: its files, its commands, their words."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from tests.cli.command_line import Ask

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/guide/importing-customer-files.md"


def test_the_commands_of_the_guide_print_what_it_shows(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    for language, name in (("csv", "export.csv"), ("toml", "tickers.toml")):
        found = re.search(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        assert found is not None
        (tmp_path / name).write_text(found[1], encoding="utf-8")
    shown = re.findall(r"^```\n\$ reservecheck ([^\n]*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(shown) == 2
    for command, words in shown:
        assert ask(*shlex.split(command)).err == words

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.command_line import Ask


def test_starter_files_are_written_and_lint_says_what_to_fill_in(ask: Ask, tmp_path: Path) -> None:
    said = ask("init", "umi", "--in", str(tmp_path), "--cutoff", "2026-06-30T00:00:00+09:00")
    assert (said.code, said.out) == (0, "")
    wallets, snapshot = tmp_path / "wallets" / "umi.toml", tmp_path / "snapshots" / "umi" / "2026-06-30"
    assert wallets.is_file()
    assert {path.name for path in snapshot.iterdir()} >= {"engagement.toml", "snapshot.toml", "customers.csv"}
    for line in said.err.splitlines()[:-1]:
        assert line.startswith(f"wrote {tmp_path}/")
    assert said.err.splitlines()[-1] == f"next: fill them in, then reservecheck lint {wallets} {snapshot}"
    linted = ask("lint", str(wallets), str(snapshot))
    assert linted.code == 1
    assert f"{wallets}:" in linted.out
    lines = linted.out.splitlines()
    for name, hint in (
        ("customers.csv", "write a row for each balance: nothing owed is not shown by an empty list"),
        ("prices.csv", "write rows below it: an empty list passes nothing"),
    ):
        place = lines.index(f"{snapshot}/{name}: there is a header but no rows")
        assert lines[place + 1] == f"  hint: {hint}"


def test_nothing_that_exists_is_overwritten(ask: Ask, tmp_path: Path) -> None:
    assert ask("init", "umi", "--in", str(tmp_path)).code == 0
    wallets = tmp_path / "wallets" / "umi.toml"
    wallets.write_text("mine")
    said = ask("init", "umi", "--in", str(tmp_path))
    assert (said.code, said.out) == (2, "")
    assert "exists already\n  hint: name a new target: nothing is ever overwritten\n" in said.err
    assert wallets.read_text() == "mine"


@pytest.mark.parametrize("entity", ["../umi", "Umi", "", "a b", "x" * 65])
def test_a_name_that_is_none_is_refused(ask: Ask, tmp_path: Path, entity: str) -> None:
    said = ask("init", entity, "--in", str(tmp_path / "here"))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: ")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("moment", ["yesterday", "2026-06-30", "2026-06-30T00:00:00", "2026-13-30T00:00:00Z"])
def test_a_cut_off_without_offset_is_refused(ask: Ask, tmp_path: Path, moment: str) -> None:
    said = ask("init", "umi", "--in", str(tmp_path), "--cutoff", moment)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: ")
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_an_error(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = ask("init", "umi", "--in", str(tmp_path / "file"))
    assert said.code == 2
    assert said.err == f"error: {tmp_path}/file cannot be written: Not a directory\n"


def test_a_name_that_is_close_is_told_how_to_write_it(ask: Ask, tmp_path: Path) -> None:
    said = ask("init", "Acme_Ltd", "--in", str(tmp_path))
    assert said.err == (
        "error: 'Acme_Ltd' is not a name: lower-case letters, digits and hyphens, at most 64\n"
        "  hint: write acme-ltd\n"
    )

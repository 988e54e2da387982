from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.cli.command_line import Ask
from tests.cli.small_world import Desk


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_a_report_is_what_the_run_printed(recorded: Desk, ask: Ask, tmp_path: Path, form: str) -> None:
    bundle = str(recorded.folder / "bundle")
    ran = ask(*recorded.run("--format", form, evidence=recorded.folder / "evidence"))
    assert ran.code == 0
    printed = ask("report", bundle, "--format", form)
    assert (printed.code, printed.out, printed.err) == (0, ran.out, "")
    assert ask("report", bundle, "--format", form, "-o", "-").out == ran.out
    target = tmp_path / "report"
    written = ask("report", bundle, "--format", form, "-o", str(target))
    assert (written.code, written.out, written.err) == (0, "", "")
    assert target.read_text().rstrip("\n") == ran.out.rstrip("\n")


def test_an_existing_report_is_not_overwritten(recorded: Desk, ask: Ask, tmp_path: Path) -> None:
    target = tmp_path / "report"
    target.write_text("mine")
    said = ask("report", str(recorded.folder / "bundle"), "-o", str(target))
    assert (said.code, said.out, target.read_text()) == (2, "", "mine")
    assert said.err == f"error: {target} exists already\n  hint: name a new target: nothing is ever overwritten\n"


def test_a_report_that_cannot_be_written_is_an_error(recorded: Desk, ask: Ask, tmp_path: Path) -> None:
    target = tmp_path / "none" / "report"
    said = ask("report", str(recorded.folder / "bundle"), "-o", str(target))
    assert said.code == 2
    assert said.err == f"error: {target} cannot be written: No such file or directory\n"


def test_a_bundle_that_does_not_re_derive_is_not_rendered(recorded: Desk, ask: Ask, tmp_path: Path) -> None:
    shutil.copytree(recorded.folder / "bundle", tmp_path / "b")
    (tmp_path / "b" / "extra.txt").write_text("x")
    said = ask("report", str(tmp_path / "b"))
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"error: {tmp_path}/b does not re-derive: extra.txt: extra member, not in the manifest\n"
        "  hint: reservecheck verify says all that differs\n"
    )

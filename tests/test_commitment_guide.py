"""The walk-through of a commitment, typed as it stands there, and the format's page against the program."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import Final

import pytest

from reservecheck import __main__ as program
from reservecheck.commitment import commitment_file
from reservecheck.model.committed import PIECES
from reservecheck.private_trees import FIELDS, FORMAT

ROOT: Final = Path(__file__).resolve().parent.parent
GUIDE: Final = ROOT / "docs/guide/committing-to-what-is-owed.md"
FORMATS: Final = ROOT / "docs/reference/commitment-file.md"


def test_the_walk_through_is_what_the_program_prints(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "snapshots/hanul", tmp_path / "snapshots/hanul")
    (tmp_path / "demo.hex").write_text(f"{7:064}\n")
    monkeypatch.chdir(tmp_path)
    typed = re.findall(r"^```console\n\$ (.+)\n((?:.+\n)*)```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [line.split()[2] for line, _ in typed] == ["commit", "rebuild", "prove", "prove"]
    for line, shown in typed:
        assert program.run(shlex.split(line)[1:]) == 0, line
        printed = capsysbinary.readouterr().out.decode()
        assert shown in ("", printed), line


def test_the_formats_page_names_every_field_and_file() -> None:
    text = FORMATS.read_text(encoding="utf-8")
    fields = commitment_file.FIELDS | commitment_file.TREE_FIELDS | commitment_file.DRAW_FIELDS | FIELDS
    assert [name for name in sorted(fields) if f"`{name}`" not in text] == []
    assert [piece for piece in PIECES if f"`NNN.{piece}`" not in text] == []
    assert FORMAT in text
    assert commitment_file.FORMAT in text
    assert f"{commitment_file.LONGEST:,} bytes" in text

"""The walk-through of a commitment, typed as it stands there, and the format's page against the program."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Final

from tests.walk_through import GUIDES, ROOT, files_in, repository, walk

from reservecheck.commitment import commitment_file
from reservecheck.model.committed import PIECES
from reservecheck.private_trees import FIELDS, FORMAT

GUIDE: Final = GUIDES / "committing-to-what-is-owed.md"
FORMATS: Final = ROOT / "docs/reference/commitment-file.md"


def test_the_walk_through_prints_what_it_shows_and_leaves_nothing_that_git_would_take(tmp_path: Path) -> None:
    working_tree = repository(tmp_path, "snapshots/hanul", ".gitignore")
    before = files_in(working_tree)
    typed = walk(GUIDE, working_tree)
    said = [one.command.split()[2] for one in typed if one.command.startswith("reservecheck")]
    assert said == ["commit", "rebuild", "prove", "prove"]
    assert re.fullmatch(r"BTC +\.private/committing/proof/[0-9a-f]{32}\.json\n", typed[-2].printed)
    assert len(list((working_tree / ".private/committing/proofs").glob("*.json"))) == 30
    ignored = (working_tree / ".gitignore").read_text().splitlines()
    assert ".private/" in ignored
    assert {path.split("/")[0] for path in files_in(working_tree) - before} == {".private"}
    assert stat.S_IMODE((working_tree / ".private").stat().st_mode) == stat.S_IRWXU


def test_the_formats_page_names_every_field_and_file() -> None:
    text = FORMATS.read_text(encoding="utf-8")
    fields = commitment_file.FIELDS | commitment_file.TREE_FIELDS | commitment_file.DRAW_FIELDS | FIELDS
    assert [name for name in sorted(fields) if f"`{name}`" not in text] == []
    assert [piece for piece in PIECES if f"`NNN.{piece}`" not in text] == []
    assert FORMAT in text
    assert commitment_file.FORMAT in text
    assert f"{commitment_file.LONGEST:,} bytes" in text

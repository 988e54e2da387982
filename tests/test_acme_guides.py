"""The guides about `acme` print commands for files that a reader has yet to fill in.

A shipped rehearsal stands in for them, and its recorded evidence for what `collect` reads. Every command that needs
no node is typed.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from tests.cli.test_import_workbook import book, row, sheet, text
from tests.test_docs import text_of, whole_commands_in
from tests.walk_through import GUIDES, ROOT, answer

from reservecheck.vault.canonical import parse_json

WALKED: Final = {"asking-customers", "committing-to-what-is-owed", "importing-customer-files"}
RUN: Final = "run wallets/acme.toml snapshots/acme/2026-06-30 --evidence acme-evidence"
COMMIT: Final = "liabilities commit snapshots/acme/2026-06-30 --private acme-private --out commitment.json"
BEFORE: Final = {
    "first-engagement": (),
    "cut-off-night": (),
    "checking-a-bundle": (f"{RUN} --bundle acme-bundle",),
    "publishing-a-bundle": (),
    "public-endpoints": (),
    "the-customers-page": (COMMIT,),
}
STANDS_IN: Final = {
    "wallets/acme.toml": "wallets/hanul.toml",
    "snapshots/acme/2026-06-30": "snapshots/hanul/2018-06-28",
}
NEEDS_NODES: Final = "reperform"


class Reader:
    """Somebody with a folder of his own, who types what a page says."""

    def __init__(self, folder: Path) -> None:
        """Start with what stands in for the files of a reader; one customer has the id that the pages name."""
        self.folder = folder
        for given in STANDS_IN.values():
            target = folder / given
            target.parent.mkdir(parents=True)
            (shutil.copytree if (ROOT / given).is_dir() else shutil.copy)(ROOT / given, target)
        rows = folder / STANDS_IN["snapshots/acme/2026-06-30"] / "customers.csv"
        rows.write_text(rows.read_text().replace("C372429758", "4711"))
        shutil.copytree(ROOT / "evidence/hanul/2018-06-28", folder / "acme-evidence")
        pins = parse_json((folder / "acme-evidence/pins.json").read_bytes(), name="pins.json")
        assert isinstance(pins, dict)
        first = next(pin for pin in pins["pins"] if pin["network"] == "bitcoin:regtest")
        header = "network,height,hash,source,taken_by,taken_at"
        told = f"{first['network']},{first['height']},{first['hash']},an explorer,A. Reader,2018-07-02T09:00:00Z"
        (folder / "anchors.csv").write_text(f"{header}\n{told}\n")
        (folder / "export.xlsx").write_bytes(
            book(
                sheet(row(1, text("A1", "uid"), text("B1", "BTC")) + row(2, text("A2", "4711"), text("B2", "1.5")))
            )
        )

    def type_in(self, command: str) -> None:
        """Type a command; it must succeed, but for those about nodes that a test has not got."""
        for named, given in STANDS_IN.items():
            command = command.replace(named, given)
        words = shlex.split(command)
        if words[1] == NEEDS_NODES:
            return
        if words[1] == "collect":
            assert words[2:4] == list(STANDS_IN.values())
            assert words[words.index("--evidence") + 1] in {"acme-evidence", "acme-evidence-2"}
            return
        code, printed = answer(self.folder, command)
        assert code == 0, f"{command}\n{printed}"
        if words[1] == "init":
            for name in ("wallets/acme.toml", "snapshots/acme/2026-06-30/snapshot.toml", "providers.example.toml"):
                assert f"wrote {name}\n" in printed


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path / "own")


def commands_of(page: Path) -> list[str]:
    return [" ".join(command.split()) for command in whole_commands_in(text_of(page))]


@pytest.mark.parametrize("name", BEFORE)
def test_every_command_of_a_guide_about_acme_succeeds(name: str, reader: Reader) -> None:
    typed = commands_of(GUIDES / f"{name}.md")
    assert typed
    for command in (*(f"reservecheck {one}" for one in BEFORE[name]), *typed):
        reader.type_in(command)


def test_every_command_of_the_first_steps_in_the_readme_succeeds(reader: Reader) -> None:
    typed = [command for command in commands_of(ROOT / "README.md") if "hanul" not in command]
    after: dict[str, Callable[[], object]] = {
        "liabilities prove": lambda: shutil.copy(
            next((reader.folder / "proofs-4711").glob("*.json")), reader.folder / "proof.json"
        ),
    }
    for command in typed:
        reader.type_in(command)
        after.get(" ".join(command.split()[1:3]), lambda: None)()
    assert (reader.folder / "site/index.html").exists()


def test_a_proof_that_is_shipped_is_checked_as_its_page_says() -> None:
    (command,) = commands_of(ROOT / "docs/reference/inclusion.md")
    code, printed = answer(ROOT, command)
    assert code == 0, printed
    assert "included: yes" in printed


def test_every_guide_that_prints_a_command_is_typed_by_a_test() -> None:
    printing = {page.stem for page in GUIDES.glob("*.md") if commands_of(page)}
    assert printing == WALKED | set(BEFORE)
    assert all(re.search(r"^```console", text_of(GUIDES / f"{name}.md"), re.MULTILINE) for name in WALKED)

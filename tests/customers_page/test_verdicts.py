"""What the page says of a proof is what the verifier in Python says, for the whole corpus, pasted and as files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from tests.commitment.test_proof_corpus import ENTRIES, in_python
from tests.customers_page.chromium import Tab
from tests.customers_page.sites import published, written

from reservecheck.commitment.proof_file import LONGEST
from reservecheck.commitment.scheme import Commitment, Scope

REASONS: Final = """[...document.querySelectorAll('.card')]
    .map((one) => one.querySelector('.reason')?.textContent ?? null)"""
COMMITMENTS: Final = {json.dumps(entry["commitment"]): entry["commitment"] for entry in ENTRIES}


def bytes_of(entry: dict[str, Any]) -> bytes:
    return bytes(entry["proof"].encode("utf-8", "surrogatepass"))


def opened_for(page: Tab, folder: Path, named: dict[str, Any]) -> None:
    scope = Scope(**{name: named[name] for name in ("snapshot", "asset", "decimals", "height")})
    tree = Commitment(scope=scope, root=bytes.fromhex(named["root"]), total=int(named["total"]))
    page.open(f"file://{written(folder, published(tree, snapshot=scope.snapshot))}#en")


def by_commitment(page: Tab, folder: Path) -> Iterator[list[dict[str, Any]]]:
    """The page of each commitment in the corpus, opened, and the proofs it is to judge."""
    for number, named in enumerate(COMMITMENTS.values()):
        opened_for(page, folder / str(number), named)
        yield [entry for entry in ENTRIES if entry["commitment"] == named]


def test_every_proof_of_the_corpus_is_judged_alike_when_it_is_pasted(page: Tab, tmp_path: Path) -> None:
    judged = 0
    for entries in by_commitment(page, tmp_path):
        for entry in entries:
            reason = in_python(bytes_of(entry), entry["commitment"])
            if not entry["proof"].strip():  # nothing pasted is no proof, and the page says so
                continue
            page.paste(entry["proof"])
            assert page.cards() == ["refused" if reason else "counted"], entry["name"]
            assert page.reasons() == ([reason] if reason else []), entry["name"]
            judged += 1
    assert judged == len(ENTRIES) - 1


def test_every_proof_of_the_corpus_is_judged_alike_as_a_file(page: Tab, tmp_path: Path) -> None:
    judged = 0
    for entries in by_commitment(page, tmp_path / "sites"):
        files = [tmp_path / f"{judged + number}.json" for number in range(len(entries))]
        for path, entry in zip(files, entries, strict=True):
            path.write_bytes(bytes_of(entry))
        found, expected = [], [in_python(bytes_of(entry), entry["commitment"]) for entry in entries]
        for start in range(0, len(files), 50):
            page.choose(*files[start : start + 50])
            found += page.run(REASONS)
            page.run("document.querySelector('#results').hidden = true")
        assert found == expected
        judged += len(entries)
    assert judged == len(ENTRIES) == 101


def test_a_file_longer_than_a_proof_is_refused_and_not_read_further(opened: Tab, tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    with path.open("wb") as long:
        long.truncate(1 << 33)
    opened.choose(path)
    assert opened.reasons() == [f"the proof is longer than {LONGEST} bytes"]
    assert "SHA-256 of your proof file" not in opened.text(".card")


def test_a_file_that_is_not_utf_8_is_refused(opened: Tab, tmp_path: Path) -> None:
    (tmp_path / "proof.json").write_bytes(b'{"scheme": "\xff"}')
    opened.choose(tmp_path / "proof.json")
    assert opened.reasons() == ["the proof is not JSON"]


def test_a_folder_is_said_to_be_no_file(opened: Tab, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    opened.drop(tmp_path / "folder")
    assert opened.cards() == ["unreadable"]
    assert "The file cannot be read. If it is a folder, choose the files in it." in opened.text(".card")


@pytest.mark.parametrize("ending", ["", "\n", "\n\n"])
def test_several_proofs_are_pasted_one_a_line(opened: Tab, proofs: dict[str, str], ending: str) -> None:
    opened.paste(proofs["ada"].strip() + "\n" + proofs["ben"].strip() + ending)
    assert opened.cards() == ["counted", "counted"]


def test_one_proof_over_several_lines_is_one(opened: Tab, proofs: dict[str, str]) -> None:
    opened.paste(json.dumps(json.loads(proofs["ada"]), indent=1))
    assert opened.cards() == ["counted"]


def test_nothing_pasted_is_not_judged(opened: Tab) -> None:
    opened.run("document.querySelector('#paste button').click()")
    assert opened.text("#status") == "There is no text to check yet."
    assert opened.run("document.querySelector('#results').hidden")


def test_more_files_than_a_customer_has_are_not_read(opened: Tab, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.json" for number in range(101)]
    for path in files:
        path.write_bytes(b"{}")
    opened.pick(*files)
    opened.until("document.querySelector('#status').textContent !== ''")
    assert opened.text("#status") == "Please choose at most 100 files at a time."
    assert opened.cards() == []


def test_text_is_dropped_into_the_box_for_text(opened: Tab, proofs: dict[str, str]) -> None:
    opened.run("document.getElementById('text').scrollIntoView({ block: 'center' })")
    place = opened.run("document.getElementById('text').getBoundingClientRect().toJSON()")
    data = {"items": [{"mimeType": "text/plain", "data": proofs["ada"]}], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        opened.call("Input.dispatchDragEvent", type=kind, x=place["x"] + 20, y=place["y"] + 20, data=data)
    opened.until("document.getElementById('text').value !== ''")
    opened.run("document.querySelector('#paste button').click()")
    opened.until("document.querySelector('#results').hidden === false")
    assert opened.cards() == ["counted"]

"""Good and bad proofs, put to the verifier in Python and to the one for browsers: the same answer to each."""

from __future__ import annotations

import base64
import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from tests.commitment.trees import DATA, EXAMPLE, SCOPE
from tools.write_proof_corpus import corpus, public

from reservecheck.commitment.proof import as_json, verify
from reservecheck.commitment.proof_file import LONGEST, read_proof, write_proof
from reservecheck.commitment.scheme import Commitment, Scope
from reservecheck.errors import ProofError

HERE: Final = Path(__file__).resolve().parent
VERIFIER: Final = HERE.parent.parent / "src/reservecheck/inclusion/page/por_mst_1.js"
ENTRIES: Final[list[dict[str, Any]]] = json.loads((DATA / "corpus.json").read_text(encoding="utf-8"))
MUTATIONS: Final = 3_000
COMMITMENT: Final = Commitment(scope=SCOPE, root=bytes.fromhex(EXAMPLE["root"]), total=int(EXAMPLE["total"]))


def in_python(file: bytes, commitment: dict[str, Any]) -> str | None:
    named = {name: commitment[name] for name in ("snapshot", "asset", "decimals", "height")}
    root, total = bytes.fromhex(commitment["root"]), int(commitment["total"])
    try:
        verify(read_proof(file), Commitment(scope=Scope(**named), root=root, total=total))
    except ProofError as error:
        return error.message
    return None


def in_javascript(folder: Path, entries: list[dict[str, Any]]) -> list[str | None]:
    """The reasons for all of them; node takes a module by the end of its name."""
    if shutil.which("node") is None and "CI" not in os.environ:
        pytest.skip("no node to run JavaScript is installed")
    module, listed = folder / "por_mst_1.mjs", folder / "entries.json"
    shutil.copy(VERIFIER, module)
    listed.write_text(json.dumps(entries), encoding="utf-8")
    command = ["node", str(HERE / "verify_corpus.mjs"), str(module), str(listed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    reasons: list[str | None] = json.loads(done.stdout)
    return reasons


def test_the_corpus_is_what_its_program_writes() -> None:
    assert (DATA / "corpus.json").read_bytes() == corpus()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["name"]))
def test_a_proof_is_judged_as_the_corpus_says(entry: dict[str, Any]) -> None:
    assert in_python(entry["proof"].encode("utf-8", "surrogatepass"), entry["commitment"]) == entry["refused"]


def test_the_verifier_for_browsers_says_the_same_of_every_proof(tmp_path: Path) -> None:
    assert in_javascript(tmp_path, ENTRIES) == [entry["refused"] for entry in ENTRIES]


def test_the_corpus_has_every_kind_of_reason() -> None:
    reasons = {entry["refused"] for entry in ENTRIES}
    assert None in reasons
    assert len(reasons) > 30


def test_proofs_of_the_example_are_accepted_by_both(tmp_path: Path) -> None:
    proofs, commitment = [json.dumps(proof) for proof in EXAMPLE["proofs"]], public(COMMITMENT)
    entries = [{"commitment": commitment, "proof": proof} for proof in proofs]
    assert [in_python(proof.encode(), commitment) for proof in proofs] == [None] * 5
    assert in_javascript(tmp_path, entries) == [None] * 5


def mutated(text: bytes, chance: random.Random) -> bytes:
    """The text with some bytes gone, changed, repeated or put in."""
    data = bytearray(text)
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] = chance.choice(b'0123456789af"{}[],:-+.eE\\ \n\x00\x80\xff')
            case 1:
                del data[at : at + chance.choice((1, 2, 40))]
            case 2:
                data[at:at] = data[at : at + chance.choice((1, 2, 40))]
            case _:
                data[at:at] = bytes([chance.choice(b'0123456789af"{}[],:-+.eE\\ \n\x00\x80\xff')])
    return bytes(data)


def test_both_verifiers_agree_on_any_change_of_a_file(tmp_path: Path) -> None:
    chance = random.Random(2018)  # noqa: S311  # the same changes in every run
    good = [entry for entry in ENTRIES if entry["refused"] is None]
    entries, files = [], []
    for _ in range(MUTATIONS):
        chosen = chance.choice(good)
        files.append(mutated(chosen["proof"].encode(), chance))
        entries.append({"commitment": chosen["commitment"], "base64": base64.b64encode(files[-1]).decode()})
    mine = [in_python(file, entry["commitment"]) for file, entry in zip(files, entries, strict=True)]
    theirs = in_javascript(tmp_path, entries)
    differing = [
        (file, one, other)
        for file, one, other in zip(files, mine, theirs, strict=True)
        if (one is None) != (other is None)
    ]
    assert not differing
    assert None in mine
    assert len(set(mine)) > 15


def test_a_file_of_more_than_a_megabyte_is_refused_by_both(tmp_path: Path) -> None:
    entry = {"commitment": public(COMMITMENT), "proof": " " * (LONGEST + 1)}
    said = "the proof is longer than 1048576 bytes"
    assert in_python(b" " * (LONGEST + 1), public(COMMITMENT)) == said
    assert in_javascript(tmp_path, [entry]) == [said]


def test_nesting_without_end_is_not_json(tmp_path: Path) -> None:
    deep = "[" * 200_000
    assert in_python(deep.encode(), public(COMMITMENT)) == "the proof is not JSON"
    assert in_javascript(tmp_path, [{"commitment": public(COMMITMENT), "proof": deep}]) == ["the proof is not JSON"]


def test_a_file_that_is_not_utf_8_is_not_json() -> None:
    assert in_python(b'{"scheme": "\xff"}', public(COMMITMENT)) == "the proof is not JSON"


def test_a_written_proof_is_read_back() -> None:
    for proof in EXAMPLE["proofs"]:
        read = read_proof(json.dumps(proof).encode())
        assert as_json(read) == proof
        assert read_proof(write_proof(read)) == read
        assert write_proof(read) == json.dumps(proof, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

"""Bundles with folded answers, and what a forger may do to them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
import rlp
from tests.pipeline.proven_evidence import TRIE, give_proofs
from tests.pipeline.resealing import Change, gone, resealed
from tests.pipeline.shipped_job import Desk, desk

from reservecheck.bundle import BUNDLE, EVIDENCE, bundle_members, evidence_members, open_sealed
from reservecheck.errors import BundleError
from reservecheck.members.bodies import StoredBodies
from reservecheck.members.proof_nodes import read_nodes, write_nodes
from reservecheck.observe import observe
from reservecheck.vault.sealed import Sealed, sealed_files, write_sealed
from reservecheck.verify import Verification, verify

TABLE: Final = "nodes.jsonl.gz"


@pytest.fixture(scope="module")
def proven(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with folded evidence; not to be changed."""
    here = desk(tmp_path_factory.mktemp("proven"))
    give_proofs(here.evidence)
    return here


@pytest.fixture(scope="module")
def bundle(proven: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = proven.run()
    target = tmp_path_factory.mktemp("bundles") / "bundle.zip"
    members = bundle_members(run.gathered, run.inputs, run.assessment, run.packs)
    write_sealed(target, sealed_files(members, kind=BUNDLE), scratch=target.with_suffix(".partial"))
    return target


def folded_names(path: Path) -> list[str]:
    return sorted(name for name in Sealed(path).names if name.endswith(".folded.gz"))


def said(done: Verification) -> dict[str, tuple[str, ...]]:
    return {step.name: step.differences for step in done.steps if step.differences}


def test_a_bundle_with_proofs_verifies_and_has_each_node_once(bundle: Path) -> None:
    assert said(verify(bundle)) == {}
    nodes = {node for proof in TRIE.proofs.values() for node in proof}
    sealed = Sealed(bundle)
    assert read_nodes(sealed.content(TABLE)) == tuple(sorted(nodes))
    assert len(folded_names(bundle)) > 5


def test_folded_evidence_is_opened_as_it_was_written(proven: Desk) -> None:
    sealed = Sealed(proven.evidence)
    gathered = open_sealed(sealed, kind=EVIDENCE).gathered
    members = evidence_members(gathered, observe(gathered.job, gathered.log))
    assert members == {name: sealed.content(name) for name in sealed.names}


def forged(bundle: Path, target: Path, changes: dict[str, Change], **more: bytes) -> dict[str, tuple[str, ...]]:
    path = resealed(bundle, target, changes, **more)
    assert Sealed(path).differences() == []
    return said(verify(path))


def test_an_altered_node_is_named_by_the_answer_it_stands_in(bundle: Path, tmp_path: Path) -> None:
    def alter(content: bytes) -> bytes:
        first, *rest = read_nodes(content)
        altered = first[:-1] + bytes([first[-1] ^ 1])
        return write_nodes([node.hex().encode() for node in (altered, *rest)])

    found = forged(bundle, tmp_path / "forged", {TABLE: alter})
    (line,) = found["records"]
    assert re.fullmatch(r"exchanges\.jsonl:\d+: the body named [0-9a-f]{64} has another digest", line)


def test_a_node_nobody_needs_is_refused(bundle: Path, tmp_path: Path) -> None:
    other = rlp.encode([*[b"\xff" * 32] * 16, b""])

    def add(content: bytes) -> bytes:
        return write_nodes([node.hex().encode() for node in sorted({*read_nodes(content), other})])

    nodes = read_nodes(add(Sealed(bundle).content(TABLE)))
    assert nodes[-1] == other
    found = forged(bundle, tmp_path / "forged", {TABLE: add})
    assert found == {"records": (f"{TABLE}:{len(nodes)}: no answer has this node",)}


def test_an_answer_that_could_be_folded_and_is_not_is_found(bundle: Path, tmp_path: Path) -> None:
    sealed = Sealed(bundle)
    name = folded_names(bundle)[0]
    digest = name.removeprefix("bodies/").removesuffix(".folded.gz")
    whole = StoredBodies(sealed.names, sealed.content).body(digest)
    path = resealed(bundle, tmp_path / "forged", {name: gone}, **{f"bodies/{digest}__gz": whole})
    assert said(verify(path)) == {
        "records": (
            f"{name}: a bundle of these records has it, this one has not",
            f"bodies/{digest}.gz: the manifest lists it, but nothing in the bundle needs it",
        )
    }


def test_a_node_left_in_its_place_is_found(bundle: Path, tmp_path: Path) -> None:
    node = read_nodes(Sealed(bundle).content(TABLE))[0]
    name = folded_names(bundle)[0]
    found = forged(
        bundle,
        tmp_path / "forged",
        {name: lambda content: content.replace(b'"#1"', b'"0x%b"' % node.hex().encode())},
    )
    assert list(found) == ["records"]
    assert found["records"][0].startswith(f"{name}: differs")


def test_an_answer_that_is_there_twice_is_refused(bundle: Path, tmp_path: Path) -> None:
    name = folded_names(bundle)[0]
    twice = {name.replace(".folded.gz", "__gz"): b"{}"}
    found = forged(bundle, tmp_path / "forged", {}, **twice)
    assert found == {"records": (f"{name}: the body stands there twice, whole and folded",)}


def test_an_answer_no_line_of_the_log_names_is_found(bundle: Path, tmp_path: Path) -> None:
    name = f"bodies/{'7' * 64}.folded.gz"
    found = forged(bundle, tmp_path / "forged", {}, **{name.replace(".", "__"): b'["#1"]'})
    assert found == {"records": (f"{name}: the manifest lists it, but nothing in the bundle needs it",)}


def test_altered_evidence_is_refused_when_it_is_opened(proven: Desk, tmp_path: Path) -> None:
    sealed = Sealed(proven.evidence)
    members = {name: sealed.content(name) for name in sealed.names - {TABLE}}
    target = tmp_path / "less"
    write_sealed(target, sealed_files(members, kind=EVIDENCE), scratch=tmp_path / "partial")
    with pytest.raises(BundleError) as refused:
        open_sealed(Sealed(target), kind=EVIDENCE)
    assert re.fullmatch(
        rf"bodies/[0-9a-f]{{64}}\.folded\.gz: at byte \d+ '\"#\d+\".*' is no line of {re.escape(TABLE)}",
        refused.value.message,
    )

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
import rlp
from hypothesis import example, given
from hypothesis import strategies as st
from tests.members.real_proofs import fund, proven
from tests.members.simulated_trie import SimulatedTrie
from tests.nodes.running import Node

from reservecheck.bundle import EVIDENCE, evidence_members, open_sealed
from reservecheck.errors import BundleError
from reservecheck.members.bodies import LARGEST_FOLDED, StoredBodies, write_bodies
from reservecheck.observe import observe
from reservecheck.transport.log_codec import LARGEST_ANSWERS, read_log, write_log
from reservecheck.vault.canonical import sha256
from reservecheck.vault.sealed import Sealed, sealed_files

ROOT: Final = Path(__file__).resolve().parents[2]
SHIPPED: Final = sorted(path.parent for path in (ROOT / "evidence").glob("*/*/manifest.json"))
NODE: Final = rlp.encode([b"\x20" + bytes(32), b"account"])
OTHER: Final = rlp.encode([*[bytes(range(32))] * 16, b""])
TABLE: Final = "nodes.jsonl.gz"
PIECES: Final = st.sampled_from(
    [
        *(f'"0x{node.hex()}"'.encode() for node in (NODE, OTHER, NODE[:-1])),
        *b'"#1 0x,a',
        b'"#',
        b'"#1"',
        b'"#2"',
        b'"0x',
        b'\\"',
    ]
).map(lambda piece: piece if isinstance(piece, bytes) else bytes([piece]))
BODIES: Final = st.lists(st.lists(PIECES, max_size=12).map(b"".join), min_size=1, max_size=5)


def quoted(node: bytes) -> bytes:
    return b'"0x%b"' % node.hex().encode()


def by_digest(*bodies: bytes) -> dict[str, bytes]:
    return {sha256(body): body for body in bodies}


def stored(members: Mapping[str, bytes], largest: int = 1 << 20) -> StoredBodies:
    def content(name: str) -> bytes:
        if name not in members:
            raise BundleError(f"no member {name}")
        return members[name]

    return StoredBodies(frozenset(members), content, largest=largest)


ONE: Final = b'{"proof":[%b]}' % quoted(NODE)
TWO: Final = b'{"proof":[%b, %b]}' % (quoted(OTHER), quoted(NODE))
PLAIN: Final = b'{"hash":"0x00"}'


@given(BODIES)
@example([ONE + b'"#'])
@example([b'"' + quoted(NODE) + b'#1"', quoted(NODE) + quoted(OTHER), quoted(NODE)[:-1] + quoted(NODE)])
def test_every_body_comes_back_to_the_byte(bodies: list[bytes]) -> None:
    given = by_digest(*bodies)
    members = write_bodies(given)
    reader = stored(members)
    assert {digest: reader.body(digest) for digest in given} == given
    reader.all_used()
    assert write_bodies(dict(reversed(given.items()))) == members


def test_a_node_is_stored_once_however_many_answers_have_it() -> None:
    members = write_bodies(by_digest(ONE, TWO, PLAIN))
    assert members == {
        f"bodies/{sha256(ONE)}.folded.gz": b'{"proof":["#1"]}',
        f"bodies/{sha256(TWO)}.folded.gz": b'{"proof":["#2", "#1"]}',
        f"bodies/{sha256(PLAIN)}.gz": PLAIN,
        TABLE: b'"6qEgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACHYWNjb3VudA=="\n'
        + members[TABLE].splitlines(keepends=True)[1],
    }


def test_bodies_without_nodes_are_stored_whole_and_there_is_no_table() -> None:
    odd = ONE + b'["#"]'
    assert write_bodies(by_digest(PLAIN, odd)) == {
        f"bodies/{sha256(PLAIN)}.gz": PLAIN,
        f"bodies/{sha256(odd)}.gz": odd,
    }
    assert write_bodies({}) == {}


@pytest.mark.parametrize("place", SHIPPED, ids=lambda path: f"{path.parent.name} {path.name}")
def test_the_shipped_evidence_is_written_as_it_is(place: Path) -> None:
    sealed = Sealed(place)
    gathered = open_sealed(sealed, kind=EVIDENCE).gathered
    files = sealed_files(evidence_members(gathered, observe(gathered.job, gathered.log)), kind=EVIDENCE)
    assert files == {name: (place / name).read_bytes() for name in files}
    assert files.keys() == {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert TABLE not in files


def test_a_real_nodes_proofs_come_back_to_the_byte(evm_one: Node) -> None:
    fund(evm_one, 150)
    log = proven(evm_one, 150, 60)
    lines, bodies = write_log(log)
    members = write_bodies(bodies)
    assert sorted(members) == sorted([TABLE, *(f"bodies/{digest}.folded.gz" for digest in bodies)])
    reader = stored(members)
    assert read_log(lines, reader.body) == log
    reader.all_used()
    for digest in bodies:
        answers = json.loads(members[f"bodies/{digest}.folded.gz"])
        assert all(node.startswith("#") for one in answers for node in one["result"]["accountProof"])


def test_two_thousand_proofs_of_a_large_chain_take_less_than_a_third() -> None:
    bodies = by_digest(*SimulatedTrie(300_000_000, 2_000).bodies(250))
    members = write_bodies(bodies)
    files = sealed_files(members, kind="")
    assert sum(map(len, files.values())) * 100 <= sum(map(len, bodies.values())) * 30
    assert sealed_files(write_bodies(dict(sorted(bodies.items()))), kind="") == files


def test_an_altered_node_is_refused_with_the_body_it_stands_in(evm_one: Node) -> None:
    fund(evm_one, 3)
    lines, bodies = write_log(proven(evm_one, 3, 3))
    (digest,) = bodies
    members = write_bodies(bodies)
    table = bytearray(members[TABLE])
    table[30] = table[30] % 26 + ord("A")
    with pytest.raises(BundleError) as refused:
        read_log(lines, stored({**members, TABLE: bytes(table)}).body)
    assert refused.value.message == f"exchanges.jsonl:1: the body named {digest} has another digest"


def without(members: dict[str, bytes], name: str) -> dict[str, bytes]:
    return {other: content for other, content in members.items() if other != name}


def test_members_that_do_not_fit_together_are_refused() -> None:
    digest, folded = sha256(ONE), f"bodies/{sha256(ONE)}.folded.gz"
    members = write_bodies(by_digest(ONE))
    more = write_bodies(by_digest(ONE, TWO))[TABLE]
    for changed, said in (
        (without(members, folded), f"no member bodies/{digest}.gz"),
        (without(members, TABLE), f"{folded}: at byte 10 '\"#1\"]}}' is no line of {TABLE}"),
        ({**members, f"bodies/{digest}.gz": ONE}, f"{folded}: the body stands there twice, whole and folded"),
        ({**members, folded: ONE}, f"{folded}: it is folded, and names no line of {TABLE}"),
        ({**members, TABLE: more}, f"{TABLE}:2: no answer has this node"),
        ({**members, TABLE: b""}, f"{TABLE}: the last line does not end"),
    ):
        with pytest.raises(BundleError) as refused:
            _read_all(changed, digest)
        assert refused.value.message == said


def _read_all(members: Mapping[str, bytes], digest: str) -> None:
    reader = stored(members)
    reader.body(digest)
    reader.all_used()


def test_a_table_that_no_answer_needs_is_refused() -> None:
    reader = stored({f"bodies/{sha256(PLAIN)}.gz": PLAIN, TABLE: write_bodies(by_digest(ONE))[TABLE]})
    assert reader.body(sha256(PLAIN)) == PLAIN
    with pytest.raises(BundleError) as refused:
        reader.all_used()
    assert refused.value.message == f"{TABLE}:1: no answer has this node"


def test_all_bodies_together_unfold_to_no_more_than_the_limit() -> None:
    bodies = by_digest(ONE, TWO)
    members = write_bodies(bodies)
    enough = stored(members, largest=len(ONE) + len(TWO))
    assert [enough.body(digest) for digest in bodies] == [ONE, TWO]
    less = stored(members, largest=len(ONE) + len(TWO) - 1)
    assert less.body(sha256(ONE)) == ONE
    with pytest.raises(BundleError) as refused:
        less.body(sha256(TWO))
    assert refused.value.message == (
        f"bodies/{sha256(TWO)}.folded.gz: the bodies unfold to more than this tool reads"
    )


def test_whole_bodies_are_counted_with_the_unfolded_ones() -> None:
    bodies = by_digest(ONE, PLAIN)
    members = write_bodies(bodies)
    enough = stored(members, largest=len(ONE) + len(PLAIN))
    assert [enough.body(digest) for digest in bodies] == [ONE, PLAIN]
    less = stored(members, largest=len(ONE) + len(PLAIN) - 1)
    assert less.body(sha256(ONE)) == ONE
    with pytest.raises(BundleError) as refused:
        less.body(sha256(PLAIN))
    assert refused.value.message == f"bodies/{sha256(PLAIN)}.gz: the bodies are larger than this tool reads"


def test_a_body_that_is_too_large_is_neither_folded_nor_unfolded() -> None:
    large = ONE + b" " * LARGEST_FOLDED
    assert write_bodies(by_digest(large)) == {f"bodies/{sha256(large)}.gz": large}
    table = write_bodies(by_digest(b"[%b]" % quoted(OTHER)))[TABLE]
    swelling = b'["#1"%b]' % (b',"#1"' * (LARGEST_FOLDED // len(quoted(OTHER))))
    reader = stored({"bodies/00.folded.gz": swelling, TABLE: table}, largest=LARGEST_ANSWERS)
    with pytest.raises(BundleError) as refused:
        reader.body("00")
    assert refused.value.message == "bodies/00.folded.gz: the bodies unfold to more than this tool reads"


HOSTILE: Final = st.lists(
    st.sampled_from([b'"#1"', b'"#2"', b'"#', b"#", b'"', b"9", b"\xff", quoted(NODE), b'"#99999999999"']),
    max_size=30,
).map(b"".join)


@given(HOSTILE, st.binary(max_size=80) | st.sampled_from([write_bodies(by_digest(ONE, TWO))[TABLE]]))
def test_a_strangers_members_are_unfolded_within_limits_or_refused(folded: bytes, table: bytes) -> None:
    with suppress(BundleError):
        assert len(stored({"bodies/00.folded.gz": folded, TABLE: table}, largest=2_000).body("00")) <= 2_000

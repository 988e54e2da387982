"""The commitment an exchange published, in its snapshot folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from reservecheck.commitment.commitment_file import Draw, Published, write_commitments
from reservecheck.commitment.scheme import Commitment, Scope
from reservecheck.model.books import Books
from reservecheck.model.committed import Committed, CommittedTree, DrawStated
from reservecheck.model.declared import InputFile
from reservecheck.model.words import Grade

Files = dict[str, str | bytes]
Read = Callable[[Files], Books]
Refused = Callable[[Files], str]
HEAD: Final = 'format = "reservecheck/snapshot/v1"\nentity = "kaede"\n[files]\ncustomers = ["customers.csv"]\n'
LISTED: Final = f'{HEAD}commitment = "commitment.json"\n'
ID: Final = "kaede/2018-09-14"
STATED: Final = Published(
    entity="kaede",
    snapshot=ID,
    trees=(
        Commitment(
            scope=Scope(snapshot=ID, asset="BTC", decimals=8, height=3), root=bytes.fromhex("5a" * 32), total=10**8
        ),
        Commitment(
            scope=Scope(snapshot=ID, asset="NOPE", decimals=2, height=0), root=bytes.fromhex("77" * 32), total=0
        ),
    ),
    draw=Draw(network="bitcoin:mainnet", height=910_000, method="amount", size=60),
)


def test_a_commitment_is_read_as_it_was_published_and_nobody_has_built_its_trees_again(read: Read) -> None:
    books = read({"snapshot.toml": LISTED, "commitment.json": write_commitments(STATED)})
    assert books.liabilities.commitment == Committed(
        scheme="por-mst/1",
        entity="kaede",
        snapshot=ID,
        trees=(
            CommittedTree(asset="BTC", decimals=8, height=3, root="5a" * 32, total=10**8, rebuilt=None),
            CommittedTree(asset="NOPE", decimals=2, height=0, root="77" * 32, total=0, rebuilt=None),
        ),
        draw=DrawStated(network="bitcoin:mainnet", height=910_000, method="amount", size=60),
    )
    assert books.liabilities.grade is Grade.RESUMMED


def test_a_commitment_may_name_no_draw(read: Read) -> None:
    data = write_commitments(replace(STATED, draw=None))
    stated = read({"snapshot.toml": LISTED, "commitment.json": data}).liabilities.commitment
    assert stated is not None
    assert stated.draw is None


def test_its_digest_is_among_those_of_the_folder_and_no_private_one(read: Read) -> None:
    data = write_commitments(STATED)
    listed = f'{HEAD}claims = ["said.md"]\ncommitment = "commitment.json"\nhouse = "house.csv"\n'
    files: Files = {"commitment.json": data, "house.csv": "customer\nh\n", "said.md": "x"}
    books = read({"snapshot.toml": listed, **files})
    names = ["snapshot.toml", "customers.csv", "house.csv", "commitment.json", "said.md"]
    assert [file.name for file in books.files] == names
    assert books.files[3] == InputFile(
        name="commitment.json", bytes=len(data), sha256=hashlib.sha256(data).hexdigest()
    )
    assert [file.name for file in books.liabilities.private_files] == ["customers.csv", "house.csv"]


def test_without_the_role_there_is_none(read: Read, refused: Refused) -> None:
    assert read({}).liabilities.commitment is None
    assert refused({"snapshot.toml": HEAD, "commitment.json": "{}"}) == (
        "commitment.json: the file is not listed\n"
        '  hint: write commitment = "commitment.json" in snapshot.toml under [files]'
    )


def test_what_is_no_commitment_is_refused_by_its_name(refused: Refused) -> None:
    assert refused({"snapshot.toml": LISTED, "commitment.json": "{"}).startswith("commitment.json: the commitment ")
    assert refused({"snapshot.toml": LISTED, "commitment.json": b"[" * (5 << 20)}) == (
        "commitment.json: is larger than 4 MiB\n  hint: this is not a file of this kind"
    )


NAMED: Final = 'hint: a commitment keeps its name: write commitment = "commitment.json", and name others otherwise'


@pytest.mark.parametrize("name", ["roots.json", "Commitment.json", "commitment.json.txt"])
def test_a_commitment_has_one_name(refused: Refused, name: str) -> None:
    files: Files = {"snapshot.toml": f'{HEAD}commitment = "{name}"\n', name: write_commitments(STATED)}
    assert refused(files) == f"snapshot.toml:5: commitment lists {name}\n  {NAMED}"


@pytest.mark.parametrize("name", ["commitment.json", "Commitment.JSON", "old/commitment.json"])
def test_a_file_of_its_name_has_no_other_role_and_is_compared(refused: Refused, name: str) -> None:
    files: Files = {"snapshot.toml": f'{HEAD}claims = ["{name}"]\n', name: write_commitments(STATED)}
    assert refused(files) == f"snapshot.toml:5: claims lists {name}\n  {NAMED}"


def test_it_may_stand_in_a_folder_of_its_own(read: Read) -> None:
    listed = f'{HEAD}commitment = "published/commitment.json"\n'
    books = read({"snapshot.toml": listed, "published/commitment.json": write_commitments(STATED)})
    assert books.files[2].name == "published/commitment.json"

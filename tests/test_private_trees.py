"""The folder of private trees: closed to others when it is made, and opened only while it still is."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.commitment.trees import ROWS, SECRET

from reservecheck.commitment.building import build_columns
from reservecheck.commitment.columns import of_rows
from reservecheck.commitment.commitment_file import Draw, Published
from reservecheck.commitment.indexing import index_columns
from reservecheck.commitment.proof import verify
from reservecheck.commitment.scheme import Scope
from reservecheck.errors import InputError, ReservecheckError
from reservecheck.model.committed import PIECES
from reservecheck.private_trees import PrivateWriter, open_private
from reservecheck.vault.closed_folder import ClosedFolder

AGAIN = "\n  hint: make the folder again, from the same snapshot and with the same secret"


def filled(path: Path, assets: tuple[str, ...] = ("BTC", "ETH"), height: int = 5) -> Path:
    """A folder of trees, written in an order that is not that of the assets."""
    columns, commitments = of_rows(ROWS), {}
    with ClosedFolder(path) as folder:
        writer = PrivateWriter(folder, SECRET)
        for asset in reversed(assets):
            tree = build_columns(columns, Scope(snapshot="s", asset=asset, decimals=8, height=height), SECRET)
            writer.add(tree, index_columns(columns, tree, SECRET))
            commitments[asset] = tree.commitment
        trees = tuple(commitments[asset] for asset in sorted(assets))
        draw = Draw(network="bitcoin:mainnet", height=9, method="amount", size=3)
        writer.finish(Published(entity="hanul", snapshot="s", trees=trees, draw=draw))
    return path


@pytest.fixture(params=[0o000, 0o022, 0o277])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(folder: Path) -> set[str]:
    return {f"{stat.S_IMODE(path.stat().st_mode):o}" for path in folder.iterdir()}


@pytest.mark.usefixtures("umask")
def test_folder_and_files_are_closed_whatever_the_umask(tmp_path: Path) -> None:
    folder = filled(tmp_path / "private")
    assert f"{stat.S_IMODE(folder.stat().st_mode):o}" == "700"
    assert modes(folder) == {"600"}
    empty = tmp_path / "empty"
    empty.mkdir()
    empty.chmod(0o755)
    assert f"{stat.S_IMODE(filled(empty).stat().st_mode):o}" == "700"


def test_what_was_written_is_opened_and_proves(tmp_path: Path) -> None:
    private = open_private(filled(tmp_path / "private"))
    assert private.secret == SECRET
    assert [tree.scope.asset for tree in private.published.trees] == ["BTC", "ETH"]
    for asset in ("BTC", "ETH"):
        tree, index = private.tree(asset), private.index(asset)
        for row in ROWS:
            proof = tree.prove_by(index, row.customer, private.secret)
            assert proof is not None
            assert (proof.units, proof.scope.asset) == (row.units, asset)
            verify(proof, private.published.trees[asset == "ETH"])


def test_a_low_tree_has_nothing_above_and_is_opened(tmp_path: Path) -> None:
    folder = filled(tmp_path / "private", height=3)
    assert (folder / "000.upper").stat().st_size == 0
    assert open_private(folder).tree("BTC").commitment.total == sum(row.units for row in ROWS)


def test_an_opened_folder_does_not_show_its_secret(tmp_path: Path) -> None:
    private = open_private(filled(tmp_path / "private"))
    assert SECRET.hex() not in repr(private)
    assert repr(SECRET) not in repr(private)


def said(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        open_private(path)
    return str(caught.value)


def test_a_folder_that_others_may_open_is_refused(tmp_path: Path) -> None:
    folder = filled(tmp_path / "private")
    for mode in (0o750, 0o711, 0o702):
        folder.chmod(mode)
        assert said(folder) == (
            f"{folder}: others than its owner may use it (mode {mode:o})\n"
            f"  hint: chmod 700 {folder}, and find out who read it"
        )


@pytest.mark.parametrize("name", ["secret.hex", "private.json"])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, name: str) -> None:
    folder = filled(tmp_path / "private")
    (folder / name).chmod(0o640)
    assert said(folder) == (
        f"{folder / name}: others than its owner may use it (mode 640)\n"
        f"  hint: chmod 600 {folder / name}, and find out who read it"
    )


@pytest.mark.parametrize("piece", PIECES)
def test_a_piece_of_a_tree_that_others_may_read_is_refused(tmp_path: Path, piece: str) -> None:
    folder = filled(tmp_path / "private")
    path = folder / f"001.{piece}"
    path.chmod(0o604)
    with pytest.raises(InputError) as caught:
        open_private(folder).index("BTC")
    assert str(caught.value).startswith(f"{path}: others than its owner may use it (mode 604)\n")


def test_a_link_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    folder = filled(tmp_path / "private")
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert said(link) == f"{link}: is a link\n  hint: name the folder itself"
    for name in ("secret.hex", "private.json"):
        moved = tmp_path / name
        (folder / name).rename(moved)
        (folder / name).symlink_to(moved)
        assert said(folder) == f"{folder / name}: is a link"
        (folder / name).unlink()
        moved.rename(folder / name)


def test_what_is_no_private_folder_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert said(file) == f"{file}: is not a folder\n  hint: name the private folder"
    assert said(tmp_path / "none") == f"{tmp_path / 'none'}: cannot be read: No such file or directory"


def test_a_folder_that_was_not_finished_is_refused(tmp_path: Path) -> None:
    folder = filled(tmp_path / "private")
    (folder / "private.json").unlink()
    assert said(folder) == (
        f"{folder}: there is no private.json\n"
        "  hint: it was not finished: commit again into a new one, and remove this one"
    )


@pytest.mark.parametrize(
    "case",
    [
        ("snapshot.toml", "a snapshot folder"),
        ("manifest.json", "a bundle or evidence set"),
        ("notes.txt", "another folder"),
    ],
)
@pytest.mark.parametrize("mode", [0o755, 0o700])
def test_a_folder_that_no_commitment_made_is_not_called_one_to_be_closed(
    tmp_path: Path, case: tuple[str, str], mode: int
) -> None:
    name, what = case
    (tmp_path / name).touch()
    tmp_path.chmod(mode)
    assert said(tmp_path) == (
        f"{tmp_path}: this is {what}, and no private folder that `liabilities commit` made\n"
        "  hint: name the one that commit was given with --private"
    )


def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    folder = filled(tmp_path / "private")
    (folder / "secret.hex").unlink()
    os.mkfifo(folder / "secret.hex", 0o600)
    assert said(folder) == f"{folder / 'secret.hex'}: is not a regular file"


def test_a_secret_that_is_none_is_refused_without_showing_it(tmp_path: Path) -> None:
    folder = filled(tmp_path / "private")
    (folder / "secret.hex").write_text("no secret")
    assert said(folder) == (
        f"{folder / 'secret.hex'}: not a secret\n  hint: write a line of 64 digits of lower-case hex"
    )


def changed(folder: Path, **values: Any) -> str:  # noqa: ANN401  # what JSON can hold
    path = folder / "private.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))
    return said(folder).removeprefix(f"{path}: ").removesuffix(AGAIN)


def test_every_other_content_is_refused(tmp_path: Path) -> None:
    folder = filled(tmp_path / "private")
    whole = json.loads((folder / "private.json").read_text())
    form = "reservecheck/private-trees/v1-draft"
    assert changed(folder, format="x") == f"the format is not {form}"
    assert changed(folder, format=form, trees={}) == "the trees are not a list"
    for trees in (whole["trees"][:1], whole["trees"][::-1], whole["trees"] * 2):
        assert changed(folder, trees=trees) == "the trees are not those of the commitment"
    for name in ("../000.leaves", "000.upper", "000", "/etc/passwd", "0.leaves", "000.leaves/.."):
        trees = [whole["trees"][0] | {"leaves": name}, whole["trees"][1]]
        assert changed(folder, trees=trees) == "the leaves are not a file like 000.leaves"
    other = whole["commitment"] | {"entity": ""}
    assert changed(folder, trees=whole["trees"], commitment=other) == "the entity is not text"
    assert changed(folder, more=1) == f"the fields are not those of {form}"


def test_other_bytes_than_those_published_are_refused(tmp_path: Path) -> None:
    folder = filled(tmp_path / "private")
    private = open_private(folder)
    upper, index, leaves = (folder / f"001.{piece}" for piece in ("upper", "index", "leaves"))
    for path, data, message in (
        (upper, bytes(upper.stat().st_size), "its root and total are not those published"),
        (index, bytes(5), "this is no index of the leaves of a tree of height 5"),
        (leaves, b"", "a tree of height 5 has 1536 bytes of leaves and 144 above, not 0 and 144"),
    ):
        before = path.read_bytes()
        path.write_bytes(data)
        with pytest.raises(InputError) as caught:
            private.index("BTC")
        assert str(caught.value) == f"{path}: {message}{AGAIN}"
        path.write_bytes(before)


def test_an_asset_without_a_tree_is_named(tmp_path: Path) -> None:
    private = open_private(filled(tmp_path / "private"))
    with pytest.raises(InputError) as caught:
        private.tree("LTC")
    assert str(caught.value) == (f"{private.folder}: there is no tree of 'LTC'\n  hint: trees are of BTC, ETH")


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_no_damage_to_what_it_says_of_itself_ends_otherwise_than_in_words(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp() / "damaged"
    if not folder.exists():
        filled(folder)
    path = folder / "private.json"
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    path.write_bytes(whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + 1 :])
    words = ""
    try:
        open_private(folder)
    except ReservecheckError as error:
        words = str(error)
    finally:
        path.write_bytes(whole)
    assert SECRET.hex() not in words

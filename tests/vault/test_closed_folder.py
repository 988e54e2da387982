"""Folders for their owner alone: where none is made, and that nothing is left of one that fails."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from reservecheck.errors import OutputError
from reservecheck.vault.closed_folder import ClosedFolder, open_to_others, refuse_place, write_private


def said(path: Path) -> str:
    with pytest.raises(OutputError) as caught:
        ClosedFolder(path)
    return str(caught.value)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    for target in ("real", "nowhere"):
        link = tmp_path / f"to-{target}"
        link.symlink_to(tmp_path / target)
        assert said(link) == f"{link} is a link\n  hint: name the folder itself"


def test_nothing_that_is_there_is_filled(tmp_path: Path) -> None:
    file, folder = tmp_path / "file", tmp_path / "folder"
    file.touch()
    folder.mkdir()
    (folder / ".hidden").touch()
    assert said(file) == f"{file} is not a folder\n  hint: name a new folder"
    hint = "\n  hint: name a new folder: nothing is ever overwritten"
    assert said(folder) == f"{folder} is not empty{hint}"


@pytest.mark.parametrize(
    ("name", "what"), [("manifest.json", "a bundle or evidence set"), ("snapshot.toml", "a snapshot folder")]
)
def test_nothing_private_is_made_inside_of_what_others_are_given(tmp_path: Path, name: str, what: str) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (given / name).touch()
    link = tmp_path / "link"
    link.symlink_to(given)
    for path in (given, given / "private", given / "deep" / "private", link / "private", given / "x/../private"):
        words = (
            f"{path} would be private and inside of {what}, which others are given ({given})"
            "\n  hint: name a folder outside of it"
        )
        assert said(path) == words
    assert [one.name for one in given.iterdir()] == [name]
    refuse_place(tmp_path / "private")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o601])
def test_a_file_that_others_may_use_is_told_of_without_being_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "secret.hex"
    file.touch()
    file.chmod(0o600)
    assert open_to_others(file) is None
    file.chmod(mode)
    assert str(open_to_others(file)) == (
        f"{file}: others than its owner may use it (mode {mode:o})\n"
        f"  hint: chmod 600 {file}, and find out who read it"
    )
    assert open_to_others(tmp_path) is None
    assert open_to_others(tmp_path / "none") is None


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    assert said(folder) == f"{folder} belongs to somebody else\n  hint: name a new folder"


def test_what_cannot_be_made_or_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert said(tmp_path / "file/private") == f"{tmp_path / 'file/private'} cannot be written: File exists"
    assert said(tmp_path / ("x" * 300)) == f"{tmp_path / ('x' * 300)} cannot be written: File name too long"
    with ClosedFolder(tmp_path / "private") as folder:
        folder.write("one", [b"1", memoryview(b"2")])
        with pytest.raises(OutputError) as caught:
            folder.write("one", [])
    assert str(caught.value) == f"{tmp_path / 'private/one'} cannot be written: File exists"
    assert (tmp_path / "private/one").read_bytes() == b"12"


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OutputError("full"), RuntimeError])
def test_what_was_written_is_gone_after_an_exception(
    tmp_path: Path, error: type[BaseException] | BaseException, *, there: bool
) -> None:
    path = tmp_path / "private"
    if there:
        path.mkdir()
    expected = error if isinstance(error, type) else type(error)

    def fill() -> None:
        with ClosedFolder(path) as folder:
            folder.write("one", [b"1"], synced=False)
            (path / "one").unlink()
            folder.write("two", [b"2"])
            raise error

    with pytest.raises(expected):
        fill()
    assert path.exists() == there
    assert not there or not os.listdir(path)  # noqa: PTH208  # names alone


def test_what_somebody_else_put_there_is_left(tmp_path: Path) -> None:
    path = tmp_path / "private"

    def fill() -> None:
        with ClosedFolder(path) as folder:
            folder.write("one", [b"1"])
            (path / "other").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill()
    assert [one.name for one in path.iterdir()] == ["other"]


def test_only_the_owner_reads_it_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private(tmp_path / "list.csv", b"rows")
    finally:
        os.umask(before)
    assert (tmp_path / "list.csv").read_bytes() == b"rows"
    assert stat.S_IMODE((tmp_path / "list.csv").stat().st_mode) == 0o600


def test_nothing_that_exists_is_overwritten_or_followed(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("mine")
    (tmp_path / "link.csv").symlink_to(tmp_path / "nowhere")
    for name in ("list.csv", "link.csv"):
        with pytest.raises(OutputError) as caught:
            write_private(tmp_path / name, b"rows")
        assert str(caught.value) == f"{tmp_path / name} cannot be written: File exists"
    assert (tmp_path / "list.csv").read_text() == "mine"


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, _: str) -> Any:  # noqa: ANN401  # never returns
        os.close(descriptor)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(OutputError) as caught:
        write_private(tmp_path / "list.csv", b"rows")
    assert str(caught.value) == f"{tmp_path / 'list.csv'} cannot be written: No space left on device"
    assert not (tmp_path / "list.csv").exists()

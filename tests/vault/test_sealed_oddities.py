"""What lies in a sealed folder or zip beside its members: `verify` does not look at it, and others might."""

from __future__ import annotations

import os
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from reservecheck.errors import BundleError
from reservecheck.vault.sealed import Sealed, sealed_files, write_sealed

FILES = sealed_files({"a.json": b"{}\n", "bodies/00.gz": b"body"}, kind="test/v1")


def zipped(path: Path, change: Callable[[zipfile.ZipInfo], None] = lambda _: None, comment: bytes = b"") -> Path:
    """The members as another program might zip them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in FILES.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o100644 << 16 | 0x20
            if name == "a.json":
                change(entry)
            archive.writestr(entry, data)
        archive.comment = comment
    return path


def refused(path: Path) -> str:
    with pytest.raises(BundleError) as caught:
        Sealed(path)
    return str(caught.value).replace(str(path), path.name)


def folder(tmp_path: Path) -> Path:
    write_sealed(tmp_path / "bundle", FILES, scratch=tmp_path / "partial")
    return tmp_path / "bundle"


def test_a_zip_of_regular_files_by_another_program_is_read(tmp_path: Path) -> None:
    assert Sealed(zipped(tmp_path / "a.zip")).differences() == []


@pytest.mark.parametrize(
    "attributes",
    [0o120777 << 16, 0o010644 << 16, 0o040755 << 16, 0o060644 << 16, 0o140644 << 16, 0x10, 0x08, 0x40, 0x400],
)
def test_a_zip_with_a_member_that_is_no_file_is_refused(tmp_path: Path, attributes: int) -> None:
    def change(entry: zipfile.ZipInfo) -> None:
        entry.external_attr = attributes

    assert refused(zipped(tmp_path / "a.zip", change)) == "a.zip has a member that is no file: 'a.json'"


def test_a_link_under_attestation_is_refused_too(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as archive:
        entry = zipfile.ZipInfo("attestation/letter")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    assert refused(path) == "a.zip has a member that is no file: 'attestation/letter'"


def test_a_zip_with_a_comment_is_refused(tmp_path: Path) -> None:
    def change(entry: zipfile.ZipInfo) -> None:
        entry.comment = b"covered"

    said = "a.zip has a comment, or bytes after its members"
    assert refused(zipped(tmp_path / "a.zip", comment=b"covered")) == said
    assert refused(zipped(tmp_path / "a.zip", change)) == said


def test_a_zip_with_bytes_around_its_members_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip")
    data = path.read_bytes()
    path.write_bytes(b"#!/bin/sh\necho hi\n" + data)
    assert refused(path) == "a.zip does not begin with its first member"
    path.write_bytes(data + b"<script>")
    assert refused(path) == "a.zip has a comment, or bytes after its members"


@pytest.mark.parametrize("name", ["x.json", "attestation/x", "a.json"])
def test_a_pipe_or_a_socket_in_a_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = folder(tmp_path)
    (path / "attestation").mkdir()
    (path / name).unlink(missing_ok=True)
    said = f"bundle has something in it that is neither a file nor a folder: {name!r}"
    os.mkfifo(path / name)
    assert refused(path) == said
    (path / name).unlink()
    monkeypatch.chdir(path)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(name)
        assert refused(path) == said


def test_an_empty_folder_is_extra(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "attestation").mkdir()
    assert Sealed(path).differences() == []
    (path / "more" / "below").mkdir(parents=True)
    assert Sealed(path).differences() == ["more/below/: extra member, not in the manifest"]
    (path / "\x1b[2Jx").mkdir()
    assert refused(path) == "an unsafe member name: '\\x1b[2Jx'"

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reservecheck.errors import InputError
from reservecheck.vault.regular_file import MIB, check_regular, read_regular

COPY = "\n  hint: put the file itself there"


def refusal(path: Path, *, inside: Path | None = None, most: int = MIB) -> str:
    with pytest.raises(InputError) as caught:
        read_regular(path, "shown", most=most, inside=inside)
    return str(caught.value)


def test_a_regular_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"text")
    assert read_regular(tmp_path / "a", "a", most=4, inside=tmp_path) == b"text"
    check_regular(tmp_path / "a", "a")


def test_a_link_is_followed_only_where_somebody_typed_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"text")
    (tmp_path / "link").symlink_to("a")
    assert read_regular(tmp_path / "link", "shown", most=4) == b"text"
    assert refusal(tmp_path / "link", inside=tmp_path) == f"shown: is a link{COPY}"


def test_a_link_on_the_way_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").write_bytes(b"text")
    (tmp_path / "way").symlink_to("real")
    assert refusal(tmp_path / "way" / "a", inside=tmp_path) == f"shown: is a link{COPY}"


def test_what_never_ends_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "zero").symlink_to("/dev/zero")
    for name in ("fifo", "zero"):
        assert refusal(tmp_path / name) == f"shown: is not a regular file{COPY}"
    assert refusal(tmp_path) == "shown: is a folder, not a file\n  hint: name the file itself"


def test_a_file_that_is_not_there_or_closed_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(tmp_path / "absent") == "shown: cannot be read: No such file or directory"
    (tmp_path / "a").write_bytes(b"text")

    def closed(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    assert refusal(tmp_path / "a") == "shown: cannot be read: Permission denied"


def test_a_file_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"0" * (MIB + 1))
    assert refusal(tmp_path / "a") == "shown: is larger than 1 MiB\n  hint: this is not a file of this kind"

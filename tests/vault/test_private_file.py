from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from reservecheck.errors import OutputError
from reservecheck.vault.private_file import write_private


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

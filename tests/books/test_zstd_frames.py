from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import pytest

from reservecheck.books.zstd_frames import check_zstd
from reservecheck.errors import InputError

MAGIC = b"\x28\xb5\x2f\xfd"


def packed(text: str) -> bytes:
    into = io.BytesIO()
    lines = pl.Series("line", text.split("\n")[:-1], dtype=pl.String).to_frame()
    lines.write_csv(into, include_header=False, quote_style="never", compression="zstd")
    return into.getvalue()


def repeated(times: int, *, descriptor: int = 0x80, checksum: bytes = b"") -> bytes:
    """A frame of blocks that each repeat one byte 131,072 times; its window is small and its size is told."""
    blocks = [((131_072 << 3) | 2 | (number == times - 1)).to_bytes(3, "little") + b"9" for number in range(times)]
    return MAGIC + bytes([descriptor]) + b"\x50" + b"\0" * 4 + b"".join(blocks) + checksum


def said(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "a.zst"
    path.write_bytes(data)
    try:
        check_zstd(path, "a.zst")
    except InputError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "data",
    [
        packed("a\n"),
        packed("a\n" * 10_000_000),
        packed("a\n") + packed("b\n"),
        b"\x53\x2a\x4d\x18\x03\0\0\0abc" + packed("a\n"),
        repeated(400),
        repeated(1, descriptor=0x84, checksum=b"abcd"),
    ],
)
def test_what_is_packed_as_ledgers_are_may_be_unpacked(tmp_path: Path, data: bytes) -> None:
    assert said(tmp_path, data) == ""


AGAIN = "\n  hint: pack it again: zstd FILE"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is cut off\n  hint: copy it again"),
        (MAGIC, f"the file is cut off{AGAIN}"),
        (packed("a\n")[:-1], "the file is cut off\n  hint: copy it again"),
        (b"customer,asset\n", f"this is not Zstandard{AGAIN}"),
        (packed("a\n") + b"more than that", f"this is not Zstandard{AGAIN}"),
        (MAGIC + b"\x20\x01\x07\0\0", f"this is not Zstandard, or damaged{AGAIN}"),
    ],
)
def test_what_is_no_whole_zstandard_file_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    assert said(tmp_path, data) == f"a.zst: {message}"


def test_a_bomb_is_told_by_its_headers_and_not_unpacked(tmp_path: Path) -> None:
    bomb = repeated(100_000)
    assert said(tmp_path, bomb) == (
        "a.zst: 400010 bytes may unpack to 13107200000, more than 500 times as many\n"
        "  hint: no ledger packs so well: unpack it and look"
    )

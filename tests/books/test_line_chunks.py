from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.books.test_zstd_frames import packed

from reservecheck.books import customer_blocks, line_chunks
from reservecheck.books.customer_blocks import CustomerFile
from reservecheck.books.line_chunks import LineSource
from reservecheck.errors import InputError
from reservecheck.vault.regular_file import state_of

HEAD = "customer,asset,balance\n"
LISTED = 'format = "reservecheck/snapshot/v1"\nentity = "kaede"\n[files]\ncustomers = ["{}"]\n'
TEXT = HEAD + "".join(f"u{number},BTC,{number}.5\n" for number in range(300))


def folder(name: str, data: bytes) -> dict[str, str | bytes]:
    return {"snapshot.toml": LISTED.format(name), name: data}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("more.csv.gz", gzip.compress(TEXT.encode())),
        ("more.csv.zst", packed(TEXT)),
        ("more.csv.zst", packed(TEXT.replace("\n", "\r\n"))),
        ("more.csv.zst", packed(TEXT[:900]) + packed(TEXT[900:])),
        ("more.csv.zst", packed("\ufeff" + TEXT.replace("u1,BTC", '"u1",BTC'))),
    ],
)
def test_packed_or_not_the_lines_are_the_same(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    file = CustomerFile(path, name)
    rows = [row for block in file.blocks() for row in block.frame.iter_rows()]
    assert rows == [(number + 2, f"u{number}", "BTC", f"{number}.5") for number in range(300)]
    assert file.input_file().sha256 == hashlib.sha256(data).hexdigest()
    assert file.input_file().bytes == len(data)


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".csv.zst"])
def test_every_byte_of_a_file_is_digested_once_all_lines_went_by(tmp_path: Path, suffix: str) -> None:
    data = {".csv": TEXT.encode(), ".csv.gz": gzip.compress(TEXT.encode()), ".csv.zst": packed(TEXT)}[suffix]
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    source = LineSource(path, "a")
    assert b"".join(source.chunks()) == TEXT.encode()
    assert (source.read, source.digest) == (len(data), hashlib.sha256(data).hexdigest())


def test_bytes_that_are_no_text_are_refused_though_packed(tmp_path: Path) -> None:
    broken = bytearray(packed(HEAD + "u\u00fc,BTC,1\n"))
    place = bytes(broken).index("\u00fc".encode())
    broken[place] = 0xFF
    path = tmp_path / "a.csv.zst"
    path.write_bytes(broken)
    with pytest.raises(
        InputError, match=r"^a: cannot be read: .*\n  hint: save the file as UTF-8 before it is packed$"
    ):
        list(LineSource(path, "a").chunks())


def test_an_archive_of_one_endless_line_is_refused_before_memory_is_full(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"9" * (80 << 20), 1))
    with pytest.raises(InputError) as caught:
        list(LineSource(path, "a").chunks())
    assert str(caught.value) == "a: a line is longer than 16777216 bytes\n  hint: end lines with LF"


def test_an_archive_without_lines_is_an_empty_file(
    refused: Callable[[dict[str, str | bytes]], str], tmp_path: Path
) -> None:
    message = refused(folder("customers.csv", b""))
    assert message == "customers.csv: the file is empty\n  hint: write a header line and rows below it"
    path = tmp_path / "empty.zst"
    path.write_bytes(packed("\n")[:0] or b"\x28\xb5\x2f\xfd\x20\x00\x01\x00\x00")
    assert list(LineSource(path, "a").chunks()) == []


def appended(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"u9,BTC,1\n")


def replaced(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)


def touched(path: Path) -> None:
    os.utime(path, (1, 1))


@pytest.mark.parametrize("meddle", [appended, replaced, touched])
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, meddle: Callable[[Path], None]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TEXT)
    chunks = line_chunks.LineSource.chunks

    def meddling(self: LineSource) -> Iterator[bytes]:
        for number, chunk in enumerate(chunks(self)):
            if number == 1:
                meddle(path)
            yield chunk

    monkeypatch.setattr(line_chunks, "_BLOCK", 512)
    monkeypatch.setattr(line_chunks.LineSource, "chunks", meddling)
    with pytest.raises(InputError) as caught:
        list(CustomerFile(path, "a").blocks())
    assert str(caught.value) == "a: the file changed while it was read\n  hint: run again"


@pytest.mark.parametrize("name", ["a.csv.zst", "a.parquet"])
def test_a_file_that_is_read_by_its_name_is_the_one_that_was_hashed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whoever serves the files may put back every time that tells of a change."""
    path, others = tmp_path / name, pl.DataFrame({"customer": ["a"], "asset": ["BTC"], "balance": ["1"]})
    for balance, place in (("9", path), ("1", tmp_path / f"other-{name}")):
        frame = others.with_columns(pl.lit(balance).alias("balance"))
        if name.endswith(".zst"):
            place.write_bytes(packed(frame.write_csv()))
        else:
            frame.write_parquet(place)
    scan = "scan_lines" if name.endswith(".zst") else "scan_parquet"
    read = getattr(pl, scan)

    def swapped(at: Path, **options: Any) -> Any:  # noqa: ANN401  # as the library has them
        (tmp_path / f"other-{name}").replace(at)
        return read(at, **options)

    monkeypatch.setattr(pl, scan, swapped)
    monkeypatch.setattr(customer_blocks, "state_of", lambda _: (1, 2, 3, 4))
    with pytest.raises(InputError) as caught:
        list(CustomerFile(path, "a").blocks())
    assert str(caught.value) == "a: the file changed while it was read\n  hint: run again"


def test_the_state_of_a_file_is_where_it_stands_its_size_and_its_times(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12")
    os.utime(path, ns=(0, 5))
    assert state_of(path) == (path.stat().st_ino, 2, 5, path.stat().st_ctime_ns)


def test_what_cannot_be_unpacked_says_why(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(TEXT.encode())[:-20])
    with pytest.raises((EOFError, zlib.error)):
        list(LineSource(path, "a").chunks())

"""How much a Zstandard file may unpack to, told from its block headers alone, before a byte is unpacked.

A few kilobytes can unpack to gigabytes of one line, which has to be held whole. Nothing a ledger writes packs as
well as that. Format: RFC 8878, sections 3.1.1 (frames, blocks) and 3.1.2 (skippable frames).
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Final

from reservecheck.errors import InputError, Problem

_MAGIC: Final = 0xFD2FB528
_SKIPPABLE: Final = 0x184D2A50
_BLOCK: Final = 128 << 10  # the most any block unpacks to
_RLE: Final = 1
_RESERVED: Final = 3
_FREE: Final = 64 << 20
_MOST_TIMES: Final = 500


def check_zstd(path: Path, shown: str) -> None:
    """Raises InputError for what is no Zstandard, is cut off, or may unpack to 500 times its size and 64 MiB."""
    size = path.stat().st_size
    with path.open("rb") as raw:
        blocks = 0
        try:
            while raw.tell() < size:
                blocks += _blocks_of_a_frame(raw)
        except _NotZstdError as error:
            raise InputError(Problem(path=shown, message=str(error), hint="pack it again: zstd FILE")) from error
        if not size or raw.tell() > size:
            raise InputError(Problem(path=shown, message="the file is cut off", hint="copy it again"))
    if blocks * _BLOCK > max(_FREE, _MOST_TIMES * size):
        hint = "no ledger packs so well: unpack it and look"
        message = f"{size} bytes may unpack to {blocks * _BLOCK}, more than {_MOST_TIMES} times as many"
        raise InputError(Problem(path=shown, message=message, hint=hint))


class _NotZstdError(Exception):
    """What stands there is no frame."""


def _blocks_of_a_frame(raw: IO[bytes]) -> int:
    """How many blocks the next frame has; the reader then stands behind it, or behind the end of the file."""
    magic = _number(raw, 4)
    if magic & ~0xF == _SKIPPABLE:
        raw.seek(_number(raw, 4), 1)
        return 0
    if magic != _MAGIC:
        raise _NotZstdError("this is not Zstandard")
    descriptor = _number(raw, 1)
    single, checksum = descriptor >> 5 & 1, descriptor >> 2 & 1
    content_size = (single, 2, 4, 8)[descriptor >> 6]
    raw.seek((not single) + (0, 1, 2, 4)[descriptor & 3] + content_size, 1)
    blocks, last = 0, 0
    while not last:
        header = _number(raw, 3)
        last, kind, size = header & 1, header >> 1 & 3, header >> 3
        if kind == _RESERVED:
            raise _NotZstdError("this is not Zstandard, or damaged")
        raw.seek(1 if kind == _RLE else size, 1)
        blocks += 1
    raw.seek(4 * checksum, 1)
    return blocks


def _number(raw: IO[bytes], size: int) -> int:
    data = raw.read(size)
    if len(data) < size:
        raise _NotZstdError("the file is cut off")
    return int.from_bytes(data, "little")

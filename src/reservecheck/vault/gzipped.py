"""gzip whose bytes depend on nothing but the content, and a reader that is safe with a stranger's file.

RFC 1952: one member, no name, no time stamp, operating system "unknown", deflate level 6.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from reservecheck.errors import BundleError

_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_TRAILER: Final = struct.Struct("<II")
LARGEST: Final = 1 << 30
"""No member is larger than this once inflated; a bundle comes from a stranger."""
_PIECE: Final = 1 << 20


def gzip_bytes(content: bytes) -> bytes:
    """The same content gives the same bytes (on one zlib build; the content's digest is the same everywhere)."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(content) + deflate.flush()
    return _HEADER + body + _TRAILER.pack(zlib.crc32(content), len(content) & 0xFFFFFFFF)


def gunzip_bytes(data: bytes, *, name: str, largest: int = LARGEST) -> bytes:
    """The content; raises BundleError for anything but what gzip_bytes writes, or for more than `largest` bytes."""
    content = io.BytesIO()  # grows in place, and gives its bytes away without a copy
    for piece in inflated(data, name=name, largest=largest):
        content.write(piece)
    return content.getvalue()


def inflated(data: bytes, *, name: str, largest: int = LARGEST) -> Iterator[bytes]:
    """The same piece by piece, so that nobody has to hold what a small file swells to; raises like gunzip_bytes."""
    if not data.startswith(_HEADER):
        raise BundleError(f"{name} is not gzip as this tool writes it (no name, no time stamp)")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    waiting = data[len(_HEADER) :]
    size = checksum = 0
    while not inflate.eof:
        try:
            piece = inflate.decompress(waiting, _PIECE)
        except zlib.error as error:
            raise BundleError(f"{name} is damaged gzip: {error}") from error
        if not piece and not inflate.eof:
            break
        waiting = inflate.unconsumed_tail
        size += len(piece)
        if size > largest:
            raise BundleError(f"{name} inflates to more than {largest} bytes")
        checksum = zlib.crc32(piece, checksum)
        yield piece
    trailer = inflate.unused_data
    if not inflate.eof or len(trailer) != _TRAILER.size:
        raise BundleError(f"{name} is cut off, or something follows its end")
    if _TRAILER.unpack(trailer) != (checksum, size & 0xFFFFFFFF):
        raise BundleError(f"{name} is damaged gzip: its checksum differs")

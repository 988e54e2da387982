"""Public child keys of BIP-32 and output keys of BIP-341, many at once, on libsecp256k1.

A range has up to a million children of one parent, so the parent is parsed once and a child costs one HMAC and one
multiplication of the generator. There is no way around libsecp256k1: without it this module cannot be imported.
Sources: BIP-32 (public parent key to public child key), BIP-340 (tagged hashes), BIP-341 (output key).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from btclib_secp256k1 import ffi, lib
from btclib_secp256k1.context import ctx

from reservecheck.errors import AddressError

HARDENED: Final = 2**31
_COMPRESSED: Final = 258
_COMPRESSED_SIZE: Final = 33
_HALF: Final = 32
_TAP_TWEAK: Final = sha256(sha256(b"TapTweak").digest() * 2)


class ExtendedKey(NamedTuple):
    """A public key that has children: the compressed key, 33 bytes, and its chain code, 32 bytes."""

    key: bytes
    chain: bytes


def descend(parent: ExtendedKey, path: Iterable[int]) -> ExtendedKey:
    """The key at the end of a path without hardened steps; raises AddressError where a step has no key."""
    for index in path:
        (key,) = child_keys(parent, [index])
        parent = ExtendedKey(key, _hmac(parent, index)[_HALF:])
    return parent


def child_keys(parent: ExtendedKey, indices: Iterable[int]) -> list[bytes]:
    """The compressed public keys of children, below the hardened ones; raises AddressError where one has none.

    An index without a key (the probability is below 2^-127) is refused, as Bitcoin Core refuses to derive it.
    """
    key, chain = parent
    digest = hmac.digest
    add = _adder()
    point = _parsed(key)
    return [add(point, digest(chain, key + index.to_bytes(4, "big"), "sha512")[:_HALF]) for index in indices]


def output_keys(internal_keys: Sequence[bytes]) -> list[bytes]:
    """The 32-byte output keys of compressed internal keys that commit to no script tree."""
    add = _adder()
    found = []
    for internal in internal_keys:
        tweak = _TAP_TWEAK.copy()
        tweak.update(internal[1:])
        found.append(add(_parsed(b"\x02" + internal[1:]), tweak.digest())[1:])
    return found


def _hmac(parent: ExtendedKey, index: int) -> bytes:
    return hmac.digest(parent.chain, parent.key + index.to_bytes(4, "big"), "sha512")


def _parsed(key: bytes) -> object:
    point = ffi.new("secp256k1_pubkey *")
    if not lib.secp256k1_ec_pubkey_parse(ctx, point, key, len(key)):
        raise AddressError("a public key is not a point of the curve")
    return point


def _adder() -> Callable[[object, bytes], bytes]:
    """A function of a point P and 32 bytes t that gives P + t·G, compressed.

    The product is made as a public key is from a private one, for which libsecp256k1 has a table of the
    generator; its tweak functions have none, and take twice as long.
    """
    product, total = ffi.new("secp256k1_pubkey *"), ffi.new("secp256k1_pubkey *")
    both = ffi.new("secp256k1_pubkey *[2]", [product, product])
    out = ffi.new("unsigned char[]", _COMPRESSED_SIZE)
    written, size = ffi.buffer(out), ffi.new("size_t *", _COMPRESSED_SIZE)
    create, combine, serialize = (
        lib.secp256k1_ec_pubkey_create,
        lib.secp256k1_ec_pubkey_combine,
        lib.secp256k1_ec_pubkey_serialize,
    )

    def add(point: object, tweak: bytes) -> bytes:
        both[0] = point
        if not (create(ctx, product, tweak) and combine(ctx, total, both, 2)):
            raise AddressError("there is no public key at this index")
        serialize(ctx, out, size, total, _COMPRESSED)
        return bytes(written)

    return add

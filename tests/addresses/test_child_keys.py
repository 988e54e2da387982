"""Child keys and output keys: published vectors, and btclib's own derivation."""

from __future__ import annotations

import subprocess
import sys

import pytest
from btclib_wallet.bip32 import BIP32KeyData, derive
from ecc.curves import is_libsecp256k1_serving
from hypothesis import given
from hypothesis import strategies as st
from tests.addresses.descriptor_corpus import extended

from reservecheck.addresses.child_keys import (
    HARDENED,
    ExtendedKey,
    _adder,
    _parsed,
    child_keys,
    descend,
    output_keys,
)
from reservecheck.errors import AddressError

BIP_32_VECTOR_2 = (
    "xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB",
    "xpub69H7F5d8KSRgmmdJg2KhpAK8SR3DjMwAdkxj3ZuxV27CprR9LgpeyGmXUbC6wb7ERfvrnKZjXoUmmDznezpbZb7ap6r1D3tgFxHmwMkQTPH",
)


def read(text: str) -> ExtendedKey:
    data = BIP32KeyData.b58decode(text)
    return ExtendedKey(data.key, data.chain_code)


def test_the_vector_of_bip_32() -> None:
    parent, child = map(read, BIP_32_VECTOR_2)
    assert descend(parent, [0]) == child
    assert child_keys(parent, [0]) == [child.key]
    assert descend(parent, []) == parent


@given(st.integers(0, 3), st.lists(st.integers(0, HARDENED - 1), max_size=3), st.integers(0, HARDENED - 3))
def test_any_path_ends_where_btclib_ends(number: int, path: list[int], first: int) -> None:
    there = descend(read(extended(number)), path)
    steps = "m" + "".join(f"/{step}" for step in path)
    assert there == read(str(derive(extended(number), steps)))
    keys = child_keys(there, range(first, first + 2))
    assert keys == [read(str(derive(extended(number), f"{steps}/{first + n}"))).key for n in range(2)]


def test_the_output_key_of_bip_86() -> None:
    internal = bytes.fromhex("cc8a4bc64d897bddc5fbc2f670f7a8ba0b386779106cf1223c6fc5d7cd6fc115")
    output = "a60869f0dbcf1dc659c9cecbaf8050135ea9e8cdc487053f1dc6880949dc684c"
    assert [key.hex() for key in output_keys([b"\x02" + internal, b"\x03" + internal])] == [output, output]


def test_an_index_without_a_key_is_refused() -> None:
    with pytest.raises(AddressError, match=r"^there is no public key at this index$"):
        _adder()(_parsed(read(extended(0)).key), b"\xff" * 32)


def test_a_key_that_is_no_point_is_refused() -> None:
    with pytest.raises(AddressError, match=r"^a public key is not a point of the curve$"):
        child_keys(ExtendedKey(b"\x02" + b"\xff" * 32, b"\x00" * 32), [0])


def test_the_compiled_library_derives_here_and_in_btclib() -> None:
    assert is_libsecp256k1_serving()


def test_nothing_derives_without_the_compiled_library() -> None:
    program = "import sys; sys.modules['_btclib_secp256k1'] = None; import reservecheck.addresses.child_keys"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ModuleNotFoundError" in done.stderr

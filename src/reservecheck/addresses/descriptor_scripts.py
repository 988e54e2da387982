"""From a parsed descriptor to its output scripts, a range at a time.

The keys of a range are derived by `child_keys`, one column a key. The forms that large ranges have are put together
here from these columns; every other (script trees, miniscript) by btclib, over keys that are derived already.
Sources: BIP-380 to BIP-390, as Bitcoin Core reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, is_dataclass, replace
from hashlib import sha256
from typing import Any, Final, TypeVar, cast

from btclib.hashes import hash160
from btclib_wallet import descriptors as btclib
from btclib_wallet.bip32 import BIP32KeyData
from btclib_wallet.descriptors import KeyExpression

from reservecheck.addresses.child_keys import ExtendedKey, child_keys, descend, output_keys

Column = list[bytes]
T = TypeVar("T")

COMBO: Final = ("p2pk", "p2pkh", "p2wpkh", "p2sh-p2wpkh")
"""The scripts of `combo()`, in Bitcoin Core's order; the last two have compressed keys only."""
_UNCOMPRESSED: Final = 65
_SMALL_NUMBERS: Final = 16


@dataclass(frozen=True)
class _Derived(KeyExpression):
    """A key of which a range is derived already."""

    first: int = field(default=0, compare=False)
    keys: Sequence[bytes] = field(default=(), compare=False)

    def sec(self, index: int = 0, network: str = "", prv_keys: object = None) -> bytes:  # noqa: ARG002  # btclib's own signature
        """The key at an index."""
        return self.keys[index - self.first]


def columns(parsed: btclib.Descriptor, indices: range) -> list[Column]:
    """The scripts at `indices`, one column a script that one index has (four for `combo()`, otherwise one).

    Raises AddressError where an index has no key. A descriptor without a range has index 0 alone.
    """
    form = _FORMS.get(type(parsed))
    if form is not None and not any(key.is_aggregate for key in parsed.key_expressions):
        found = form(parsed, indices)
        if found is not None:
            return found
    with suppress(RecursionError):  # nested too deeply to be rebuilt: btclib then derives each key by itself
        parsed = _with_keys(parsed, indices)
    return [[parsed.script_pub_key(index).script for index in indices]]


def _key_column(key: KeyExpression, indices: range) -> Column:
    if key.pub_key is not None:
        return [key.pub_key] * len(indices)
    data = BIP32KeyData.b58decode(key.xkey)
    parent = descend(ExtendedKey(data.key, data.chain_code), key.der_path)
    return [parent.key] * len(indices) if key.wildcard is None else child_keys(parent, indices)


def _with_keys(node: T, indices: range) -> T:
    """The same tree with every key derived; an aggregate derives itself, from its participants' derived keys."""
    if isinstance(node, KeyExpression) and not node.is_aggregate:
        plain = {item.name: getattr(node, item.name) for item in fields(KeyExpression)}
        return cast("T", _Derived(**plain, first=indices.start, keys=_key_column(node, indices)))
    if isinstance(node, tuple):
        return cast("T", tuple(_with_keys(item, indices) for item in node))
    if is_dataclass(node):
        inner = {item.name: _with_keys(getattr(node, item.name), indices) for item in fields(node) if item.init}
        return cast("T", replace(cast("Any", node), **inner))
    return node


def _pk(parsed: btclib.Descriptor, indices: range) -> list[Column]:
    return [[_push(key) + b"\xac" for key in _single(parsed, indices)]]


def _pkh(parsed: btclib.Descriptor, indices: range) -> list[Column]:
    return [[_to_key_hash(key) for key in _single(parsed, indices)]]


def _wpkh(parsed: btclib.Descriptor, indices: range) -> list[Column]:
    return [[b"\x00\x14" + hash160(key) for key in _single(parsed, indices)]]


def _combo(parsed: btclib.Descriptor, indices: range) -> list[Column]:
    keys = _single(parsed, indices)
    found = [[_push(key) + b"\xac" for key in keys], [_to_key_hash(key) for key in keys]]
    if len(keys[0]) != _UNCOMPRESSED:
        witness = [b"\x00\x14" + hash160(key) for key in keys]
        found += [witness, [_to_script_hash(script) for script in witness]]
    return found


def _multi(parsed: btclib.MultiDescriptor, indices: range) -> list[Column]:
    rows: Iterator[Sequence[bytes]] = zip(*(_key_column(key, indices) for key in parsed.keys), strict=True)
    if parsed.sort:
        rows = (sorted(row) for row in rows)
    begin, end = _number(parsed.threshold), _number(len(parsed.keys)) + b"\xae"
    return [[begin + b"".join(map(_push, row)) + end for row in rows]]


def _sh(parsed: btclib.ShDescriptor, indices: range) -> list[Column]:
    return [[_to_script_hash(script) for script in column] for column in columns(parsed.inner, indices)]


def _wsh(parsed: btclib.WshDescriptor, indices: range) -> list[Column]:
    return [
        [b"\x00\x20" + sha256(script).digest() for script in column] for column in columns(parsed.inner, indices)
    ]


def _tr(parsed: btclib.TrDescriptor, indices: range) -> list[Column] | None:
    if parsed.tree is not None:
        return None
    return [[b"\x51\x20" + key for key in output_keys(_key_column(parsed.internal_key, indices))]]


def _rawtr(parsed: btclib.Descriptor, indices: range) -> list[Column]:
    return [[b"\x51\x20" + key[1:] for key in _single(parsed, indices)]]


_FORMS: Final[dict[type[btclib.Descriptor], Callable[[Any, range], list[Column] | None]]] = {
    btclib.PkDescriptor: _pk,
    btclib.PkhDescriptor: _pkh,
    btclib.WpkhDescriptor: _wpkh,
    btclib.ComboDescriptor: _combo,
    btclib.MultiDescriptor: _multi,
    btclib.ShDescriptor: _sh,
    btclib.WshDescriptor: _wsh,
    btclib.TrDescriptor: _tr,
    btclib.RawTrDescriptor: _rawtr,
}


def _single(parsed: btclib.Descriptor, indices: range) -> Column:
    return _key_column(parsed.key_expressions[0], indices)


def _push(key: bytes) -> bytes:
    return bytes([len(key)]) + key


def _number(value: int) -> bytes:
    """OP_1 to OP_16, or a push of the number: up to twenty keys stand in a multisig."""
    return bytes([0x50 + value]) if value <= _SMALL_NUMBERS else bytes([1, value])


def _to_key_hash(key: bytes) -> bytes:
    return b"\x76\xa9\x14" + hash160(key) + b"\x88\xac"


def _to_script_hash(script: bytes) -> bytes:
    return b"\xa9\x14" + hash160(script) + b"\x87"

"""Descriptors of every kind Bitcoin Core reads, on a test network, always the same for one seed.

Keys are made from hashes, so nothing here has ever held a coin; private keys never leave this module.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from hashlib import sha256

from btclib_wallet.bip32 import derive, rootxprv_from_seed, xpub_from_xprv
from btclib_wallet.descriptors import add_checksum

Pick = random.Random


def extended(number: int) -> str:
    """An extended public key of a test network."""
    return str(xpub_from_xprv(derive(private(number), "m/84h")))


def private(number: int) -> str:
    """The extended private key of the same number's root."""
    return str(rootxprv_from_seed(sha256(b"corpus %d" % number).digest(), "04358394"))


def point(pick: Pick, *, compressed: bool = True) -> str:
    """A public key in hex."""
    from ecc.curves import bytes_from_prv_key_int  # noqa: PLC0415  # beside its only use

    return bytes_from_prv_key_int(pick.randrange(1, 2**200), compressed=compressed).hex()


class Keys:
    """Keys for one descriptor: no key twice, all multipath steps of one length."""

    def __init__(self, pick: Pick, *, ranged: bool, paths: int = 1) -> None:
        self.pick, self.ranged, self.paths = pick, ranged, paths
        self.left = pick.sample(range(10_000), 60)

    def key(self) -> str:
        """A key that any function takes."""
        pick = self.pick
        origin = pick.choice(["", "", "[d34db33f]", "[d34db33f/84h/1h/0h]", "[00aaFF11/49'/2]"])
        if not self.ranged and pick.random() < 0.5:
            return origin + point(pick)
        path = "".join(f"/{pick.randrange(2**31)}" for _ in range(pick.randrange(3)))
        if self.paths > 1:
            path += f"/<{';'.join(map(str, pick.sample(range(9), self.paths)))}>"
        return f"{origin}{extended(self.left.pop())}{path}{'/*' if self.ranged else ''}"

    def x_only(self) -> str:
        """A key of a taproot output; where nothing is ranged it may be 32 bytes."""
        key = self.key()
        return key[:-66] + key[-64:] if key[-66:-64] in {"02", "03"} and self.pick.random() < 0.5 else key

    def many(self, count: int, *, x_only: bool = False) -> str:
        """Keys separated by commas."""
        return ",".join(self.x_only() if x_only else self.key() for _ in range(count))


def _hash(pick: Pick, size: int) -> str:
    return pick.randbytes(size).hex()


def miniscript(keys: Keys, key: Callable[[], str], multi: str) -> str:
    """A sane expression; `multi` is the name of its multisig."""
    pick = keys.pick
    older, after = pick.randrange(1, 65_536), pick.randrange(500_000_001, 2**31)
    shapes: list[Callable[[], str]] = [
        lambda: f"and_v(v:pk({key()}),older({older}))",
        lambda: f"or_d(pk({key()}),and_v(v:pkh({key()}),older({older})))",
        lambda: f"andor(pk({key()}),older({older}),pk({key()}))",
        lambda: f"thresh(2,pk({key()}),s:pk({key()}),sln:older({older}))",
        lambda: f"or_i(and_v(v:pkh({key()}),after({after})),pk({key()}))",
        lambda: f"and_v(or_c(pk({key()}),v:hash160({_hash(pick, 20)})),pk({key()}))",
        lambda: f"and_v(v:{multi}(2,{key()},{key()},{key()}),sha256({_hash(pick, 32)}))",
        lambda: f"and_b(pk({key()}),a:ripemd160({_hash(pick, 20)}))",
        lambda: f"or_b(pk({key()}),s:pk({key()}))",
        lambda: f"and_v(v:hash256({_hash(pick, 32)}),pk_h({key()}))".replace("pk_h", "pkh"),
        lambda: f"or_d({multi}(2,{key()},{key()}),and_v(v:thresh(2,pkh({key()}),a:pkh({key()})),older({older})))",
        lambda: f"andor(multi(1,{key()}),after({after}),c:pk_k({key()}))".replace("multi", multi),
        lambda: f"and_n(pk({key()}),and_b(pk({key()}),a:older({older})))",
        lambda: f"c:or_i(pk_k({key()}),pk_h({key()}))",
        lambda: (
            f"j:and_v(vdv:after({after}),pk({key()}))"
            if multi == "multi_a"
            else f"t:or_c(pk({key()}),v:pk({key()}))"
        ),
    ]
    return pick.choice(shapes)()


def tree(keys: Keys, depth: int) -> str:
    """A script tree of at most that depth."""
    pick = keys.pick
    if depth and pick.random() < 0.6:
        return f"{{{tree(keys, depth - 1)},{tree(keys, depth - 1)}}}"
    count = pick.randrange(2, 5)
    leaves: list[Callable[[], str]] = [
        lambda: f"pk({keys.x_only()})",
        lambda: f"multi_a({pick.randrange(1, count + 1)},{keys.many(count, x_only=True)})",
        lambda: f"sortedmulti_a({pick.randrange(1, count + 1)},{keys.many(count, x_only=True)})",
        lambda: miniscript(keys, keys.x_only, "multi_a"),
    ]
    return pick.choice(leaves)()


def _multi(keys: Keys, most: int) -> str:
    count = keys.pick.randrange(1, most + 1)
    name = keys.pick.choice(["multi", "sortedmulti"])
    return f"{name}({keys.pick.randrange(1, count + 1)},{keys.many(count)})"


KINDS: dict[str, Callable[[Keys], str]] = {
    "pk": lambda keys: f"pk({keys.key()})",
    "pkh": lambda keys: f"pkh({keys.key()})",
    "wpkh": lambda keys: f"wpkh({keys.key()})",
    "sh-wpkh": lambda keys: f"sh(wpkh({keys.key()}))",
    "combo": lambda keys: f"combo({keys.key()})",
    "multi": lambda keys: _multi(keys, 3),
    "sh-multi": lambda keys: f"sh({_multi(keys, 15)})",
    "wsh-multi": lambda keys: f"wsh({_multi(keys, 20)})",
    "sh-wsh-multi": lambda keys: f"sh(wsh({_multi(keys, 20)}))",
    "wsh-pk": lambda keys: f"wsh(pk({keys.key()}))",
    "wsh-pkh": lambda keys: f"sh(wsh(pkh({keys.key()})))",
    "sh-pk": lambda keys: f"sh(pk({keys.key()}))",
    "sh-pkh": lambda keys: f"sh(pkh({keys.key()}))",
    "wsh-miniscript": lambda keys: f"wsh({miniscript(keys, keys.key, 'multi')})",
    "sh-wsh-miniscript": lambda keys: f"sh(wsh({miniscript(keys, keys.key, 'multi')}))",
    "tr": lambda keys: f"tr({keys.x_only()})",
    "tr-tree": lambda keys: f"tr({keys.x_only()},{tree(keys, 3)})",
    "rawtr": lambda keys: f"rawtr({keys.x_only()})",
}


@cache
def corpus(seed: int = 2018, each: int = 14) -> tuple[str, ...]:
    """Descriptors with their checksums: fixed, ranged and multipath ones.

    There are `each` of every kind, and three times as many of those that have many shapes."""
    pick = random.Random(seed)  # noqa: S311  # the same corpus every time
    found = []
    for kind, make in KINDS.items():
        for number in range(3 * each if kind.endswith(("miniscript", "tree")) else each):
            ranged = number % 4 != 0
            paths = (1, 1, 2, 3)[number % 4]
            found.append(make(Keys(pick, ranged=ranged, paths=paths)))
    long = point(pick, compressed=False)
    found += [
        f"pk({long})",
        f"pkh({long})",
        f"combo({long})",
        f"sh(multi(1,{long},{point(pick)}))",
        f"multi(1,{long})",
    ]
    found += [
        "raw(51)",
        f"raw({_hash(pick, 100)})",
        "raw(6a)",
        "addr(bcrt1q9zj2fq2uqaex8dxlkuqt22t0982py60gx7d2aqjz93xr7kkn2mjqguj3cu)",
    ]
    found += ["addr(mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn)", "addr(2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc)"]
    return tuple(add_checksum(text) for text in found)

"""Which texts would give a source's credentials away, and whether an answer holds one of them. Pure.

A host repeats a key as it was sent, as it understood it, or as its error message quotes it. Not found are a part
of a key, a key under a hash or a cipher, and credentials shorter than the lengths below.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator
from typing import Final

_SHORTEST: Final = 8
"""Signs of a credential: what is shorter could stand in an honest answer by chance."""
_SHORTEST_IN_PATH: Final = 12
"""The same for a part of the path, which may be the name of anything: no host gives out shorter keys."""
_SHORTEST_IN_HOST: Final = 16
_PUBLIC: Final = frozenset(
    b"api arbitrum archive avalanche avax base bc binance bitcoin blockchain bnb bsc btc c cash celo chain "
    b"classic dash doge dogecoin eth ether ethereum evm ext fantom full gateway gnosis goerli holesky "
    b"hoodi http https json jsonrpc kaia klaytn linea litecoin ltc main mainnet matic net network node "
    b"nodes nova one optimism polygon public rpc scroll sepolia smart test testnet wallet web3 ws xdai "
    b"zcash zkevm zksync".split()
)
"""Words that hosts have in the paths of everybody, alone or joined as in ethereum-mainnet."""
_VERSION: Final = re.compile(rb"v?[0-9]{1,3}")
_JOINT: Final = re.compile(rb"[-_.]")
_BETWEEN: Final = re.compile(r"[\s,;=]+")
_ESCAPED: Final = re.compile(rb'(?:\\(?:u[0-9a-f]{4}|["\\/bfnrt]))+|(?:%[0-9a-f]{2})+', re.IGNORECASE)
_DEEPEST: Final = 4
"""JSON inside a text of JSON, and percent signs inside it: a gateway quotes the error of the host behind it."""


def texts_of_url(host: str, target: bytes, userinfo: bytes) -> frozenset[bytes]:
    """The keys in a URL, as sent and decoded: `target` is path and query, `userinfo` is user:password, as sent."""
    path, _, query = target.partition(b"?")
    parts = [form for part in path.split(b"/") for form in (part, _percent_decoded(part))]
    found = [part for part in parts if len(part) >= _SHORTEST_IN_PATH and not _is_public(part)]
    values = (
        value if equals else name for name, equals, value in (one.partition(b"=") for one in query.split(b"&"))
    )
    forms = [form for value in values for form in (value, _percent_decoded(value.replace(b"+", b" ")))]
    found += [form for form in forms if not _is_public(form)]
    found += [label.encode() for label in host.split(".") if _is_key_in_host(label)]
    user, _, password = userinfo.partition(b":")
    if userinfo:
        found += [user, password, *_basic(_percent_decoded(user), _percent_decoded(password))]
    return _long_enough(found)


def texts_of_headers(values: Iterable[str], credentials: tuple[str, str] | None) -> frozenset[bytes]:
    """Headers' values, whole and their words (a token without `Bearer`), and what basic authentication sends."""
    found = [text.encode() for value in values for text in (value, *value.split(), *_BETWEEN.split(value))]
    if credentials is not None:
        user, password = credentials
        found += _basic(user.encode(), password.encode())
    return _long_enough(found)


def echoes(body: bytes, texts: Collection[bytes]) -> bool:
    """Whether an answer holds one of the texts, in any letter case, escaped as in JSON or a URL, or as it is."""
    plain = body.lower() if texts else b""
    for _ in range(_DEEPEST):
        if any(text in plain for text in texts):
            return True
        before, plain = plain, _ESCAPED.sub(_meant, plain).lower()
        if plain == before:
            return False
    return any(text in plain for text in texts)


def _long_enough(texts: Iterable[bytes]) -> frozenset[bytes]:
    return frozenset(text.lower() for text in texts if len(text) >= _SHORTEST)


def _basic(user: bytes, password: bytes) -> Iterator[bytes]:
    """RFC 7617; without the padding, which a message may leave out."""
    pair = user + b":" + password
    yield from (user, password, pair, b64encode(pair).rstrip(b"="))


def _is_public(text: bytes) -> bool:
    return all(word in _PUBLIC or _VERSION.fullmatch(word) for word in _JOINT.split(text.lower()))


def _is_key_in_host(label: str) -> bool:
    return len(label) >= _SHORTEST_IN_HOST and any(map(str.isdecimal, label))


def _percent_decoded(text: bytes) -> bytes:
    return re.sub(rb"(?:%[0-9a-fA-F]{2})+", _meant, text)


def _meant(escaped: re.Match[bytes]) -> bytes:
    run = escaped[0]
    if run.startswith(b"%"):
        return bytes.fromhex(run.replace(b"%", b"").decode())
    return str(json.loads(f'"{run.decode()}"')).encode("utf-8", "surrogatepass")

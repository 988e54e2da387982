"""RFC 8785 JSON and SHA-256, the two ways bytes are named here."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final

import rfc8785

from reservecheck.errors import BundleError

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]
"""JSON without floats: amounts and ratios are strings."""

BEYOND: Final = 2**53
DEEPEST: Final = 64
"""How deep JSON may be nested: it is counted, for what Python can take depends on who calls."""
_DIGITS: Final = 17
_NO_BRACKETS: Final = bytes(sorted(set(range(256)) - set(b"[]{}")))
_STEP: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_ESCAPED_HALF: Final = re.compile(rb"\\u[dD][89a-fA-F]")


def canonical_json(value: Json) -> bytes:
    """RFC 8785 bytes and a final newline.

    Raises TypeError on a float, ValueError on an integer beyond 2^53 − 1: those belong in strings.
    """
    _refuse_floats(value)
    return rfc8785.dumps(value) + b"\n"


def parse_json(data: bytes, *, name: str) -> Json:
    """JSON in UTF-8; raises BundleError naming the member.

    Refused are duplicate keys, floats, NaN, excessive nesting, integers of 2^53 or more, and half characters
    (lone surrogates).
    """
    if nested_too_deep(data):
        raise BundleError(f"{name} is not JSON this tool writes: it is nested more than {DEEPEST} deep")
    try:
        parsed: Json = json.loads(
            data.decode(),
            object_pairs_hook=_unique,
            parse_int=_safe_integer,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
        if _ESCAPED_HALF.search(data) is not None:
            json.dumps(parsed, ensure_ascii=False).encode()  # raises where a half has not got its other half
    except ValueError as error:
        raise BundleError(f"{name} is not JSON this tool writes: {error}") from error
    return parsed


def nested_too_deep(data: bytes) -> bool:
    """Whether JSON in UTF-8 is nested more than DEEPEST deep, brackets in its texts aside.

    In what is no JSON, a parser does not get deeper than is counted here before it notices.
    """
    if data.count(b"[") + data.count(b"{") <= DEEPEST:
        return False
    unescaped = data.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in data else data
    brackets = b"".join(unescaped.split(b'"')[::2]).translate(None, _NO_BRACKETS)
    if len(brackets.replace(b"{}", b"")) < DEEPEST:  # a long flat list, quickly
        return False
    return max(accumulate(map(_STEP.__getitem__, brackets)), default=0) > DEEPEST


def sha256(data: bytes) -> str:
    """Lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def _refuse_floats(value: Json) -> None:
    if isinstance(value, float):
        raise TypeError("canonical JSON holds no floats: write amounts and ratios as strings")
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice")
    return result


def _safe_integer(text: str) -> int:
    if len(text) > _DIGITS or abs(int(text)) >= BEYOND:
        raise ValueError(f"the number {text[:40]} is 2^53 or more")
    return int(text)


def _no_float(text: str) -> Json:
    raise ValueError(f"the number {text} is not an integer")

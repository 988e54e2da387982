"""Fields of a stranger's JSON, read strictly: of the right kind, of a bounded size, or refused by name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from reservecheck.errors import MoneyError
from reservecheck.money import Units, parse_amount
from reservecheck.vault.canonical import Json

DECIMALS: Final = 18
"""Amounts are counted in units of 10^-18; no published sample has more than eight digits after the point."""

MOST_STEPS: Final = 256
_MOST_ASSETS: Final = 2_000
_LONGEST: Final = 200
_ASSET: Final = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)
_HEX: Final = re.compile(r"[0-9a-f]+", re.ASCII)
_DIGITS: Final = 15

Amounts = Mapping[str, Units]
"""Units of 10^-18 by asset, in the order the file has them."""


class Malformed(ValueError):  # noqa: N818  # a document is malformed: not an error of the program
    """A document, or one field of it, is not what its format says."""


def parse_document(data: bytes) -> Json:
    """JSON in UTF-8; raises Malformed.

    Numbers with a point stay text, as they are written. Refused are duplicate keys, NaN, long integers, deep
    nesting and half characters.
    """
    try:
        parsed: Json = json.loads(
            data.decode(), object_pairs_hook=_unique, parse_int=_integer, parse_float=str, parse_constant=_constant
        )
        json.dumps(parsed, ensure_ascii=False).encode()  # raises where a half character has not got its other half
    except (ValueError, RecursionError) as error:
        raise Malformed(f"is not JSON: {_why(error)}") from error
    return parsed


def _why(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"it goes wrong at line {error.lineno}, column {error.colno}"
    if isinstance(error, UnicodeError):
        return "the text is not UTF-8"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def is_object(value: Json, *keys: str) -> bool:
    """Whether it is an object with these keys, and perhaps others."""
    return isinstance(value, Mapping) and all(key in value for key in keys)


def member(value: Json, key: str, name: str) -> Json:
    """A member of an object; raises Malformed when it is not an object or lacks it."""
    if not isinstance(value, Mapping):
        raise Malformed(f"{name} is not an object")
    if key not in value:
        raise Malformed(f"{name} lacks `{key}`")
    return value[key]


def steps(value: Json, name: str) -> Sequence[Json]:
    """A list of 1 to 256 items."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_STEPS:
        raise Malformed(f"{name} is not a list of 1 to {MOST_STEPS} items")
    return value


def text(value: Json, key: str, name: str) -> str:
    """A member that is text of 1 to 200 characters."""
    found = member(value, key, name)
    if not isinstance(found, str) or not 1 <= len(found) <= _LONGEST:
        raise Malformed(f"{name}.{key} is not text of 1 to {_LONGEST} characters")
    return found


def whole(value: Json, key: str, name: str) -> int:
    """A member that is a whole number from 0 to 256."""
    found = member(value, key, name)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= MOST_STEPS:
        raise Malformed(f"{name}.{key} is not a whole number from 0 to {MOST_STEPS}")
    return found


def digest(value: Json, key: str, name: str, *, digits: int) -> str:
    """A member that is so many lower-case hex digits."""
    found = member(value, key, name)
    if not isinstance(found, str) or len(found) != digits or _HEX.fullmatch(found) is None:
        raise Malformed(f"{name}.{key} is not {digits} lower-case hex digits")
    return found


def amount_texts(value: Json, key: str, name: str) -> dict[str, str]:
    """A member that maps asset names to amounts, as they are written; every amount is exact, none is rounded."""
    found = member(value, key, name)
    if not isinstance(found, Mapping) or len(found) > _MOST_ASSETS:
        raise Malformed(f"{name}.{key} is not an object of at most {_MOST_ASSETS} amounts")
    written: dict[str, str] = {}
    for asset, amount in found.items():
        if _ASSET.fullmatch(asset) is None:
            raise Malformed(f"{name}.{key} names {asset[:40]!r}, which is no asset")
        if not isinstance(amount, str):
            raise Malformed(f"{name}.{key}.{asset} is not an amount written as text")
        units(amount, f"{name}.{key}.{asset}")
        written[asset] = amount
    return written


def amounts(value: Json, key: str, name: str) -> dict[str, Units]:
    """The same, as units of 10^-18."""
    written = amount_texts(value, key, name)
    return {asset: units(amount, f"{name}.{key}.{asset}") for asset, amount in written.items()}


def units(amount: str, name: str) -> Units:
    """An amount in units of 10^-18; raises Malformed where that is not exact."""
    try:
        return parse_amount(amount, DECIMALS)
    except MoneyError as error:
        raise Malformed(f"{name}: {error.message}") from error


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice")
    return result


def _integer(written: str) -> int:
    if len(written) > _DIGITS:
        raise ValueError(f"the number {written[:40]} is too long; amounts are text")
    return int(written)


def _constant(written: str) -> Json:
    raise ValueError(f"{written} is no number")

"""JSON of published files, read so that every reader reads the same: one way to write a number, a hash, an amount.

What is refused raises ProofError with the reason, and a commitment's reader says it as a CommitmentError.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from reservecheck.commitment.scheme import LIMIT, well_formed
from reservecheck.errors import ProofError

_OTHER_FIELDS: Final = "the fields are not those of {}"
_HEX: Final = re.compile(r"[0-9a-f]{64}")
_DIGITS: Final = re.compile(r"0|[1-9][0-9]{0,38}")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]*")
_MOST_DIGITS: Final = 15


def parsed(data: bytes, what: str, longest: int, form: str) -> object:
    """JSON's value, once it is written in the one way; a number nobody needs is −1."""
    if len(data) > longest:
        raise ProofError(f"the {what} is longer than {longest} bytes")
    numbers, repeated = [], []

    def number(text: str) -> int:
        numbers.append(_NUMBER.fullmatch(text) is not None)
        return int(text) if numbers[-1] and len(text) <= _MOST_DIGITS else -1

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        repeated.append(len({name for name, _ in found}) < len(found))
        return dict(found)

    try:
        value: object = json.loads(
            data.decode(),
            object_pairs_hook=pairs,
            parse_int=number,
            parse_float=number,
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError) as error:
        raise ProofError(f"the {what} is not JSON") from error
    if not all(numbers):
        raise ProofError("a number is not written in plain digits")
    if any(repeated):
        raise ProofError(_OTHER_FIELDS.format(form))
    return value


def _no_constant(text: str) -> object:
    raise ValueError(f"{text} is not JSON")


def fields(value: object, names: frozenset[str], form: str) -> dict[str, object]:
    """An object with exactly these fields."""
    if not isinstance(value, dict) or value.keys() != names:
        raise ProofError(_OTHER_FIELDS.format(form))
    return value


def whole(value: object, name: str, limit: int) -> int:
    """A number from 0 to the limit."""
    if type(value) is not int or not 0 <= value <= limit:
        raise ProofError(f"the {name} is not a whole number from 0 to {limit}")
    return value


def text(value: object, name: str) -> str:
    """Text of one character or more."""
    if not isinstance(value, str) or not value or not well_formed(value):
        raise ProofError(f"the {name} is not text")
    return value


def digest(value: object, name: str) -> bytes:
    """32 bytes in hex."""
    if not isinstance(value, str) or _HEX.fullmatch(value) is None:
        raise ProofError(f"the {name} is not 64 digits of lower-case hex")
    return bytes.fromhex(value)


def amount(value: object, name: str) -> int:
    """A number below 2^128, as text."""
    if not isinstance(value, str) or _DIGITS.fullmatch(value) is None or int(value) >= LIMIT:
        raise ProofError(f"the {name} is not plain digits below 2^128")
    return int(value)

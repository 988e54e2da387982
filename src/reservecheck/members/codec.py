"""Frozen records to JSON objects and back, strictly: every field present, no other, of exactly its type.

A record's field names are the member's keys, with a trailing underscore dropped. Integers must be below 2^53;
amounts are never written through this module.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from reservecheck.errors import BundleError
from reservecheck.vault.canonical import Json

BEYOND: Final = 2**53
T = TypeVar("T")


def to_json(value: Any) -> Json:  # noqa: ANN401  # any record of the model, checked field by field
    """A record, or a tuple or mapping of them, as JSON. Raises TypeError for what has no JSON form here."""
    if value is None or isinstance(value, bool | str):
        return str(value) if isinstance(value, StrEnum) else value
    if isinstance(value, int):
        return value
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, frozenset):
        return [to_json(item) for item in sorted(value)]
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if is_dataclass(value):
        return {item.name.rstrip("_"): to_json(getattr(value, item.name)) for item in fields(value)}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def from_json(kind: type[T], value: Json, *, where: str) -> T:
    """The record that `to_json` wrote; raises BundleError naming the place of the first thing that is off."""
    return cast("T", _reader(cast("Hashable", kind))(value, where))


_Read = Callable[[Json, str], Any]


@cache
def _reader(kind: Hashable) -> _Read:
    origin, args = get_origin(kind), get_args(kind)
    if origin is not None:
        return _generic_reader(origin, args)
    plain = cast("type", kind)
    if is_dataclass(plain):
        return _record_reader(plain)
    if issubclass(plain, StrEnum):
        return _word_reader(plain)
    return _plain_reader(plain)


def _generic_reader(origin: Any, args: tuple[Any, ...]) -> _Read:  # noqa: ANN401  # a type expression
    if origin in (Union, types.UnionType):
        inner = _reader(next(arg for arg in args if arg is not type(None)))
        return lambda value, where: None if value is None else inner(value, where)
    if origin is tuple and args[-1] is not Ellipsis:
        return _pair_reader([_reader(arg) for arg in args])
    if origin in (tuple, frozenset):
        return _list_reader(_reader(args[0]), origin)
    return _mapping_reader(_reader(args[1]))


def _plain_reader(kind: type) -> _Read:
    def read(value: Json, where: str) -> Any:  # noqa: ANN401  # exactly `kind`
        if type(value) is not kind:
            raise BundleError(f"{where} is not of type {kind.__name__}")
        if isinstance(value, int) and abs(value) >= BEYOND:
            raise BundleError(f"{where} is 2^53 or more")
        return value

    return read


def _word_reader(kind: type[StrEnum]) -> _Read:
    def read(value: Json, where: str) -> StrEnum:
        if not isinstance(value, str) or value not in set(kind):
            raise BundleError(f"{where} is none of {', '.join(kind)}")
        return kind(value)

    return read


def _list_reader(inner: _Read, make: Callable[[Any], Any]) -> _Read:
    def read(value: Json, where: str) -> Any:  # noqa: ANN401  # what `make` gives
        if not isinstance(value, list):
            raise BundleError(f"{where} is not a list")
        return make(inner(item, f"{where}[{i}]") for i, item in enumerate(value))

    return read


def _pair_reader(inner: list[_Read]) -> _Read:
    def read(value: Json, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) != len(inner):
            raise BundleError(f"{where} is not a list of {len(inner)}")
        return tuple(one(item, f"{where}[{i}]") for i, (one, item) in enumerate(zip(inner, value, strict=True)))

    return read


def _mapping_reader(inner: _Read) -> _Read:
    def read(value: Json, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise BundleError(f"{where} is not an object")
        return {key: inner(item, f"{where}.{key}") for key, item in value.items()}

    return read


def _record_reader(kind: type) -> _Read:
    hints = get_type_hints(kind)
    readers = {item.name.rstrip("_"): (item.name, _reader(hints[item.name])) for item in fields(kind)}

    def read(value: Json, where: str) -> Any:  # noqa: ANN401  # exactly `kind`
        if not isinstance(value, dict):
            raise BundleError(f"{where} is not an object")
        if value.keys() != readers.keys():
            odd = ", ".join(sorted(value.keys() ^ readers.keys()))
            raise BundleError(f"{where} lacks or has too many of: {odd}")
        return kind(**{name: inner(value[key], f"{where}.{key}") for key, (name, inner) in readers.items()})

    return read

"""The first thing that differs between two texts, found the way a reader would look for it."""

from __future__ import annotations

import json
from typing import Any

from reservecheck.vault.canonical import nested_too_deep

LONGEST = 80


def first_difference(name: str, recorded: bytes, derived: bytes) -> str:
    """One sentence; "" when they are equal. JSON members are compared by path, others by line."""
    if recorded == derived:
        return ""
    if name.endswith(".json"):
        return _difference_in_json(name, recorded, derived)
    for number, (then, now) in enumerate(_lines(recorded, derived), 1):
        if then != now:
            return (
                f"{name}: differs at line {number}: the bundle says {_short(then)}, it re-derives to {_short(now)}"
            )
    return f"{name}: differs in bytes that are no text"


def _difference_in_json(name: str, recorded: bytes, derived: bytes) -> str:
    not_json = f"{name}: is not JSON"
    if nested_too_deep(recorded):
        return not_json
    try:
        parsed = json.loads(recorded)
    except ValueError:
        return not_json
    path, then, now = _json_difference(parsed, json.loads(derived), "$")
    if then == now:
        return f"{name}: says the same, but not in the bytes this tool writes"
    return f"{name}: differs at {path}: the bundle says {_short(then)}, it re-derives to {_short(now)}"


def _lines(recorded: bytes, derived: bytes) -> list[tuple[Any, Any]]:
    then, now = recorded.decode(errors="replace").split("\n"), derived.decode(errors="replace").split("\n")
    length = max(len(then), len(now))
    nothing: list[Any] = [None]
    return list(
        zip(then + nothing * (length - len(then)), now + nothing * (length - len(now)), strict=True),
    )


def _json_difference(then: Any, now: Any, path: str) -> tuple[str, Any, Any]:  # noqa: ANN401  # parsed JSON
    if isinstance(then, dict) and isinstance(now, dict):
        for key in sorted(then.keys() | now.keys()):
            if key not in then or key not in now or then[key] != now[key]:
                return _json_difference(then.get(key), now.get(key), f"{path}.{key}")
    if isinstance(then, list) and isinstance(now, list):
        for index, (one, other) in enumerate(zip(then, now, strict=False)):
            if one != other:
                return _json_difference(one, other, f"{path}[{index}]")
        return f"{path} (length)", len(then), len(now)
    return path, then, now


def _short(value: Any) -> str:  # noqa: ANN401  # parsed JSON or a line
    text = "nothing" if value is None else ascii(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"

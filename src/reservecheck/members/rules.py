"""`rules.json`: the packs a run was judged by, verbatim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reservecheck.errors import BundleError
from reservecheck.packs.shipped import Pack
from reservecheck.vault.canonical import canonical_json, parse_json

NAME: Final = "rules.json"


def write_packs(packs: Sequence[Pack]) -> bytes:
    """Each pack's id, digest and text."""
    return canonical_json([{"id": pack.id, "sha256": pack.sha256, "text": pack.text} for pack in packs])


def read_packs(data: bytes) -> dict[str, str]:
    """Pack id to text; raises BundleError for anything write_packs does not write."""
    parsed = parse_json(data, name=NAME)
    packs: dict[str, str] = {}
    for item in parsed if isinstance(parsed, list) else [None]:
        match item:
            case {"id": str(id_), "sha256": str(), "text": str(text), **rest} if not rest and id_ not in packs:
                packs[id_] = text
            case _:
                raise BundleError(f"{NAME} is not a list of packs")
    return packs

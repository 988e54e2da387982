"""`anchors.json`: the block hashes the practitioner looked up himself; there only where he gave some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reservecheck.errors import BundleError
from reservecheck.members.codec import from_json, to_json
from reservecheck.model.anchor import COLUMNS, Anchor, bare_hash, wrong_row
from reservecheck.vault.canonical import canonical_json, parse_json

NAME: Final = "anchors.json"


def write_anchors(anchors: Sequence[Anchor]) -> dict[str, bytes]:
    """The member by its name, or none."""
    return {NAME: canonical_json(to_json(tuple(anchors)))} if anchors else {}


def read_anchors(data: bytes) -> tuple[Anchor, ...]:
    """The anchors; raises BundleError for anything write_anchors does not write."""
    found = from_json(tuple[Anchor, ...], parse_json(data, name=NAME), where=NAME)
    if not found:
        raise BundleError(f"{NAME} holds no anchor")
    for number, anchor in enumerate(found, 1):
        message, _ = wrong_row({column: str(getattr(anchor, column)) for column in COLUMNS})
        if message or anchor.hash != bare_hash(anchor.hash) or anchor.line < 0:
            raise BundleError(f"{NAME}: anchor {number}: {message or 'it is not in the form this tool writes'}")
    return found

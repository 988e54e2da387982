"""`descriptors.json`: the descriptors the entity publishes; there only where it publishes one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reservecheck.errors import BundleError
from reservecheck.members.codec import from_json, to_json
from reservecheck.model.declared import DeclaredDescriptor
from reservecheck.vault.canonical import canonical_json, parse_json

NAME: Final = "descriptors.json"
MOST_PUBLISHED: Final = 10_000
"""No wallets file has as many: it would be longer than 1 MiB."""
HARDENED: Final = 2**31
"""The first index that is not one of a range (BIP-32)."""


def write_descriptors(published: Sequence[DeclaredDescriptor]) -> dict[str, bytes]:
    """The member in declared order, or nothing."""
    return {NAME: canonical_json(to_json(tuple(published)))} if published else {}


def read_descriptors(data: bytes) -> tuple[DeclaredDescriptor, ...]:
    """The descriptors; raises BundleError for anything write_descriptors does not write."""
    published = from_json(tuple[DeclaredDescriptor, ...], parse_json(data, name=NAME), where=NAME)
    if len(published) > MOST_PUBLISHED:
        raise BundleError(f"{NAME}: it holds {len(published)} descriptors, at most {MOST_PUBLISHED} are read")
    if not published or len({one.label for one in published}) != len(published):
        raise BundleError(f"{NAME}: it holds no descriptor, or two of one label")
    if not all(one.published for one in published):
        raise BundleError(f"{NAME}: a descriptor stands here that is not to be published")
    for one in published:
        first, last = one.range or (0, 0)
        if (one.range is None) != (one.gap is None) or not 0 <= first <= last < HARDENED or (one.gap or 0) < 0:
            raise BundleError(f"{NAME}: the range or the gap of {one.label!r} is none")
    return published

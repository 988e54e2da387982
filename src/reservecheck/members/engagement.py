"""`engagement.json`: who, when, under which policy, from which input files; and `sources.json`, `registry.json`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reservecheck.errors import BundleError
from reservecheck.members.codec import from_json, to_json
from reservecheck.members.registry_rows import refuse_odd_rows
from reservecheck.model.declared import InputFile, Provenance
from reservecheck.model.engagement import Engagement
from reservecheck.model.registry import Registry
from reservecheck.transport.record import SourceCard
from reservecheck.vault.canonical import canonical_json, parse_json

NAME: Final = "engagement.json"
REGISTRY: Final = "registry.json"
SOURCES: Final = "sources.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What stands at the top of a bundle."""

    entity: str
    name: str
    provenance: Provenance
    engagement: Engagement
    input_files: tuple[InputFile, ...]
    tool: str


def write_cover(cover: Cover) -> bytes:
    """The cover as canonical JSON."""
    return canonical_json(to_json(cover))


def read_cover(data: bytes) -> Cover:
    """The cover; raises BundleError for anything write_cover does not write."""
    return from_json(Cover, parse_json(data, name=NAME), where=NAME)


def write_registry(registry: Registry) -> bytes:
    """The rows used, verbatim."""
    return canonical_json(to_json(registry))


def read_registry(data: bytes) -> Registry:
    """The rows; raises BundleError for one not under its own id, or that no registry can hold."""
    registry = from_json(Registry, parse_json(data, name=REGISTRY), where=REGISTRY)
    ids = (
        all(key == row.network for key, row in registry.networks.items())
        and all(key == row.asset for key, row in registry.assets.items())
        and all(key == row.instrument for key, row in registry.instruments.items())
    )
    if not ids:
        raise BundleError(f"{REGISTRY}: a row does not stand under its own id")
    refuse_odd_rows(registry, name=REGISTRY)
    return registry


def write_sources(sources: Sequence[SourceCard]) -> bytes:
    """Names, operators and who runs them; never where they are."""
    return canonical_json(to_json(tuple(sorted(sources, key=lambda card: (card.network, card.name)))))


def read_sources(data: bytes) -> tuple[SourceCard, ...]:
    """The sources; raises BundleError for anything write_sources does not write."""
    return from_json(tuple[SourceCard, ...], parse_json(data, name=SOURCES), where=SOURCES)

"""The block that draws customers, read from the practitioner's own sources; the entity's are not asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reservecheck.chains.families import FAMILIES
from reservecheck.chains.panel import panel
from reservecheck.chains.reader import Block
from reservecheck.cli.collecting import open_providers
from reservecheck.cli.console import tell
from reservecheck.declare.providers import Provider, endpoints_of
from reservecheck.errors import SourceError
from reservecheck.model.confirmations import ReadFrom
from reservecheck.model.operators import PRACTITIONER, begins_with
from reservecheck.model.registry import Network
from reservecheck.transport.http import HttpTransport


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRead:
    """A block all sources agree on, and who named it."""

    block: Block
    sources: tuple[str, ...]
    read_from: ReadFrom


def read_final_block(providers: Path, network: Network, height: int, *, entity: str) -> BlockRead:
    """The final block at a height, from every source of the network that is not the entity's; a dead one is told.

    Raises SourceError where none can be used or two disagree, PinError where it is not final, and InputError.
    """
    if network.family not in FAMILIES:
        raise SourceError(f"{network.network} has no reader in this version", hint="give its --block-hash")
    used = _independent(open_providers(providers), network.network, entity)
    read = FAMILIES[network.family]().block
    found: dict[str, Block] = {}
    failed: list[SourceError] = []
    with HttpTransport(endpoints_of(used)) as transport:
        for provider in used:
            try:
                found[provider.card.name] = read(network, provider.card, transport, height)
            except SourceError as error:
                failed.append(error)
    if not found:
        raise failed[0]
    for one in failed:
        tell(one.message)
    return BlockRead(block=_agreed(found, network, height), sources=tuple(found), read_from=_whose(used, found))


def _independent(providers: tuple[Provider, ...], network: str, entity: str) -> list[Provider]:
    named = [one for one in providers if one.card.network == network]
    its_own = (one.card.operator for one in named if begins_with(one.card.operator, entity))
    voices = panel((one.card for one in named), None, entity, *its_own)
    used = [one for one in named if voices.is_voice(one.card.name)]
    if not named:
        raise SourceError(f"no source is named for {network}", hint="name one in the providers file")
    if not used:
        words = f"only the entity's own sources are named for {network}: it could name the block that suits it"
        raise SourceError(words, hint="name a source of your own in the providers file")
    return used


def _agreed(found: dict[str, Block], network: Network, height: int) -> Block:
    (first, block), *others = found.items()
    for name, other in others:
        if other.hash != block.hash:
            raise SourceError(
                f"{first} says block {height} of {network.network} is {block.hash}, {name} says {other.hash}",
                hint="find out which of them follows another chain before anybody is drawn",
            )
    return block


def _whose(used: list[Provider], found: dict[str, Block]) -> ReadFrom:
    own = any(one.card.name in found and one.card.run_by == PRACTITIONER for one in used)
    return ReadFrom.OWN if own else ReadFrom.THIRD_PARTY

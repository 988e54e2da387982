"""Whether the sources a bundle names, and how many it asks for, are what an honest run could have written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reservecheck.bundle import Gathered
from reservecheck.declare.engagement import MOST_SOURCES
from reservecheck.declare.names import NAME
from reservecheck.declare.providers import KINDS, RUN_BY, kind_of
from reservecheck.members.engagement import NAME as COVER
from reservecheck.members.engagement import SOURCES
from reservecheck.observe import too_few_sources
from reservecheck.registry.shipped import load_registry, network_row
from reservecheck.transport.record import SourceCard
from reservecheck.vault.plain_name import name_problem


def source_differences(gathered: Gathered) -> list[str]:
    """A sentence for everything that is off about sources and quorums."""
    job = gathered.job
    found = [f"{SOURCES}: {said}" for said in too_few_sources(job)]
    asked = {(item.question.network, item.question.source) for item in gathered.log.exchanges}
    for card in job.sources:
        found += [f"{SOURCES}: {said}" for said in _odd(card)]
        if card.network not in job.registry.networks:
            found.append(f"{SOURCES}: {card.name[:80]!r} is of {card.network[:80]!r}, where nothing is declared")
        elif (card.network, card.name) not in asked:
            found.append(
                f"{SOURCES}: the log asks nothing of {card.name[:80]!r}, and an honest run asks every source"
            )
    shipped = load_registry()
    for network, quorum in job.engagement.sources.items():
        if not 1 <= quorum.k <= quorum.n <= MOST_SOURCES:
            found.append(f"{COVER}: {quorum.k} of {quorum.n} sources of {network[:80]!r} cannot agree")
        if network_row(shipped, network) is None:
            found.append(f"{COVER}: it asks for sources of {network[:80]!r}, which is no network")
    return found


def _odd(card: SourceCard) -> Iterator[str]:
    for what, word, known in (("kind", card.kind, KINDS), ("run_by", card.run_by, RUN_BY)):
        if word not in known:
            yield f"{what} of {card.name[:80]!r} is {word[:40]!r}, none of {', '.join(known)}"
    if card.kind in KINDS and card.kind != kind_of(card.network):
        yield f"kind of {card.name[:80]!r} is {card.kind!r}, {card.network[:80]!r} is not read with it"
    if re.fullmatch(NAME, card.name) is None:
        yield f"{card.name[:80]!r} is not a source's name"
    if wrong := name_problem("operator", card.operator):
        yield wrong[0]

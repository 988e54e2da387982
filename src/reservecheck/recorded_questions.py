"""What a bundle's log asks: of declared sources, for declared holdings, as its readers ask, and in time."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from reservecheck.bundle import Gathered
from reservecheck.chains.families import FAMILIES, Family
from reservecheck.chains.reader import Asked
from reservecheck.model.evidence import Observation
from reservecheck.moments import parse_moment
from reservecheck.observe import declared_contracts
from reservecheck.transport.record import Recorded
from reservecheck.vault.canonical import Json

_WORDS: Final = frozenset(
    {
        *("basic", "blockHash", "code", "data", "finalized", "latest", "requireCanonical", "rollback", "start"),
        *("status", "to", "utxo-set"),
    }
)
_HEX: Final = re.compile(r"(0x)?[0-9a-fA-F]*|raw\([0-9a-f]*\)", re.ASCII)


def odd_questions(gathered: Gathered, observation: Observation) -> list[str]:
    """A sentence for each kind of question that no honest run asks, and each answer older than its block."""
    declared = declared_contracts(gathered.job)
    found = dict.fromkeys(_of_others(gathered, declared.keys()))
    for network, holdings in sorted(declared.items()):
        family = FAMILIES[gathered.job.registry.networks[network].family]()
        exchanges = gathered.log.of(network)
        for item in exchanges:
            found |= dict.fromkeys((*_unknown(item, family), *_free_text(item)))
        found |= dict.fromkeys(_undeclared(network, family.asked(exchanges), holdings))
    return [*found, *_too_early(gathered, observation)]


def _undeclared(network: str, asked: Iterable[Asked], declared: Mapping[str, frozenset[str]]) -> list[str]:
    """A sentence for each holding, or token of everybody's, that is asked for and not declared."""
    tokens = frozenset[str]().union(*set(declared.values()))
    nothing = frozenset[str]()
    odd = {one for one in asked if one[1] not in (declared.get(one[0], nothing) if one[0] else tokens)}
    found = []
    for identity, contract in sorted(odd):
        what = identity or f"the token {contract}"
        if identity in declared:
            what = f"the token {contract} of {identity}" if contract else f"the native coin of {identity}"
        found.append(f"the log asks for {what} on {network}, which the declaration does not name")
    return list(dict.fromkeys(found))


def _of_others(gathered: Gathered, there: Collection[str]) -> Iterator[str]:
    sources = {(card.network, card.name) for card in gathered.job.sources}
    for item in gathered.log.exchanges:
        question = item.question
        if question.network not in there or (question.network, question.source) not in sources:
            yield f"exchange {item.n} asks {question.source} about {question.network}, which nobody declared"


def _unknown(item: Recorded, family: Family) -> Iterator[str]:
    question = item.question
    purposes = family.purposes.get(question.decoder, frozenset())
    methods = [call.method for call in question.calls]
    for what, words, known in (
        ("is read by", [question.decoder], family.purposes),
        ("is asked for", [question.purpose], frozenset[str]().union(*family.purposes.values())),
        ("calls", methods, family.methods),
    ):
        for word in words:
            if word not in known:
                yield f"exchange {item.n} {what} {word[:60]!r}, which nobody asks {question.network} for"
                return
    if question.purpose not in purposes:
        yield f"exchange {item.n} is asked for {question.purpose!r}, which {question.decoder} does not read"


def _free_text(item: Recorded) -> Iterator[str]:
    """Readers ask with hex digits, numbers and a few words: any other text has been put in by somebody."""
    todo: list[Json] = [list(call.params) for call in item.question.calls]
    while todo:
        value = todo.pop()
        if isinstance(value, Mapping):
            todo += [*value.keys(), *value.values()]
        elif isinstance(value, str):
            if value not in _WORDS and _HEX.fullmatch(value) is None:
                yield f"exchange {item.n} asks with the text {value[:60]!r}, which no reader writes"
                return
        elif isinstance(value, list | tuple):
            todo += value


def _too_early(gathered: Gathered, observation: Observation) -> Iterator[str]:
    """Answers that figures rest on, given before the pinned block could be there.

    A block's own clock may be ahead by as much as its network allows.
    """
    networks = gathered.job.registry.networks
    used: dict[str, set[tuple[int, ...]]] = {pin.id: {pin.exchanges} for pin in observation.pins}
    before: tuple[int, ...] | None = None
    for cell in observation.cells:
        if cell.exchanges is not before and cell.pin in used:  # neighbours share one tuple
            before = cell.exchanges
            used[cell.pin].add(before)
    for pin in observation.pins:
        earliest = pin.time - networks[pin.network].max_skew_s
        for n in sorted({n for exchanges in used[pin.id] for n in exchanges}):
            if parse_moment(gathered.log.exchanges[n - 1].reply.at) < earliest:
                yield f"exchange {n} was answered before the block it is about was made: block {pin.height}"
                break

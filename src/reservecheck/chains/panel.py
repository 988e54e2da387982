"""The sources of one network: who is independent of whom, and whose word is worth what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from reservecheck.model.engagement import Quorum, usual_k
from reservecheck.model.operators import entity_keys, voices
from reservecheck.model.words import Evidence
from reservecheck.transport.record import SourceCard

CORROBORATING: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The sources of one network, and how many voices have to agree."""

    cards: Mapping[str, SourceCard]  # by name, in the order of the names
    k: int
    entity: frozenset[str]  # keys of the operators that are the entity

    def voices(self, names: Iterable[str]) -> int:
        """How many distinct operators these sources have, without the entity."""
        return voices((self.cards[name].operator for name in names), self.entity)

    def is_voice(self, name: str) -> bool:
        """Whether a source's word counts beside others'."""
        return self.voices([name]) > 0

    @property
    def has_voice(self) -> bool:
        """Whether anybody but the entity can be asked."""
        return self.voices(self.cards) > 0

    def evidence(self, names: Iterable[str]) -> Evidence:
        """What their equal word is worth."""
        voices = self.voices(names)
        if not voices:
            return Evidence.CLAIMED
        return Evidence.CORROBORATED if voices >= max(self.k, CORROBORATING) else Evidence.OBSERVED

    def enough(self, names: Iterable[str]) -> bool:
        """Whether k voices are among them; where the entity alone can be asked, whether anybody is."""
        found = list(names)
        return bool(found) and self.voices(found) >= min(self.k, self.voices(self.cards))

    def chosen(self, groups: list[list[str]]) -> list[str]:
        """Whose word is taken: what all voices say, or the only thing k of them say; the entity's if alone."""
        spoken = [names for names in groups if self.voices(names)] or groups
        if len(spoken) == 1:
            return spoken[0]
        enough = [names for names in spoken if self.voices(names) >= self.k]
        return enough[0] if len(enough) == 1 else []


def panel(cards: Iterable[SourceCard], quorum: Quorum | None, *entity: str) -> Panel:
    """The sources of one network; `entity` are all its names. Without a quorum the usual one applies."""
    by_name = {card.name: card for card in sorted(cards, key=lambda card: card.name)}
    keys = entity_keys(((card.operator, card.run_by) for card in by_name.values()), *entity)
    everyone = Panel(cards=by_name, k=1, entity=keys)
    return replace(everyone, k=max(1, usual_k(everyone.voices(by_name)) if quorum is None else quorum.k))

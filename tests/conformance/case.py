"""One named lie or truth: what somebody says, how it is made, and everything that must come of it.

A lie that is refused for the wrong reason would pass unseen. So a case names all findings that break and all that
cannot be assessed, exactly; a bundle that was altered names every step that differs; a refusal quotes its words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tests.conformance.bench import Bench

Make = Callable[[Bench], None]
Kind = Literal["lie", "truth"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A lie or a truth. `make` alters the base; `ask` is the command that is then put, `run` unless named."""

    id: str
    kind: Kind
    says: str  # one sentence
    make: Make = lambda _: None
    ask: Callable[[Bench], int] = lambda bench: bench.run()
    code: int
    outcome: str = ""  # covered | shortfall | incomplete, where an assessment was made
    breaks: Sequence[str] = ()  # "rule subject": exactly these break, notes apart
    unknown: Sequence[str] = ()  # exactly these cannot be assessed
    notes: Sequence[str] = ()  # these notes break, beside those of the base
    figures: Mapping[str, str] = field(default_factory=dict)  # "BTC.deciding.ratio" → what is printed
    steps: Mapping[str, str] = field(default_factory=dict)  # verify: exactly these steps differ, and in these words
    words: Sequence[str] = ()  # stand in what is printed
    never: Sequence[str] = ()  # stand nowhere in it
    nodes: bool = False  # needs real nodes

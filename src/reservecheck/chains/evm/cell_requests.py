"""Asks for balances at the pin's hash in as few requests as the source allows.

First our program laid over the state, 5,000 cells a call; where a node refuses that, the program as init code, 744
cells; where it refuses that too, JSON-RPC batches of the node's own methods. Cells that failed in company are asked
for again alone, with all the gas a call may have; the largest holdings of each token once more by a plain call,
because a contract can tell our program from others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from reservecheck.chains.evm.asking import GIVE_UP_AFTER, Next, after, ask_in_batches
from reservecheck.chains.evm.cells import BATCH, CELLS, SINGLE, Held, Key, balance_call, largest
from reservecheck.chains.evm.conversation import Conversation
from reservecheck.chains.evm.grids import (
    Grid,
    cells_answered,
    cut,
    deployless_call,
    grids_of,
    override_call,
    statuses,
    words,
)
from reservecheck.chains.evm.program import CELL_BYTES, DEPLOYLESS_CELLS, FAILED, NATIVE, OVERRIDE_CELLS
from reservecheck.chains.reader import Plan
from reservecheck.model.progress import Progress
from reservecheck.money import LIMIT
from reservecheck.transport.jsonrpc import Call, Result

BATCH_CALLS: Final = 500
SINGLE_CALLS: Final = 50


class Way(NamedTuple):
    """One form of asking, and the most cells it can ask for."""

    call: Callable[[Grid, str], Call]
    most: int


WAYS: Final = (Way(override_call, OVERRIDE_CELLS), Way(deployless_call, DEPLOYLESS_CELLS))


def ask_for_cells(plan: Plan, block_hash: str, conversation: Conversation, progress: Progress) -> None:
    """Every pair of the plan at one block; what stays unanswered is for the log to tell."""
    asking = _Asking(block_hash, conversation, progress, grids_of(plan.pairs, OVERRIDE_CELLS))
    for way in WAYS:
        if asking.in_one_way(way) is Next.STOP:
            return
    left = [key for grid in asking.waiting for key in grid.cell_keys()]
    for purpose, decoder, keys, size in (
        ("cells-batch", BATCH, left, BATCH_CALLS),
        ("cells-single", SINGLE, asking.starved, SINGLE_CALLS),
        ("cells-again", BATCH, asking.largest(), BATCH_CALLS),
    ):
        if asking.plainly(purpose, decoder, keys, size) is Next.STOP:
            return


class _Asking:
    """What is still to be asked of one source, and which cells failed in company."""

    def __init__(
        self, block_hash: str, conversation: Conversation, progress: Progress, waiting: Sequence[Grid]
    ) -> None:
        self.waiting = list(waiting)
        self.starved: list[Key] = []
        self._largest: dict[str, list[Held]] = {}
        self._block_hash = block_hash
        self._conversation = conversation
        self._progress = progress
        self._total = self._left = sum(grid.cells for grid in waiting)

    def in_one_way(self, way: Way) -> Next:
        """Ask until nothing waits or the way is given up; what it left is `waiting`."""
        todo = [part for grid in self.waiting for part in cut(grid, way.most)][::-1]
        refused: list[Grid] = []
        failures, then = 0, Next.GO_ON
        while todo and failures < GIVE_UP_AFTER and then in (Next.GO_ON, Next.SMALLER):
            grid = todo.pop()
            then = self._one(way, grid)
            failures = 0 if then is Next.GO_ON else failures + 1
            if then is Next.SMALLER and grid.cells > 1:
                todo += grid.halves()[::-1]
            elif then is not Next.GO_ON:
                refused.append(grid)
        self.waiting = [*refused, *reversed(todo)]
        return then

    def plainly(self, purpose: str, decoder: str, keys: Sequence[Key], size: int) -> Next:
        """Ask by the node's own methods."""
        calls = [balance_call(owner, token, self._block_hash) for owner, token in keys]
        return ask_in_batches(self._conversation, purpose, decoder, calls, size)

    def largest(self) -> list[Key]:
        """The cells to ask for again."""
        return [(owner, token) for token, held in self._largest.items() for _, owner, _ in held]

    def _remember(self, grid: Grid, raw: bytes) -> None:
        long = len(grid.owners)
        for i, token in enumerate(grid.tokens):
            if token != NATIVE:
                found = words(raw[i * long * CELL_BYTES : (i + 1) * long * CELL_BYTES])
                held = (
                    (word, owner, "") for word, owner in zip(found, grid.owners, strict=True) if 0 < word < LIMIT
                )
                self._largest[token] = largest([*self._largest.get(token, ()), *held])

    def _one(self, way: Way, grid: Grid) -> Next:
        exchange = self._conversation.ask("cells", CELLS, (way.call(grid, self._block_hash),))
        then = after(exchange)
        if then is not Next.GO_ON:
            return then
        (answer,) = exchange.reply.opened(exchange.question) or (None,)
        raw = cells_answered(grid, answer.value) if isinstance(answer, Result) else None
        if raw is None:
            return Next.OTHERWISE
        said = statuses(raw)
        if FAILED in said:
            self.starved += (key for key, status in zip(grid.cell_keys(), said, strict=True) if status == FAILED)
        self._remember(grid, raw)
        self._left -= grid.cells
        self._progress("balances", self._total - self._left, self._total)
        return then

"""Asks for balances at the pin's hash in as few requests as the source allows.

First our program laid over the state, 5,000 cells a call; where a node refuses that, the program as init code, 744
cells; where it refuses that too, JSON-RPC batches of the node's own methods. Cells that failed in company are asked
for again alone, with all the gas a call may have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from reservecheck.chains.evm.asking import GIVE_UP_AFTER, Next, after, ask_in_batches
from reservecheck.chains.evm.cells import BATCH, CELLS, SINGLE, answers_of, balance_call, starved
from reservecheck.chains.evm.conversation import Conversation
from reservecheck.chains.evm.grids import (
    Grid,
    cells_answered,
    cut,
    deployless_call,
    grids_of,
    override_call,
)
from reservecheck.chains.evm.program import DEPLOYLESS_CELLS, OVERRIDE_CELLS
from reservecheck.chains.reader import Plan
from reservecheck.model.progress import Progress
from reservecheck.transport.jsonrpc import Call, Result
from reservecheck.transport.record import Recorded

BATCH_CALLS: Final = 500
SINGLE_CALLS: Final = 50


class Way(NamedTuple):
    """One form of asking, and the most cells it can ask for."""

    call: Callable[[Grid, str], Call]
    most: int


WAYS: Final = (Way(override_call, OVERRIDE_CELLS), Way(deployless_call, DEPLOYLESS_CELLS))


def ask_for_cells(plan: Plan, block_hash: str, conversation: Conversation, progress: Progress) -> None:
    """Every pair of the plan at one block; what stays unanswered is for the log to tell."""
    waiting = grids_of(plan.pairs, OVERRIDE_CELLS)
    for way in WAYS:
        waiting, then = _ask_in_one_way(conversation, block_hash, way, waiting, progress)
        if then is Next.STOP:
            return
    left = [balance_call(owner, token, block_hash) for grid in waiting for owner, token in grid.cell_keys()]
    if ask_in_batches(conversation, "cells-batch", BATCH, left, BATCH_CALLS) is Next.STOP:
        return
    answers = answers_of(block_hash, conversation.exchanges())
    alone = [balance_call(owner, token, block_hash) for owner, token in starved(answers)]
    ask_in_batches(conversation, "cells-single", SINGLE, alone, SINGLE_CALLS)


def _ask_in_one_way(
    conversation: Conversation, block_hash: str, way: Way, grids: Sequence[Grid], progress: Progress
) -> tuple[list[Grid], Next]:
    """(what was not answered in this way, whether the source is to be asked further)."""
    waiting = [part for grid in grids for part in cut(grid, way.most)][::-1]
    refused: list[Grid] = []
    total = left = sum(grid.cells for grid in waiting)
    failures = 0
    while waiting and failures < GIVE_UP_AFTER:
        grid = waiting.pop()
        exchange = conversation.ask("cells", CELLS, (way.call(grid, block_hash),))
        then = after(exchange)
        if then is Next.GO_ON and _is_answer(grid, exchange):
            failures, left = 0, left - grid.cells
            progress("balances", total - left, total)
            continue
        failures += 1
        if then is Next.STOP:
            return [], then
        if then is not Next.SMALLER:
            refused.append(grid)
            break
        if grid.cells > 1:
            waiting += grid.halves()[::-1]
        else:
            refused.append(grid)
    return [*refused, *reversed(waiting)], Next.OTHERWISE


def _is_answer(grid: Grid, exchange: Recorded) -> bool:
    opened = exchange.reply.opened(exchange.question)
    answer = opened[0] if opened else None
    return isinstance(answer, Result) and cells_answered(grid, answer.value) is not None

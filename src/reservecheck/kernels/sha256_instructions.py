"""The processor's own SHA-256 instructions (SHA-NI) over whole blocks, written as LLVM writes them.

Each waits for the one before; where two hashes alternate, neither has to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from llvmlite import ir

_BLOCK: Final = 64
_FOURS: Final = 16
_SCHEDULED: Final = 12
_WORD: Final = ir.IntType(64)
_FOUR: Final = ir.VectorType(ir.IntType(32), 4)

Lane = tuple[ir.Value, ir.Value]


def write_instructions(
    builder: ir.IRBuilder, lanes: Sequence[Lane], blocks: ir.Value, rounds: Sequence[int]
) -> None:
    """A loop over blocks, of which there is at least one; lanes are addresses of a state and of its first block.

    Between rounds a state is (f, e, b, a) and (h, g, d, c), lowest word first.
    """
    places = [[_at(builder, state, offset) for offset in (0, 16)] for state, _ in lanes]
    loaded = [[builder.load(place, align=4) for place in pair] for pair in places]
    orders = (5, 4, 1, 0), (7, 6, 3, 2)
    firsts = [[_picked(builder, abcd, efgh, order) for order in orders] for abcd, efgh in loaded]
    before = builder.block
    loop, end = builder.append_basic_block("hash"), builder.append_basic_block("hashed")
    builder.branch(loop)
    builder.position_at_end(loop)
    done = builder.phi(_WORD)
    states = [[builder.phi(_FOUR), builder.phi(_FOUR)] for _ in lanes]
    offset = builder.mul(done, _WORD(_BLOCK))
    after = _hashed(builder, states, [builder.add(data, offset) for _, data in lanes], rounds)
    again = builder.add(done, _WORD(1))
    phis = [done, *(phi for pair in states for phi in pair)]
    starting = [_WORD(0), *(value for pair in firsts for value in pair)]
    following = [again, *(value for pair in after for value in pair)]
    for phi, first, value in zip(phis, starting, following, strict=True):
        phi.add_incoming(first, before)
        phi.add_incoming(value, loop)
    builder.cbranch(builder.icmp_signed("<", again, blocks), loop, end)
    builder.position_at_end(end)
    for (feba, hgdc), pointers in zip(after, places, strict=True):
        for pointer, order in zip(pointers, ((3, 2, 7, 6), (1, 0, 5, 4)), strict=True):
            builder.store(_picked(builder, feba, hgdc, order), pointer, align=4)


def _hashed(
    builder: ir.IRBuilder, states: Sequence[Sequence[ir.Value]], blocks: Sequence[ir.Value], rounds: Sequence[int]
) -> list[list[ir.Value]]:
    """The states after one more block each; four rounds of one lane, then four of the next."""
    words = [[_words(builder, _at(builder, block, 16 * number)) for number in range(4)] for block in blocks]
    after = [list(state) for state in states]
    for number in range(_FOURS):
        constants = ir.Constant(_FOUR, rounds[4 * number : 4 * number + 4])
        for state, schedule in zip(after, words, strict=True):
            now, following, third, last = (schedule[(number + ahead) % 4] for ahead in range(4))
            added = builder.add(now, constants)
            state[1] = _call(builder, "llvm.x86.sha256rnds2", state[1], state[0], added)
            upper = _picked(builder, added, added, (2, 3, 0, 0))
            state[0] = _call(builder, "llvm.x86.sha256rnds2", state[0], state[1], upper)
            if number < _SCHEDULED:
                made = _call(builder, "llvm.x86.sha256msg1", now, following)
                made = builder.add(made, _picked(builder, third, last, (1, 2, 3, 4)))
                schedule[number % 4] = _call(builder, "llvm.x86.sha256msg2", made, last)
    return [
        [builder.add(new, old) for new, old in zip(*pair, strict=True)] for pair in zip(after, states, strict=True)
    ]


def _at(builder: ir.IRBuilder, address: ir.Value, offset: int) -> ir.Value:
    return builder.inttoptr(builder.add(address, _WORD(offset)), _FOUR.as_pointer())


def _words(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    return _call(builder, "llvm.bswap.v4i32", builder.load(place, align=1))


def _picked(builder: ir.IRBuilder, one: ir.Value, other: ir.Value, order: tuple[int, ...]) -> ir.Value:
    """Words of two vectors in another order, counted over both."""
    return builder.shuffle_vector(one, other, ir.Constant(_FOUR, order))


def _call(builder: ir.IRBuilder, name: str, *values: ir.Value) -> ir.Value:
    kind = ir.FunctionType(_FOUR, [_FOUR] * len(values))
    known = builder.module.globals.get(name)
    return builder.call(known or ir.Function(builder.module, kind, name), values)

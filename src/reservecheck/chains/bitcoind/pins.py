"""The block at the cut-off: the highest whose header time is at or before it.

Median time past never falls from one block to the next, and a block's own time is above the median of the block
before. So with h* the lowest height whose median is past the cut-off, every block above h* is later than the
cut-off, and the pin is the highest block at or before it among h* and the blocks just below. The search for h*
is only a way to find it: what is decided is decided from the recorded headers around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reservecheck.chains.bitcoind.answers import (
    Asker,
    Unreadable,
    block_hash,
    field,
    hash_calls,
    heights_asked,
    number,
    require_calls,
    values,
)
from reservecheck.chains.bitcoind.headers import Header, linked, median_time, parse_header
from reservecheck.chains.bitcoind.work import require_time, require_work
from reservecheck.chains.reader import Plan
from reservecheck.errors import PinError, SourceError
from reservecheck.model.registry import Network
from reservecheck.moments import utc_text
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Recorded

DECODER: Final = "bitcoind.header/1"
WINDOW: Final = 24
"""Blocks looked through below h*. Six of the eleven blocks below h* are at or before the cut-off, so 7 would do."""
WINDOW_AT: Final = 1_000
"""Ordinal of the window's first question, the next is its second; those of the search are below."""
SPACING_SECONDS: Final = 600
"""What estimates of "run again after" assume of the time between two blocks."""

_PROBES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedBlock:
    """The block at the cut-off as its recorded header says; times in seconds since 1970."""

    height: int
    hash: str
    time: int
    mtp: int | None  # median time past
    network: Network


def find_pin(plan: Plan, asker: Asker, tip: int) -> PinnedBlock:
    """Search, then look through the window; raises PinError when not certain or not final, else Unreadable."""
    newest = _probe(asker, 0, [tip])[0]
    median, time = number(newest, "mediantime"), number(newest, "time")
    if median <= plan.cutoff_epoch:
        again = time + plan.cutoff_epoch - median + SPACING_SECONDS
        raise PinError(
            f"{plan.network.network}: the chain has not passed the cut-off {utc_text(plan.cutoff_epoch)} for "
            f"certain: the newest block {tip} has median time {utc_text(median)}",
            hint=f"run again after about {_minute(again)}, or use --wait",
        )
    pinned = read_window(plan, *_ask_window(asker, _first_past(plan.cutoff_epoch, asker, tip)))
    needed = confirmations(plan)
    if tip < pinned.height + needed:
        when = time + (pinned.height + needed - tip) * SPACING_SECONDS
        raise PinError(
            f"{plan.network.network}: block {pinned.height} at {utc_text(pinned.time)} is not final until about "
            f"{_minute(when)}: {needed} blocks must follow it, {tip - pinned.height} do",
            hint="run again then, or use --wait",
        )
    return pinned


def _first_past(cutoff: int, asker: Asker, tip: int) -> int:
    """h*: the lowest height whose median time is past the cut-off, when the tip's is; 16 heights a question."""
    low, high, ordinal = -1, tip, 1
    while high - low > 1:
        step = -(-(high - low) // (_PROBES + 1))
        heights = range(low + step, high, step)
        for height, answer in zip(heights, _probe(asker, ordinal, heights), strict=True):
            if number(answer, "mediantime") > cutoff:
                high = height
                break
            low = height
        ordinal += 1
    if high == 0:
        raise PinError("the cut-off is before the first block of the chain")
    return high


def window_among(items: Sequence[Recorded]) -> list[Recorded]:
    """The window's exchanges, without those of the search."""
    return [one for one in items if one.question.purpose == "pin" and one.question.ordinal >= WINDOW_AT]


def confirmations(plan: Plan) -> int:
    """How many blocks must follow the pin; raises SourceError for a rule of another family."""
    kind, _, count = plan.network.finality.partition(":")
    if kind != "confirmations" or not count.isdecimal():
        raise SourceError(f"{plan.network.finality!r} is not a finality rule of {plan.network.network}")
    return int(count)


def read_window(plan: Plan, asked: Recorded, answered: Recorded) -> PinnedBlock:
    """The pin from the window's two exchanges alone: hashes by height, then headers; raises Unreadable.

    Each header must hash to its block's hash, name the one before it, and agree with what the node said of
    the block in words (height, time, median); the window must stand around the cut-off.
    """
    heights, headers = read_headers(plan.network, asked, answered)
    times = [header.time for header in headers]
    medians = [median_time(times, i, first_height=heights[0]) for i in range(len(times))]
    said = [number(answer, "mediantime") for answer in values(answered)[1::2]]
    if any(own is not None and own != other for own, other in zip(medians, said, strict=True)):
        raise Unreadable("garbled answer: median time")
    if not _around(plan.cutoff_epoch, medians):
        raise Unreadable("the recorded blocks do not stand around the cut-off")
    at = max(i for i, time in enumerate(times) if time <= plan.cutoff_epoch)
    require_time(plan.network, heights[at], times[at])
    return PinnedBlock(
        height=heights[at], hash=headers[at].hash, time=times[at], mtp=medians[at], network=plan.network
    )


def read_headers(network: Network, asked: Recorded, answered: Recorded) -> tuple[list[int], list[Header]]:
    """Consecutive heights and their headers, each with its hash, its work and the one before; raises Unreadable."""
    heights = heights_asked(asked)
    headers = _headers(heights, [block_hash(found) for found in values(asked)], answered)
    require_work(network, headers, heights[0])
    return heights, headers


def ask_headers(asker: Asker, ordinal: int, heights: Sequence[int]) -> tuple[Recorded, Recorded]:
    """Hashes by height, then every header in bytes and in words; raises Unreadable."""
    asked = asker.ask("pin", ordinal, DECODER, hash_calls(heights), batch=True)
    hashes = [block_hash(found) for found in values(asked)]
    calls = [Call("getblockheader", [block, words]) for block in hashes for words in (False, True)]
    return asked, asker.ask("pin", ordinal + 1, DECODER, calls, batch=True)


def _headers(heights: Sequence[int], hashes: Sequence[str], answered: Recorded) -> list[Header]:
    expected = [Call("getblockheader", [block, words]) for block in hashes for words in (False, True)]
    require_calls(answered, expected)
    answers = values(answered)
    headers = [parse_header(raw) for raw in answers[0::2]]
    if [header.hash for header in headers] != list(hashes) or not linked(headers):
        raise Unreadable("garbled answer: the headers do not follow from each other")
    for height, header, words in zip(heights, headers, answers[1::2], strict=True):
        if (field(words, "hash", str), number(words, "height")) != (header.hash, height):
            raise Unreadable("garbled answer: height")
        if number(words, "time") != header.time:
            raise Unreadable("garbled answer: time")
    return headers


def _around(cutoff: int, medians: Sequence[int | None]) -> bool:
    """Whether the last median is past the cut-off and the one before it is not."""
    before, last = medians[-2:] if len(medians) > 1 else (None, None)
    return before is not None and last is not None and before <= cutoff < last


def _probe(asker: Asker, ordinal: int, heights: Sequence[int]) -> tuple[object, ...]:
    hashes = values(asker.ask("pin", 2 * ordinal, DECODER, hash_calls(heights), batch=True))
    calls = [Call("getblockheader", [block_hash(found), True]) for found in hashes]
    return values(asker.ask("pin", 2 * ordinal + 1, DECODER, calls, batch=True))


def _ask_window(asker: Asker, top: int) -> tuple[Recorded, Recorded]:
    return ask_headers(asker, WINDOW_AT, range(max(0, top - WINDOW), top + 1))


def _minute(epoch: int) -> str:
    """The minute an estimate falls in, rounded up: `2018-09-14 12:34Z`."""
    text = utc_text(-(-epoch // 60) * 60)
    return f"{text[:10]} {text[11:16]}Z"

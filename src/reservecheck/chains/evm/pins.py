"""The pin, derived from the log alone: the highest block whose header time is at or before the cut-off.

Two neighbours show it: block n at or before the cut-off and its child n+1 after it. The chain is identified by
chain id, genesis and fork block; finality is the network's own rule. Decoder `evm.header/1`. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from reservecheck.chains.evm.answers import LAST_SECOND, Header, failure, header, quantity
from reservecheck.chains.evm.header_hash import ETHEREUM, header_hash
from reservecheck.chains.reader import Plan
from reservecheck.model.evidence import Pin
from reservecheck.model.registry import Network
from reservecheck.moments import utc_text
from reservecheck.transport.jsonrpc import Call, Result, same_calls
from reservecheck.transport.record import Recorded

DECODER: Final = "evm.header/1"
FINALIZED: Final = "finalized"
LATEST: Final = "latest"
CHAIN: Final = "chain"
PIN: Final = "pin"
FINAL: Final = "final"
CHAIN_ID: Final = "the chain id"


LEFT: Final = "the pin left the chain during the reading"
NOT_CHECKED: Final = "the pin was not looked at again after the reading"
NOT_FINAL: Final = "the pin was not final when it was read"
FORGED: Final = "a block's header does not have the hash that is stated for it"


class Seen(NamedTuple):
    """A header somebody answered with: what was asked (a number or a tag), in which exchange, for what."""

    asked: int | str
    header: Header
    n: int
    purpose: str


class Found(NamedTuple):
    """A pin, or why there is none. A reason beside a pin: what was read at it does not count."""

    pin: Pin | None
    reason: str


def chain_id_call() -> Call:
    """Which chain id the node speaks for."""
    return Call("eth_chainId", ())


def block_call(block: int | str) -> Call:
    """One block's header, by height or by tag, transactions as hashes."""
    return Call("eth_getBlockByNumber", (block if isinstance(block, str) else hex(block), False))


def find_pin(plan: Plan, exchanges: Sequence[Recorded]) -> Found:
    """The pin one source's exchanges show. Never raises."""
    log = [item for item in exchanges if item.question.decoder == DECODER]
    seen = list(_headers(plan.network, log))
    problem = wrong_chain(plan.network, log) or _unidentified(plan.network, log)
    if problem:
        return Found(None, problem)
    searched = {one.header.hash: one for one in seen if one.purpose != FINAL}
    pairs = {
        below.header.hash: (below, above)
        for above in searched.values()
        if (below := searched.get(above.header.parent)) and _spans(below.header, above.header, plan.cutoff_epoch)
    }
    if len(pairs) > 1:
        return Found(None, "the answers show several blocks at the cut-off")
    for below, above in pairs.values():
        pin = _pin(plan, log, seen, below, above)
        return Found(pin, _why_not(plan.network, pin, log))
    return Found(
        None,
        forged(plan.network, log) or _last_failure(log) or "the answers do not show which block is at the cut-off",
    )


def wrong_chain(network: Network, exchanges: Sequence[Recorded]) -> str:
    """What shows that the source speaks for another chain than `network`, got and expected; "" if nothing does."""
    for what, expected, got in _identity(network, exchanges):
        if got not in ("", expected):
            return f"wrong chain for {network.network}: {what} is {got}, expected {expected}"
    return ""


def _unidentified(network: Network, log: Sequence[Recorded]) -> str:
    """Silence is not agreement: chain id and the last block the registry knows must have been answered.

    Sources that have pruned their history do not have the first ones any more; a block names all before it.
    """
    identity = list(_identity(network, log))
    needed = [one for one in identity if one[0] == CHAIN_ID] + [one for one in identity[-1:] if one[0] != CHAIN_ID]
    for what, expected, got in needed:
        if not got:
            return _last_failure(log) or f"{what} was not answered, expected {expected}"
    return ""


def _identity(network: Network, exchanges: Sequence[Recorded]) -> Iterator[tuple[str, str, str]]:
    """(what, expected, got or "") for everything the registry fixes of a chain."""
    blocks: dict[int | str | None, str] = {}
    chain_id = ""
    for item in exchanges:
        for call, value in _answered(item) if item.question.purpose == CHAIN else ():
            if same_calls([call], [chain_id_call()]):
                chain_id = str(quantity(value))
            found = header(value)
            blocks[_asked(call)] = found.hash if found else "malformed" if value else "not there"
    if network.chain_id is not None:
        yield CHAIN_ID, str(network.chain_id), chain_id
    for height, expected in network.known_blocks:
        yield f"block {height}", expected.lower(), blocks.get(height, "")


def heads(network: Network, exchanges: Sequence[Recorded]) -> tuple[Header | None, Header | None]:
    """(newest block, newest final block) as the node named them while the pin was looked for."""
    tags: dict[int | str, Header] = {
        seen.asked: seen.header
        for seen in _headers(network, exchanges)
        if seen.purpose == PIN and isinstance(seen.asked, str)
    }
    return tags.get(LATEST), tags.get(FINALIZED)


def blocks_until_final(network: Network, height: int, head: Header | None, finalized: Header | None) -> int | None:
    """How many blocks are missing until a height is final: 0 when it is, None when the node did not say."""
    kind, _, rule = network.finality.partition(":")
    if kind == "confirmations":
        return None if head is None else max(0, height + int(rule) - head.height)
    return None if finalized is None else max(0, height - finalized.height)


def forged(network: Network, exchanges: Iterable[Recorded]) -> str:
    """Words where a header was answered that cannot be believed, "" where there is none."""
    values = (value for item in exchanges for _, value in _answered(item))
    return FORGED if any(header(value) and not _believed(network, value) for value in values) else ""


def _believed(network: Network, value: object) -> bool:
    """The header has the hash it states, on networks whose headers are Ethereum's; elsewhere nobody can tell."""
    if network.header != ETHEREUM or not isinstance(value, Mapping):
        return True
    return header_hash(value) == str(value.get("hash")).lower()


def _pin(plan: Plan, log: Sequence[Recorded], seen: Sequence[Seen], below: Seen, above: Seen) -> Pin:
    height, own = below.header.height, below.header.hash
    again = [one for one in seen if one.purpose == FINAL and one.header.height == height]
    final = blocks_until_final(plan.network, height, *heads(plan.network, log)) == 0
    tags = {one.n for one in seen if isinstance(one.asked, str)}
    chain = {item.n for item in log if item.question.purpose == CHAIN}
    source = log[0].question.source
    return Pin(
        id=plan.pin_id,
        network=plan.network.network,
        role=plan.role,
        height=height,
        hash=own,
        time=below.header.time,
        mtp=None,
        state_root=below.header.state_root,
        final=final,
        still_there=bool(again) and all(one.header.hash == own for one in again),
        agreed=(source,),
        asked=(source,),
        next_hash=above.header.hash,
        exchanges=tuple(sorted({below.n, above.n, *tags, *chain, *(one.n for one in again)})),
    )


def _why_not(network: Network, pin: Pin, log: Sequence[Recorded]) -> str:
    if not pin.final:
        return NOT_FINAL
    looked = [item for item in log if item.question.purpose == FINAL]
    if pin.still_there or not looked:
        return "" if pin.still_there else NOT_CHECKED
    return failure(looked[-1]) or forged(network, looked) or LEFT


def _spans(below: Header, above: Header, cutoff: int) -> bool:
    return above.height == below.height + 1 and below.time <= cutoff < above.time


def _headers(network: Network, log: Sequence[Recorded]) -> Iterator[Seen]:
    for item in log:
        for call, value in _answered(item):
            asked = _asked(call)
            found = header(value)
            if asked is None or found is None or asked not in (found.height, LATEST, FINALIZED):
                continue
            if _believed(network, value):
                yield Seen(asked, found, item.n, item.question.purpose)


def _asked(call: Call) -> int | str | None:
    first = next(iter(call.params), None)
    if not isinstance(first, str):
        return None
    number = quantity(first)
    block = first if number is None else number
    return block if same_calls([call], [block_call(block)]) else None


def _answered(item: Recorded) -> Iterator[tuple[Call, object]]:
    for call, answer in zip(item.question.calls, item.reply.opened(item.question) or (), strict=False):
        if isinstance(answer, Result):
            yield call, answer.value


def _last_failure(log: Sequence[Recorded]) -> str:
    failures = [said for item in log if (said := failure(item))]
    return failures[-1] if failures else ""


def not_final_until(plan: Plan, height: int, exchanges: Sequence[Recorded]) -> str:
    """The message for a block that is not final, with an estimate from the chain's own pace; "" if it is final."""
    head, finalized = heads(plan.network, exchanges)
    missing = blocks_until_final(plan.network, height, head, finalized)
    if missing == 0:
        return ""
    at = f"{plan.network.network}: block {height} at {utc_text(plan.cutoff_epoch)}"
    if missing is None or head is None:
        return f"{at} cannot be shown to be final: the node does not say which blocks are"
    origin = finalized if finalized is not None and finalized.height < head.height else None
    first = origin or next((seen.header for seen in _headers(plan.network, exchanges) if seen.asked == 0), head)
    span = max(1, head.height - first.height)
    pace = max(1, -(-(head.time - first.time) // span))
    when = utc_text(min(head.time + missing * pace, LAST_SECOND))
    return f"{at} is not final until about {when[:10]} {when[11:16]}Z"

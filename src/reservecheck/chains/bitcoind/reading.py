"""One network of Bitcoin's family, from its node: pin, coins, and whether both still stand at the end.

`fetch` asks and judges as it goes with the same functions `decode` uses on the log, so that what a run refused
or believed is what anybody refuses or believes who holds the log.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from reservecheck.chains.bitcoind.answers import Asker, Unreadable, block_hash, field, require_calls, values
from reservecheck.chains.bitcoind.cells import decode_cells
from reservecheck.chains.bitcoind.identity import ask_identity, read_identity
from reservecheck.chains.bitcoind.pins import (
    DECODER,
    PinnedBlock,
    confirmations,
    find_pin,
    read_window,
    window_among,
)
from reservecheck.chains.bitcoind.scanning import Pace, fetch_cells
from reservecheck.chains.bitcoind.set_fetching import fetch_coin_set
from reservecheck.chains.bitcoind.set_reading import beside, read_coin_set
from reservecheck.chains.reader import NetworkReading, Plan, Reading
from reservecheck.errors import SourceError
from reservecheck.model.evidence import Pin
from reservecheck.model.progress import Progress
from reservecheck.transport.jsonrpc import Call, RpcError
from reservecheck.transport.record import Recorded, SourceCard, Transport

PIN_LEFT: Final = "the pin left the chain during the reading"
TIP_LEFT: Final = "the tip the scan stood on left the chain"

_UNCHECKED: Final = "whether the pin is still there could not be checked"
_NO_SUCH_HEIGHT: Final = -8
"""Bitcoin Core, src/rpc/protocol.h: RPC_INVALID_PARAMETER, "Block height out of range"."""
_SCRIPT: Final = re.compile(r"(?!6a)([0-9a-f]{2}){1,10000}", re.ASCII)
_USUAL: Final = Pace()


def fetch(plan: Plan, source: SourceCard, transport: Transport, progress: Progress, *, pace: Pace = _USUAL) -> None:
    """Pin, read, check the pin again; everything learned is in the transport's log.

    Raises SourceError for the wrong chain, a node still downloading or one left behind by a rollback, PinError
    when the block at the cut-off is not certain or not final. A dead source raises nothing.
    """
    asker = Asker(plan.network.network, source, transport)
    confirmations(plan)
    try:
        progress("pin", 0, 1)
        tip = ask_identity(plan, asker)
        pinned = find_pin(plan, asker, tip)
    except Unreadable:
        return
    progress("pin", 1, 1)
    scripts = _scripts(plan)
    stood_on = fetch_cells(asker, scripts, pinned, progress, pace) if scripts else None
    progress("final", 0, 1)
    asker.ask("final", 0, DECODER, _final_calls(pinned, stood_on), batch=True)
    progress("final", 1, 1)
    if source.proofs and scripts:
        fetch_coin_set(plan.network.network, pinned, asker, scripts)


def decode(plan: Plan, exchanges: Sequence[Recorded]) -> NetworkReading:
    """Pin and readings from the log of one source alone; never raises for what it answered."""
    items = list(exchanges)
    if not items:
        reason = "no source was asked"
        return NetworkReading(pin=None, readings=_readings(plan, {}, reason, ()), why=reason)
    source = items[0].question.source
    try:
        tip = read_identity(plan, _of("chain", items))
        pinned = _pinned(plan, items)
    except (Unreadable, SourceError) as error:
        reason = error.message if isinstance(error, SourceError) else str(error)
        return NetworkReading(pin=None, readings=_readings(plan, {}, reason, _numbers(items)), why=reason)
    tip_of_scan, by_script, reason = _cells(pinned, items)
    gone = _gone(pinned, tip_of_scan, _of("final", items))
    reason = gone if gone in {PIN_LEFT, TIP_LEFT} else reason
    by_script, why_unproven = _with_coin_set(plan, pinned, items, by_script, gone)
    pin = Pin(
        id=plan.pin_id,
        network=plan.network.network,
        role=plan.role,
        height=pinned.height,
        hash=pinned.hash,
        time=pinned.time,
        mtp=pinned.mtp,
        state_root=None,
        final=tip >= pinned.height + confirmations(plan),
        still_there=gone in {"", TIP_LEFT},
        agreed=(source,),
        asked=(source,),
        exchanges=_numbers([*_of("chain", items), *window_among(items), *_of("final", items)]),
    )
    readings = _readings(plan, by_script, reason, _numbers(_of("cells", items)))
    return NetworkReading(
        pin=pin,
        readings=readings,
        why="" if any(one.units is not None for one in readings.values()) else gone,
        left=gone == PIN_LEFT,
        unproven=(0, "") if why_unproven is None else _unproven(plan, readings, why_unproven),
    )


def _pinned(plan: Plan, items: Sequence[Recorded]) -> PinnedBlock:
    window = window_among(items)
    if len(window) == len(("hashes", "headers")):
        return read_window(plan, *window)
    for item in _of("pin", items):
        values(item)
    raise Unreadable("the block at the cut-off was not found")


def _cells(pinned: PinnedBlock, items: Sequence[Recorded]) -> tuple[str | None, dict[str, Reading], str]:
    try:
        return (*decode_cells(pinned, items), "the script was not asked for")
    except Unreadable as reason:
        return None, {}, str(reason)


def _gone(pinned: PinnedBlock, tip_of_scan: str | None, items: Sequence[Recorded]) -> str:
    """Why the readings do not stand, "" when pin and tip were both still there after the last of them."""
    if len(items) != 1:
        return f"{_UNCHECKED}: not asked"
    answers = items[0].reply.opened(items[0].question) or (None,)
    if isinstance(answers[0], RpcError) and answers[0].code == _NO_SUCH_HEIGHT:
        return PIN_LEFT
    try:
        require_calls(items[0], _final_calls(pinned, tip_of_scan), more=True)
        found, *tip = values(items[0])
        if block_hash(found) != pinned.hash:
            return PIN_LEFT
        return TIP_LEFT if tip_of_scan and field(tip[0], "confirmations", int) < 0 else ""
    except Unreadable as reason:
        return f"{_UNCHECKED}: {reason}"


def _with_coin_set(
    plan: Plan, pinned: PinnedBlock, items: Sequence[Recorded], by_script: Mapping[str, Reading], gone: str
) -> tuple[dict[str, Reading], str | None]:
    """Readings beside the UTXO set at the pin, and why it proves none ("" where it does, None: not asked for one).

    It needs no tip: where that left the chain, the set still shows what was there at the pin.
    """
    final = _of("final", items)
    standing = {script: _withdrawn(reading, gone, final) for script, reading in by_script.items()}
    try:
        found = read_coin_set(plan.network.network, pinned, items)
    except Unreadable as reason:
        return standing, str(reason)
    if found is None or gone not in {"", TIP_LEFT}:
        return standing, None if found is None else gone
    return beside(standing, found)


def _unproven(plan: Plan, readings: Mapping[tuple[str, str], Reading], why: str) -> tuple[int, str]:
    """How many holdings of coins the source was asked to prove and did not, and why the first."""
    askable = [
        reading
        for (script, name), reading in readings.items()
        if name == plan.network.native and _SCRIPT.fullmatch(script)
    ]
    bare = [reading.reason for reading in askable if not reading.proof]
    return len(bare), (why or bare[0]) if bare else ""


def _withdrawn(reading: Reading, gone: str, final: Sequence[Recorded]) -> Reading:
    """The reading, unless pin or tip are gone; what was unread keeps its reason where that is not known."""
    if gone in {PIN_LEFT, TIP_LEFT} or (gone and reading.units is not None):
        return Reading(None, gone, (*reading.exchanges, *_numbers(final)))
    return reading


def _readings(
    plan: Plan, by_script: Mapping[str, Reading], otherwise: str, numbers: tuple[int, ...]
) -> dict[tuple[str, str], Reading]:
    """One reading for each pair of the plan; `otherwise` is the reason for scripts nothing is known of."""
    unknown = Reading(None, otherwise, numbers)
    foreign = Reading(None, "not an instrument of this chain", ())
    no_script = Reading(None, "not a script that can hold coins", ())
    readings = {}
    for pair in plan.pairs:
        if pair.instrument != plan.network.native:
            reading = foreign
        elif _SCRIPT.fullmatch(pair.identity) is None:
            reading = no_script
        else:
            reading = by_script.get(pair.identity, unknown)
        readings[pair.identity, pair.instrument] = reading
    return readings


def _scripts(plan: Plan) -> list[str]:
    """What is asked for, each once however often it is listed."""
    native = [pair.identity for pair in plan.pairs if pair.instrument == plan.network.native]
    return [script for script in dict.fromkeys(native) if _SCRIPT.fullmatch(script)]


def _final_calls(pinned: PinnedBlock, tip: str | None) -> list[Call]:
    in_words = True
    calls = [Call("getblockhash", [pinned.height])]
    return calls if tip is None else [*calls, Call("getblockheader", [tip, in_words])]


def _of(purpose: str, items: Sequence[Recorded]) -> list[Recorded]:
    return [item for item in items if item.question.purpose == purpose]


def _numbers(items: Sequence[Recorded]) -> tuple[int, ...]:
    return tuple(item.n for item in items)

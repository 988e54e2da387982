"""Having the UTXO set at the pin written and read: the last thing asked of a source, for it may disturb the node.

Everything that counts as an answer by then was given already. What is asked is recorded, and `set_reading` reads
the record with the same conditions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reservecheck.chains.bitcoind.answers import Asker, Unreadable, value
from reservecheck.chains.bitcoind.identity import DECODER as CHAIN
from reservecheck.chains.bitcoind.pins import PinnedBlock
from reservecheck.chains.bitcoind.rolling_back import require_safe, standing_calls
from reservecheck.chains.bitcoind.scanning import STATUS
from reservecheck.chains.bitcoind.set_questions import DECODER, dump_call, rolls_back, set_call, state_call
from reservecheck.transport.coin_set import FILE, NOTHING, PIPE, WRITTEN
from reservecheck.transport.record import Recorded

PROOF: Final = "proof"
ROLLBACK: Final = "rollback"
"""Before and after a dump; asked anew by a run that goes on where it stopped."""
STATE_AT, DUMP_AT, SET_AT = 0, 1, 2


def fetch_coin_set(network: str, pinned: PinnedBlock, asker: Asker, scripts: Sequence[str]) -> None:
    """Read the dump that is there, or have the node write one first where it can do so unharmed."""
    state = _value(asker.ask(PROOF, STATE_AT, STATUS, [state_call()]))
    wanted = set_call(network, pinned.hash, scripts)
    if state in {FILE, WRITTEN}:
        asker.ask(PROOF, SET_AT, DECODER, [wanted])
    elif state in {NOTHING, PIPE} and rolls_back(network):
        if not _safe(pinned, asker.ask(ROLLBACK, 0, CHAIN, standing_calls(pinned), batch=True)):
            return
        dump = dump_call(pinned.hash)
        if state == PIPE:
            asker.ask(PROOF, DUMP_AT, DECODER, [dump, wanted], batch=True)
        elif _value(asker.ask(PROOF, DUMP_AT, DECODER, [dump])) is not None:
            asker.ask(PROOF, SET_AT, DECODER, [wanted])
        asker.ask(ROLLBACK, 1, CHAIN, standing_calls(pinned), batch=True)


def _safe(pinned: PinnedBlock, before: Recorded) -> bool:
    try:
        require_safe(pinned, before)
    except Unreadable:
        return False
    return True


def _value(item: Recorded) -> object:
    try:
        return value(item)
    except Unreadable:
        return None

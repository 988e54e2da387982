"""Whose coins a log asks for, whatever was answered: a script nobody declares any more still shows here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reservecheck.chains.bitcoind.coins import ACTIVITY, FILTER, SCAN
from reservecheck.chains.bitcoind.identity import DECODER as CHAIN
from reservecheck.chains.bitcoind.pins import DECODER as HEADER
from reservecheck.chains.bitcoind.scanning import STATUS
from reservecheck.chains.bitcoind.set_fetching import PROOF, ROLLBACK
from reservecheck.chains.bitcoind.set_questions import DECODER as COIN_SET
from reservecheck.chains.reader import Asked
from reservecheck.transport.coin_set import DUMP, STATE
from reservecheck.transport.coin_set import SCAN as SCAN_SET
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Recorded

PURPOSES: Final[Mapping[str, frozenset[str]]] = {
    CHAIN: frozenset({"chain", ROLLBACK}),
    HEADER: frozenset({"pin", "blocks", "final"}),
    SCAN: frozenset({"cells"}),
    ACTIVITY: frozenset({"undo"}),
    FILTER: frozenset({"filter"}),
    STATUS: frozenset({"busy", PROOF}),
    COIN_SET: frozenset({PROOF}),
}
"""Every reading an answer of this family is asked for, and for what."""
METHODS: Final = frozenset(
    {
        "getblockchaininfo",
        "getblockhash",
        "getblockheader",
        "getchaintips",
        "getdescriptoractivity",
        "scanblocks",
        "scantxoutset",
        DUMP,
        SCAN_SET,
        STATE,
    }
)
_SCRIPTS_AT: Final = {"scantxoutset": 1, "getdescriptoractivity": 1, "scanblocks": 1, SCAN_SET: 1}


def asked(exchanges: Sequence[Recorded]) -> Iterator[Asked]:
    """The scripts in hex, as often as they are asked for; a script holds the native coin alone."""
    return ((script, "") for item in exchanges for call in item.question.calls for script in _scripts(call))


def _scripts(call: Call) -> Iterator[str]:
    place = _SCRIPTS_AT.get(call.method)
    if place is None or len(call.params) <= place:
        return
    wanted = call.params[place]
    for raw in wanted if isinstance(wanted, list | tuple) else ():
        if isinstance(raw, str):
            yield raw.removeprefix("raw(").removesuffix(")")

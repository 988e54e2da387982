"""`utxo_set` of a source in `providers.toml`: where the practitioner's dump is, or is to be written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from reservecheck.model.operators import PRACTITIONER
from reservecheck.transport.coin_set import CoinSetFile
from reservecheck.transport.record import SourceCard
from reservecheck.vault.toml_table import Table

KEYS: Final = ("utxo_set", "utxo_set_on_node", "utxo_set_hash")
_READ: Final = ("bitcoin", "litecoin")
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


def coin_set_file(table: Table, card: SourceCard, folder: Path, *, timeout_s: int) -> CoinSetFile | None:
    """The dump of a source, None where none is named; what does not fit becomes a problem that shows no path."""
    given = [key for key in KEYS if key in table]
    path, on_node = (table.text(key, default="") for key in KEYS[:2])
    stated = table.text(KEYS[2], default="")
    if stated and _HASH.fullmatch(stated) is None:
        hint = "write the txoutset_hash as dumptxoutset printed it"
        table.problem("utxo_set_hash is not 64 lower-case hex digits", KEYS[2], hint=hint)
        return None
    for key, text in zip(KEYS, (path, on_node), strict=False):
        if not text.isprintable():
            table.problem(f"{key} holds a character that no path has", key)
            return None
    if card.kind == "bitcoind" and card.proofs and "utxo_set" not in table:
        hint = 'write utxo_set = "/path/of/a/dump.dat", or drop proofs'
        table.problem("proofs of Bitcoin's family are UTXO sets, and no utxo_set is named", "proofs", hint=hint)
    if not given or not path:
        if "utxo_set" in table:
            table.problem("utxo_set is empty", "utxo_set", hint="name a file, or drop it")
        elif given:
            table.problem(f"{given[0]} stands without utxo_set", given[0], hint="name the file with utxo_set")
        return None
    if said := _misplaced(card):
        table.problem(said[0], "utxo_set", hint=said[1])
        return None
    here = (folder / path).absolute()
    return CoinSetFile(path=here, on_node=on_node or str(here), stated=stated, silent_s=timeout_s)


def _misplaced(card: SourceCard) -> tuple[str, str] | None:
    """Why a source cannot have a dump, and what to do."""
    if card.kind != "bitcoind" or card.network.partition(":")[0] not in _READ:
        return f"utxo_set: no UTXO-set dump of {card.network} is read", "drop it"
    if card.run_by != PRACTITIONER:
        hint = 'name it for a source with run_by = "practitioner", or drop it'
        return "utxo_set: a dump proves something only if the practitioner's own node made it", hint
    if not card.proofs:
        return "utxo_set stands without proofs = true", "write proofs = true, or drop utxo_set"
    return None

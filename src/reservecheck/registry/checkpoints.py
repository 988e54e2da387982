"""`checkpoints.csv`: blocks every honest source of a network has; a chain made at home lacks them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reservecheck.errors import Problem
from reservecheck.model.registry import Checkpoint, Network
from reservecheck.vault.csv_file import CsvFile

_HASH: Final[Mapping[str, re.Pattern[str]]] = {
    "evm": re.compile(r"0x[0-9a-f]{64}"),
    "bitcoind": re.compile(r"[0-9a-f]{64}"),
}
_BITS: Final[Mapping[str, re.Pattern[str]]] = {"evm": re.compile(r""), "bitcoind": re.compile(r"([0-9a-f]{8})?")}
_HEIGHT: Final = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)
_DAY: Final = re.compile(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]", re.ASCII)


def with_checkpoints(file: CsvFile, networks: Mapping[str, Network], problems: list[Problem]) -> dict[str, Network]:
    """The networks with their checkpoints; every row that is wrong is a problem."""
    found: dict[str, dict[int, Checkpoint]] = {}
    for row in file.rows:
        said = _wrong(row.values, networks)
        height = 0 if said else int(row.values["height"])
        if not said and height in found.get(row.values["network"], ()):
            said = f"two checkpoints of {row.values['network']} stand at block {height}"
        if said:
            problems.append(Problem(path=file.shown, line=row.line, message=said))
            continue
        found.setdefault(row.values["network"], {})[height] = Checkpoint(
            height=height, hash=row.values["hash"], bits=row.values["bits"], dated=row.values["dated"]
        )
    return {
        name: replace(row, checkpoints=tuple(one for _, one in sorted(found.get(name, {}).items())))
        for name, row in networks.items()
    }


def _wrong(values: Mapping[str, str], networks: Mapping[str, Network]) -> str:
    network = networks.get(values["network"])
    if network is None or network.family not in _HASH:
        return f"{values['network']!r} is not a network that is read"
    for name, pattern in (
        ("height", _HEIGHT),
        ("hash", _HASH[network.family]),
        ("bits", _BITS[network.family]),
        ("dated", _DAY),
    ):
        if pattern.fullmatch(values[name]) is None:
            return f"{name} is {values[name]!r}, which no checkpoint of {network.network} has"
    return ""

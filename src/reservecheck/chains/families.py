"""Which module reads which protocol family: a dict you can read. Adding a family is one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reservecheck.chains.reader import Asked, Decode, Fetch, ReadBlock
from reservecheck.transport.record import Recorded


@dataclass(frozen=True, slots=True)
class Family:
    """The parts of a reader."""

    fetch: Fetch
    decode: Decode
    asked: Callable[[Sequence[Recorded]], Iterator[Asked]]  # holdings the recorded questions are about
    purposes: Mapping[str, frozenset[str]]  # by decoder: a log of this family asks for these readings, for these,
    methods: frozenset[str]  # by these methods, and for nothing else
    block: ReadBlock


def _evm() -> Family:
    from reservecheck.chains.evm import METHODS, PURPOSES, asked, decode, fetch, read_block  # noqa: PLC0415  # loaded only where such a chain is read

    return Family(fetch, decode, asked, PURPOSES, METHODS, read_block)


def _bitcoind() -> Family:
    from reservecheck.chains.bitcoind import METHODS, PURPOSES, asked, decode, fetch, read_block  # noqa: PLC0415  # as above

    return Family(fetch, decode, asked, PURPOSES, METHODS, read_block)


FAMILIES: Final[Mapping[str, Callable[[], Family]]] = {"bitcoind": _bitcoind, "evm": _evm}

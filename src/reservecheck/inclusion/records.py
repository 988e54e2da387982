"""What a check of an inclusion proof answers, and what a format is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reservecheck.commitment.commitment_file import Published
from reservecheck.vault.canonical import Json


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing a format does not prevent: its key in the catalogue and the sentence, with why for this format."""

    key: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """One customer's proof, recomputed.

    `balances` is what is counted for the customer and `totals` what the path adds up to, both by asset as exact
    text. `recomputes` says that every hash and every sum follows; `differences` are all reasons why the customer is
    not shown to be included, and it takes more than hashes: an amount below zero is one. `root` is what was
    computed, and `root_compared` whether a reader named the root it had to be; `root_differs`, that it is another.
    Leaves of one proof may lead to several roots, which all stand there, and `totals` is empty unless they lead to
    one sum.
    """

    format: str
    title: str
    leaf: str
    root: str
    root_compared: bool = False
    root_differs: bool = False
    recomputes: bool
    balances: Mapping[str, str]
    totals: Mapping[str, str]
    differences: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    not_prevented: tuple[Gap, ...]

    @property
    def included(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.differences


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One published format: how it is known and checked.

    `check` is for a proof that stands alone, `check_in_list` for one that is looked up in a published list of all
    nodes, `check_committed` for a file that is followed to what was committed to, if the reader has that; a
    format has one of the three. All raise Malformed for a document that is not of the format after all.
    """

    name: str
    title: str
    recognise: Callable[[Json], bool]
    check: Callable[[Json], Inclusion] | None = None
    check_in_list: Callable[[Json, bytes], Inclusion] | None = None
    check_committed: Callable[[bytes, Published | None], Inclusion] | None = None

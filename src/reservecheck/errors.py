"""Everything that stops a question from being put; each ends the program with exit code 2.

A check that breaks is not an error: it is a finding, and lives in the assessment.

    ReservecheckError
    ├── InputError       a file somebody wrote is wrong: file:line, what, what to write instead
    ├── MoneyError       an amount is not exact or out of range
    ├── AddressError     a text is not an address of the network it was declared on
    ├── SourceError      a source cannot be used: none named, wrong chain, wrong credentials
    ├── PinError         the block at the cut-off is not final, or is no longer there
    ├── ReplayError      recorded evidence lacks an answer that is needed
    ├── CommitmentError  customers' balances cannot be committed to, or a commitment is none
    ├── ProofError       an inclusion proof is malformed, or does not lead to the commitment
    ├── BundleError      a folder or archive is not a bundle, or is unsafe to open
    └── OutputError      a target exists already or cannot be written
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_EXTENDED_KEY: Final = re.compile(r"(?:[xyztuvYZUV]pub|Ltub|dgub)[1-9A-HJ-NP-Za-km-z]{20,}", re.ASCII)


def discreet(text: str) -> str:
    """A message without the extended keys in it: each shows every address of a wallet, wherever it was written."""
    return _EXTENDED_KEY.sub("(an extended key)", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with one file; `line` is 1-based, 0 when the file as a whole is meant."""

    path: str
    line: int = 0
    message: str
    hint: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", discreet(self.message))
        object.__setattr__(self, "hint", discreet(self.hint))

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{where}: {self.message}{hint}"


class ReservecheckError(Exception):
    """The root of the tree above: a message, and a hint about what to do."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        self.message, self.hint = discreet(message), discreet(hint)
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message


class InputError(ReservecheckError):
    """Files that cannot be used, with every problem found in them."""

    def __init__(self, *problems: Problem) -> None:
        if not problems:
            raise ValueError("an InputError names at least one problem")
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class MoneyError(ReservecheckError):
    """An amount is not exactly representable, or out of range."""


class AddressError(ReservecheckError):
    """A text is not an address of the network it was declared on."""


class SourceError(ReservecheckError):
    """A source of chain data cannot be used at all."""


class PinError(ReservecheckError):
    """The block at the cut-off cannot be fixed."""


class ReplayError(ReservecheckError):
    """Recorded evidence lacks an answer that is needed."""


class CommitmentError(ReservecheckError):
    """Customers' balances cannot be committed to, or a commitment is none."""


class ProofError(ReservecheckError):
    """An inclusion proof is malformed, or does not lead to the commitment."""


class BundleError(ReservecheckError):
    """A folder or archive is not a bundle, or is unsafe to open."""


class OutputError(ReservecheckError):
    """A target exists already or cannot be written."""

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
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from reservecheck.visible import visible

_EXTENDED_KEY: Final = re.compile(r"(?:[xyztuvYZUV]pub|Ltub|dgub)[1-9A-HJ-NP-Za-km-z]{20,}", re.ASCII)
_EXTENDED_PRIVATE: Final = re.compile(r"(?:[xyztuvYZUV]prv|Ltpv|dgpv)[1-9A-HJ-NP-Za-km-z]{20,}", re.ASCII)
_RUN: Final = re.compile(r"[1-9A-HJ-NP-Za-km-z]{51,}", re.ASCII)
_KEY_SIGNS: Final = (52, 51)
_KEY_BYTES: Final = (34, 33)
_KEY_VERSIONS: Final = range(128, 256)
_PHRASE: Final = re.compile(r"(?<=['\"])[a-z]{3,8}(?:[\s,]+[a-z]{3,8}){11,23}(?=['\"])", re.ASCII | re.IGNORECASE)


def discreet(text: str) -> str:
    """A message without keys: an extended one shows every address of a wallet, a private one gives it away.

    Private keys are extended ones, those in the import format of wallets (told by their checksum), and what is
    quoted and has the words of a seed phrase.
    """
    text = _EXTENDED_PRIVATE.sub("(a private key)", _EXTENDED_KEY.sub("(an extended key)", text))
    return _PHRASE.sub("(words of a seed phrase)", _RUN.sub(_without_keys, text))


def _without_keys(run: re.Match[str]) -> str:
    """Base58 with the private keys in it taken out, wherever in the run they stand."""
    from base58_bech32.base58 import b58decode_check  # noqa: PLC0415  # most messages have no such run
    from base58_bech32.exceptions import Base58Bech32ValueError  # noqa: PLC0415  # as above

    text, at, kept = run[0], 0, ""
    while at < len(text):
        for size in _KEY_SIGNS:
            with suppress(Base58Bech32ValueError):
                payload = b58decode_check(text[at : at + size])
                if len(payload) in _KEY_BYTES and payload[0] in _KEY_VERSIONS:
                    kept, at = f"{kept}(a private key)", at + size
                    break
        else:
            kept, at = kept + text[at], at + 1
    return kept


def _told(text: str, *, lines: bool) -> str:
    """A message as a person may be shown it: no keys, and nothing in it that a terminal would obey.

    A hint may have `lines` of its own; whatever else has is somebody's text that would pass for one of ours.
    """
    return "\n".join(map(visible, discreet(text).split("\n"))) if lines else visible(discreet(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with one file; `line` is 1-based, 0 when the file as a whole is meant."""

    path: str
    line: int = 0
    message: str
    hint: str = ""

    def __post_init__(self) -> None:
        for name in ("path", "message", "hint"):
            object.__setattr__(self, name, _told(getattr(self, name), lines=name == "hint"))

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{where}: {self.message}{hint}"


class ReservecheckError(Exception):
    """The root of the tree above: a message, and a hint about what to do."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        self.message, self.hint = _told(message, lines=False), _told(hint, lines=True)
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message


class InputError(ReservecheckError):
    """Files that cannot be used, with every problem found in them."""

    def __init__(self, *problems: Problem) -> None:
        if not problems:
            raise ValueError("an InputError names at least one problem")
        super().__init__(problems[0].message)
        self.message, self.problems = "\n".join(map(str, problems)), problems
        self.args = (self.message,)


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

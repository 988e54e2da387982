"""How much work all descriptors of one declaration may make, so that no file keeps a machine busy for hours."""

from __future__ import annotations

from typing import Final

from reservecheck.errors import AddressError

MOST_SIGNS: Final = 3_000_000
MOST_KEYS: Final = 20_000_000


class Effort:
    """What has been read and is to be derived so far."""

    def __init__(self) -> None:
        self._signs = 0
        self._keys = 0

    def read(self, signs: int) -> None:
        """So many signs were parsed, those of every branch; raises AddressError where it is enough."""
        self._signs += signs
        if self._signs > MOST_SIGNS:
            raise AddressError(
                f"the branches of all descriptors have {self._signs} signs, at most {MOST_SIGNS} are read"
            )

    def derive(self, keys: int) -> None:
        """So many keys are to be derived; raises AddressError where that is too much."""
        self._keys += keys
        if self._keys > MOST_KEYS:
            raise AddressError(
                f"all descriptors together need {self._keys} keys, at most {MOST_KEYS} are derived",
                hint="narrow the range, or declare the addresses in a [[list]]",
            )

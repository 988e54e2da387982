"""How much work the tokens of one network may make before they are given up: counted in steps, never in time. Pure.

Gas bounds what a call costs a node, not what it costs to run it here. So opcodes are counted, and calls within the
call and gas in their measure: a step takes a microsecond or two, and no more than three.
"""

from __future__ import annotations

from typing import Final

from reservecheck.chains.evm.proof.trie import Unproven

GIVEN_UP: Final = "calls of this token take too much gas to be run again for each holder"

EASY: Final = 10_000
"""Steps of one call that are nobody's concern; most balances take a tenth of it."""
OF_A_TOKEN: Final = 1_000_000
"""Steps beyond EASY that the calls of one token may take together."""
OF_A_NETWORK: Final = 3_000_000
"""The same for all tokens of one network, as one source shows them."""

FRAME: Final = 150  # steps that a call within the call counts for
HASH: Final = 12
SIGNATURE: Final = 10_000  # one checked in Python takes eight milliseconds
GAS_OF_A_STEP: Final = 20  # what is bought in bulk, hashing and copying, takes much gas and few opcodes


class Steps:
    """Counts what one call takes; raises Unproven where that is more than it may."""

    def __init__(self, most: int = EASY + OF_A_TOKEN) -> None:
        self.most = most
        self.taken = 0
        self.unspent = 0  # gas that the call had left

    def take(self, steps: int) -> None:
        """Count so many; raises Unproven beyond the most."""
        self.taken += steps
        if self.taken > self.most:
            raise Unproven(GIVEN_UP)

    def paid(self, gas: int) -> None:
        """Count of the gas that a call had what it spent, when it is over."""
        self.taken += (gas - self.unspent) // GAS_OF_A_STEP


class Patience:
    """What is left for the tokens of one network."""

    def __init__(self) -> None:
        self._left = OF_A_NETWORK
        self._taken: dict[str, int] = {}  # by token, beyond EASY

    def steps(self, token: str) -> Steps:
        """How much the next call of a token may take; raises Unproven for a token that has been given up.

        A token that was never hard to run goes on when others have used up the network's patience.
        """
        taken = self._taken.get(token, 0)
        left = min(self._left, OF_A_TOKEN - taken)
        if taken and left <= 0:
            raise Unproven(GIVEN_UP)
        return Steps(EASY + max(0, left))

    def took(self, token: str, steps: Steps) -> None:
        """Count what a call of the token took."""
        beyond = max(0, steps.taken - EASY)
        self._left -= beyond
        self._taken[token] = self._taken.get(token, 0) + beyond

"""What an exchange committed to of its customers' balances, and whether the rows received give it again.

Amounts are in the smallest units the commitment itself names, roots are 64 digits of lower-case hex.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

COMMITMENT_FILE: Final = "commitment.json"
"""What the file is called that an exchange publishes, and no other one."""
SECRET_FILE: Final = "secret.hex"  # noqa: S105  # a file's name
"""What the exchange's secret is called in its private folder."""
PRIVATE_FILE: Final = "private.json"
"""What says that a folder is an exchange's private one, and was finished."""
PIECES: Final = "leaves", "upper", "index"
"""How the files of a tree in a private folder end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What a run came to that built a tree again, with the entity's secret, from the customer rows it summed."""

    root: str  # "" where the customers do not fit into the height committed to
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommittedTree:
    """One asset's tree: what was published of it, and what a run came to; None where nobody built it again."""

    asset: str
    decimals: int
    height: int
    root: str
    total: int
    rebuilt: Rebuilt | None = None

    @property
    def is_rebuilt(self) -> bool:
        """The customer rows give this root and this total."""
        return self.rebuilt == Rebuilt(root=self.root, total=self.total)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawStated:
    """How customers are to be drawn, by a block that was not there yet when this was published."""

    network: str
    height: int
    method: str  # amount | customer
    size: int  # draws a tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """A published commitment: whose, the id that stands in every hash, and a tree an asset."""

    scheme: str
    entity: str
    snapshot: str
    trees: tuple[CommittedTree, ...]  # by asset, each once
    draw: DrawStated | None = None

    def tree(self, asset: str) -> CommittedTree | None:
        """An asset's tree, if it has one."""
        return next((tree for tree in self.trees if tree.asset == asset), None)

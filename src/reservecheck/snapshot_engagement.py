"""Under which engagement a snapshot folder is read alone: the one that lies in it, or the strictest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reservecheck.books.customer_leaves import leaves_of
from reservecheck.books.owed import CustomerSide, read_customer_side
from reservecheck.books.snapshot import snapshot_header
from reservecheck.commitment.columns import Columns
from reservecheck.declare.engagement import load_engagement, strict_engagement
from reservecheck.model.books import Extract
from reservecheck.model.declared import InputFile
from reservecheck.model.engagement import Engagement
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Registry
from reservecheck.pipeline import ENGAGEMENT_FILE, problems_in
from reservecheck.registry.shipped import load_registry, with_accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Engaged:
    """A folder, its own words of itself, the engagement, and the registry with what that accepts."""

    folder: Path
    entity: str
    extract: Extract
    engagement: Engagement
    registry: Registry

    @property
    def out_of_scope(self) -> frozenset[str]:
        """The assets that nobody asks about."""
        return frozenset(item.asset for item in self.engagement.out_of_scope)

    def customer_side(self, progress: Progress) -> CustomerSide:
        """What is owed; raises InputError as `read_customer_side` does."""
        with problems_in(self.folder):
            return read_customer_side(
                self.folder,
                self.registry,
                entity=self.engagement.entity,
                out_of_scope=self.out_of_scope,
                progress=progress,
            )

    def leaves(self, progress: Progress, summed: Iterable[InputFile] = ()) -> Iterator[tuple[str, Columns]]:
        """(asset, leaves) of the customer rows; `summed`, and InputError, as `leaves_of` has them."""
        with problems_in(self.folder):
            yield from leaves_of(self.folder, self.registry.assets, self.out_of_scope, progress, summed)


def engaged(snapshot: Path, shipped: Registry | None = None) -> Engaged:
    """The folder under its engagement; `shipped` stands for the shipped registry.

    Raises InputError for a folder or an engagement that cannot be read. Without engagement.toml nothing is out of
    scope, and no cut-off is given.
    """
    registry = shipped or load_registry()
    with problems_in(snapshot):
        entity, extract = snapshot_header(snapshot)
    path = snapshot / ENGAGEMENT_FILE
    engagement = strict_engagement(entity, "", 0, "")
    if path.exists() or path.is_symlink():
        engagement = load_engagement(path, registry)
        registry = with_accepted(registry, engagement)
    return Engaged(folder=snapshot, entity=entity, extract=extract, engagement=engagement, registry=registry)

"""What `liabilities draw` does between its arguments and its words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reservecheck.cli.block_reading import BlockRead, read_final_block
from reservecheck.cli.console import bars
from reservecheck.commitment.draw import Lot
from reservecheck.drawing import Drawable, DrawnList, committed_trees, draw_list, read_drawable, require_later
from reservecheck.errors import CommitmentError, SourceError
from reservecheck.model.confirmations import DrawnBy, ReadFrom
from reservecheck.moments import utc_text
from reservecheck.rebuilt_trees import read_secret
from reservecheck.registry.shipped import network_row
from reservecheck.vault.private_file import write_private
from reservecheck.vault.sealed import refuse_existing


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A draw: from what, by what, who; `read` is None where the hash was typed."""

    given: Drawable
    by: DrawnBy
    drawn: DrawnList
    read: BlockRead | None


def run_draw(snapshot: Path, secret: Path, *, providers: Path | None, typed: str, out: Path) -> Done:
    """Draw and write the list; the block's hash is read from providers, or `typed` as 64 hex digits.

    Nothing is asked of a source before the files were read, and nothing is drawn before the block is final.
    """
    refuse_existing(out)
    key = read_secret(secret)
    given = read_drawable(snapshot)
    read = None if providers is None else _read(given, providers)
    by = DrawnBy(
        commitment=given.digest,
        network=given.draw.network,
        height=given.draw.height,
        block=typed if read is None else read.block.hash,
        time="" if read is None else utc_text(read.block.time),
        read_from=ReadFrom.TYPED if read is None else read.read_from,
    )
    lot = Lot(
        commitment=bytes.fromhex(by.commitment),
        block=bytes.fromhex(by.block),
        method=given.draw.method,
        size=given.draw.size,
    )
    with bars() as progress:
        drawn = draw_list(committed_trees(given, key, progress), key, lot, by)
    if not drawn.customers:
        raise CommitmentError("nothing is owed in any tree: nobody can be drawn")
    write_private(out, drawn.data)
    return Done(given=given, by=by, drawn=drawn, read=read)


def _read(given: Drawable, providers: Path) -> BlockRead:
    network = network_row(given.registry, given.draw.network)
    if network is None:
        raise SourceError(f"{given.draw.network!r} is not a network this tool knows", hint="give its --block-hash")
    read = read_final_block(providers, network, given.draw.height, entity=given.engagement.entity)
    require_later(given, read.block)
    return read

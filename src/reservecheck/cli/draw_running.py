"""What `liabilities draw` does between its arguments and its words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reservecheck.cli.block_reading import BlockRead, read_final_block
from reservecheck.cli.console import bars
from reservecheck.cli.list_place import refuse_list_place
from reservecheck.drawing import (
    Drawable,
    DrawnList,
    built_trees,
    draw_list,
    drawn_by,
    kept_trees,
    lot_of,
    read_drawable,
    require_later,
)
from reservecheck.errors import SourceError
from reservecheck.model.confirmations import DrawnBy, ReadFrom
from reservecheck.private_trees import open_private
from reservecheck.rebuilt_trees import read_secret
from reservecheck.registry.shipped import network_row
from reservecheck.vault.closed_folder import write_private


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A draw: from what, by what, who; `read` is None where the hash was typed."""

    given: Drawable
    by: DrawnBy
    drawn: DrawnList
    read: BlockRead | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Trees come from the secret or a private folder, the hash from providers or typed: one of either two."""

    snapshot: Path
    secret: Path | None
    private: Path | None
    providers: Path | None
    typed: str
    out: Path


def run_draw(asked: Asked) -> Done:
    """Draw and write the list.

    Nothing is asked of a source before the files were read, and nothing is drawn before the block is final.
    """
    refuse_list_place(asked.out)
    private = None if asked.private is None else open_private(asked.private)
    key = b"" if asked.secret is None else read_secret(asked.secret, "--secret")
    given = read_drawable(asked.snapshot)
    read = None if asked.providers is None else _read(given, asked.providers)
    seen, read_from = (asked.typed, ReadFrom.TYPED) if read is None else (read.block, read.read_from)
    by = drawn_by(given, seen, read_from)
    lot = lot_of(given, by)
    with bars() as progress:
        trees = built_trees(given, key, progress) if private is None else kept_trees(given, private, progress)
        drawn = draw_list(trees, key if private is None else private.secret, lot, by)
    write_private(asked.out, drawn.data)
    return Done(given=given, by=by, drawn=drawn, read=read)


def _read(given: Drawable, providers: Path) -> BlockRead:
    network = network_row(given.engaged.registry, given.draw.network)
    if network is None:
        raise SourceError(f"{given.draw.network!r} is not a network this tool knows", hint="give its --block-hash")
    read = read_final_block(providers, network, given.draw.height, entity=given.engaged.engagement.entity)
    require_later(given, read.block)
    return read

"""`reservecheck liabilities draw`: customers drawn by a later block, and the list they are asked by."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import typer

from reservecheck.cli.console import Format

_HASH: Final = re.compile(r"(?:0x)?([0-9a-f]{64})", re.ASCII)


def command(
    snapshot: Path = typer.Argument(..., help="The snapshot folder, with the commitment and the customer rows."),
    secret: Path | None = typer.Option(None, "--secret", help="The exchange's secret: a file of 64 hex digits."),
    private: Path | None = typer.Option(None, "--private", help="Or the exchange's private folder of its trees."),
    providers: Path | None = typer.Option(None, "--providers", help="Read the block from your own sources."),
    block_hash: str | None = typer.Option(None, "--block-hash", help="The block's hash, typed instead of read."),
    out: Path = typer.Option(..., "--out", help="The list to write (CSV, private); must not exist."),
    format_: Format = typer.Option(Format.TEXT, "--format", help="How the result is printed."),
) -> int:
    """Draw customers by the block the commitment names, and write the list they are asked by.

    The list holds customers and balances: it is the practitioner's alone.
    """
    from reservecheck.cli.console import show, tell
    from reservecheck.cli.draw_running import Asked, run_draw
    from reservecheck.cli.draw_words import as_json, as_text
    from reservecheck.cli.list_place import what_next
    from reservecheck.cli.secret_files import warn_of_readers
    from reservecheck.errors import ReservecheckError

    if (providers is None) == (block_hash is None):
        hint = "--providers reads the block's hash from your own sources, --block-hash takes it from you"
        raise ReservecheckError("give either --providers or --block-hash", hint=hint)
    if (secret is None) == (private is None):
        hint = "--secret builds the trees again from the customer rows, --private takes those the exchange keeps"
        raise ReservecheckError("give either --secret or --private", hint=hint)
    typed = _HASH.fullmatch((block_hash or "").lower())
    if block_hash is not None and typed is None:
        raise typer.BadParameter("a block's hash is 64 hex digits", param_hint="--block-hash")
    hash_ = "" if typed is None else typed[1]
    asked = Asked(snapshot=snapshot, secret=secret, private=private, providers=providers, typed=hash_, out=out)
    done = run_draw(asked)
    warn_of_readers(secret)
    show(as_json(done) if format_ is Format.JSON else as_text(done))
    tell(what_next(out, done.drawn.customers))
    return 0

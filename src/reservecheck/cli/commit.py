"""`reservecheck liabilities commit`: a tree over what customers are owed, published as a root and a total."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from reservecheck.cli.console import Format

if TYPE_CHECKING:
    from reservecheck.commitment.commitment_file import Draw

_DRAW = "NETWORK:HEIGHT:METHOD:SIZE"


def command(
    snapshot: Path = typer.Argument(..., help="The snapshot folder."),
    private: Path = typer.Option(..., "--private", help="A new folder for the secret and the trees."),
    out: Path = typer.Option(..., "--out", help="What to publish: commitment.json."),
    id_: str | None = typer.Option(None, "--id", help="What stands in every hash; else entity and moment."),
    height: int | None = typer.Option(None, "--height", min=0, help="Of every tree; else the least."),
    draw: str | None = typer.Option(
        None, "--draw", metavar=_DRAW, help="Announce a draw, as bitcoin:mainnet:1200000:amount:60."
    ),
    secret: Path | None = typer.Option(None, "--secret", help="A file of 64 hex digits; else a random one."),
    format_: Format = typer.Option(Format.TEXT, "--format", help="How the result is printed."),
) -> int:
    """Commit to what each customer is owed: roots and totals to publish, and a folder to keep closed.

    0: done; 2: it cannot be. Nothing is ever overwritten.
    """
    from reservecheck.cli.commit_words import committed_as_json, committed_as_text, warnings
    from reservecheck.cli.console import bars, show, tell
    from reservecheck.cli.secret_files import warn_of_readers
    from reservecheck.committing import Targets, Wanted, commit

    wanted = Wanted(id=id_, height=height, draw=None if draw is None else _draw(draw), secret=secret)
    with bars() as progress:
        done = commit(snapshot, Targets(private=private, out=out), wanted, progress)
    warn_of_readers(secret)
    show(committed_as_json(done) if format_ is Format.JSON else committed_as_text(done))
    for warning in warnings(done):
        tell(warning)
    tell(f"publish: {out}")
    tell(f"keep closed, and a copy of it: {private}; whoever reads it learns what every customer is owed")
    return 0


def _draw(text: str) -> Draw:
    from reservecheck.commitment.commitment_file import Draw
    from reservecheck.errors import CommitmentError

    parts = text.rsplit(":", _DRAW.count(":"))
    numbers = parts[1::2] if len(parts) == _DRAW.count(":") + 1 else []
    if not numbers or not all(number.isascii() and number.isdigit() and len(number) < 17 for number in numbers):  # noqa: PLR2004  # digits of the largest height
        raise typer.BadParameter(f"a draw is {_DRAW}, as bitcoin:mainnet:1200000:amount:60", param_hint="--draw")
    network, height, method, size = parts
    try:
        return Draw(network=network, height=int(height), method=method, size=int(size))
    except CommitmentError as error:
        raise typer.BadParameter(error.message, param_hint="--draw") from error

"""`reservecheck liabilities rebuild`: a published commitment against the customer rows, with the secret."""

from __future__ import annotations

from pathlib import Path

import typer

from reservecheck.cli.console import Format


def command(
    snapshot: Path = typer.Argument(..., help="The snapshot folder."),
    commitment: Path = typer.Option(..., "--commitment", help="What was published: commitment.json."),
    secret: Path = typer.Option(..., "--secret", help="The exchange's secret: a file of 64 hex digits."),
    format_: Format = typer.Option(Format.TEXT, "--format", help="How the result is printed."),
) -> int:
    """Build every tree of a commitment again from the customer rows, and compare root and total.

    0: all are equal, and all that is owed has a tree; 1: something differs; 2: it cannot be asked.
    """
    from reservecheck.cli.console import bars, show
    from reservecheck.cli.rebuild_words import rebuilt_as_json, rebuilt_as_text
    from reservecheck.cli.secret_files import warn_of_readers
    from reservecheck.recommitting import recommit

    with bars() as progress:
        done = recommit(snapshot, commitment, secret, progress)
    warn_of_readers(secret)
    show(rebuilt_as_json(done) if format_ is Format.JSON else rebuilt_as_text(done))
    return 0 if done.is_equal else 1

"""`reservecheck liabilities`: the customers' side of a snapshot, looked at alone, and committed to."""

from __future__ import annotations

from pathlib import Path

import typer

from reservecheck.cli import commit, draw, prove, rebuild
from reservecheck.cli.console import Format

group = typer.Typer(
    help="What customers are owed: looked at alone, committed to, proven to them.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@group.command()
def check(
    snapshot: Path = typer.Argument(..., help="The snapshot folder."),
    previous: Path | None = typer.Option(
        None, "--previous", help="An earlier snapshot folder, or its totals (CSV: asset,owed)."
    ),
    evidence: Path | None = typer.Option(None, "--evidence", help="What is held: a collected evidence set."),
    held: Path | None = typer.Option(None, "--held", help="What is held: a list (CSV: asset,held)."),
    format_: Format = typer.Option(Format.TEXT, "--format", help="How the result is printed."),
) -> int:
    """Sum what customers are owed, row by row, and ask whether it can be true.

    0: nothing found (notes do not count); 1: something is; 2: it cannot be read.
    """
    from reservecheck.cli.console import bars, show, tell
    from reservecheck.errors import ReservecheckError
    from reservecheck.liability_check import Beside, check_liabilities
    from reservecheck.report.liability_check import as_json, as_text

    if evidence is not None and held is not None:
        raise ReservecheckError("give --evidence or --held, not both", hint="both say what is held")
    with bars() as progress:
        answer = check_liabilities(snapshot, Beside(previous=previous, evidence=evidence, held=held), progress)
    show(as_json(answer) if format_ is Format.JSON else as_text(answer))
    if not answer.nothing_found:
        tell("something was found; rows were counted as they stand")
    return 0 if answer.nothing_found else 1


for command in (commit, prove, rebuild, draw):
    group.command(name=command.__name__.rpartition(".")[2])(command.command)

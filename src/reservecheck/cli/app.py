"""The command line: which commands there are. Each lives in a file of its own and imports what it needs late."""

from __future__ import annotations

import typer

from reservecheck import __version__
from reservecheck.cli import (
    collect,
    import_,
    inclusion,
    init,
    liabilities,
    lint,
    reperform,
    report,
    run,
    trace,
    verify,
)

app = typer.Typer(
    name="reservecheck",
    help="At one instant, did an exchange hold, in kind, what it owed, and how do you know?",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def _top(version: bool = typer.Option(False, "--version", help="Print the version and leave.")) -> None:
    """Exit codes: 0 yes, 1 otherwise, 2 the question could not be put. --debug shows internal errors in full."""
    if version:
        typer.echo(f"reservecheck {__version__}")
        raise typer.Exit


for command in (init, lint, collect, run, verify, reperform, trace, report):
    app.command(name=command.__name__.rpartition(".")[2])(command.command)

for group in (inclusion, liabilities, import_):
    app.add_typer(group.group, name=group.__name__.rpartition(".")[2].rstrip("_"))

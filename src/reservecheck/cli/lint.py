"""`reservecheck lint`: checks files offline, every problem with file:line, what is wrong, what to write."""

from __future__ import annotations

from pathlib import Path

import typer

from reservecheck.cli.console import Format


def command(
    paths: list[Path] = typer.Argument(..., help="Wallets files, providers files, and snapshot folders."),
    format_: Format = typer.Option(Format.TEXT, "--format", help="How the result is printed."),
) -> int:
    """Check files without a network.

    Wallets files, providers files, and snapshot folders with their engagement.
    """
    from reservecheck.cli.console import bars, show, tell
    from reservecheck.linting import lint
    from reservecheck.vault.canonical import Json, canonical_json

    with bars() as progress:
        problems = lint(paths, progress)
    if format_ is Format.JSON:
        rows: list[Json] = [
            {"hint": one.hint, "line": one.line, "message": one.message, "path": one.path} for one in problems
        ]
        show(canonical_json({"problems": rows, "schema": "reservecheck/lint/v1-draft"}))
    else:
        for problem in problems:
            show(str(problem))
        tell(f"{len(problems)} problem{'s' if len(problems) != 1 else ''} in {len(paths)} given")
    return 1 if problems else 0

"""`reservecheck trace`: one figure of a bundle down to its bytes, on one screen."""

from __future__ import annotations

from pathlib import Path

import typer

from reservecheck.cli.console import Format


def command(
    bundle: Path = typer.Argument(..., help="The bundle."),
    figure: str = typer.Argument(..., help="An asset or a currency: btc, krw."),
    all_: bool = typer.Option(False, "--all", help="Every line; without it the largest ones."),
    format_: Format = typer.Option(Format.TEXT, "--format", help="How the result is printed."),
) -> int:
    """Show what one figure rests on.

    From the ratio through lines and cells to block, source and digest.
    """
    from reservecheck.cli.console import show
    from reservecheck.cli.trace_words import as_json, as_text
    from reservecheck.errors import BundleError
    from reservecheck.trace import trace
    from reservecheck.verify import verify

    checked = verify(bundle)
    if not checked.ok or checked.opened is None or checked.assessment is None:
        first = next(said for step in checked.steps for said in step.differences)
        raise BundleError(f"{bundle} does not re-derive: {first}", hint="reservecheck verify says all that differs")
    traced = trace(checked.opened.gathered, checked.assessment, figure)
    show(as_json(traced) if format_ is Format.JSON else as_text(traced, everything=all_))
    return 0

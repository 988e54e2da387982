"""`reservecheck report`: renders a bundle again, from what it re-derives to."""

from __future__ import annotations

from pathlib import Path

import typer

from reservecheck.cli.formats import ReportFormat


def command(
    bundle: Path = typer.Argument(..., help="The bundle."),
    format_: ReportFormat = typer.Option(ReportFormat.TEXT, "--format", help="How it is rendered."),
    output: Path | None = typer.Option(None, "-o", "--output", help="Write here instead of printing; - is stdout."),
) -> int:
    """Print a bundle's assessment. A bundle that does not re-derive is refused."""
    from reservecheck.cli.console import show
    from reservecheck.errors import BundleError, OutputError
    from reservecheck.report.formats import FORMATS
    from reservecheck.vault.sealed import refuse_existing
    from reservecheck.verify import verify

    checked = verify(bundle)
    if not checked.ok or checked.assessment is None:
        first = next(said for step in checked.steps for said in step.differences)
        raise BundleError(f"{bundle} does not re-derive: {first}", hint="reservecheck verify says all that differs")
    rendered = FORMATS[format_](checked.assessment)
    data = rendered.encode() if isinstance(rendered, str) else rendered
    if output is None or str(output) == "-":
        show(data)
        return 0
    refuse_existing(output)
    try:
        output.write_bytes(data)
    except OSError as error:
        raise OutputError(f"{output} cannot be written: {error.strerror or error}") from error
    return 0

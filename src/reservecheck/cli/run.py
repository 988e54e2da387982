"""`reservecheck run`: the main job. Collect if given providers, then derive; write the bundle, print the ratios."""

from __future__ import annotations

from pathlib import Path

import typer

from reservecheck.cli.formats import ReportFormat


def command(
    wallets: Path = typer.Argument(..., help="The entity's wallets file."),
    snapshot: Path = typer.Argument(..., help="The snapshot folder: engagement, extract, registers."),
    providers: Path | None = typer.Option(None, "--providers", help="Read the chains from these sources now."),
    evidence: Path | None = typer.Option(None, "--evidence", help="Use this evidence set; no network is touched."),
    bundle: Path | None = typer.Option(
        None, "--bundle", help="Write the evidence bundle here (a folder, or .zip)."
    ),
    anchors: Path | None = typer.Option(None, "--anchors", help="Block hashes you looked up yourself (CSV)."),
    commitment_secret: Path | None = typer.Option(
        None, "--commitment-secret", help="The commitment's secret: build its trees again from the customer rows."
    ),
    format_: ReportFormat = typer.Option(ReportFormat.TEXT, "--format", help="How the result is printed."),
    wait: bool = typer.Option(False, "--wait", help="Wait until the blocks at the cut-off are final."),
) -> int:
    """Join holdings and ledger, and print the ratios.

    With --bundle, write what they re-derive from.
    """
    from reservecheck.anchors import read_anchors
    from reservecheck.cli.console import show, tell
    from reservecheck.cli.running import Answers, run_job
    from reservecheck.cli.secret_files import warn_of_readers
    from reservecheck.errors import ReservecheckError
    from reservecheck.model.words import Outcome
    from reservecheck.report.formats import FORMATS

    if (providers is None) == (evidence is None):
        raise ReservecheckError(
            "give either --providers or --evidence",
            hint="--providers reads the chains now, --evidence uses what collect wrote",
        )
    known = () if anchors is None else read_anchors(anchors)
    answers = Answers(providers=providers, evidence=evidence, wait=wait, anchors=known, secret=commitment_secret)
    assessment = run_job(wallets, snapshot, answers, bundle)
    warn_of_readers(commitment_secret)
    show(FORMATS[format_](assessment))
    if bundle is not None:
        tell(f"bundle: {bundle}; anyone re-derives it with: reservecheck verify {bundle}")
    return 0 if assessment.outcome is Outcome.COVERED else 1

"""`reservecheck run`: the main job. Collect if given providers, then derive; write the bundle, print the ratios."""

from __future__ import annotations

import tempfile
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
    format_: ReportFormat = typer.Option(ReportFormat.TEXT, "--format", help="How the result is printed."),
    wait: bool = typer.Option(False, "--wait", help="Wait until the blocks at the cut-off are final."),
) -> int:
    """Join what was held with what was owed, print the ratios, and write the bundle they re-derive from."""
    from reservecheck.bundle import BUNDLE, bundle_members
    from reservecheck.cli.collecting import gather, open_providers, workspace
    from reservecheck.cli.console import bars, show, tell
    from reservecheck.errors import ReservecheckError
    from reservecheck.model.words import Outcome
    from reservecheck.pipeline import conclude, prepare, read_snapshot, replay
    from reservecheck.report.formats import FORMATS
    from reservecheck.vault.sealed import refuse_existing, sealed_files, write_sealed

    if (providers is None) == (evidence is None):
        raise ReservecheckError(
            "give either --providers or --evidence",
            hint="--providers reads the chains now, --evidence uses what collect wrote",
        )
    if bundle is not None:
        refuse_existing(bundle)
    sources = () if providers is None else open_providers(providers)
    prepared = prepare(wallets, snapshot, tuple(source.card for source in sources))
    with bars() as progress, tempfile.TemporaryDirectory() as elsewhere:
        books = read_snapshot(prepared, snapshot, progress)
        with workspace(bundle or Path(elsewhere) / "bundle", prepared) as partial:
            if evidence is not None:
                gathered = replay(prepared, evidence)
            else:
                gathered = gather(prepared, sources, partial, progress, wait=wait)
            done = conclude(gathered, books)
            if bundle is not None:
                members = bundle_members(done.gathered, done.inputs, done.assessment, done.packs)
                write_sealed(bundle, sealed_files(members, kind=BUNDLE), scratch=partial / "sealed")
    show(FORMATS[format_](done.assessment))
    if bundle is not None:
        tell(f"bundle: {bundle}; anyone re-derives it with: reservecheck verify {bundle}")
    return 0 if done.assessment.outcome is Outcome.COVERED else 1

"""`reservecheck verify`: re-derives a bundle offline and ends with what the reader still trusts."""

from __future__ import annotations

from pathlib import Path

import typer

from reservecheck.cli.console import Format


def command(
    bundle: Path = typer.Argument(..., help="The bundle, a folder or a zip."),
    snapshot: Path | None = typer.Option(None, "--snapshot", help="The private snapshot folder, to re-sum it."),
    wallets: Path | None = typer.Option(None, "--wallets", help="The entity's wallets file, to read it again."),
    commitment_secret: Path | None = typer.Option(
        None, "--commitment-secret", help="With --snapshot: build the trees committed to again from its rows."
    ),
    anchors: Path | None = typer.Option(None, "--anchors", help="Block hashes you looked up yourself (CSV)."),
    require_covered: bool = typer.Option(False, "--require-covered", help="Exit 1 unless the outcome is covered."),
    format_: Format = typer.Option(Format.TEXT, "--format", help="How the result is printed."),
) -> int:
    """Check every byte and every figure without a network. 0: it all re-derives, whatever the outcome."""
    from reservecheck.anchors import read_anchors
    from reservecheck.cli.console import bars, show
    from reservecheck.cli.secret_files import warn_of_readers
    from reservecheck.cli.verification_words import as_json, as_text
    from reservecheck.errors import ReservecheckError
    from reservecheck.model.words import Outcome
    from reservecheck.rebuilt_trees import read_secret
    from reservecheck.verify import Beside, verify

    if commitment_secret is not None and snapshot is None:
        raise ReservecheckError("--commitment-secret needs --snapshot", hint="trees are built from customer rows")
    secret = None if commitment_secret is None else read_secret(commitment_secret)
    read = None if anchors is None else read_anchors(anchors)
    with bars() as progress:
        beside = Beside(snapshot=snapshot, secret=secret, wallets=wallets, anchors=read)
        done = verify(bundle, beside, progress)
    warn_of_readers(commitment_secret)
    show(as_json(done) if format_ is Format.JSON else as_text(done))
    covered = done.assessment is not None and done.assessment.outcome is Outcome.COVERED
    return 0 if done.ok and (covered or not require_covered) else 1

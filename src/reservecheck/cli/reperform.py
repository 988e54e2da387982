"""`reservecheck reperform`: the blocks and holdings of a bundle, read again from the reader's own sources."""

from __future__ import annotations

from pathlib import Path

import typer

from reservecheck.cli.console import Format


def command(
    bundle: Path = typer.Argument(..., help="The bundle, a folder or a zip."),
    providers: Path = typer.Option(..., "--providers", help="Your own sources."),
    sample: int | None = typer.Option(None, "--sample", min=1, help="Read so many declared lines only."),
    seed: str = typer.Option("", "--seed", help="Which lines are drawn; the same seed draws the same."),
    format_: Format = typer.Option(Format.TEXT, "--format", help="How the result is printed."),
) -> int:
    """Read a bundle again from your own sources.

    0: everything read is equal. 1: something differs, or can no longer be read.
    """
    import tempfile

    from reservecheck.cli.collecting import gather, open_providers
    from reservecheck.cli.console import bars, show, tell
    from reservecheck.cli.dead_sources import dead_sources
    from reservecheck.cli.reperformance_words import as_json, as_text
    from reservecheck.errors import BundleError
    from reservecheck.observe import observe
    from reservecheck.reperform import again, compare
    from reservecheck.verify import verify

    sources = open_providers(providers)
    with bars() as progress, tempfile.TemporaryDirectory() as scratch:
        checked = verify(bundle, progress=progress)
        if not checked.ok or checked.opened is None or checked.assessment is None:
            first = next(said for step in checked.steps for said in step.differences)
            words = "reservecheck verify says all that differs"
            raise BundleError(f"{bundle} does not re-derive: {first}", hint=words)
        then = checked.assessment.position.inputs.observation
        prepared = again(checked.opened.gathered, [one.card for one in sources], sample=sample, seed=seed)
        gathered = gather(prepared, sources, Path(scratch), progress, wait=False)
        now = observe(gathered.job, gathered.log)
    for line in dead_sources(gathered, now):
        tell(line)
    done = compare(then, now, gathered.job.wallets)
    show(as_json(done) if format_ is Format.JSON else as_text(done))
    return 0 if done.equal else 1

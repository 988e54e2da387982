"""What `run` does between its arguments and its words."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from reservecheck.anchors import compared, drawing_block
from reservecheck.bundle import BUNDLE, bundle_members
from reservecheck.cli.collecting import gather, open_providers, workspace
from reservecheck.cli.console import bars, tell
from reservecheck.cli.dead_sources import dead_sources
from reservecheck.model.anchor import Anchor
from reservecheck.model.assessment import Assessment
from reservecheck.pipeline import conclude, prepare, problems_in, read_snapshot, replay
from reservecheck.rebuilt_trees import read_secret, rebuilt_books
from reservecheck.vault.sealed import refuse_existing, sealed_files, write_sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Where the answers come from: exactly one of the two; `wait` goes with providers.

    `secret` is the file of the commitment's secret, where the practitioner was given it.
    """

    providers: Path | None
    evidence: Path | None
    wait: bool
    anchors: tuple[Anchor, ...] = ()
    secret: Path | None = None


def run_job(wallets: Path, snapshot: Path, answers: Answers, bundle: Path | None) -> Assessment:
    """Everything is read before the first question is asked, so that a bad file costs nothing."""
    if bundle is not None:
        refuse_existing(bundle)
    secret = None if answers.secret is None else read_secret(answers.secret)
    sources = () if answers.providers is None else open_providers(answers.providers)
    prepared = prepare(wallets, snapshot, tuple(source.card for source in sources), answers.anchors)
    with bars() as progress, tempfile.TemporaryDirectory() as elsewhere:
        books = read_snapshot(prepared, snapshot, progress)
        if secret is not None:
            with problems_in(snapshot):
                books = rebuilt_books(snapshot, books, prepared.job, secret, progress)
        with workspace(bundle or Path(elsewhere) / "bundle", prepared, lasting=bundle is not None) as partial:
            if answers.evidence is not None:
                gathered = replay(prepared, answers.evidence)
            else:
                gathered = gather(prepared, sources, partial, progress, wait=answers.wait)
            progress("checking and sealing", 0, 0)
            done = conclude(gathered, books)
            if bundle is not None:
                members = bundle_members(done.gathered, done.inputs, done.assessment, done.packs)
                write_sealed(bundle, sealed_files(members, kind=BUNDLE), scratch=partial / "sealed")
    known = answers.anchors
    differences, remarks = (
        compared((*done.inputs.observation.pins, *drawing_block(books)), known) if known else ([], [])
    )
    for said in (*(one for one in differences if one.startswith("anchors, line")), *remarks):
        tell(said.replace("in this bundle", "in this run"))
    for line in dead_sources(done.gathered, done.inputs.observation) if answers.evidence is None else ():
        tell(line)
    return done.assessment

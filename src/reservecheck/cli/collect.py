"""`reservecheck collect`: cut-off night. Pins, reads, seals an evidence set; needs no ledger."""

from __future__ import annotations

from pathlib import Path

import typer


def command(
    wallets: Path = typer.Argument(..., help="The entity's wallets file."),
    snapshot: Path = typer.Argument(..., help="The snapshot folder; only its engagement.toml is needed."),
    providers: Path = typer.Option(..., "--providers", help="The practitioner's sources."),
    evidence: Path = typer.Option(..., "--evidence", help="The evidence set to write; must not exist."),
    wait: bool = typer.Option(False, "--wait", help="Wait until the blocks at the cut-off are final."),
) -> int:
    """Read the chains at the cut-off and seal the answers.

    Every declared wallet is read at one pinned block per chain.
    """
    from reservecheck.bundle import EVIDENCE, evidence_members
    from reservecheck.cli.collected_words import collected
    from reservecheck.cli.collecting import gather, open_providers, workspace
    from reservecheck.cli.console import bars, tell
    from reservecheck.cli.dead_sources import dead_sources
    from reservecheck.model.words import CellStatus
    from reservecheck.observe import observe
    from reservecheck.pipeline import prepare
    from reservecheck.vault.sealed import sealed_files, write_sealed

    sources = open_providers(providers)
    prepared = prepare(wallets, snapshot, tuple(source.card for source in sources))
    with workspace(evidence, prepared) as partial, bars() as progress:
        gathered = gather(prepared, sources, partial, progress, wait=wait)
        progress("checking and sealing", 0, 0)
        observation = observe(gathered.job, gathered.log)
        files = sealed_files(evidence_members(gathered, observation), kind=EVIDENCE)
        write_sealed(evidence, files, scratch=partial / "sealed")
    for line in dead_sources(gathered, observation):
        tell(line)
    for line in collected(gathered, observation, evidence):
        tell(line)
    return 1 if any(cell.status is CellStatus.UNREAD for cell in observation.cells) else 0

"""`reservecheck init`: writes commented wallets and snapshot files to fill in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import typer


def command(
    entity: str = typer.Argument(..., help="A short name: lower-case letters, digits and dashes."),
    folder: Path = typer.Option(Path(), "--in", help="Where wallets/ and snapshots/ are made."),
    cutoff: str = typer.Option("", "--cutoff", help="The instant, with offset; without it the last midnight UTC."),
) -> int:
    """Write starter files; nothing that exists is overwritten."""
    from reservecheck.cli.console import tell
    from reservecheck.declare.templates import starter_files
    from reservecheck.errors import OutputError
    from reservecheck.vault.sealed import refuse_existing

    moment = cutoff or datetime.now(UTC).strftime("%Y-%m-%dT00:00:00+00:00")
    files = starter_files(entity, moment)
    for name in files:
        refuse_existing(folder / name)
    try:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
            tell(f"wrote {folder / name}")
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror or error}") from error
    tell(f"next: fill them in, then reservecheck lint {folder / 'wallets' / f'{entity}.toml'}")
    return 0

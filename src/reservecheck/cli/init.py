"""`reservecheck init`: writes commented wallets and snapshot files to fill in."""

from __future__ import annotations

import re
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
    from reservecheck.declare.names import NAME, NAME_MEANING
    from reservecheck.declare.templates import starter_files
    from reservecheck.errors import OutputError, ReservecheckError
    from reservecheck.moments import parse_moment
    from reservecheck.vault.sealed import refuse_existing

    if re.fullmatch(NAME, entity) is None:
        near = re.sub(r"[^a-z0-9]+", "-", entity.lower()).strip("-")[:64]
        hint = f"write {near}" if near else ""
        raise ReservecheckError(f"{entity[:80]!r} is not a name: {NAME_MEANING}", hint=hint)
    moment = cutoff or datetime.now(UTC).strftime("%Y-%m-%dT00:00:00+00:00")
    try:
        parse_moment(moment)
    except ValueError as error:
        raise ReservecheckError(str(error)) from error
    shared = "providers.example.toml"
    files = starter_files(entity, moment)
    if (folder / shared).exists():
        del files[shared]
    for name in files:
        refuse_existing(folder / name)
    try:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
            tell(f"wrote {folder / name}")
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror or error}") from error
    snapshot = next(folder / name for name in files if name.endswith("/snapshot.toml")).parent
    tell(f"next: fill them in, then reservecheck lint {folder / 'wallets' / f'{entity}.toml'} {snapshot}")
    return 0

"""Where the list of those drawn may be written, and where it goes once the answers are in it."""

from __future__ import annotations

from pathlib import Path

from reservecheck.books.snapshot import SNAPSHOT
from reservecheck.errors import OutputError
from reservecheck.model.confirmations import CONFIRMATIONS_FILE
from reservecheck.vault.closed_folder import refuse_sealed_place
from reservecheck.vault.sealed import refuse_existing


def refuse_list_place(out: Path) -> None:
    """Raises OutputError for what exists, and inside of what others are given, or of a snapshot folder.

    There a list without answers would be read as one to which nobody replied.
    """
    refuse_existing(out)
    refuse_sealed_place(out)
    if any((above / SNAPSHOT).is_file() for above in out.absolute().resolve().parents):
        hint = f"name a place outside of it; with the answers it goes there as {CONFIRMATIONS_FILE}"
        raise OutputError(f"{out} would lie in a snapshot folder", hint=hint)


def what_next(out: Path, customers: int) -> str:
    """The last line of a draw: what is to be done with the list."""
    rows = "1 row" if customers == 1 else f"{customers} rows"
    return (
        f"list: {out}, {rows}, for you alone; fill in the answers, put it into the snapshot folder, name it"
        f" {CONFIRMATIONS_FILE} and list it under [files] in {SNAPSHOT}"
    )

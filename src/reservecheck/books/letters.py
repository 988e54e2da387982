"""The practitioner's register of confirmations: who wrote, about what, and by which way it arrived."""

from __future__ import annotations

from collections.abc import Mapping

from reservecheck.books.register import Location, RegisterRow, input_file, read_register, refuse, register_rows
from reservecheck.errors import Problem
from reservecheck.model.books import Letter
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Asset

_COLUMNS = (
    "id",
    "from",
    "subject",
    "label",
    "asset",
    "amount",
    "as_of",
    "requested_on",
    "received_on",
    "channel",
    "received_by",
    "restrictions",
    "file_sha256",
)


def read_letters(at: Location, assets: Mapping[str, Asset]) -> tuple[tuple[Letter, ...], InputFile]:
    """Every letter. Raises InputError for an unknown word, a repeated id, a missing digest, or impossible dates."""
    file = read_register(at, required=_COLUMNS, may_be_empty=True)
    problems: list[Problem] = []
    letters: dict[str, Letter] = {}
    for row in register_rows(file, assets, problems):
        letter = _letter(row)
        if letter.id in letters:
            row.problem(f"the id {letter.id!r} stands twice", "one row a letter and amount, each with an id")
        if letter.requested_on[:10] > letter.received_on[:10] > "":
            row.problem(f"received on {letter.received_on}, before it was requested on {letter.requested_on}")
        letters[letter.id] = letter
    refuse(problems)
    return tuple(letters.values()), input_file(file)


def _letter(row: RegisterRow) -> Letter:
    subject = row.choice("subject", ("cash", "custody"))
    asset = row.asset("asset", kind="cash" if subject == "cash" else "")
    return Letter(
        id=row.text("id"),
        from_=row.text("from"),
        subject=subject,
        label=row.label("label"),
        asset=asset,
        units=row.amount("amount", asset, negative="what is confirmed is not below zero"),
        as_of=row.moment("as_of"),
        requested_on=row.day("requested_on"),
        received_on=row.day("received_on"),
        channel=row.choice("channel", ("direct", "via-entity")),
        received_by=row.text("received_by"),
        restrictions=row.values["restrictions"],
        file_sha256=row.digest("file_sha256", required=True),
    )

"""Which options of an import go together, and which words they take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reservecheck.errors import ReservecheckError
from reservecheck.vault.encodings import ENCODINGS

_ONE_OF: Final = {
    "encoding": ENCODINGS,
    "separator": (",", ";", "tab", "|"),
    "decimal": (".", ","),
    "thousands": (",", ".", "'", " "),
}
COLUMNS: Final = ("id_column", "asset_column", "balance_column", "class_column")


def check_words(given: Mapping[str, Any]) -> None:
    """Raises ReservecheckError for a word that is none of those an option takes."""
    for option, words in _ONE_OF.items():
        if given[option] and given[option] not in words:
            said = ", ".join(f'"{one}"' for one in words)
            raise ReservecheckError(f"--{option} is {given[option][:20]!r}", hint=f"write one of {said}")


def check_together(given: Mapping[str, Any]) -> None:
    """Raises ReservecheckError for options that exclude or need each other."""
    workbook = given["file"].suffix.lower() == ".xlsx"
    columns = [given[name] for name in COLUMNS if given[name]]
    long = "for an export with one balance a row, and neither where every asset has a column"
    for wrong, message, hint in (
        (
            bool(given["asset_column"]) != bool(given["balance_column"]),
            "give --asset-column with --balance-column",
            long,
        ),
        (
            given["class_column"] and given["class_"],
            "give --class-column or --class, not both",
            "both say the class",
        ),
        (
            given["thousands"] == given["decimal"],
            "--thousands and --decimal are the same",
            "give each its own mark",
        ),
        (
            workbook and (given["encoding"] or given["separator"]),
            "a workbook has no encoding or separator",
            "leave it out",
        ),
        (not workbook and given["sheet"] is not None, "only a workbook (.xlsx) has sheets", "leave --sheet out"),
        (
            len(set(columns)) < len(columns),
            "one column is given two meanings",
            "an id is no asset, no balance, no class",
        ),
    ):
        if wrong:
            raise ReservecheckError(message, hint=hint)

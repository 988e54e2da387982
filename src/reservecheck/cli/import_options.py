"""The options of an import: what they mean, and how a record keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reservecheck.cli.import_checks import COLUMNS, check_together, check_words
from reservecheck.importers.cells import AmountForm
from reservecheck.importers.customers import Export, Import
from reservecheck.importers.layout import Layout
from reservecheck.vault.canonical import Json


def import_of(given: Mapping[str, Any]) -> Import:
    """What the options of the command ask for; raises ReservecheckError where they exclude each other."""
    check_words(given)
    check_together(given)
    separator = given["separator"] or ","
    return Import(
        export=Export(
            path=given["file"],
            encoding=given["encoding"] or "utf-8",
            separator="\t" if separator == "tab" else separator,
            header_line=given["header_line"],
            sheet=given["sheet"],
        ),
        layout=Layout(
            **{name: given[name] for name in (*COLUMNS, "class_")}, skip=tuple(dict.fromkeys(given["skip"]))
        ),
        form=AmountForm(**{name: given[name] for name in ("decimal", "thousands", "exponents")}),
        target=given["out"],
        tickers=given["tickers"],
        keep_zeros=given["keep_zeros"],
        options={name.strip("_").replace("_", "-"): _kept(value) for name, value in given.items() if value},
    )


def _kept(value: object) -> Json:
    """An option for the record; of a file its name, for paths say nothing elsewhere."""
    if isinstance(value, Path):
        return value.name
    if isinstance(value, list):
        return [str(one) for one in value]
    return value if isinstance(value, bool | int) else str(value)

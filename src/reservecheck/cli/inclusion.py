"""`reservecheck inclusion`: the customer's side, proofs of inclusion as exchanges publish them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import typer

from reservecheck.cli.console import Format

MOST_PROOF: Final = 4 << 20
MOST_LIST: Final = 64 << 20
_ROOT: Final = re.compile(r"(?:0[xX])?[0-9a-fA-F]{16,64}", re.ASCII)

group = typer.Typer(
    help="Proofs that a customer is included.", context_settings={"help_option_names": ["-h", "--help"]}
)


@group.callback()
def _group() -> None:
    """Keep `check` a command of its own: a group of one would take its place."""


@group.command()
def check(
    proof: Path = typer.Argument(..., help="The proof, as the exchange published it to the customer."),
    root: str | None = typer.Option(None, "--root", help="The published root, as hex, from another place."),
    list_: Path | None = typer.Option(
        None, "--list", help="The published list of all nodes, for formats with one."
    ),
    format_: Format = typer.Option(Format.TEXT, "--format", help="How the result is printed."),
) -> int:
    """Recompute one customer's proof of a known format, and say what that format does not prevent.

    0: nothing speaks against it; 1: something does.
    """
    from reservecheck.cli.console import show
    from reservecheck.cli.inclusion_words import as_json, as_text
    from reservecheck.inclusion.recognised import check_proof
    from reservecheck.vault.regular_file import read_regular

    if root is not None and _ROOT.fullmatch(root) is None:
        raise typer.BadParameter("a root is 16 to 64 hex digits", param_hint="--root")
    data = read_regular(proof, str(proof), most=MOST_PROOF)
    published = None if list_ is None else read_regular(list_, str(list_), most=MOST_LIST)
    answer = check_proof(data, str(proof), root=root, published=published)
    show(as_json(answer) if format_ is Format.JSON else as_text(answer))
    return 0 if answer.included else 1

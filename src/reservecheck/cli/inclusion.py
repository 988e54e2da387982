"""`reservecheck inclusion`: the customer's side, proofs of inclusion and the page that checks them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import typer

from reservecheck.cli.console import Format

MOST_PROOF: Final = 4 << 20
MOST_LIST: Final = 64 << 20
MOST_COMMITMENT: Final = 4 << 20
_ROOT: Final = re.compile(r"(?:0[xX])?[0-9a-fA-F]{16,64}", re.ASCII)

group = typer.Typer(
    help="Proofs that a customer is included.", context_settings={"help_option_names": ["-h", "--help"]}
)


@group.command()
def check(
    proof: Path = typer.Argument(..., help="The proof, as the exchange published it to the customer."),
    root: str | None = typer.Option(None, "--root", help="The published root, as hex, from another place."),
    list_: Path | None = typer.Option(
        None, "--list", help="The published list of all nodes, for formats with one."
    ),
    commitment: Path | None = typer.Option(
        None, "--commitment", help="The published commitment.json, for por-mst/1."
    ),
    format_: Format = typer.Option(Format.TEXT, "--format", help="How the result is printed."),
) -> int:
    """Recompute one customer's proof of a known format, and say what that format does not prevent.

    0: nothing speaks against it; 1: something does.
    """
    from reservecheck.cli.console import show
    from reservecheck.cli.inclusion_json import as_json
    from reservecheck.cli.inclusion_words import as_text
    from reservecheck.inclusion.published_commitment import read_published
    from reservecheck.inclusion.recognised import check_proof
    from reservecheck.vault.regular_file import read_regular

    if root is not None and _ROOT.fullmatch(root) is None:
        raise typer.BadParameter("a root is 16 to 64 hex digits", param_hint="--root")
    data = read_regular(proof, str(proof), most=MOST_PROOF)
    published = None if list_ is None else read_regular(list_, str(list_), most=MOST_LIST)
    committed = None
    if commitment is not None:
        file = read_regular(commitment, str(commitment), most=MOST_COMMITMENT)
        committed = read_published(file, str(commitment))
    answer = check_proof(data, str(proof), root=root, published=published, commitment=committed)
    show(as_json(answer) if format_ is Format.JSON else as_text(answer))
    return 0 if answer.included else 1


@group.command()
def page(
    commitment: Path = typer.Option(..., "--commitment", help="The commitment.json that is published."),
    out: Path = typer.Option(..., "--out", help="The folder of the site; it must not exist."),
    statement_url: str | None = typer.Option(
        None, "--statement-url", help="Where the signed statement is, beginning with https://."
    ),
) -> int:
    """Write the page on which customers check their proofs, and print the SHA-256 of its files."""
    from reservecheck.cli.console import show
    from reservecheck.inclusion.site import digests, site
    from reservecheck.vault.regular_file import read_regular
    from reservecheck.vault.sealed import write_sealed

    if out.suffix == ".zip":
        raise typer.BadParameter("a site is a folder: leave out .zip", param_hint="--out")
    file = read_regular(commitment, str(commitment), most=MOST_COMMITMENT)
    files = site(file, str(commitment), statement_url)
    write_sealed(out, files, scratch=out.with_name(f"{out.name}.partial"))
    show(digests(files))
    return 0

"""`reservecheck liabilities prove`: proofs for customers, out of the private folder of a commitment."""

from __future__ import annotations

from pathlib import Path

import typer

from reservecheck.cli.console import Format


def command(
    private: Path = typer.Argument(..., help="The private folder that commit made."),
    out: Path = typer.Option(..., "--out", help="A new folder for the proofs and for who gets which."),
    customer: str | None = typer.Option(None, "--customer", help="One customer's id."),
    customers: Path | None = typer.Option(None, "--customers", help="A file of ids, one a line."),
    all_: bool = typer.Option(False, "--all", help="Every customer; needs --snapshot."),
    snapshot: Path | None = typer.Option(None, "--snapshot", help="With --all: the snapshot committed to."),
    asset: str | None = typer.Option(None, "--asset", help="Only of this asset's tree."),
    format_: Format = typer.Option(Format.TEXT, "--format", help="How the result is printed."),
) -> int:
    """Write the proofs of one customer, of a list, or of all; one file for each asset that is owed.

    0: every customer has a proof; 1: somebody has no leaf; 2: the folder cannot be used.
    """
    from reservecheck.cli.console import bars, show, tell
    from reservecheck.cli.prove_words import proven_as_json, proven_as_text
    from reservecheck.errors import ReservecheckError
    from reservecheck.private_trees import open_private
    from reservecheck.proving import FORM, prove_all, prove_listed, read_list, refuse_swapped
    from reservecheck.snapshot_engagement import engaged

    if [customer is not None, customers is not None, all_].count(True) != 1:
        raise ReservecheckError("give one of --customer, --customers and --all")
    if all_ != (snapshot is not None):
        raise ReservecheckError(
            "--all and --snapshot go together", hint="ids are read from the snapshot committed to"
        )
    refuse_swapped(out)
    trees = open_private(private)
    with bars() as progress:
        if snapshot is not None:
            done = prove_all(trees, engaged(snapshot), asset, out, progress)
        else:
            listed = [customer] if customer is not None else read_list(customers or out)
            done = prove_listed(trees, listed, asset, out, progress)
    show(proven_as_json(done) if format_ is Format.JSON else proven_as_text(done, out, listed=customer is None))
    if customers is not None and 0 in done.unknown:
        tell(f"is the first line a header? {FORM}")
    return 1 if done.unknown else 0

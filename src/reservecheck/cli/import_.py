"""`reservecheck import`: files of other systems turned into this tool's own."""

from __future__ import annotations

from pathlib import Path

import typer

group = typer.Typer(
    help="Other systems' files into ours, mechanically.", context_settings={"help_option_names": ["-h", "--help"]}
)


@group.callback()
def _group() -> None:
    """Keep `customers` a command of its own: a group of one would take its place."""


@group.command()
def customers(
    file: Path = typer.Argument(..., help="The export: .csv or other text, .csv.gz, .xlsx."),
    out: Path = typer.Option(..., "--out", help="The customer file to write: .csv or .parquet; must not exist."),
    id_column: str = typer.Option(..., "--id-column", help="The column with the customer's id."),
    asset_column: str = typer.Option("", "--asset-column", help="Long exports: the column with the asset's name."),
    balance_column: str = typer.Option("", "--balance-column", help="Long exports: the column with the balance."),
    class_column: str = typer.Option("", "--class-column", help="The column with the product class."),
    class_: str = typer.Option("", "--class", help="The product class of all rows."),
    skip: list[str] = typer.Option(
        [], "--skip", help="Leave out columns of this name or pattern (e_*); repeatable."
    ),
    tickers: Path | None = typer.Option(None, "--tickers", help="What the export's names of assets mean (TOML)."),
    encoding: str = typer.Option("", "--encoding", help="utf-8 (default), cp949 or cp932."),
    separator: str = typer.Option("", "--separator", help='What stands between fields: "," (default), ";" or tab.'),
    header_line: int = typer.Option(1, "--header-line", min=1, help="The line the header is on."),
    decimal: str = typer.Option(".", "--decimal", help='The decimal mark: "." (default) or ",".'),
    thousands: str = typer.Option("", "--thousands", help="What groups digits, such as ,; none unless given."),
    exponents: bool = typer.Option(False, "--exponents", help="Amounts may be written as 1E-08."),
    keep_zeros: bool = typer.Option(False, "--keep-zeros", help="Write balances of zero as well."),
    sheet: str | None = typer.Option(None, "--sheet", help="Workbooks: the sheet to read."),
) -> int:
    """Convert an export of customers' balances, and record how; totals are held to the source's.

    0: written; 2: it cannot be converted exactly.
    """
    given = locals()  # every option by its name
    from reservecheck import __version__
    from reservecheck.cli.console import tell
    from reservecheck.cli.import_options import import_of
    from reservecheck.cli.import_words import summary
    from reservecheck.registry.shipped import load_registry

    done = import_of(given).run(load_registry().assets.keys(), f"reservecheck {__version__}")
    tell(summary(done, out))
    return 0

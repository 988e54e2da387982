from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from reservecheck.books.customer_tally import CustomerTotals
from reservecheck.books.customers import read_customers
from reservecheck.books.ledger_names import ledger_names, ticker
from reservecheck.errors import InputError
from reservecheck.model.books import OwedLine, RowFinding
from reservecheck.model.progress import silent
from reservecheck.model.registry import Registry

FILES = Path(__file__).parent.parent / "data" / "customer-files"
Rows = list[tuple[str, ...]]
HEADER = ("customer", "asset", "balance")
BAD_AMOUNTS = [
    "1e-8", "1E3", "+5", ".5", "5.", " 5", "5 ", "1_000", "NaN", "inf", "１", "-", "01", "0x1", "9" * 30,
    "0.1234567890123456789", "-0.0000000000000000001",
]  # fmt: skip


def as_csv(path: Path, rows: Rows, header: tuple[str, ...] = HEADER) -> Path:
    path = path / "customers.csv"
    path.write_text("".join(",".join(row) + "\n" for row in [header, *rows]), encoding="utf-8")
    return path


def as_quoted_csv(path: Path, rows: Rows, header: tuple[str, ...] = HEADER) -> Path:
    path = path / "customers.csv"
    lines = ["\r\n".join(",".join(f'"{value}"' for value in row) for row in [header, *rows])]
    path.write_bytes(lines[0].encode())
    return path


def as_gzip(path: Path, rows: Rows, header: tuple[str, ...] = HEADER) -> Path:
    plain = as_csv(path, rows, header)
    packed = path / "customers.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    return packed


def as_zstandard(path: Path, rows: Rows, header: tuple[str, ...] = HEADER) -> Path:
    plain = as_csv(path, rows, header)
    packed = path / "customers.csv.zst"
    lines = pl.Series("line", plain.read_text(encoding="utf-8").split("\n")[:-1], dtype=pl.String)
    lines.to_frame().write_csv(packed, include_header=False, quote_style="never", compression="zstd")
    plain.unlink()
    return packed


def as_parquet(path: Path, rows: Rows, header: tuple[str, ...] = HEADER) -> Path:
    path = path / "customers.parquet"
    columns = {name: [row[index] for row in rows] for index, name in enumerate(header)}
    pl.DataFrame(columns, schema=dict.fromkeys(header, pl.String)).write_parquet(path)
    return path


FORMS = pytest.mark.parametrize("write", [as_csv, as_quoted_csv, as_gzip, as_zstandard, as_parquet])
Write = Callable[..., Path]


@pytest.fixture
def totals(registry: Registry) -> Callable[..., CustomerTotals]:
    def read(
        *paths: Path, house: tuple[str, ...] = (), out: tuple[str, ...] = ("DUST",), listed: tuple[str, ...] = ()
    ) -> CustomerTotals:
        kilo = ticker("1000SATS", registry.assets["SATS"], Fraction(1000))
        names = ledger_names(registry.assets, [kilo, ticker("XBT", registry.assets["BTC"], Fraction(1))])
        return read_customers(
            [(path, path.name) for path in paths],
            names,
            out_of_scope=frozenset(out),
            house=frozenset(house),
            progress=silent,
            listed=frozenset(listed),
        )

    return read


Totals = Callable[..., CustomerTotals]


def line_number(path: Path, row: int) -> int:
    return row if path.suffix == ".parquet" else row + 1


@FORMS
def test_gross_is_the_sum_of_positive_balances_and_negatives_stand_apart(
    totals: Totals, tmp_path: Path, write: Write
) -> None:
    rows: Rows = [
        ("u1", "BTC", "1.5"), ("u2", "BTC", "-0.25"), ("u3", "ETH", "0.000000000000000001"),
        ("u1", "KRW", "1000"), ("u4", "DEEP", "1.000000000000000000000001"), ("h1", "BTC", "2"),
    ]  # fmt: skip
    path = write(tmp_path, rows)
    read = totals(path, house=("h1",))
    assert read.lines == (
        OwedLine(asset="BTC", class_="", rows=3, gross=350_000_000, negative=25_000_000, house=200_000_000),
        OwedLine(asset="DEEP", class_="", rows=1, gross=10**24 + 1, negative=0, house=0),
        OwedLine(asset="ETH", class_="", rows=1, gross=1, negative=0, house=0),
        OwedLine(asset="KRW", class_="", rows=1, gross=1000, negative=0, house=0),
    )
    assert (read.rows, read.net["BTC"], read.has_classes) == (6, 325_000_000, False)
    negative, house = f"{path.name}:{line_number(path, 2)}", f"{path.name}:{line_number(path, 6)}"
    assert read.findings == (
        RowFinding(kind="house-account", asset="BTC", count=1, units=200_000_000, where=(house,)),
        RowFinding(kind="negative", asset="BTC", count=1, units=25_000_000, where=(negative,)),
    )
    (file,) = read.files
    assert (file.bytes, file.sha256) == (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())


@FORMS
@pytest.mark.parametrize("amount", BAD_AMOUNTS)
def test_what_is_not_an_exact_amount_refuses_the_file(
    totals: Totals, tmp_path: Path, write: Write, amount: str
) -> None:
    path = write(tmp_path, [("u1", "ETH", "1"), ("secret-id", "ETH", amount)])
    with pytest.raises(InputError) as caught:
        totals(path)
    assert str(caught.value).startswith(f"{path.name}:{line_number(path, 2)}: the balance ")
    assert amount not in str(caught.value).replace(path.name, "").split("\n")[0] or len(amount) < 3
    assert str(caught.value).endswith(f"{path.name}: 1 row cannot be read, so what is owed is unknown")
    assert "secret-id" not in str(caught.value)


@FORMS
@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("", "BTC", "1"), "the customer is empty\n  hint: every balance is owed to somebody"),
        (("  ", "BTC", "1"), "the customer is empty\n  hint: every balance is owed to somebody"),
        (("u2", "", "1"), "the asset is empty\n  hint: write BTC, KRW, …"),
        (("u2", "BTC", ""), "the balance is empty\n  hint: unknown is not zero: write 0 for none"),
        (("u2", "DEEP", "1" * 15), "the balance is out of range: 10^38 smallest units or more"),
    ],
)
def test_an_unreadable_row_is_named_and_counted(
    totals: Totals, tmp_path: Path, write: Write, row: tuple[str, ...], message: str
) -> None:
    path = write(tmp_path, [("u1", "BTC", "1"), row])
    with pytest.raises(InputError) as caught:
        totals(path)
    assert str(caught.value) == (
        f"{path.name}:{line_number(path, 2)}: {message}\n"
        f"{path.name}: 1 row cannot be read, so what is owed is unknown"
    )


@FORMS
@pytest.mark.parametrize("others", [0, 1, 3])
def test_a_file_that_starts_with_nobodys_rows_is_refused(
    totals: Totals, tmp_path: Path, write: Write, others: int
) -> None:
    path = write(tmp_path, [("", "BTC", "1"), ("", "ETH", "1"), *[("u1", "BTC", "1")] * others])
    with pytest.raises(InputError) as caught:
        totals(path)
    assert str(caught.value).count("the customer is empty") == 2


@FORMS
def test_the_first_hundred_unreadable_rows_are_named_and_all_are_counted(
    totals: Totals, tmp_path: Path, write: Write
) -> None:
    path = write(tmp_path, [("u1", "BTC", "1e5")] * 250)
    with pytest.raises(InputError) as caught:
        totals(path)
    assert str(caught.value).count("the balance is not an amount") == 100
    assert str(caught.value).endswith(
        f"{path.name}: 250 rows cannot be read, so what is owed is unknown\n  hint: the first 100 are above"
    )


@FORMS
def test_an_unknown_asset_refuses_the_file_unless_it_is_out_of_scope(
    totals: Totals, tmp_path: Path, write: Write
) -> None:
    path = write(tmp_path, [("u1", "BTC", "1"), ("u1", "DUST", "5"), ("u2", "DUST", "what?")])
    read = totals(path)
    where = tuple(f"{path.name}:{line_number(path, row)}" for row in (2, 3))
    assert read.findings == (RowFinding(kind="out-of-scope", asset="DUST", count=2, units=0, where=where),)
    assert (read.rows, [line.asset for line in read.lines]) == (3, ["BTC"])
    with pytest.raises(InputError) as caught:
        totals(path, out=())
    assert str(caught.value) == (
        f"{where[0]}: the asset 'DUST' is unknown (2 rows)\n"
        "  hint: add it to the registry, map it under [tickers], or list it out of scope"
    )


@pytest.mark.parametrize("balance", ["5000", "0", "-5", "0.5"])
def test_an_unknown_asset_is_refused_whatever_the_finest_registered_asset_is(
    registry: Registry, tmp_path: Path, balance: str
) -> None:
    names = ledger_names({"BTC": registry.assets["BTC"]})
    path = as_csv(tmp_path, [("u1", "BTC", "1"), ("u1", "1000SATS", balance)])
    with pytest.raises(InputError, match="the asset '1000SATS' is unknown"):
        read_customers([(path, path.name)], names, out_of_scope=frozenset(), house=frozenset(), progress=silent)
    left_out = frozenset({"1000SATS"})
    read = read_customers([(path, path.name)], names, out_of_scope=left_out, house=frozenset(), progress=silent)
    assert (read.rows, [line.asset for line in read.lines]) == (2, ["BTC"])


@FORMS
def test_duplicates_zeros_and_look_alikes_are_counted_as_they_stand_and_noted(
    totals: Totals, tmp_path: Path, write: Write
) -> None:
    rows: Rows = [
        ("u1", "BTC", "1"), ("u2", "BTC", "0"), ("u1", "ETH", "1"), ("u1", "BTC", "-2"), ("u1", "XBT", "3"),
        ("U2", "ETH", "1"), ("ｕ1", "ETH", "1"), ("u1", "DEEP", "1"), ("straße", "BTC", "1"),
    ]  # fmt: skip
    path = write(tmp_path, rows)
    read = totals(path)

    def where(*numbers: int) -> tuple[str, ...]:
        return tuple(f"{path.name}:{line_number(path, number)}" for number in numbers)

    assert read.findings == (
        RowFinding(kind="duplicate", asset="BTC", count=2, units=500_000_000, where=where(4, 5)),
        RowFinding(kind="look-alike-id", asset="", count=4, units=0, where=where(1, 2, 6, 7)),
        RowFinding(kind="negative", asset="BTC", count=1, units=200_000_000, where=where(4)),
        RowFinding(kind="ticker", asset="BTC", count=1, units=300_000_000, where=("XBT × 1 BTC",)),
        RowFinding(kind="zero", asset="BTC", count=1, units=0, where=where(2)),
    )
    assert read.lines[0].gross == 500_000_000


def test_at_most_twenty_places_are_named(totals: Totals, tmp_path: Path) -> None:
    read = totals(as_csv(tmp_path, [(f"u{number}", "BTC", "0") for number in range(50)]))
    assert (read.findings[0].count, len(read.findings[0].where)) == (50, 20)


@FORMS
def test_the_same_asset_in_two_classes_is_no_duplicate(totals: Totals, tmp_path: Path, write: Write) -> None:
    rows: Rows = [("u1", "BTC", "1", "spot"), ("u1", "BTC", "2", "earn"), ("u1", "BTC", "4", "earn")]
    path = write(tmp_path, rows, (*HEADER, "class"))
    read = totals(path, listed=("earn", "spot"))
    assert [(line.class_, line.gross) for line in read.lines] == [("earn", 600_000_000), ("spot", 100_000_000)]
    assert [(finding.kind, finding.units) for finding in read.findings] == [("duplicate", 400_000_000)]
    assert read.classes == {
        "spot": f"{path.name}:{line_number(path, 1)}",
        "earn": f"{path.name}:{line_number(path, 2)}",
    }
    assert read.has_classes


@FORMS
def test_without_a_checklist_the_class_column_is_ignored_and_still_tells_rows_apart(
    totals: Totals, tmp_path: Path, write: Write
) -> None:
    rows: Rows = [("u1", "BTC", "1", "u1"), ("u1", "BTC", "2", "spot"), ("u2", "BTC", "2", "u2")]
    read = totals(write(tmp_path, rows, (*HEADER, "class")))
    assert [(line.class_, line.gross) for line in read.lines] == [("", 500_000_000)]
    assert (read.findings, read.classes, read.has_classes) == ((), {}, True)


@FORMS
def test_a_class_nobody_listed_is_summed_without_its_name(totals: Totals, tmp_path: Path, write: Write) -> None:
    rows: Rows = [(f"u{number}", "BTC", "1", f"secret-{number % 29}") for number in range(30)]
    path = write(tmp_path, [("u1", "BTC", "7", "spot"), *rows], (*HEADER, "class"))
    read = totals(path, listed=("spot",))
    assert [(line.class_, line.gross) for line in read.lines] == [("spot", 700_000_000), ("unlisted", 3 * 10**9)]
    places = tuple(f"{path.name}:{line_number(path, row)}" for row in range(2, 21))
    where = ("29 names that [classes] does not list", *places)
    assert read.findings == (RowFinding(kind="class-unlisted", asset="", count=30, units=0, where=where),)
    assert read.classes == {"spot": f"{path.name}:{line_number(path, 1)}"}
    assert "secret" not in repr(read)


@FORMS
def test_an_empty_class_is_unreadable(totals: Totals, tmp_path: Path, write: Write) -> None:
    path = write(tmp_path, [("u1", "BTC", "1", "")], (*HEADER, "class"))
    with pytest.raises(InputError, match=r":\d: the class is empty\n"):
        totals(path)


@FORMS
def test_a_ticker_with_a_multiplier_is_scaled_exactly(totals: Totals, tmp_path: Path, write: Write) -> None:
    read = totals(write(tmp_path, [("u1", "1000SATS", "1.005"), ("u2", "SATS", "7")]))
    assert [(line.asset, line.rows, line.gross) for line in read.lines] == [("SATS", 2, 1012)]
    assert read.findings == (
        RowFinding(kind="ticker", asset="SATS", count=1, units=1005, where=("1000SATS × 1000 SATS",)),
    )
    path = write(tmp_path, [("u1", "1000SATS", "1.0005")])
    with pytest.raises(InputError, match="the balance has 4 digits after the point, the asset has 3"):
        totals(path)


@FORMS
def test_a_file_without_rows_is_an_error_and_not_a_pass(totals: Totals, tmp_path: Path, write: Write) -> None:
    path = write(tmp_path, [])
    with pytest.raises(InputError) as caught:
        totals(path)
    assert str(caught.value) == (
        f"{path.name}: there is a header but no rows\n"
        "  hint: write a row for each balance: nothing owed is not shown by an empty list"
    )


class TestParquetColumns:
    def parquet(self, folder: Path, balance: pl.Series, customer: pl.Series | None = None) -> Path:
        path = folder / "customers.parquet"
        ids = pl.Series([f"u{number}" for number in range(len(balance))]) if customer is None else customer
        frame = pl.DataFrame({"customer": ids, "asset": ["BTC"] * len(balance), "balance": balance})
        frame.write_parquet(path)
        return path

    def test_decimals_and_integers_are_taken_exactly(self, totals: Totals, tmp_path: Path) -> None:
        decimals = pl.Series([Decimal("1.5"), Decimal("-0.00000001"), Decimal(20)], dtype=pl.Decimal(38, 18))
        read = totals(self.parquet(tmp_path, decimals))
        assert (read.lines[0].gross, read.lines[0].negative) == (2_150_000_000, 1)
        whole = pl.Series([Decimal(100), Decimal(0)], dtype=pl.Decimal(38, 0))
        assert totals(self.parquet(tmp_path, whole)).lines[0].gross == 100 * 10**8
        integers = pl.Series([10, -3], dtype=pl.Int64)
        assert totals(self.parquet(tmp_path, integers, pl.Series([1, 2]))).net == {"BTC": 7 * 10**8}

    def test_decimals_finer_than_the_asset_are_refused(self, totals: Totals, tmp_path: Path) -> None:
        decimals = pl.Series([Decimal("0.000000001")], dtype=pl.Decimal(38, 18))
        with pytest.raises(InputError, match="has 9 digits after the point, the asset has 8"):
            totals(self.parquet(tmp_path, decimals))

    @pytest.mark.parametrize("kind", [pl.Float64, pl.Float32])
    def test_floats_are_refused(self, totals: Totals, tmp_path: Path, kind: type[pl.DataType]) -> None:
        path = self.parquet(tmp_path, pl.Series([1.5], dtype=kind))
        with pytest.raises(
            InputError, match=r"^customers.parquet: the column 'balance' is Float\d\d\n  hint: write amounts"
        ):
            totals(path)

    def test_an_id_that_is_a_float_is_refused(self, totals: Totals, tmp_path: Path) -> None:
        path = self.parquet(tmp_path, pl.Series(["1"]), pl.Series([1.0]))
        with pytest.raises(
            InputError, match=r"^customers.parquet: the column 'customer' is Float64\n  hint: write text$"
        ):
            totals(path)

    def test_missing_values_are_unreadable(self, totals: Totals, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"^customers.parquet:1: the balance is empty"):
            totals(self.parquet(tmp_path, pl.Series([None], dtype=pl.String)))

    def test_repeated_words_may_be_categories(self, totals: Totals, tmp_path: Path) -> None:
        path = tmp_path / "customers.parquet"
        frame = pl.DataFrame({"customer": ["u1"], "asset": ["BTC"], "balance": ["1"]})
        frame.with_columns(pl.col("asset").cast(pl.Categorical)).write_parquet(path)
        assert totals(path).lines[0].gross == 10**8

    def test_row_groups_of_fewer_rows_than_the_file_states_are_refused(self, totals: Totals) -> None:
        with pytest.raises(InputError) as caught:
            totals(FILES / "row-groups-of-fewer-rows.parquet")
        assert str(caught.value) == (
            "row-groups-of-fewer-rows.parquet: 168 rows were read, the file states 200\n"
            "  hint: the file is damaged: write it again"
        )

    def test_a_file_that_panics_the_parser_is_refused(self, totals: Totals) -> None:
        with pytest.raises(InputError, match=r"^panics-the-parser.parquet: not Parquet that can be read: "):
            totals(FILES / "panics-the-parser.parquet")

    def test_what_is_not_parquet_is_refused(self, totals: Totals, tmp_path: Path) -> None:
        path = tmp_path / "customers.parquet"
        path.write_bytes(b"customer,asset,balance\n")
        with pytest.raises(InputError, match=r"^customers.parquet: not Parquet that can be read: "):
            totals(path)


def test_any_number_of_parts_is_one_register(totals: Totals, tmp_path: Path) -> None:
    paths = []
    for number in range(8):
        (tmp_path / str(number)).mkdir()
        paths.append(as_csv(tmp_path / str(number), [(f"u{number}", "BTC", "1")]))
    assert [(line.rows, line.gross) for line in totals(*paths).lines] == [(8, 8 * 10**8)]

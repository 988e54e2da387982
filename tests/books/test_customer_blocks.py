from __future__ import annotations

import csv
import gzip
import zlib
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.books import customer_blocks, line_chunks, strict_records
from reservecheck.books.customer_blocks import CustomerFile
from reservecheck.books.customer_rows import row_gate
from reservecheck.books.customer_tally import CustomerTotals
from reservecheck.books.customers import read_customers
from reservecheck.books.ledger_names import ledger_names
from reservecheck.books.unreadable import Unreadable
from reservecheck.errors import InputError
from reservecheck.model.progress import silent
from reservecheck.model.registry import Registry
from reservecheck.money import format_amount

Totals = Callable[..., CustomerTotals]
HEAD = b"customer,asset,balance\n"


@pytest.fixture(scope="session")
def totals(registry: Registry) -> Totals:
    def read(*paths: Path) -> CustomerTotals:
        return read_customers(
            [(path, path.name) for path in paths],
            ledger_names(registry.assets),
            out_of_scope=frozenset(),
            house=frozenset(),
            progress=silent,
        )

    return read


def written(folder: Path, data: bytes, name: str = "customers.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


UNREAD = "\ncustomers.csv: 1 row cannot be read, so what is owed is unknown"
QUOTE = (
    "a quote stands where RFC 4180 allows none, or is never closed\n"
    '  hint: put the whole value into quotes and double those inside: "a ""b"" c"'
)
COMMAS = '\n  hint: a value with a comma needs quotes: "a, b"'
REFUSED = {
    b"": "customers.csv: the file is empty\n  hint: write a header line and rows below it",
    b"customer,asset,balanse\n": (
        "customers.csv:1: unknown column 'balanse'\n  hint: did you mean 'balance'?\n"
        "customers.csv:1: the column 'balance' is missing\n"
        "  hint: the header names customer, asset, balance and may name class"
    ),
    b'customer,"asset,balance\nu,BTC,1\n': "customers.csv:1: the header is not CSV: unexpected end of data",
    HEAD + b"u1,BTC,1\nu2,BTC,1,9\n": f"customers.csv:3: 4 fields where the header has 3{COMMAS}{UNREAD}",
    HEAD + b"u1,BTC,1\nu2,BTC\n": f"customers.csv:3: 2 fields where the header has 3{COMMAS}{UNREAD}",
    HEAD + b"u1,BTC,1\nu2,BTC\nu3,BTC,1\n": f"customers.csv:3: 2 fields where the header has 3{COMMAS}{UNREAD}",
    HEAD + b"u1,BTC,1\nu2,BTC,\nu3,BTC,1\n": (
        f"customers.csv:3: the balance is empty\n  hint: unknown is not zero: write 0 for none{UNREAD}"
    ),
    HEAD + b'"u1",BTC,1\nu2,BTC\n': f"customers.csv:3: 2 fields where the header has 3{COMMAS}{UNREAD}",
    HEAD + b'"u1",BTC,1\n\nu2,BTC,1\n': f"customers.csv:3: the line is empty\n  hint: remove it{UNREAD}",
    HEAD + b"u1,BTC,1\n\nu2,BTC,1\n": f"customers.csv:3: the line is empty\n  hint: remove it{UNREAD}",
    HEAD + b"u1,BTC,1\nu\xff,BTC,1\n": (
        f"customers.csv:3: the byte 0xff is not UTF-8\n  hint: save the file as UTF-8{UNREAD}"
    ),
    HEAD + b"u1,BTC,1\nu\0,BTC,1\n": (
        "customers.csv:3: there is a NUL character\n"
        f"  hint: save the file as UTF-8 (NUL bytes often mean UTF-16){UNREAD}"
    ),
    HEAD + b"u1,BTC,1\nu2,BTC,1\ru3,BTC,1\n": (
        "customers.csv:3: a carriage return without a line feed\n  hint: end lines with LF or CRLF"
    ),
    HEAD + b'u1,BTC,1\nu"2,BTC,1\n': f"customers.csv:3: {QUOTE}",
    HEAD + b"u1,BTC,1\r": (
        "customers.csv:2: a carriage return without a line feed\n  hint: end lines with LF or CRLF"
    ),
    HEAD + b"u1,BTC,1\nu2,BTC,2,": f"customers.csv:3: 4 fields where the header has 3{COMMAS}{UNREAD}",
    HEAD + b'u1,BTC,1\n"u2,BTC,1\nu3,BTC,1\n': f"customers.csv:3: {QUOTE}",
    HEAD + b'"u1"x,BTC,1\n': f"customers.csv:2: {QUOTE}",
}


@pytest.mark.parametrize("data", REFUSED)
def test_a_file_that_is_not_as_it_should_be_is_refused_with_its_line(
    totals: Totals, tmp_path: Path, data: bytes
) -> None:
    with pytest.raises(InputError) as caught:
        totals(written(tmp_path, data))
    assert str(caught.value) == REFUSED[data]


def test_a_block_that_starts_like_a_compressed_file_is_read_as_it_stands(totals: Totals, tmp_path: Path) -> None:
    for first in ("x^(A", "x\x01", "x\u069c", "\x1f\u008b", "(\u00b5/\u00fd", "BZh9", "x^1"):
        rows = f"{first},BTC,1\n{first},KRW,1\nwhale,BTC,1000000\n"
        read = totals(written(tmp_path, HEAD + rows.encode()))
        assert read.net == {"BTC": 1_000_001 * 10**8, "KRW": 1}


def test_rows_that_make_a_whole_compressed_stream_are_read_as_they_stand(registry: Registry) -> None:
    path = Path(__file__).parent.parent / "data" / "customer-files" / "rows-that-inflate.csv"
    with path.open(encoding="utf-8", newline="") as file:
        owed = sum(Decimal(row["balance"]) for row in csv.DictReader(file, strict=True))
    read = read_customers(
        [(path, path.name)],
        ledger_names(registry.assets),
        out_of_scope=frozenset(),
        house=frozenset(),
        progress=silent,
    )
    assert (owed, read.net, read.rows) == (24_000_001, {"BTC": 24_000_001 * 10**8}, 5_680)


def test_bytes_of_a_compressed_stream_are_no_text(totals: Totals, tmp_path: Path) -> None:
    stream = zlib.compress(b"x^1,BTC,1\n" * 11, 9)
    rows = b"whale,BTC,1000000\n" * (11 - stream.count(b"\n") - 1)
    with pytest.raises(InputError, match=r"^customers\.csv:\d+: the byte 0x.. is not UTF-8"):
        totals(written(tmp_path, HEAD + stream + b"\n" + rows))


@pytest.mark.parametrize("block", [1 << 24, 40])
def test_a_byte_order_mark_belongs_to_the_id_wherever_a_block_starts(
    totals: Totals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(line_chunks, "_BLOCK", block)
    mark = "\ufeff"
    rows = f"{mark}u1,BTC,1\n{mark}u1,KRW,1\nu2,BTC,2\nu2,KRW,3\n{mark}u1,BTC,7\nu1,BTC,1\nu1,KRW,1\n"
    found = totals(written(tmp_path, HEAD + rows.encode())).findings
    assert [(one.kind, one.count, one.where) for one in found if one.kind == "duplicate"] == [
        ("duplicate", 1, ("customers.csv:6",))
    ]


@pytest.mark.parametrize("quoted", [True, False])
def test_lines_that_are_no_text_are_refused_however_many_were_read_before(
    totals: Totals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, quoted: bool
) -> None:
    monkeypatch.setattr(customer_blocks, "_BATCH", 2)
    first = b'"u1",BTC,1\n' if quoted else b"u1,BTC,1\n"
    with pytest.raises(InputError) as caught:
        totals(written(tmp_path, HEAD + first + b"u2,BTC,1\nu3\xff,BTC,1000\nu4,BTC,1\nu5\0,BTC,9\nu6,BTC,1\n"))
    assert str(caught.value).startswith("customers.csv:4: the byte 0xff is not UTF-8")
    assert "customers.csv:6: there is a NUL character" in str(caught.value)


def test_a_file_of_nothing_but_mistakes_is_refused_in_bounded_memory(
    totals: Totals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    original = customer_blocks.CustomerFile._block

    def block(self: customer_blocks.CustomerFile, rows: Any, numbers: Any, problems: Any) -> customer_blocks.Block:  # noqa: ANN401  # as it is called
        held.append(len(problems.problems))
        return original(self, rows, numbers, problems)

    monkeypatch.setattr(customer_blocks.CustomerFile, "_block", block)
    with pytest.raises(InputError, match="20000 rows cannot be read"):
        totals(written(tmp_path, HEAD + b"\n" * 20_000))
    assert max(held) <= 1_000


def test_a_record_that_never_ends_is_given_up(totals: Totals, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        totals(written(tmp_path, HEAD + b'"u1,BTC,1\n' + b"u2,BTC,1\n" * 10_000))
    assert str(caught.value) == (
        "customers.csv:2: a record is longer than 65536 bytes\n"
        "  hint: a quote that opens on this line may never be closed"
    )


def test_a_file_that_is_one_endless_line_is_refused(
    totals: Totals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_chunks, "_BLOCK", 64)
    with pytest.raises(InputError) as caught:
        totals(written(tmp_path, HEAD + b"9" * 1000))
    assert str(caught.value) == "customers.csv: a line is longer than 64 bytes\n  hint: end lines with LF"


@pytest.mark.parametrize(
    "data", [b"\x1f\x8b garbage", gzip.compress(HEAD + b"u1,BTC,1\n" * 99, mtime=0)[:-12], b"plain"]
)
def test_a_broken_archive_is_refused(totals: Totals, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError, match=r"^customers.csv.gz: cannot be read: "):
        totals(written(tmp_path, data, "customers.csv.gz"))


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("quote", [b"", b'"'])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_marks_and_quotes_do_not_matter(  # noqa: PLR0913  # one parameter a dimension
    totals: Totals, tmp_path: Path, end: bytes, mark: bytes, quote: bytes, *, last: bool
) -> None:
    lines = [b"balance,customer,asset", b"1.5,u1," + quote + b"BTC" + quote, b"2,u2,BTC"]
    read = totals(written(tmp_path, mark + end.join(lines) + (end if last else b"")))
    assert (read.rows, read.net) == (2, {"BTC": 350_000_000})


def test_a_quoted_id_may_hold_a_line_end_and_lines_are_still_counted(totals: Totals, tmp_path: Path) -> None:
    read = totals(written(tmp_path, HEAD + b'"u\n1",BTC,1\n"u,2",BTC,0\n'))
    assert [(finding.kind, finding.where) for finding in read.findings] == [("zero", ("customers.csv:4",))]


def test_parts_are_one_register_and_share_their_columns(totals: Totals, tmp_path: Path) -> None:
    first = written(tmp_path, HEAD + b"u1,BTC,1\n", "part-1.csv")
    second = written(tmp_path, HEAD + b"u1,BTC,2\nU1,BTC,1\n", "part-2.csv")
    read = totals(first, second)
    assert [(finding.kind, finding.count, finding.where) for finding in read.findings] == [
        ("duplicate", 1, ("part-2.csv:2",)),
        ("look-alike-id", 2, ("part-1.csv:2", "part-2.csv:3")),
    ]
    third = written(tmp_path, b"customer,asset,balance,class\nu1,BTC,2,spot\n", "part-3.csv")
    with pytest.raises(InputError) as caught:
        totals(first, third)
    assert str(caught.value) == (
        "part-3.csv: this file and part-1.csv differ in the column 'class'\n  hint: all parts have the same columns"
    )


def test_a_file_that_changes_while_it_is_read_is_refused(
    totals: Totals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, HEAD + b"u1,BTC,1\nu1,BTC,2\n")
    blocks = customer_blocks.CustomerFile.blocks

    def changing(self: customer_blocks.CustomerFile) -> list[customer_blocks.Block]:
        result = list(blocks(self))
        path.write_bytes(HEAD + b"u1,BTC,1\nu1,BTC,3\n")
        return result

    monkeypatch.setattr(customer_blocks.CustomerFile, "blocks", changing)
    with pytest.raises(InputError, match=r"^customers.csv: the file changed while it was read\n  hint: run again$"):
        totals(path)


def test_progress_is_told_in_bytes(registry: Registry, tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + b"u1,BTC,1\n")
    told: list[tuple[str, int, int]] = []
    read_customers(
        [(path, path.name)],
        ledger_names(registry.assets),
        out_of_scope=frozenset(),
        house=frozenset(),
        progress=lambda *event: told.append(event),
    )
    assert told == [("customers", 32, 32)]


def test_a_row_that_only_the_frame_refuses_is_still_named(registry: Registry) -> None:
    gate = row_gate(ledger_names(registry.assets), frozenset())
    row = {"customer": "u1", "asset": "BTC", "balance": "1", "line": 7}
    assert str(gate._problem(row, "customers.csv")) == (
        "customers.csv:7: the balance is out of range: 10^38 smallest units or more"
    )
    passed = gate.passed(pl.DataFrame({**{key: [value] for key, value in row.items()}}), "c", Unreadable()).rows
    assert passed["units"].to_list() == [10**18]


def test_ledgers_without_deep_assets_take_the_short_way(registry: Registry, tmp_path: Path) -> None:
    names = {name: row for name, row in ledger_names(registry.assets).items() if name != "DEEP"}
    path = written(tmp_path, HEAD + b"u1,BTC,1\nu2,KRW,-9999999999999999999\n")
    read = read_customers([(path, "c")], names, out_of_scope=frozenset(), house=frozenset(), progress=silent)
    assert read.net == {"BTC": 10**8, "KRW": 1 - 10**19}


@given(data=st.lists(st.sampled_from([b"a", b"1", b",", b",", b"\n", b"\r\n", b"\r", b" "]), max_size=30))
def test_what_the_quick_parser_returns_has_one_row_a_line_and_loses_nothing(data: list[bytes]) -> None:
    file = customer_blocks.CustomerFile(Path("c"), "c", columns=("customer", "asset", "balance"))
    text = b"".join(data)
    frame = file._parsed(text)
    if frame is not None:
        lines = [line.removesuffix(b"\n").removesuffix(b"\r") for line in strict_records.split_lines(text)]
        rows = [",".join(value or "" for value in row).rstrip(",") for row in frame.rows()]
        assert rows == [line.decode().rstrip(",") for line in lines]


@pytest.mark.parametrize("data", [b"a,b,1", b"a,b,1\n", b"a,b,1\r\n", b"a,b,1\r\nc,d,2", b",b,1\nc,,2\n"])
def test_lines_of_any_end_are_parsed_quickly(data: bytes) -> None:
    file = customer_blocks.CustomerFile(Path("c"), "c", columns=("customer", "asset", "balance"))
    assert file._parsed(data) is not None


IDS = st.sampled_from(["u1", "U1", "u2", "ｕ2", "u 3", "u3 ", "u3", "é", "É", "e\u0301"])
ROWS = st.lists(
    st.tuples(IDS, st.sampled_from(["BTC", "KRW", "DEEP"]), st.integers(-(10**14), 10**14)), min_size=1, max_size=40
)


@given(rows=ROWS, block=st.integers(100, 400), quoted=st.booleans())
def test_totals_and_duplicates_are_those_of_a_plain_loop_however_the_file_is_cut(  # noqa: PLR0913  # fixtures
    totals: Totals,
    registry: Registry,
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, int]],
    block: int,
    *,
    quoted: bool,
) -> None:
    lines = [
        f"{customer},{asset},{format_amount(units, registry.assets[asset].decimals)}"
        for customer, asset, units in rows
    ]
    if quoted:
        lines[len(lines) // 2] = '"' + lines[len(lines) // 2].replace(",", '","') + '"'
    data = HEAD + "".join(f"{line}\n" for line in lines).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_chunks, "_BLOCK", block)
        patch.setattr(customer_blocks, "_BATCH", 3)
        read = totals(written(tmp_path_factory.mktemp("rows"), data))
    gross: Counter[str] = Counter()
    negative: Counter[str] = Counter()
    repeated: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    for customer, asset, units in rows:
        gross[asset] += max(units, 0)
        negative[asset] += max(-units, 0)
        repeated[asset] += (customer, asset) in seen
        seen.add((customer, asset))
    assert {line.asset: (line.gross, line.negative) for line in read.lines} == {
        asset: (gross[asset], negative[asset]) for asset in {asset for _, asset, _ in rows}
    }
    duplicates = {finding.asset: finding.count for finding in read.findings if finding.kind == "duplicate"}
    assert duplicates == {asset: count for asset, count in repeated.items() if count}
    ids = {customer for customer, *_ in rows}
    groups = [{"u1", "U1"}, {"u2", "ｕ2"}, {"u 3"}, {"u3 ", "u3"}, {"é", "É", "e\u0301"}]
    alike = sum(len(ids & group) for group in groups if len(ids & group) > 1)
    assert sum(finding.count for finding in read.findings if finding.kind == "look-alike-id") == alike


def test_a_nul_in_parquet_is_no_more_read_than_in_text(tmp_path: Path) -> None:
    rows = {"customer": ["a", "a\0"], "asset": ["BTC", "BTC"], "balance": ["1", "2"]}
    pl.DataFrame(rows).write_parquet(tmp_path / "customers.parquet")
    (block,) = CustomerFile(tmp_path / "customers.parquet", "p").blocks()
    assert (block.bad, [str(one) for one in block.problems]) == (
        1,
        ["p:2: there is a NUL character\n  hint: write text without it: nobody sees what stands around it"],
    )

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.errors import InputError
from reservecheck.vault.csv_file import CsvRow, read_csv


def written(folder: Path, data: bytes | str) -> Path:
    path = folder / "list.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def refusal(folder: Path, data: bytes | str) -> str:
    with pytest.raises(InputError) as caught:
        read_csv(written(folder, data), required=("network", "address"), optional=("label",), shown="list.csv")
    return str(caught.value)


def test_rows_come_with_their_line_numbers_and_absent_optional_columns_empty(tmp_path: Path) -> None:
    data = b"address,network\nA,bitcoin:regtest\nB,eip155:31337\n"
    file = read_csv(written(tmp_path, data), required=("network", "address"), optional=("label",))
    assert file.rows == (
        CsvRow(2, {"address": "A", "network": "bitcoin:regtest", "label": ""}),
        CsvRow(3, {"address": "B", "network": "eip155:31337", "label": ""}),
    )
    assert (file.columns, file.bytes) == (("address", "network"), len(data))
    assert file.sha256 == hashlib.sha256(data).hexdigest()
    assert file.shown == str(tmp_path / "list.csv")


def test_a_byte_order_mark_carriage_returns_and_a_missing_last_line_end_are_tolerated(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbfnetwork,address\r\nn,a\r\nn,b")
    file = read_csv(path, required=("network", "address"))
    assert [row.values["address"] for row in file.rows] == ["a", "b"]


def test_quoted_values_hold_commas_quotes_and_line_ends_and_count_from_the_line_they_start_on(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, 'network,address\n"a, ""b""\nc",d\ne,f\n')
    file = read_csv(path, required=("network", "address"))
    assert [(row.line, row.values["network"]) for row in file.rows] == [(2, 'a, "b"\nc'), (4, "e")]


def test_nothing_is_stripped(tmp_path: Path) -> None:
    file = read_csv(written(tmp_path, "network,address\n n ,\n"), required=("network", "address"))
    assert file.rows[0].values == {"network": " n ", "address": ""}


def test_a_header_alone_passes_only_where_no_rows_are_expected(tmp_path: Path) -> None:
    path = written(tmp_path, "network,address\n")
    assert read_csv(path, required=("network", "address"), may_be_empty=True).rows == ()
    assert refusal(tmp_path, "network,address\n") == (
        "list.csv: there is a header but no rows\n  hint: write rows below it: an empty list passes nothing"
    )


EMPTY = "list.csv: the file is empty\n  hint: write a header line and rows below it"
COMMAS = '  hint: a value with a comma needs quotes: "a, b"'
COLUMNS = "  hint: the columns are network, address, label"
QUOTES = (
    "list.csv:2: a quote stands where RFC 4180 allows none, or is never closed\n"
    '  hint: put the whole value into quotes and double those inside: "a ""b"" c"'
)
REFUSED: dict[bytes | str, str] = {
    "": EMPTY,
    "\n \n": EMPTY,
    "network,adress\n": (
        "list.csv:1: unknown column 'adress'\n  hint: did you mean 'address'?\n"
        "list.csv:1: the column 'address' is missing\n"
        "  hint: the header names network, address and may name label"
    ),
    "network,address,zzz\n": ("list.csv:1: unknown column 'zzz'\n  hint: the columns are network, address, label"),
    "network,address,C732303044\n": "list.csv:1: column 3 is unknown\n" + COLUMNS,
    "network,address,label\x0bC7\n": "list.csv:1: column 3 is unknown\n  hint: did you mean 'label'?",
    f"network,address,{'z' * 31}\n": "list.csv:1: column 3 is unknown\n" + COLUMNS,
    "network,address,labl,alice,bob,carol\n": (
        "list.csv:1: unknown column 'labl'\n  hint: did you mean 'label'?\n"
        f"list.csv:1: column 4 is unknown\n{COLUMNS}\n"
        f"list.csv:1: column 5 is unknown\n{COLUMNS}\n"
        f"list.csv:1: column 6 is unknown\n{COLUMNS}"
    ),
    "network,address" + ",C1" * 63 + "\n": (
        "list.csv:1: the first line has 65 columns, and a header at most 64\n"
        "  hint: the header names network, address"
    ),
    "network,address,zzz,zzz\n": f"list.csv:1: unknown column 'zzz'\n{COLUMNS}",
    "network,address,network\n": "list.csv:1: the column 'network' stands twice\n  hint: keep one of them",
    "network,address\nn\n": "list.csv:2: 1 fields where the header has 2\n" + COMMAS,
    "network,address\nn,a\n\nn,b,c\nn,d\n": (
        "list.csv:3: the line is empty\n  hint: remove it\nlist.csv:4: 3 fields where the header has 2\n" + COMMAS
    ),
    'network,address\nn,a"b\n': QUOTES,
    'network,address\nn,"a"b\n': QUOTES,
    'network,address\nn,"a\n': QUOTES,
    "network,address\nn,a\rn,b\n": (
        "list.csv:2: a carriage return without a line feed\n  hint: end lines with LF or CRLF"
    ),
    b"network,address\nn,a\nn,\xb0\xa1\n": (
        "list.csv:3: the byte 0xb0 is not UTF-8\n  hint: save the file as UTF-8"
    ),
    b"\xef\xbb\xbfnetwork,address\n\xff,a\n": (
        "list.csv:2: the byte 0xff is not UTF-8\n  hint: save the file as UTF-8"
    ),
    "network,address\nn,a\0\n": (
        "list.csv:2: there is a NUL character\n  hint: save the file as UTF-8 (NUL bytes often mean UTF-16)"
    ),
}


@pytest.mark.parametrize("data", REFUSED)
def test_a_file_that_is_not_as_it_should_be_is_refused_with_its_line(tmp_path: Path, data: bytes | str) -> None:
    assert refusal(tmp_path, data) == REFUSED[data]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^gone.csv: cannot be read: No such file or directory$"):
        read_csv(tmp_path / "gone.csv", required=("network",), shown="gone.csv")


def test_a_field_beyond_any_reason_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "network,address\nn," + "a" * 200_000 + "\n") == (
        "list.csv:2: not CSV: field larger than field limit (131072)"
    )


def test_the_first_hundred_problems_are_named_and_all_are_counted(tmp_path: Path) -> None:
    text = refusal(tmp_path, "network,address\n" + "n\n" * 150)
    assert text.count("1 fields where the header has 2") == 100
    assert text.endswith("list.csv: 150 lines are wrong; the first 100 are above")


FIELDS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)


@given(st.lists(st.tuples(FIELDS, FIELDS), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_whatever_a_csv_writer_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], end: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(["network", "address"])
    writer.writerows(rows)
    path = written(tmp_path_factory.mktemp("csv"), out.getvalue())
    read = read_csv(path, required=("network", "address"))
    assert [(row.values["network"], row.values["address"]) for row in read.rows] == rows

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.books import customers, line_chunks, plain_tally, whole_runs
from reservecheck.books.customer_tally import CustomerTotals
from reservecheck.books.customers import read_customers
from reservecheck.books.ledger_names import ledger_names, ticker
from reservecheck.errors import InputError, MoneyError
from reservecheck.kernels import plain_lines
from reservecheck.kernels.name_table import NameTable
from reservecheck.model.progress import silent
from reservecheck.model.registry import Registry

HEAD = "customer,asset,balance\n"
AMOUNTS = ["0", "-0", "1", "-1", "0.5", "-3.00000001", "9999999999999999999", "01", "1e3", "", " 1", "1.000000001"]


def read(registry: Registry, path: Path, *house: str) -> CustomerTotals | str:
    names = ledger_names(registry.assets, [ticker("XBT", registry.assets["BTC"], Fraction(1))])
    try:
        return read_customers(
            [(path, path.name)], names, out_of_scope=frozenset({"OUT"}), house=frozenset(house), progress=silent
        )
    except InputError as error:
        return str(error)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each block was plain; every register is worth the loop."""
    answers: list[bool] = []
    plainly = plain_lines.plain_rows

    def rows(data: bytes, table: NameTable) -> plain_lines.PlainRows | None:
        found = plainly(data, table)
        answers.append(found is not None)
        return found

    monkeypatch.setattr(plain_lines, "plain_rows", rows)
    monkeypatch.setattr(plain_tally, "WORTH_COMPILING", 0)
    return answers


def written(folder: Path, *lines: str) -> Path:
    path = folder / "customers.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["u1", "U1", "u2", "ｕ2", "u 3", " ", "house"]),
            st.sampled_from(["BTC", "BTC", "KRW", "XBT", "DEEP", "OUT", "NIX"]),
            st.sampled_from(AMOUNTS[:7] * 8 + AMOUNTS),
        ),
        min_size=1,
        max_size=60,
    ),
    block=st.integers(100, 600),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_the_loop_says_what_the_frames_say(
    registry: Registry, tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], block: int, end: str
) -> None:
    path = tmp_path_factory.mktemp("rows") / "customers.csv"
    path.write_text(HEAD + "".join(",".join(row) + end for row in sorted(rows)), encoding="utf-8", newline="")
    said = []
    for worth in (0, 1 << 40):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(plain_tally, "WORTH_COMPILING", worth)
            patch.setattr(line_chunks, "_BLOCK", block)
            patch.setattr(customers, "stand_together", lambda _: True)
            patch.setattr(whole_runs, "_NEAR", 8)
            said.append(read(registry, path, "house"))
    assert said[0] == said[1]


def test_zeros_negatives_tickers_and_repeated_rows_are_plain(
    registry: Registry, tmp_path: Path, looked: list[bool]
) -> None:
    lines = ["u1,BTC,1", "u1,KRW,0", "u2,BTC,-2", "u2,XBT,3", "U3,KRW,4", "u3,KRW,5"]
    others = [f"x{number},{asset},1" for number in range(4) for asset in ("BTC", "KRW", "ETH")]
    found = read(registry, written(tmp_path, *lines, *others))
    assert isinstance(found, CustomerTotals)
    assert [(finding.kind, finding.where) for finding in found.findings] == [
        ("duplicate", ("customers.csv:5",)),
        ("look-alike-id", ("customers.csv:6", "customers.csv:7")),
        ("negative", ("customers.csv:4",)),
        ("ticker", ("XBT × 1 BTC",)),
        ("zero", ("customers.csv:3",)),
    ]
    assert found.net == {"BTC": 6 * 10**8, "KRW": 13, "ETH": 4 * 10**18}
    assert looked
    assert all(looked)


@pytest.mark.parametrize(
    ("lines", "plain"),
    [
        (["u1,BTC,1", "u1,KRW,1"], True),
        (["house,BTC,1", "house,KRW,1"], True),
        (["u1,BTC,1", "u1,DEEP,1"], False),
        (["u1,BTC,1", "u1,OUT,1"], False),
        (["u1,BTC,1", "u1,BTC,1e5"], False),
    ],
)
def test_only_blocks_in_the_plainest_form_are_the_loops(
    registry: Registry, tmp_path: Path, looked: list[bool], lines: list[str], *, plain: bool
) -> None:
    read(registry, written(tmp_path, *lines), "house")
    assert set(looked) == {plain}


@pytest.mark.parametrize("lines", [["u1,BTC,1"], ["u1,BTC,1", "u2,BTC,1"]])
def test_rows_that_do_not_stand_together_are_not_the_loops(
    registry: Registry, tmp_path: Path, looked: list[bool], lines: list[str]
) -> None:
    found = read(registry, written(tmp_path, *lines))
    assert isinstance(found, CustomerTotals)
    assert (found.rows, looked) == (len(lines), [])


def test_columns_in_another_order_are_not_the_loops(registry: Registry, tmp_path: Path, looked: list[bool]) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("asset,customer,balance\nBTC,u1,1\nKRW,u1,1\n", encoding="utf-8")
    assert isinstance(read(registry, path), CustomerTotals)
    assert looked == []


def test_ids_that_are_no_text_are_refused_with_their_line(
    registry: Registry, tmp_path: Path, looked: list[bool]
) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes(HEAD.encode() + b"u1,BTC,1\nu1,KRW,1\nu\xff,BTC,1\nu\xff,KRW,1\nu2,BTC,1\n")
    assert str(read(registry, path)).startswith("customers.csv:4: the byte 0xff is not UTF-8")
    assert True in looked


@pytest.mark.parametrize("block", [1 << 24, 100])
@pytest.mark.parametrize("worth", [0, 1 << 40])
def test_only_the_whole_sum_of_an_asset_is_held_to_its_range(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worth: int, block: int
) -> None:
    monkeypatch.setattr(plain_tally, "WORTH_COMPILING", worth)
    monkeypatch.setattr(line_chunks, "_BLOCK", block)
    found = read(registry, written(tmp_path, *["u1,KRW,9999999999999999999", "u1,BTC,1"] * 20))
    assert isinstance(found, CustomerTotals)
    assert found.net["KRW"] == 9999999999999999999 * 20
    path = written(tmp_path, *[f"u{n},DEEP,99999999999999" for n in range(2) for _ in range(2)], "u1,BTC,1")
    with pytest.raises(MoneyError, match="the amount is out of range"):
        read(registry, path)


def test_without_the_extra_or_for_small_registers_there_is_no_loop(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looked: list[bool]
) -> None:
    path = written(tmp_path, "u1,BTC,1", "u1,KRW,1")
    with monkeypatch.context() as patch:
        patch.setattr(plain_tally, "find_spec", lambda _: None)
        assert isinstance(read(registry, path), CustomerTotals)
    monkeypatch.setattr(plain_tally, "WORTH_COMPILING", path.stat().st_size + 1)
    assert isinstance(read(registry, path), CustomerTotals)
    assert looked == []

"""Leaves out of customer files: each customer once, and together exactly what the books sum as gross."""

from __future__ import annotations

import gzip
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reservecheck.books import customer_leaves
from reservecheck.books.customer_leaves import leaves_of
from reservecheck.books.owed import gross_of, read_customer_side
from reservecheck.commitment.columns import each, total
from reservecheck.errors import InputError, MoneyError
from reservecheck.model.progress import silent
from reservecheck.model.registry import Registry

HEAD = 'format = "reservecheck/snapshot/v1"\nentity = "kaede"\n'
TICKERS = '[tickers]\n"1000ETH" = { asset = "ETH", multiplier = "1000" }\n'
DECIMALS = {"BTC": 8, "ETH": 18, "KRW": 0}
IDS = st.sampled_from(["ada", "ben", "zoë", "李", "a" * 40, "0", "x,y", "한국"])
AMOUNTS = {
    "BTC": st.decimals(-9, 10**18, places=8),
    "ETH": st.decimals(-9, 10**6, places=18),
    "KRW": st.integers(-9, 10**18).map(Decimal),
    "1000ETH": st.decimals(0, 10**6, places=15),
}
ROWS = st.lists(
    st.sampled_from(sorted(AMOUNTS)).flatmap(lambda name: st.tuples(IDS, st.just(name), AMOUNTS[name])),
    min_size=1,
    max_size=40,
)
Leaves = dict[str, dict[str, int]]


def snapshot(folder: Path, rows: list[tuple[str, str, Decimal]] | str, suffix: str = "csv") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if not isinstance(rows, str):
        rows = "".join(f'"{customer}",{name},{amount:f}\n' for customer, name, amount in rows)
    text = f"customer,asset,balance\n{rows}"
    path = folder / f"customers.{suffix}"
    if suffix == "csv.gz":
        path.write_bytes(gzip.compress(text.encode()))
    elif suffix == "parquet":
        pl.read_csv(text.encode(), infer_schema=False).write_parquet(path)
    else:
        path.write_text(text, encoding="utf-8")
    (folder / "snapshot.toml").write_text(f'{HEAD}[files]\ncustomers = ["{path.name}"]\n{TICKERS}')
    return folder


def read(folder: Path, registry: Registry) -> Leaves:
    return {
        asset: {customer.decode(): units for customer, units, _ in each(columns)}
        for asset, columns in leaves_of(folder, registry.assets, frozenset(), silent)
    }


def added_up(rows: list[tuple[str, str, Decimal]]) -> Leaves:
    found: Leaves = defaultdict(lambda: defaultdict(int))
    for customer, name, amount in rows:
        asset, times = ("ETH", 1000) if name == "1000ETH" else (name, 1)
        found[asset][customer] += int(max(amount, Decimal(0)) * times * 10 ** DECIMALS[asset])
    return found


@settings(max_examples=40, deadline=None)
@given(rows=ROWS, suffix=st.sampled_from(["csv", "csv.gz", "parquet"]), most=st.sampled_from([1, 5, 10**6]))
def test_every_customer_is_one_leaf_and_their_sum_is_the_gross(
    registry: Registry, rows: list[tuple[str, str, Decimal]], suffix: str, most: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    """However few rows are kept at once."""
    folder = snapshot(tmp_path_factory.mktemp("owed"), rows, suffix)
    with patch.object(customer_leaves, "MOST_ROWS", most):
        assert read(folder, registry) == added_up(rows)
    side = read_customer_side(folder, registry, entity="kaede", out_of_scope=frozenset(), progress=silent)
    sums = {asset: total(columns) for asset, columns in leaves_of(folder, registry.assets, frozenset(), silent)}
    assert sums == gross_of(side.books.liabilities)


def test_many_rows_of_many_customers_are_added_up(registry: Registry, tmp_path: Path) -> None:
    rows = [(f"c{number % 700}", "BTC", Decimal(number)) for number in range(3000)]
    assert read(snapshot(tmp_path, rows), registry) == added_up(rows)
    assert read(snapshot(tmp_path, rows[:700]), registry) == added_up(rows[:700])


def test_sums_beyond_127_bits_are_exact(registry: Registry, tmp_path: Path) -> None:
    large = Decimal(10) ** 19 - 1
    rows = [(f"c{number}", "ETH", large) for number in range(30)] + [("c0", "ETH", large)]
    assert read(snapshot(tmp_path, rows), registry) == added_up(rows)


def test_a_customer_owed_more_than_there_can_be_is_refused(registry: Registry, tmp_path: Path) -> None:
    rows = [("c0", "ETH", Decimal(10) ** 19 - 1)] * 11
    with pytest.raises(MoneyError):
        read(snapshot(tmp_path, rows), registry)


def test_an_id_that_can_be_written_in_two_ways_is_refused_by_its_place(registry: Registry, tmp_path: Path) -> None:
    folder = snapshot(tmp_path, "ada,BTC,1\nzoe\u0308,BTC,1\nzoe\u0308,KRW,1\n")
    with pytest.raises(InputError) as refused:
        read(folder, registry)
    assert str(refused.value) == (
        "customers.csv:3: the customer's id is not in Unicode's form NFC (2 rows of this block)\n"
        "  hint: a customer's proof is found by the id's bytes: write ids in NFC"
    )


def test_an_id_with_a_character_nobody_has_agreed_on_is_refused_by_its_place(
    registry: Registry, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as refused:
        read(snapshot(tmp_path, "ada,BTC,1\nzo\u0378e,BTC,1\n"), registry)
    assert str(refused.value) == (
        "customers.csv:3: the customer's id has a character that Unicode does not have (1 rows of this block)\n"
        "  hint: programs differ in whether such an id is one: give that customer another"
    )


def test_rows_that_cannot_be_read_are_refused_as_the_books_refuse_them(registry: Registry, tmp_path: Path) -> None:
    folder = snapshot(tmp_path, "ada,BTC,1\nben,BTC,1e3\ncal,GOLD,1\n")
    with pytest.raises(InputError) as here:
        read(folder, registry)
    with pytest.raises(InputError) as there:
        read_customer_side(folder, registry, entity="kaede", out_of_scope=frozenset(), progress=silent)
    assert str(here.value) == str(there.value)
    assert "customers.csv:3: the balance is not an amount" in str(here.value)


def test_what_is_out_of_scope_is_no_leaf(registry: Registry, tmp_path: Path) -> None:
    folder = snapshot(tmp_path, "ada,BTC,1\nada,GOLD,1\n")
    found = leaves_of(folder, registry.assets, frozenset({"GOLD"}), silent)
    assert [asset for asset, _ in found] == ["BTC"]


def test_totals_alone_have_no_leaves(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "snapshot.toml").write_text(f'{HEAD}[files]\ntotals = "totals.csv"\n')
    (tmp_path / "totals.csv").write_text("asset,owed\nBTC,1\n")
    assert read(tmp_path, registry) == {}


def test_progress_tells_how_much_of_the_files_was_read(registry: Registry, tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    folder = snapshot(tmp_path, "ada,BTC,1\n")
    list(leaves_of(folder, registry.assets, frozenset(), lambda *told: heard.append(told)))
    size = (folder / "customers.csv").stat().st_size
    assert heard == [("leaves", size, size)]

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.books import line_chunks, plain_tally
from reservecheck.books.customers import read_customers
from reservecheck.books.ledger_names import ledger_names, ticker
from reservecheck.books.row_figures import AssetFigures, RowFigures, asset_figures
from reservecheck.model.progress import silent
from reservecheck.model.registry import Registry
from reservecheck.money import parse_amount

DECIMALS = {"BTC": 8, "ETH": 18, "KRW": 0, "DEEP": 24}


def read(registry: Registry, folder: Path, *lines: str) -> dict[str, AssetFigures]:
    path = folder / "customers.csv"
    path.write_text("customer,asset,balance\n" + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    tickers = [
        ticker("KBTC", registry.assets["BTC"], Fraction(1000)),
        ticker("XBT", registry.assets["BTC"], Fraction(1)),
    ]
    names = ledger_names(registry.assets, tickers)
    found = read_customers([(path, path.name)], names, out_of_scope=frozenset(), house=frozenset(), progress=silent)
    return dict(found.figures)


def test_the_largest_balance_is_known_by_its_place_and_the_first_of_equals_stays(
    registry: Registry, tmp_path: Path
) -> None:
    found = read(registry, tmp_path, "a,BTC,1.5", "b,BTC,2.5", "c,BTC,2.5", "d,BTC,-9", "e,KRW,-5")
    assert found == {
        "BTC": AssetFigures(largest=250_000_000, where="customers.csv:3", zeros={7: 3, 8: 1}),
        "KRW": AssetFigures(largest=0, where="", zeros={0: 1}),
    }


def test_an_asset_of_which_every_balance_is_zero_has_no_figures(registry: Registry, tmp_path: Path) -> None:
    assert list(read(registry, tmp_path, "a,BTC,0", "b,BTC,0.0", "c,KRW,3000")) == ["KRW"]


def test_a_tickers_balances_are_those_of_its_asset(registry: Registry, tmp_path: Path) -> None:
    assert read(registry, tmp_path, "a,KBTC,3", "b,XBT,2999", "c,KBTC,2") == {
        "BTC": AssetFigures(largest=3000 * 10**8, where="customers.csv:2", zeros={11: 2, 8: 1})
    }
    assert read(registry, tmp_path, "a,BTC,3000", "b,KBTC,4")["BTC"] == AssetFigures(
        largest=4000 * 10**8, where="customers.csv:3", zeros={11: 2}
    )


@given(
    rows=st.lists(
        st.tuples(st.sampled_from(sorted(DECIMALS)), st.integers(-(10**4), 10**4), st.integers(0, 14)),
        min_size=1,
        max_size=80,
    ),
    block=st.integers(60, 400),
    loop=st.booleans(),
)
def test_the_figures_are_those_of_integers_whatever_reads_them(
    registry: Registry,
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, int, int]],
    block: int,
    *,
    loop: bool,
) -> None:
    """Rows in pairs of one customer, so that a compiled loop takes those it can."""
    lines, units, places = [], {name: [0] for name in DECIMALS}, {name: [0] for name in DECIMALS}
    for number, (asset, value, power) in enumerate(rows):
        decimals = DECIMALS[asset]
        amount = value * 10 ** min(power, decimals)
        sign, digits = "-" * (amount < 0), str(abs(amount)).rjust(decimals + 1, "0")
        text = f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"
        lines.append(f"u{number // 2},{asset},{text}")
        units[asset].append(parse_amount(text, decimals))
        places[asset].append(number + 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_chunks, "_BLOCK", block)
        patch.setattr(plain_tally, "WORTH_COMPILING", 0 if loop else 1 << 40)
        found = read(registry, tmp_path_factory.mktemp("rows"), *lines)
    expected = {}
    for asset, amounts in units.items():
        if not any(amounts):
            continue
        largest = max(amounts)
        where = f"customers.csv:{places[asset][amounts.index(largest)]}" if largest else ""
        zeros = Counter(len(str(amount)) - len(str(amount).rstrip("0")) for amount in amounts if amount)
        expected[asset] = AssetFigures(largest=largest, where=where, zeros=zeros)
    assert found == expected


def test_a_name_that_comes_late_in_a_block_is_counted_too(registry: Registry, tmp_path: Path) -> None:
    rows = [*(f"u{number},ETH,0.5" for number in range(300)), "a,BTC,0.25", "b,BTC,30"]
    assert read(registry, tmp_path, *rows)["BTC"].zeros == {6: 1, 9: 1}


def test_merging_counts_rows_once_whatever_was_known_before(registry: Registry) -> None:
    figures = RowFigures({"BTC": (5, "a:2")}, {"BTC": 10}, {"BTC": Counter({10: 1})})
    later = figures.onward()
    assert later == RowFigures({"BTC": (5, "a:2")}, {"BTC": 10})
    later.add_largest("BTC", 5, "a:9")
    later.add_largest("BTC", 6, "a:10")
    later.add_zeros("BTC", {12: 1, 9: 2})
    assert figures.zeros == {"BTC": {10: 1}}
    figures.merge(later)
    assert figures == RowFigures({"BTC": (6, "a:10")}, {"BTC": 9}, {"BTC": Counter({9: 2, 10: 1, 12: 1})})
    assert asset_figures(RowFigures(), ledger_names(registry.assets)) == {}

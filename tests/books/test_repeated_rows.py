from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.books import customers, line_chunks, repeated_rows, whole_runs
from reservecheck.books.customer_tally import CustomerTotals
from reservecheck.books.customers import read_customers
from reservecheck.books.ledger_names import ledger_names
from reservecheck.books.repeated_rows import run_starts, stand_together
from reservecheck.model.books import RowFinding
from reservecheck.model.progress import silent
from reservecheck.model.registry import Registry

Rows = list[tuple[str, str, str]]
IDS = st.sampled_from(["u1", "U1", "u2", "ｕ2", "u 3", "u3"])
ROWS = st.lists(
    st.tuples(IDS, st.sampled_from(["BTC", "KRW", "DEEP"]), st.sampled_from(["spot", "earn"])),
    min_size=1,
    max_size=60,
)


def read(registry: Registry, *parts: Path) -> CustomerTotals:
    names = ledger_names(registry.assets)
    files = [(path, path.name) for path in parts]
    return read_customers(files, names, out_of_scope=frozenset(), house=frozenset(), progress=silent)


def written(folder: Path, rows: Rows, *, classes: bool, name: str = "customers.csv") -> Path:
    path = folder / name
    lines = [",".join((customer, asset, "1", *([kind] * classes))) for customer, asset, kind in rows]
    path.write_text("\n".join(["customer,asset,balance" + ",class" * classes, *lines, ""]), encoding="utf-8")
    return path


@given(
    rows=ROWS,
    order=st.sampled_from(["as drawn", "grouped", "the last few apart"]),
    classes=st.booleans(),
    block=st.integers(60, 400),
)
def test_what_is_found_does_not_depend_on_how_it_is_looked_for(  # noqa: PLR0913  # fixtures
    registry: Registry,
    tmp_path_factory: pytest.TempPathFactory,
    rows: Rows,
    order: str,
    block: int,
    *,
    classes: bool,
) -> None:
    cut = {"as drawn": 0, "grouped": len(rows), "the last few apart": max(len(rows) - 3, 0)}[order]
    path = written(tmp_path_factory.mktemp("rows"), [*sorted(rows[:cut]), *rows[cut:]], classes=classes)
    found = []
    for together in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(line_chunks, "_BLOCK", block)
            patch.setattr(whole_runs, "_NEAR", 4)
            patch.setattr(repeated_rows, "_SHORT", 3)
            patch.setattr(customers, "stand_together", lambda _, answer=together: answer)
            found.append(read(registry, path))
    assert found[0] == found[1]


def test_rows_of_a_customer_who_comes_back_much_later_are_compared(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_chunks, "_BLOCK", 4096)
    rows = [(f"u{number // 2}", ("BTC", "KRW")[number % 2], "") for number in range(5_000)]
    path = written(tmp_path, [*rows, ("u7", "ETH", ""), ("u7", "KRW", ""), ("u9", "DEEP", "")], classes=False)
    assert read(registry, path).findings == (
        RowFinding(kind="duplicate", asset="KRW", count=1, units=1, where=("customers.csv:5003",)),
    )


def test_a_customer_with_more_rows_than_any_block_is_compared(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_chunks, "_BLOCK", 4096)
    monkeypatch.setattr(whole_runs, "_NEAR", 8)
    kinds = [str(number) for number in range(5_000)]
    path = written(tmp_path, [("u1", "BTC", kind) for kind in [*kinds, "77"]], classes=True)
    assert read(registry, path).findings == (
        RowFinding(kind="duplicate", asset="BTC", count=1, units=10**8, where=("customers.csv:5002",)),
    )


def test_a_long_run_that_repeats_itself_far_apart_is_compared(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeated_rows, "_SHORT", 3)
    names = sorted(registry.assets)
    rows = [(f"u{number}", name, "") for number in range(3) for name in names]
    path = written(tmp_path, [*rows, ("u2", names[0], "")], classes=False)
    found = read(registry, path).findings
    assert [(finding.kind, finding.asset, finding.where) for finding in found] == [
        ("duplicate", names[0], (f"customers.csv:{len(rows) + 2}",))
    ]


def test_parts_may_each_hold_one_product_of_every_customer(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[int] = []
    monkeypatch.setattr(
        repeated_rows.RepeatedRows, "hash_rows_of", lambda _, customers, *__: hashed.append(len(customers))
    )
    rows = [(f"u{number // 2}", ("BTC", "KRW")[number % 2], "") for number in range(50)]
    first = written(tmp_path, rows, classes=False, name="spot.csv")
    second = written(tmp_path, [("u3", "KRW", ""), ("u3", "ETH", "")], classes=False, name="earn.csv")
    found = read(registry, first, second).findings
    assert [(finding.kind, finding.where) for finding in found] == [("duplicate", ("earn.csv:2",))]
    assert not hashed


@pytest.mark.parametrize(
    ("ids", "starts", "together"),
    [
        ([], [], True),
        ([None], [True], False),
        ([None, None, "a"], [True, False, True], False),
        (["a", "a", "b", "b", "b"], [True, False, True, False, False], True),
        (["a", "b", "b"], [True, True, False], False),
    ],
)
def test_a_run_starts_where_another_customer_stands_above(
    ids: list[str | None], starts: list[bool], *, together: bool
) -> None:
    frame = pl.DataFrame({"customer": pl.Series(ids, dtype=pl.String)})
    assert run_starts(frame).to_list() == starts
    assert stand_together(frame) is together

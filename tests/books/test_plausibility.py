from __future__ import annotations

from collections.abc import Mapping

import pytest

from reservecheck.books.plausibility import FEW_ROWS, Facts, coarse, doubts
from reservecheck.books.row_figures import AssetFigures
from reservecheck.model.liability_check import Coarse, Doubt, HeldAmount
from reservecheck.model.registry import Asset
from reservecheck.model.words import Severity

BTC = 10**8
ASSETS = {
    name: Asset(asset=name, name=name, kind="coin", decimals=decimals, issuer="", source="")
    for name, decimals in {"BTC": 8, "KRW": 0}.items()
}
Held = Mapping[str, HeldAmount | None]


def facts(  # noqa: PLR0913  # one parameter a fact
    owed: int | None,
    *,
    rows: int = 1000,
    largest: int = 1,
    zeros: Mapping[int, int] | None = None,
    held: Held | None = None,
    previous: Mapping[str, int] | None = None,
) -> Facts:
    there = {} if owed is None else {"BTC": owed}
    figures = AssetFigures(largest=largest, where="customers.csv:17", zeros=zeros or {0: rows})
    return Facts(
        assets=ASSETS,
        gross=there,
        rows=dict.fromkeys(there, rows),
        figures=dict.fromkeys(there, figures),
        most={"BTC": 21_000_000},
        held=held,
        previous=previous,
    )


def kinds(given: Facts) -> list[tuple[str, Severity]]:
    return [(doubt.kind, doubt.severity) for doubt in doubts(given)]


def test_a_ledger_that_fits_its_world_raises_no_doubt() -> None:
    held = {"BTC": HeldAmount(units=42_794 * BTC)}
    assert kinds(facts(42_619 * BTC, held=held, previous={"BTC": 42_000 * BTC})) == []
    assert kinds(facts(42_619 * BTC)) == []


def test_620_000_btc_against_42_000_held_cannot_be_overlooked() -> None:
    given = facts(662_619 * BTC, largest=620_000 * BTC, held={"BTC": HeldAmount(units=42_794 * BTC)})
    assert doubts(given) == (
        Doubt(
            kind="owed-above-held",
            severity=Severity.CRITICAL,
            asset="BTC",
            values={"owed": "662619", "held": "42794", "ratio": "6.45"},
        ),
        Doubt(
            kind="row-above-held",
            severity=Severity.CRITICAL,
            asset="BTC",
            values={"held": "42794", "share": "93.57"},
            where=("customers.csv:17",),
        ),
        Doubt(
            kind="one-large-balance",
            severity=Severity.WARNING,
            asset="BTC",
            values={"share": "93.57", "rows": "1000"},
            where=("customers.csv:17",),
        ),
    )


def test_nobody_can_be_owed_more_than_there_will_ever_be() -> None:
    assert kinds(facts(21_000_000 * BTC)) == []
    (doubt,) = doubts(facts(21_000_000 * BTC + 1))
    assert (doubt.kind, doubt.severity) == ("above-supply", Severity.CRITICAL)
    assert doubt.values == {"owed": "21000000.00000001", "most": "21000000"}


def test_what_was_not_read_is_not_zero_unless_far_too_little_was_read() -> None:
    held = {"BTC": HeldAmount(units=6 * BTC, unread=2)}
    assert kinds(facts(6 * BTC, held=held)) == []
    (doubt,) = doubts(facts(10 * BTC, held=held))
    assert (doubt.kind, doubt.severity) == ("owed-above-read", Severity.WARNING)
    assert doubt.values == {"owed": "10", "held": "6", "ratio": "60.00", "unread": "2"}
    assert kinds(facts(12 * BTC, held=held)) == [("owed-above-read", Severity.CRITICAL)]


def test_an_asset_nobody_holds_is_held_in_the_amount_of_nothing() -> None:
    (doubt,) = doubts(facts(5 * BTC, held={}))
    assert (doubt.kind, doubt.values["ratio"]) == ("owed-above-held", "0.00")


def test_where_no_register_speaks_of_an_asset_nothing_is_compared() -> None:
    assert kinds(facts(5 * BTC, held={"BTC": None})) == []


def test_totals_without_rows_have_no_largest_row() -> None:
    given = Facts(
        assets=ASSETS,
        gross={"BTC": 5 * BTC},
        rows={"BTC": 0},
        figures={},
        most={},
        held={"BTC": HeldAmount(units=BTC)},
    )
    assert kinds(given) == [("owed-above-held", Severity.CRITICAL)]


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (100, 100, []),
        (125, 100, []),
        (126, 100, [("jump", Severity.WARNING)]),
        (75, 100, []),
        (74, 100, [("jump", Severity.WARNING)]),
        (199, 100, [("jump", Severity.WARNING)]),
        (200, 100, [("jump", Severity.CRITICAL)]),
        (5, 0, [("newly-owed", Severity.NOTE)]),
        (0, 5, [("jump", Severity.WARNING)]),
        (None, 5, [("jump", Severity.WARNING)]),
    ],
)
def test_a_jump_against_last_time_is_asked_about(
    now: int | None, before: int, expected: list[tuple[str, Severity]]
) -> None:
    owed = None if now is None else now * BTC
    given = facts(owed, largest=min(owed or 0, 1), previous={"BTC": before * BTC})
    assert kinds(given) == expected


def test_what_was_owed_and_is_owed_no_more_is_said_in_figures() -> None:
    (doubt,) = doubts(facts(None, previous={"BTC": BTC}))
    assert doubt.values == {"owed": "0", "previous": "1", "of_previous": "0.00"}


@pytest.mark.parametrize(
    ("rows", "largest", "found"), [(FEW_ROWS, 51, True), (FEW_ROWS, 50, False), (FEW_ROWS - 1, 100, False)]
)
def test_one_balance_of_more_than_half_is_asked_about_where_there_are_rows_enough(
    rows: int, largest: int, *, found: bool
) -> None:
    assert kinds(facts(100, rows=rows, largest=largest)) == [("one-large-balance", Severity.WARNING)] * found


@pytest.mark.parametrize(
    ("rows", "zeros", "owed", "found"),
    [
        (100, {6: 100}, 99 * BTC, True),
        (100, {6: 90}, 99 * BTC, True),
        (100, {6: 100}, 10_000 * BTC, False),
        (FEW_ROWS - 1, {6: FEW_ROWS - 1}, BTC, False),
        (100, {0: 100}, BTC, False),
        (100, {0: 50, 6: 50}, BTC, False),
        (100, {}, BTC, False),
    ],
)
def test_balances_that_were_cut_off_are_told_with_the_most_they_hide(
    rows: int, zeros: Mapping[int, int], owed: int, *, found: bool
) -> None:
    given = facts(owed, rows=rows, zeros=zeros)
    assert kinds(given) == [("coarse-balances", Severity.WARNING)] * found
    if found:
        (doubt,) = doubts(given)
        assert doubt.values == {"step": "0.01", "rows": "100", "worst": "0.999999"}
        assert coarse(given) == {"BTC": Coarse(step=10**6, rows=100, worst=99_999_900)}


@pytest.mark.parametrize(
    ("zeros", "severity"), [({0: 1, 5: 50, 6: 49}, Severity.WARNING), ({0: 48, 6: 1, 5: 51}, Severity.NOTE)]
)
def test_a_balance_that_was_not_cut_off_hides_no_others(zeros: Mapping[int, int], severity: Severity) -> None:
    (doubt,) = doubts(facts(BTC, rows=100, zeros=zeros))
    rows = 100 - zeros[0]
    assert (doubt.kind, doubt.severity) == ("many-coarse-balances", severity)
    worst = f"0.0{rows * 99_999}".rstrip("0")
    assert doubt.values == {"step": "0.001", "rows": str(rows), "of": "100", "worst": worst}

from __future__ import annotations

from tests.assess.inputs_factory import books, engagement, inputs, liabilities, owed
from tests.rules.asking import ask

from reservecheck.model.engagement import OutOfScope
from reservecheck.rules.owed_outside_the_perimeter import RULE


def test_owed_outside_the_perimeter_breaks_for_each_asset_left_out_in_silence() -> None:
    assert ask(RULE, inputs(engagement=engagement(assets=("ETH", "USDT", "JPY")))) == [
        (
            "breaks",
            "critical",
            "BTC: 98 are owed, and the engagement neither includes the asset nor lists it out of scope",
        )
    ]


def test_owed_outside_the_perimeter_shows_what_is_left_out_with_its_reason() -> None:
    left_out = (OutOfScope(asset="BTC", reason="wound up"), OutOfScope(asset="DUST", reason="unknown to us"))
    said = ask(RULE, inputs(engagement=engagement(assets=("ETH", "USDT", "JPY"), out_of_scope=left_out)))
    assert said == [
        ("holds", "critical", "BTC: 98 owed are left out by the engagement: wound up"),
        ("holds", "critical", "DUST: not known owed are left out by the engagement: unknown to us"),
    ]


def test_owed_outside_the_perimeter_holds_where_nothing_is_left_out() -> None:
    assert ask(RULE, inputs()) == [("holds", "critical", "nothing is owed outside the perimeter")]


def test_owed_outside_the_perimeter_is_not_applicable_without_an_engagement() -> None:
    given = inputs(
        engagement=engagement(given=False, assets=()), books=books(liabilities=liabilities([owed("KDE", 1)]))
    )
    assert ask(RULE, given) == [
        (
            "not-applicable",
            "critical",
            "no engagement names a perimeter; everything in the file received is in it",
        )
    ]

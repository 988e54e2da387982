from __future__ import annotations

from tests.assess.drawn_inputs import answers, asked, confirmations
from tests.assess.inputs_factory import inputs
from tests.rules.asking import Said, ask

from reservecheck.model.confirmations import Answers
from reservecheck.rules.customers_disagree import RULE


def said(*given: Answers, **changes: object) -> Said:
    return ask(RULE, asked(confirmations(given, **changes)))


def test_customers_disagree_has_nothing_to_ask_without_a_list() -> None:
    nothing = [("not-applicable", "critical", "there is nothing to look at in what was received")]
    assert ask(RULE, inputs()) == nothing
    assert said(answers("BTC", agreed=0)) == nothing


def test_customers_disagree_holds_where_nobody_says_otherwise() -> None:
    assert said(answers("BTC"), answers("ETH", agreed=0, via_entity=1)) == [
        (
            "holds",
            "critical",
            (
                "BTC: of 55 customers drawn 55 agreed directly and 0 by way of the entity, 0 did not reply, and"
                " none says otherwise"
            ),
        ),
        (
            "holds",
            "critical",
            (
                "ETH: of 1 customer drawn 0 agreed directly and 1 by way of the entity, 0 did not reply, and"
                " none says otherwise"
            ),
        ),
    ]


def test_customers_disagree_breaks_with_the_differences_summed() -> None:
    more = answers("BTC", agreed=50, differing=3, no_reply=2, owed_more=1_500 * 10**8, owed_less=None)
    assert said(more) == [
        (
            "breaks",
            "critical",
            (
                "BTC: of 55 customers drawn 3 say otherwise: owed more by 1,500, owed less by a sum not"
                " shown (it is one customer's); 50 agreed directly, 0 by way of the entity, 2 did not reply"
            ),
        )
    ]


def test_customers_disagree_breaks_for_a_list_that_is_not_what_was_drawn() -> None:
    assert said(answers("BTC", agreed=54, left_out=1, added=1), answers("ETH", left_out=2)) == [
        (
            "breaks",
            "critical",
            "BTC: the list is not what was drawn: of 55 customers drawn 1 is left out, and 1 row was not drawn",
        ),
        (
            "breaks",
            "critical",
            "ETH: the list is not what was drawn: of 57 customers drawn 2 are left out, and 0 rows were not drawn",
        ),
    ]


def test_customers_disagree_breaks_for_a_row_where_nobody_could_be_drawn() -> None:
    assert [one[0] for one in said(answers("BTC", agreed=0, added=1))] == ["breaks"]


def test_customers_disagree_breaks_for_customers_of_an_asset_without_a_tree() -> None:
    given = asked(confirmations([answers("BTC")], listed=("BTC", "KDE")))
    assert ask(RULE, given)[1:] == [
        (
            "breaks",
            "critical",
            "KDE: customers are in the list, and the commitment has no tree that they could have been drawn from",
        )
    ]


def test_customers_disagree_notes_an_asset_whose_tree_was_not_built_again() -> None:
    assert said(listed=("BTC",)) == [
        (
            "not-assessable",
            "note",
            (
                "BTC: customers were asked, and no tree was built again that they could have been drawn from:"
                " give run --commitment-secret"
            ),
        )
    ]


def test_customers_disagree_breaks_for_one_who_differs_though_no_tree_was_built_again() -> None:
    assert said(listed=("BTC", "ETH"), otherwise={"BTC": 1, "ETH": 2}) == [
        (
            "breaks",
            "critical",
            (
                "BTC: 1 customer in the list says otherwise, and no tree was built again that the list could be"
                " held against"
            ),
        ),
        (
            "breaks",
            "critical",
            (
                "ETH: 2 customers in the list say otherwise, and no tree was built again that the list could be"
                " held against"
            ),
        ),
    ]


def test_customers_disagree_holds_of_nobody_who_is_silent() -> None:
    assert said(answers("BTC", agreed=0, no_reply=55)) == [
        ("not-assessable", "note", "BTC: of 55 customers drawn nobody answered")
    ]


def test_customers_disagree_notes_a_list_of_which_no_draw_was_announced() -> None:
    given = asked(confirmations((), listed=("BTC",)), draw=None)
    assert ask(RULE, given) == [
        (
            "not-assessable",
            "note",
            (
                "BTC: customers were asked, and the commitment announces no draw, so nobody knows whether they were"
                " drawn"
            ),
        )
    ]

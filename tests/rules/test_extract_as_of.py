from __future__ import annotations

from tests.assess.inputs_factory import CUTOFF_EPOCH, books, inputs, liabilities
from tests.rules.asking import ask

from reservecheck.model.books import Extract
from reservecheck.rules.extract_as_of import RULE


def as_of(text: str, epoch: int | None) -> list[tuple[str, str, str]]:
    return ask(RULE, inputs(books=books(liabilities=liabilities(extract=Extract(as_of=text, as_of_epoch=epoch)))))


def test_extract_as_of_holds_for_the_same_instant_in_another_zone() -> None:
    assert as_of("2018-09-14T08:00:00Z", CUTOFF_EPOCH) == [
        ("holds", "critical", "the extract is as of the cut-off, 2018-09-14T17:00:00+09:00")
    ]


def test_extract_as_of_breaks_nine_hours_off() -> None:
    assert as_of("2018-09-14T17:00:00Z", CUTOFF_EPOCH + 9 * 3600) == [
        (
            "breaks",
            "critical",
            "the extract is as of 2018-09-14T17:00:00Z, 32400 s after the cut-off 2018-09-14T17:00:00+09:00",
        )
    ]
    assert " 1 s before " in as_of("2018-09-14T07:59:59Z", CUTOFF_EPOCH - 1)[0][2]


def test_extract_as_of_is_not_assessable_where_nobody_says() -> None:
    assert as_of("not stated", None) == [
        ("not-assessable", "critical", "the snapshot does not state as of when the extract is")
    ]

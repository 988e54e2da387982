from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.books.asked_list import SILENT, written

from reservecheck.books.confirmations import COLUMNS, Asked, AskedList, read_confirmations
from reservecheck.books.register import Location
from reservecheck.errors import InputError
from reservecheck.model.confirmations import DrawnBy, ReadFrom
from reservecheck.model.registry import Registry

Read = Callable[[str], AskedList]
AS_OF = 1_536_912_000  # 2018-09-14T08:00:00Z
SECRETIVE = "id-4711-of-somebody"


@pytest.fixture
def read_list(tmp_path: Path, registry: Registry) -> Read:
    def read(text: str) -> AskedList:
        (tmp_path / "confirmations.csv").write_text(text, encoding="utf-8")
        return read_confirmations(Location(tmp_path, "confirmations.csv"), registry.assets, as_of=AS_OF)[0]

    return read


@pytest.fixture
def said(read_list: Read) -> Callable[..., str]:
    def refused(*rows: Mapping[str, str]) -> str:
        with pytest.raises(InputError) as caught:
            read_list(written(rows))
        assert SECRETIVE not in str(caught.value)
        return str(caught.value)

    return refused


def test_a_list_is_read_with_every_kind_of_answer(read_list: Read) -> None:
    rows = [
        {},
        {"number": "2", "customer": "u2", "answer": "differs", "stated": "0.5", "channel": "via-entity"},
        {"number": "3", "customer": "u3", **SILENT},
        {
            "number": "4",
            "asset": "ETH",
            "answer": "agrees",
            "stated": "1",
            "received_on": "2018-09-20T23:00:00+09:00",
        },
        {"number": "5", "customer": "'=u5", **SILENT, "answer": "no-reply"},
    ]
    found = read_list(written(rows))
    assert found.drawn_by == DrawnBy(
        commitment="c" * 64,
        network="bitcoin:regtest",
        height=120,
        block="b" * 64,
        time="2018-09-20T09:00:00Z",
        read_from=ReadFrom.OWN,
    )
    one = 10**8
    assert found.asked == (
        Asked(number=1, asset="BTC", customer="u1", units=one, hits=2, answer="agrees", stated=one,
              channel="direct"),
        Asked(number=2, asset="BTC", customer="u2", units=one, hits=2, answer="differs", stated=one // 2,
              channel="via-entity"),
        Asked(number=3, asset="BTC", customer="u3", units=one, hits=2),
        Asked(number=4, asset="ETH", customer="u1", units=10**18, hits=2, answer="agrees", stated=10**18,
              channel="direct"),
        Asked(number=5, asset="BTC", customer="=u5", units=one, hits=2),
    )  # fmt: skip


def test_a_typed_hash_has_no_time_and_a_remark_may_stand_beside(read_list: Read) -> None:
    text = written([{"block_time": "", "read_from": "typed", "received_on": "2018-09-15"}])
    header, row = text.splitlines()
    assert read_list(f"{header},remark\n{row},wrote twice\n").drawn_by.time == ""


def test_the_blocks_time_is_told_in_utc_whatever_was_made_of_it(read_list: Read) -> None:
    changed = written([{"block_time": "2018-09-20T18:00:00.5+09:00"}])
    assert read_list(changed).drawn_by.time == "2018-09-20T09:00:00Z"


def test_an_answer_of_the_day_after_in_the_far_east_is_not_before_the_block(read_list: Read) -> None:
    assert read_list(written([{"received_on": "2018-09-19"}])).asked[0].answer == "agrees"


@pytest.mark.parametrize(
    ("row", "message", "hint"),
    [
        ({"answer": SECRETIVE}, "answer is not a word of this column", "write one of agrees, differs, no-reply"),
        ({"channel": ""}, "channel is not a word of this column", "write one of direct, via-entity"),
        ({"read_from": "hearsay"}, "read_from is not a word of this column",
         "write one of own-source, third-party-source, typed"),
        ({"answer": "agrees", "stated": "0.9"}, "answer is agrees, and stated says otherwise",
         "write differs, or correct stated"),
        ({"answer": "differs", "stated": "1.0"}, "answer is differs, and stated says otherwise",
         "write agrees, or correct stated"),
        ({"answer": "differs", "stated": ""}, "stated is not an amount of BTC",
         "write it in whole units with at most 8 digits after the point"),
        ({"amount": "1e3"}, "amount is not an amount of BTC",
         "write it in whole units with at most 8 digits after the point"),
        ({"amount": "-1"}, "amount is not an amount of BTC",
         "write it in whole units with at most 8 digits after the point"),
        ({"answer": "no-reply", "stated": "0.1"},
         "there is no answer, and stated, received_on, channel, received_by are filled in",
         "write agrees or differs: whatever came is an answer"),
        ({**SILENT, "received_by": "A. Auditor"}, "there is no answer, and received_by is filled in",
         "write agrees or differs: whatever came is an answer"),
        ({"received_on": "2018-09-18"}, "received_on is before the block of 2018-09-20T09:00:00Z that drew",
         "nobody was drawn by then"),
        ({"received_on": "2018-09-19T00:00:00+09:00"},
         "received_on is before the block of 2018-09-20T09:00:00Z that drew", "nobody was drawn by then"),
        ({"received_on": "2018-09-12", "block_time": "", "read_from": "typed"},
         "received_on is before 2018-09-14T08:00:00Z, which balances are as of", "nobody was drawn by then"),
        ({"received_on": SECRETIVE}, "received_on is not a day or an instant",
         "write it as 2018-09-21 or 2018-09-21T10:00:00+09:00"),
        ({"block_time": "yesterday"}, "block_time is not a day or an instant",
         "write it as 2018-09-21 or 2018-09-21T10:00:00+09:00"),
        ({"block_time": "0001-01-01T00:00:00+14:00"}, "block_time is no instant of a block",
         "leave the column as the draw wrote it"),
        ({"block_time": ""}, "read_from is own-source, and block_time is empty",
         "leave both as the draw wrote them: a source tells the time, and nobody types it"),
        ({"read_from": "typed"}, "read_from is typed, and block_time is given",
         "leave both as the draw wrote them: a source tells the time, and nobody types it"),
        ({"received_by": " "}, "received_by is empty", "write who received the answer"),
        ({"customer": ""}, "customer is empty", "leave the column as the draw wrote it"),
        ({"asset": SECRETIVE}, "the asset is unknown", "leave the column as the draw wrote it"),
        ({"hits": "10001"}, "hits is more than 10000", "leave the column as the draw wrote it"),
        ({"hits": "0"}, "hits is not as it was written", "write a whole number, as the draw wrote it"),
        ({"number": SECRETIVE}, "number is not as it was written", "write a whole number, as the draw wrote it"),
        ({"height": "01"}, "height is not as it was written", "write a whole number, as the draw wrote it"),
        ({"network": "bitcoin"}, "network is not as it was written", "write a network, as the draw wrote it"),
        ({"block_hash": "B" * 64}, "block_hash is not as it was written",
         "write 64 characters of 0-9 and a-f, as the draw wrote it"),
        ({"commitment_sha256": ""}, "commitment_sha256 is not as it was written",
         "write 64 characters of 0-9 and a-f, as the draw wrote it"),
    ],
)  # fmt: skip
def test_a_row_that_says_two_things_or_none_is_refused(
    said: Callable[..., str], row: Mapping[str, str], message: str, hint: str
) -> None:
    assert said(row) == f"confirmations.csv:2: {message}\n  hint: {hint}"


@pytest.mark.parametrize("again", [{"number": "2"}, {"customer": SECRETIVE}, {"number": "2", "customer": "'u1"}])
def test_a_number_or_a_customer_that_stands_twice_is_refused(
    said: Callable[..., str], again: Mapping[str, str]
) -> None:
    assert said({}, again) == (
        "confirmations.csv:3: its number or its customer stands twice\n  hint: write one row a customer and asset"
    )


@pytest.mark.parametrize(
    "other", [{"block_hash": "d" * 64}, {"height": "121"}, {"commitment_sha256": "e" * 64}, {"read_from": "typed"}]
)
def test_rows_of_two_draws_are_refused(said: Callable[..., str], other: Mapping[str, str]) -> None:
    assert said({}, {"number": "2", "customer": SECRETIVE, **other}) == (
        "confirmations.csv:3: it was drawn by something else than the first row\n  hint: write one list a draw"
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(st.characters(codec="utf-8"), max_size=30), min_size=1))
def test_whatever_stands_in_a_row_it_is_read_or_refused_without_repeating_it(
    read_list: Read, changes: dict[str, str]
) -> None:
    marked = {name: f"{text}{SECRETIVE}" for name, text in changes.items()}
    said = ""
    try:
        read_list(written([marked]))
    except InputError as error:
        said = str(error)
    assert SECRETIVE not in said
    assert said or marked.keys() <= {"customer", "received_by"}


def test_a_list_without_rows_is_refused(read_list: Read) -> None:
    with pytest.raises(InputError) as caught:
        read_list(",".join(COLUMNS) + "\n")
    assert str(caught.value) == (
        "confirmations.csv: there is a header but no rows\n"
        "  hint: write rows below it: an empty list passes nothing"
    )

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assess.inputs_factory import books, liabilities, owed, registry
from tests.members import records

from reservecheck.errors import BundleError
from reservecheck.members.books import LIABILITIES, read_books, write_books
from reservecheck.members.registers import HEADERS
from reservecheck.model.books import Books, RowFinding
from reservecheck.model.declared import InputFile

REGISTRY: Final = registry()
FINDING: Final = RowFinding(kind="negative", asset="BTC", count=2, units=150_000_000, where=("customers.csv:3",))
FILE: Final = InputFile(name="customers.csv", bytes=9, sha256="ab" * 32)
PLAIN: Final = books(
    liabilities=liabilities(
        (owed("BTC", 98 * 10**8, negative=150_000_000, house=10**8, class_="spot"),),
        findings=(FINDING,),
        private_files=(FILE,),
    ),
    files=(FILE,),
)
EXTRACT: Final = "as_of, as_of_epoch, extracted_by, observed_by, ran_at, rows, script_sha256, totals"
NO_INSTANT: Final = "'y' is not an instant with an offset, such as 2018-06-28T00:00:00+09:00"
MEMBERS: Final = write_books(PLAIN, REGISTRY)
WRITTEN: Final[dict[str, Any]] = json.loads(MEMBERS[LIABILITIES])


def refusal(**changes: object) -> str:
    """What is said of liabilities.json with some members set, or dropped where they are an ellipsis."""
    data = json.dumps(records.replaced(WRITTEN, **changes)).encode()
    with pytest.raises(BundleError) as refused:
        read_books({**MEMBERS, LIABILITIES: data}, REGISTRY)
    return str(refused.value)


@given(records.books)
def test_any_books_come_back_and_give_the_same_bytes(before: Books) -> None:
    written = write_books(before, REGISTRY)
    after = read_books(written, REGISTRY)
    assert after == before
    assert write_books(after, REGISTRY) == written


def test_what_is_owed_is_written_in_whole_units_with_its_net() -> None:
    assert WRITTEN["owed"] == [
        {"asset": "BTC", "class": "spot", "gross": "98", "house": "1", "negative": "1.5", "net": "96.5", "rows": 3}
    ]
    assert WRITTEN["findings"] == [
        {"amount": "1.5", "asset": "BTC", "count": 2, "kind": "negative", "where": ["customers.csv:3"]}
    ]
    assert WRITTEN["commitment"] is None
    assert sorted(MEMBERS) == [
        "cash.csv",
        "custodians.csv",
        "encumbrances.csv",
        "letters.csv",
        LIABILITIES,
        "prices.csv",
    ]


@pytest.mark.parametrize("missing", sorted(WRITTEN))
def test_every_key_of_what_is_owed_is_there(missing: str) -> None:
    assert refusal(**{missing: ...}) == "liabilities.json is not what this tool writes"


@pytest.mark.parametrize(
    "changes",
    [{"more": 1}, {"grade": 1}, {"owed": {}}, {"owed": None}, {"findings": "none"}],
)
def test_another_shape_is_refused(changes: dict[str, object]) -> None:
    assert refusal(**changes) == "liabilities.json is not what this tool writes"


@pytest.mark.parametrize(
    "changes",
    [
        *({missing: ...} for missing in ("asset", "class", "gross", "house", "negative", "net", "rows")),
        {"more": 1},
        *({"rows": rows} for rows in ("3", None, True, -1, [3])),
        *({amount: 1} for amount in ("gross", "house", "negative", "net")),
        {"net": "98"},
        {"net": "96.50"},
        {"gross": "-98", "net": "-99.5"},
        {"negative": "-1.5", "net": "99.5"},
        {"house": "-1"},
        {"class": None},
    ],
)
def test_a_malformed_line_of_what_is_owed_is_refused(changes: dict[str, Any]) -> None:
    line = records.replaced(WRITTEN["owed"][0], **changes)
    assert refusal(owed=[line]) == "liabilities.json: a line of what is owed is malformed"


def test_a_line_that_is_no_object_is_refused() -> None:
    assert refusal(owed=["BTC"]) == "liabilities.json: a line of what is owed is malformed"
    assert refusal(findings=[None]) == "liabilities.json: a finding is malformed"


@pytest.mark.parametrize(
    "changes",
    [
        *({missing: ...} for missing in ("asset", "count", "kind", "amount", "where")),
        *({"count": count} for count in ("2", True, -1, None)),
        {"more": 1},
        {"amount": 1},
        {"where": "customers.csv:3"},
        {"kind": None},
    ],
)
def test_a_malformed_finding_is_refused(changes: dict[str, Any]) -> None:
    finding = records.replaced(WRITTEN["findings"][0], **changes)
    assert refusal(findings=[finding]) == "liabilities.json: a finding is malformed"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"grade": "L9"}, "the books hold something unreadable: 'L9' is not a valid Grade"),
        ({"extract": {}}, f"liabilities.json: extract lacks or has too many of: {EXTRACT}"),
        ({"classes": []}, "liabilities.json: classes is not an object"),
        ({"classes": {"spot": 1}}, "liabilities.json: classes.spot is not of type str"),
        ({"private_files": {}}, "liabilities.json: private_files is not a list"),
        ({"files": [1]}, "liabilities.json: files[0] is not an object"),
    ],
)
def test_what_is_off_is_named(changes: dict[str, Any], said: str) -> None:
    assert refusal(**changes) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("1.50", "'1.50' is not an amount as this tool writes it"),
        ("1e3", "'1e3' is not an amount as this tool writes it"),
        ("9" * 31, "the books hold something unreadable: the amount is out of range: 10^38 smallest units or more"),
    ],
)
def test_an_amount_that_is_not_exactly_as_written_is_refused(amount: str, said: str) -> None:
    line = records.replaced(WRITTEN["owed"][0], gross=amount)
    assert refusal(owed=[line]) == said
    finding = records.replaced(WRITTEN["findings"][0], amount=amount)
    assert refusal(findings=[finding]) == said


def test_an_asset_the_registry_lacks_is_named() -> None:
    line = records.replaced(WRITTEN["owed"][0], asset="XYZ")
    assert refusal(owed=[line]) == "the books name or lack 'XYZ'"


def test_where_a_finding_stands_is_a_text() -> None:
    finding = records.replaced(WRITTEN["findings"][0], where=[1])
    assert refusal(findings=[finding]) == "liabilities.json: where[0] is not of type str"


def test_books_without_what_is_owed_are_no_books() -> None:
    with pytest.raises(BundleError) as refused:
        read_books({}, REGISTRY)
    assert str(refused.value) == "the books name or lack 'liabilities.json'"


@given(st.binary(max_size=20))
def test_bytes_that_are_no_json_are_refused(data: bytes) -> None:
    with pytest.raises(BundleError):
        read_books({LIABILITIES: data}, REGISTRY)


@pytest.mark.parametrize(
    ("member", "row", "said"),
    [
        ("cash.csv", "a,b,XYZ,1,trust,,", "the books name or lack 'XYZ'"),
        ("cash.csv", "a,b,JPY,1,nominee,,", "the books hold something unreadable: 'nominee' is not a valid Title"),
        ("prices.csv", "BTC,1/0,x,y,,", "'1/0' is not a price as this tool writes it"),
        (
            "prices.csv",
            "BTC,1,x,y,,",
            f"the books hold something unreadable: {NO_INSTANT}",
        ),
        ("custodians.csv", "a,BTC,1.10,,", "'1.10' is not an amount as this tool writes it"),
        ("letters.csv", "i,f,cash,l,JPY,x,,,,,,,", "'x' is not an amount as this tool writes it"),
        ("encumbrances.csv", "pledge,XYZ,1,,,,", "the books name or lack 'XYZ'"),
        ("reconciling.csv", "in-flight,BTC,1", "reconciling.csv:2: 3 fields instead of 7"),
    ],
)
def test_a_register_that_cannot_be_read_is_refused(member: str, row: str, said: str) -> None:
    data = f"{','.join(HEADERS[member])}\n{row}\n".encode()
    with pytest.raises(BundleError) as refused:
        read_books({**MEMBERS, member: data}, REGISTRY)
    assert str(refused.value) == said

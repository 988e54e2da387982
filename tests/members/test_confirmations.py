from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final

import pytest
from tests.assess.drawn_inputs import AGREED, FILES, LIST, STATED, answers, confirmations
from tests.assess.inputs_factory import REBUILT, TREES, books, committed, liabilities, registry
from tests.members import records

from reservecheck.errors import BundleError
from reservecheck.members.books import read_books, write_books
from reservecheck.members.confirmations import NAME, confirmations_contradicted
from reservecheck.model.books import Books
from reservecheck.model.confirmations import Answers, Confirmations

REGISTRY: Final = registry()
MANY: Final = tuple(replace(tree, height=10) for tree in REBUILT)


def kept(given: Confirmations | None = None, **changes: Any) -> Books:  # noqa: ANN401  # a part of Books
    owed = liabilities(commitment=changes.pop("commitment", committed(MANY, draw=STATED)))
    return books(**{
        "liabilities": owed, "files": FILES, "confirmations": confirmations() if given is None else given, **changes
    })  # fmt: skip


MEMBERS: Final = write_books(kept(), REGISTRY)
WRITTEN: Final[dict[str, Any]] = json.loads(MEMBERS[NAME])


def test_counts_and_digests_are_written_and_nobodys_name() -> None:
    one = confirmations([answers("BTC", agreed=50, differing=2, owed_more=150_000_000, owed_less=None)])
    assert json.loads(write_books(kept(one), REGISTRY)[NAME]) == {
        "answers": [
            {
                "added": 0,
                "agreed": 50,
                "asset": "BTC",
                "differing": 2,
                "draws": 60,
                "left_out": 0,
                "no_reply": 0,
                "owed_less": None,
                "owed_more": "1.5",
                "via_entity": 0,
            }
        ],
        "drawn_by": {
            "block": "b1" * 32,
            "commitment": "c0" * 32,
            "height": 200,
            "network": "bitcoin:regtest",
            "read_from": "own-source",
            "time": "2018-09-20T09:00:00Z",
        },
        "list_sha256": LIST,
        "listed": ["BTC"],
        "otherwise": {"BTC": 2},
    }


def test_without_a_list_there_is_no_member() -> None:
    assert NAME not in write_books(books(), REGISTRY)
    assert read_books(write_books(books(), REGISTRY), REGISTRY).confirmations is None


def refusal(**changes: object) -> str:
    data = json.dumps(records.replaced(WRITTEN, **changes)).encode()
    with pytest.raises(BundleError) as refused:
        read_books({**MEMBERS, NAME: data}, REGISTRY)
    return str(refused.value)


def by(**changes: object) -> dict[str, Any]:
    return records.replaced(WRITTEN["drawn_by"], **changes)


def with_answer(**changes: object) -> list[dict[str, Any]]:
    return [records.replaced(WRITTEN["answers"][0], **changes)]


NO_DIGEST: Final = "confirmations.json: a digest is not 64 digits of lower-case hex"
NO_BLOCK: Final = "confirmations.json: the block is none"
NO_ORDER: Final = "confirmations.json: its assets do not stand in order, each once"
NO_TIME: Final = "confirmations.json: a block's time goes with a source, and with no hash that was typed"
NOT_LISTED: Final = "confirmations.json: rows that differ are of assets that are not listed, or are none"
NO_COUNT: Final = "confirmations.json: a count of 'BTC' is below zero, or there are too many draws"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"list_sha256": "11" * 31}, NO_DIGEST),
        ({"drawn_by": by(block="B1" * 32)}, NO_DIGEST),
        ({"drawn_by": by(commitment="")}, NO_DIGEST),
        ({"drawn_by": by(height=-1)}, NO_BLOCK),
        ({"drawn_by": by(network="")}, NO_BLOCK),
        ({"drawn_by": by(network="bitcoin:\x1b[2J")}, NO_BLOCK),
        ({"drawn_by": by(time="yesterday")}, NO_BLOCK),
        ({"drawn_by": by(time="2018-09-20T18:00:00+09:00")}, NO_BLOCK),
        ({"drawn_by": by(time="0001-01-01T00:00:00+14:00")}, NO_BLOCK),
        ({"drawn_by": by(time="")}, NO_TIME),
        ({"drawn_by": by(read_from="typed")}, NO_TIME),
        ({"drawn_by": by(read_from="hearsay")}, "confirmations.json.drawn_by.read_from is none of own-source"),
        ({"listed": ["ETH", "BTC"]}, NO_ORDER),
        ({"listed": ["BTC", "DOGE"]}, "the books name or lack 'DOGE'"),
        ({"otherwise": {"BTC": 0}}, NOT_LISTED),
        ({"otherwise": {"DOGE": 1}}, NOT_LISTED),
        ({"answers": [*with_answer(), *with_answer()]}, NO_ORDER),
        ({"answers": with_answer(agreed=-1)}, NO_COUNT),
        ({"answers": with_answer(draws=0)}, NO_COUNT),
        ({"answers": with_answer(draws=10_001)}, NO_COUNT),
        ({"answers": with_answer(owed_less="-1")}, "confirmations.json: a sum of 'BTC' is below zero"),
        ({"answers": with_answer(owed_more="1.50")}, "'1.50' is not an amount as this tool writes it"),
        ({"answers": with_answer(asset="DOGE")}, "the books name or lack 'DOGE'"),
    ],
)
def test_what_is_never_written_is_refused(changes: dict[str, object], said: str) -> None:
    assert said in refusal(**changes)


def contradicted(given: Answers | None = None, **changes: Any) -> list[str]:  # noqa: ANN401  # a part of Books
    one = confirmations() if given is None else confirmations((given, *AGREED[1:]))
    return list(confirmations_contradicted(kept(one, **changes)))


def test_what_a_run_writes_contradicts_nothing() -> None:
    assert contradicted() == []
    assert contradicted(answers("BTC", agreed=50, differing=2, no_reply=3, owed_more=1, owed_less=2)) == []
    assert contradicted(answers("BTC", agreed=50, differing=1, owed_more=None)) == []
    assert list(confirmations_contradicted(books())) == []
    unanswered = confirmations((), listed=("BTC",))
    assert list(confirmations_contradicted(kept(unanswered, commitment=None))) == []
    assert list(confirmations_contradicted(kept(unanswered, commitment=committed(REBUILT)))) == []
    assert list(confirmations_contradicted(kept(unanswered, commitment=committed(TREES, draw=STATED)))) == []


ONE_LIST: Final = "the answers are not those of one list"
OTHER_TREES: Final = "answers were counted of other trees than those that came out again to be drawn from"


def test_the_list_is_one_of_the_files() -> None:
    assert contradicted(files=FILES[:2]) == [f"the files list confirmations.csv 0 times, and {ONE_LIST}"]
    twice = (*FILES, replace(FILES[2], name="more/confirmations.csv"))
    assert contradicted(files=twice) == [f"the files list confirmations.csv 2 times, and {ONE_LIST}"]
    other = (*FILES[:2], replace(FILES[2], sha256="22" * 32))
    assert contradicted(files=other) == [f"the files list confirmations.csv 1 times, and {ONE_LIST}"]
    assert list(confirmations_contradicted(books(files=FILES))) == [
        f"the files list confirmations.csv 1 times, and {ONE_LIST}"
    ]


@pytest.mark.parametrize(
    "stated", [None, committed(MANY), committed(TREES, draw=STATED), committed(MANY[1:], draw=STATED)]
)
def test_answers_are_those_of_the_trees_that_were_built_again(stated: object) -> None:
    assert contradicted(commitment=stated) == [OTHER_TREES]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (answers("BTC", draws=59), "BTC: 59 draws, and 60 were committed to"),
        (answers("BTC", agreed=61), "BTC: 61 leaves drawn, and 60 can be at most"),
        (answers("BTC", agreed=0), "BTC: 0 leaves drawn, and 60 can be at most"),
        (answers("BTC", owed_more=1), "BTC: 0 answers differ, and the differences are not theirs"),
        (answers("BTC", owed_less=None), "BTC: 0 answers differ, and the differences are not theirs"),
        (
            answers("BTC", differing=1, owed_more=None, owed_less=None),
            "BTC: 1 answers differ, and the differences are not theirs",
        ),
    ],
)
def test_counts_that_cannot_be_are_named(given: Answers, said: str) -> None:
    assert contradicted(given) == [said]


@pytest.mark.parametrize(("otherwise", "added", "fits"), [(0, 0, False), (1, 0, True), (2, 0, False), (2, 1, True)])
def test_of_the_rows_that_differ_those_drawn_are_counted(otherwise: int, added: int, *, fits: bool) -> None:
    one = answers("BTC", agreed=54, differing=1, added=added, owed_more=1)
    given = confirmations((one, *AGREED[1:]), otherwise={"BTC": otherwise} if otherwise else {})
    said = "BTC: 1 of those drawn differ, and not so many rows of the list"
    assert list(confirmations_contradicted(kept(given))) == [said] * (not fits)


def test_a_low_tree_has_no_more_leaves_than_its_height() -> None:
    assert contradicted(commitment=committed(REBUILT, draw=STATED)) == [
        f"{tree.asset}: 55 leaves drawn, and 16 can be at most" for tree in REBUILT
    ]


def test_listed_are_the_assets_that_have_rows() -> None:
    nobody = confirmations(listed=("BTC", "ETH", "JPY"))
    assert list(confirmations_contradicted(kept(nobody))) == ["USDT: 55 rows of the list, and it is not listed"]
    silent = confirmations(
        (answers("BTC", agreed=0, left_out=55), *AGREED[1:]), listed=("BTC", "ETH", "JPY", "USDT")
    )
    assert list(confirmations_contradicted(kept(silent))) == ["BTC: 0 rows of the list, and it is listed"]

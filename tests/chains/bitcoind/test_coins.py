from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chains.bitcoind.conftest import Told
from tests.chains.bitcoind.talking import Talk, altered, answered, plan_of, read, reasons, result_of, units
from tests.nodes.running import Node

from reservecheck.chains.bitcoind.reading import decode
from reservecheck.chains.bitcoind.scanning import Pace
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Recorded

HEIGHT: Final = 200
CONTRADICTION: Final = "the coins at the tip and the activity after the pin contradict each other"
TOTAL: Final = "garbled answer: the coins do not add up to total_amount"
GARBAGE: Final[tuple[object, ...]] = (None, "x", -1, {}, True, "1e-8", "0.00000000")


@pytest.fixture(scope="module")
def recorded(story: Node, told: Told) -> list[Recorded]:
    talk = Talk(story)
    read(plan_of(told.all_scripts, told.times[HEIGHT]), talk, Pace(blocks=60))
    return list(talk.log.exchanges)


def first(answer: Any, kind: str) -> Any:  # noqa: ANN401  # JSON of any shape
    return next(entry for entry in answer["result"]["activity"] if entry["type"] == kind)


def young_coin(answer: Any) -> Any:  # noqa: ANN401  # JSON of any shape
    return next(entry for entry in answer["result"]["unspents"] if entry["height"] > HEIGHT)


SCAN: Final[dict[str, tuple[str, Callable[[Any], object]]]] = {
    "an aborted scan": ("the scan was aborted", lambda answer: answer["result"].update(success=False)),
    "no success": ("garbled answer: success", lambda answer: answer["result"].pop("success")),
    "a coin left out": (TOTAL, lambda answer: answer["result"]["unspents"].pop()),
    "an amount changed": (TOTAL, lambda answer: answer["result"]["unspents"][0].update(amount="21.00000001")),
    "no total": ("garbled answer: amount", lambda answer: answer["result"].pop("total_amount")),
    "a coin twice": (
        "garbled answer: a coin stands twice",
        lambda answer: answer["result"]["unspents"].append(answer["result"]["unspents"][0]),
    ),
    "a field missing": (
        "garbled answer: scriptPubKey",
        lambda answer: answer["result"]["unspents"][0].pop("scriptPubKey"),
    ),
    "another script": (
        "garbled answer: a script that was not asked for",
        lambda answer: answer["result"]["unspents"][0].update(scriptPubKey="0014" + "00" * 20),
    ),
    "a coin from the future": (
        "garbled answer: a coin younger than the tip",
        lambda answer: answer["result"]["unspents"][0].update(height=303),
    ),
    "another tip": (
        "the blocks between the pin and the scan's tip do not follow from each other",
        lambda answer: answer["result"].update(bestblock="ab" * 32),
    ),
    "another height": (
        "the blocks between the pin and the scan's tip do not follow from each other",
        lambda answer: answer["result"].update(height=310),
    ),
    "a young coin said to be old": (CONTRADICTION, lambda answer: young_coin(answer).update(height=HEIGHT)),
    "a list": ("garbled answer: success", lambda answer: answer.update(result=[])),
}

ACTIVITY: Final[dict[str, tuple[str, Callable[[Any], object]]]] = {
    "a receipt left out": (
        CONTRADICTION,
        lambda answer: answer["result"]["activity"].remove(first(answer, "receive")),
    ),
    "another block": (
        "garbled answer: activity of a block that was not asked for",
        lambda answer: first(answer, "spend").update(blockhash="ab" * 32),
    ),
    "another height": (
        "garbled answer: activity of a block that was not asked for",
        lambda answer: first(answer, "spend").update(height=HEIGHT),
    ),
    "in the mempool": ("garbled answer: blockhash", lambda answer: first(answer, "spend").pop("blockhash")),
    "twice": (
        "garbled answer: a coin stands twice",
        lambda answer: answer["result"]["activity"].append(first(answer, "spend")),
    ),
    "another kind": ("garbled answer: hex", lambda answer: first(answer, "receive").update(type="gift")),
    "another script": (
        "garbled answer: a script that was not asked for",
        lambda answer: first(answer, "spend")["prevout_spk"].update(hex="0014" + "00" * 20),
    ),
    "no list": ("garbled answer: activity", lambda answer: answer.update(result={})),
}


@pytest.mark.parametrize("case", SCAN)
def test_an_altered_scan_is_unread_and_never_a_number(told: Told, recorded: list[Recorded], case: str) -> None:
    reason, change = SCAN[case]
    decoded = decode(plan_of(told.all_scripts, told.times[HEIGHT]), altered(recorded, "cells", change))
    assert reasons(decoded) == {reason}
    assert set(units(decoded).values()) == {None}


@pytest.mark.parametrize("case", ACTIVITY)
def test_an_altered_activity_is_unread_and_never_a_number(told: Told, recorded: list[Recorded], case: str) -> None:
    reason, change = ACTIVITY[case]
    decoded = decode(plan_of(told.all_scripts, told.times[HEIGHT]), altered(recorded, "undo", change, ordinal=0))
    assert reasons(decoded) == {reason}
    assert set(units(decoded).values()) == {None}


def test_a_coin_spent_since_that_the_tip_still_has_is_a_contradiction(told: Told, recorded: list[Recorded]) -> None:
    scan = next(item for item in recorded if item.question.purpose == "cells")
    old = next(entry for entry in result_of(scan)["result"]["unspents"] if entry["height"] <= HEIGHT)

    def respend(answer: Any) -> None:  # noqa: ANN401  # JSON of any shape
        spend = first(answer, "spend")
        spend.update(prevout_txid=old["txid"], prevout_vout=old["vout"])

    decoded = decode(plan_of(told.all_scripts, told.times[HEIGHT]), altered(recorded, "undo", respend, ordinal=0))
    assert reasons(decoded) == {CONTRADICTION}


def asked_otherwise(item: Recorded, *calls: Call) -> Recorded:
    return Recorded(item.n, replace(item.question, calls=calls), item.reply)


@pytest.mark.parametrize(
    ("purpose", "calls", "reason"),
    [
        ("cells", (), "garbled question: scan"),
        ("cells", (Call("scantxoutset", ["start"]),), "garbled question: scan"),
        ("cells", (Call("scantxoutset", ["start", "raw(51)"]),), "garbled question: scan"),
        ("cells", (Call("scantxoutset", ["abort", ["raw(51)"]]),), "garbled question: other calls"),
        ("cells", (Call("scantxoutset", ["start", ["addr(51)", 7]]),), "garbled question: other calls"),
        ("undo", (), "garbled question: other calls"),
        ("undo", (Call("getdescriptoractivity", []),), "garbled question: other calls"),
        ("undo", (Call("getdescriptoractivity", [[], [], True]),), "garbled question: other calls"),
        ("final", (), "whether the pin is still there could not be checked: garbled question: other calls"),
    ],
)
def test_an_altered_question_is_not_believed(
    told: Told, recorded: list[Recorded], purpose: str, calls: tuple[Call, ...], reason: str
) -> None:
    changed = [asked_otherwise(item, *calls) if item.question.purpose == purpose else item for item in recorded]
    assert reasons(decode(plan_of(told.all_scripts, told.times[HEIGHT]), changed)) == {reason}


def test_a_log_that_lacks_part_of_the_blocks_between_is_not_believed(told: Told, recorded: list[Recorded]) -> None:
    plan = plan_of(told.all_scripts, told.times[HEIGHT])
    for missing in (0, 1):
        without = [item for item in recorded if item.question.key[2:] != ("undo", missing)]
        expected = (
            "garbled question: other calls"
            if missing == 0
            else "blocks between the pin and the tip were not asked for"
        )
        assert reasons(decode(plan, without)) == {expected}
    without = [item for item in recorded if item.question.purpose != "final"]
    assert reasons(decode(plan, without)) == {"whether the pin is still there could not be checked: not asked"}


def test_a_script_scanned_in_two_chunks_is_not_believed(told: Told, recorded: list[Recorded]) -> None:
    scan = next(item for item in recorded if item.question.purpose == "cells")
    again = Recorded(scan.n, replace(scan.question, ordinal=10), scan.reply)
    decoded = decode(plan_of(told.all_scripts, told.times[HEIGHT]), [*recorded, again])
    assert reasons(decoded) == {"garbled question: a script was scanned twice"}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401  # JSON of any shape
    """Where every member and element of a parsed answer stands."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in inside for place in ((*path, key), *places(item, (*path, key)))]


def spoil(body: Any, path: tuple[Any, ...], garbage: object) -> object:  # noqa: ANN401  # JSON of any shape
    """The answer with one place replaced, or left out where `garbage` is the Ellipsis."""
    holder = body = copy.deepcopy(body)
    for key in path[:-1]:
        holder = holder[key]
    if garbage is ...:
        del holder[path[-1]]
    else:
        holder[path[-1]] = garbage
    return body


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_garbage_anywhere_in_an_answer_gives_the_truth_or_nothing(
    told: Told, recorded: list[Recorded], data: st.DataObject
) -> None:
    changed = list(recorded)
    purpose = data.draw(st.sampled_from(["chain", "pin", "blocks", "cells", "undo", "final"]))
    at = data.draw(st.sampled_from([i for i, item in enumerate(changed) if item.question.purpose == purpose]))
    body = result_of(changed[at])
    path = data.draw(st.sampled_from(places(body)))
    spends = purpose == "undo" and path[-1] == "amount"
    left_out = purpose == "undo" and len(path) == len(("result", "activity", 0))
    garbage = data.draw(st.sampled_from(GARBAGE[:-1] if spends else GARBAGE if left_out else (*GARBAGE, ...)))
    reply = answered(json.dumps(spoil(body, path, garbage)).encode())
    changed[at] = Recorded(changed[at].n, changed[at].question, reply)
    decoded = decode(plan_of(told.all_scripts, told.times[HEIGHT]), changed)
    ledger = told.ledger(HEIGHT)
    assert all(amount in {None, ledger[script]} for script, amount in units(decoded).items())


def test_bytes_that_are_no_answer_give_nothing(told: Told, recorded: list[Recorded]) -> None:
    plan = plan_of(told.all_scripts, told.times[HEIGHT])
    for at, item in enumerate(recorded):
        if item.question.purpose in {"pin", "busy"}:
            continue
        for body in (b"", b"null", b"[]", b"\xff", b"[" * 100_000, b'{"id":1,"result":null}'):
            changed = [*recorded[:at], Recorded(item.n, item.question, answered(body)), *recorded[at + 1 :]]
            assert set(units(decode(plan, changed)).values()) == {None}

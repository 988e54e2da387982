"""Customers who were drawn and asked: draws that suit somebody, lists of others, answers made to vanish."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from tests.conformance.asking import DRAW, SILENT, Line, asked, of
from tests.conformance.bench import Bench
from tests.conformance.case import Case
from tests.conformance.cases.tampered import verify
from tests.conformance.committing import with_secret

from reservecheck.model.confirmations import ReadFrom
from reservecheck.vault.canonical import canonical_json

CHOSEN: Final = "ab" * 32
ANCHORS: Final = "network,height,hash,source,taken_by,taken_at\nbitcoin:regtest,800,"
GRADES: Final = ("BTC.grade", "ETH.grade", "USDT.grade")
NOT_TESTED: Final = tuple(f"population_not_tested {asset}" for asset in ("BTC", "ETH", "KRW", "USDT"))


def with_anchors(bench: Bench) -> int:
    """`run` with the block that the practitioner looked up."""
    path = bench.folder / "anchors.csv"
    path.write_text(f"{ANCHORS}{'d4' * 32},a block explorer,A. Auditor,2018-07-06T09:00:00Z\n")
    return bench.run("--commitment-secret", bench.folder / "secret.hex", "--anchors", path)


def somebody_else(lines: list[Line]) -> None:
    """In place of one who was drawn, a friend."""
    friend = next(line for line in of(lines, "USDT"))
    of(lines, "BTC")[0].update(customer=friend["customer"], amount="1")


def agrees_twice(lines: list[Line]) -> None:
    """In the row of one who would differ stands one who agrees, once more, guarded as a spreadsheet wants it."""
    first, other, *_ = of(lines, "BTC")
    other.update(customer=f"'{first['customer']}", amount=first["amount"], hits=first["hits"])


def one_dropped(lines: list[Line]) -> None:
    lines.remove(of(lines, "ETH")[0])


def through_the_entity(lines: list[Line]) -> None:
    for line in of(lines, "BTC"):
        line["channel"] = "via-entity"


def one_differs(lines: list[Line]) -> None:
    of(lines, "BTC")[0].update(answer="differs", stated="999999")


def two_differ(lines: list[Line]) -> None:
    for line in of(lines, "BTC")[:2]:
        line.update(answer="differs", stated="500")


def hidden(lines: list[Line]) -> None:
    one_differs(lines)
    of(lines, "BTC")[0]["answer"] = "no-reply"


def called_agreement(lines: list[Line]) -> None:
    one_differs(lines)
    of(lines, "BTC")[0]["answer"] = "agrees"


def no_reply(lines: list[Line]) -> None:
    of(lines, "BTC")[0].update(SILENT)


def before_the_block(lines: list[Line]) -> None:
    of(lines, "BTC")[0]["received_on"] = "2018-07-01"


def before_the_balances(lines: list[Line]) -> None:
    of(lines, "BTC")[0]["received_on"] = "2018-06-20"


def by_the_entity(bench: Bench) -> None:
    """The entity lists a list of its own as the practitioner's."""
    asked()(bench)
    bench.edit("snapshot.toml", "confirmations.csv", "answers.csv")


def sealed(edit: Callable[[Any], object]) -> Callable[[Bench], None]:
    """The bundle of a run in which one did not reply, its counts altered and all else derived from them."""

    def make(bench: Bench) -> None:
        asked(no_reply)(bench)
        with_secret_and_bundle(bench)
        parsed = json.loads(bench.member("confirmations.json"))
        edit(parsed)
        bench.rederive({"confirmations.json": canonical_json(parsed)})

    return make


def with_secret_and_bundle(bench: Bench) -> None:
    bench.run("--bundle", bench.bundle, "--commitment-secret", bench.folder / "secret.hex")
    assert bench.bundle.is_dir(), bench.said


def all_agreed(parsed: Any) -> None:  # noqa: ANN401  # parsed JSON
    parsed["answers"][0] |= {"agreed": parsed["answers"][0]["agreed"] + 1, "no_reply": 0}


def more_than_drawn(parsed: Any) -> None:  # noqa: ANN401  # parsed JSON
    parsed["answers"][0] |= {"agreed": 61, "no_reply": 0}


def answers_forgotten(parsed: Any) -> None:  # noqa: ANN401  # parsed JSON
    parsed["answers"] = []


def repeated(bench: Bench) -> int:
    """`verify` by a reader who was given folder and secret."""
    return bench.verify("--snapshot", bench.snapshot, "--commitment-secret", bench.folder / "secret.hex")


CASES: Final = (
    Case(
        id="hash-of-the-entitys-choice",
        kind="lie",
        says="Hashes were tried until the draw suited, and the practitioner was told that one was the block's.",
        make=asked(block=CHOSEN),
        ask=with_anchors,
        code=1,
        outcome="incomplete",
        breaks=("draw_not_committed draw",),
        notes=NOT_TESTED,
        figures=dict.fromkeys(GRADES, "L2"),
        words=(f"drawn by the hash {CHOSEN}, and block 800 of bitcoin:regtest has {'d4' * 32}",),
    ),
    Case(
        id="hash-that-nobody-read",
        kind="lie",
        says="The block's hash was told by the entity and typed in, and no source was asked.",
        make=asked(block=CHOSEN, time="", read_from=ReadFrom.TYPED),
        ask=with_secret,
        code=0,
        outcome="covered",
        notes=NOT_TESTED,
        figures=dict.fromkeys(GRADES, "L2"),
        words=("was not read from the practitioner's own source (typed), and nobody looked it up",),
    ),
    Case(
        id="hash-called-read",
        kind="lie",
        says="A hash that the entity told is called read from the practitioner's own source, whose time it lacks.",
        make=asked(block=CHOSEN, time="", read_from=ReadFrom.OWN),
        ask=with_secret,
        code=2,
        words=("read_from is own-source, and block_time is empty",),
    ),
    Case(
        id="block-of-the-entitys-own-chain",
        kind="lie",
        says="The commitment names a block of a chain that the exchange runs, so that it chooses who is drawn.",
        make=asked(draw=replace(DRAW, network="acme:ownchain", height=5)),
        ask=with_secret,
        code=0,
        outcome="covered",
        notes=NOT_TESTED,
        figures=dict.fromkeys(GRADES, "L2"),
        words=(
            "acme:ownchain is not read in this engagement, so nothing here tells block 5 from one made at home",
        ),
    ),
    Case(
        id="block-below-the-one-read",
        kind="lie",
        says="A block from before the cut-off drew, and its time is left out, for its hash was typed.",
        make=asked(draw=replace(DRAW, height=700), time="", read_from=ReadFrom.TYPED),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("draw_not_committed draw",),
        notes=NOT_TESTED,
        figures=dict.fromkeys(GRADES, "L2"),
        words=("which is not above block 722, the last one by the cut-off",),
    ),
    Case(
        id="one-who-agrees-stands-twice",
        kind="lie",
        says="In place of one who would say otherwise stands another who agrees, a second time, behind a mark.",
        make=asked(agrees_twice),
        ask=with_secret,
        code=2,
        words=("its number or its customer stands twice",),
    ),
    Case(
        id="height-not-committed-to",
        kind="lie",
        says="The commitment names no block, and the height was chosen once the blocks were known.",
        make=asked(draw=None),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("draw_not_committed draw",),
        figures=dict.fromkeys(GRADES, "L2"),
        words=("the commitment names no block",),
    ),
    Case(
        id="another-height-than-committed-to",
        kind="lie",
        says="The commitment names block 800, and customers were drawn by block 801, which suits better.",
        make=asked(height=801, block=CHOSEN),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("draw_not_committed draw",),
        notes=NOT_TESTED,
        figures=dict.fromkeys(GRADES, "L2"),
        words=("drawn by block 801 of bitcoin:regtest, the commitment names block 800",),
    ),
    Case(
        id="block-from-before-the-cut-off",
        kind="lie",
        says="The block that draws was there before the balances were taken, so trees were tried until one suited.",
        make=asked(draw=replace(DRAW, height=700), time="2018-06-27T00:00:00Z"),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("draw_not_committed draw",),
        notes=NOT_TESTED,
        figures=dict.fromkeys(GRADES, "L2"),
        words=("which is not after the cut-off",),
    ),
    Case(
        id="drawn-from-another-commitment",
        kind="lie",
        says="Customers were drawn from another commitment than the one that was handed over.",
        make=asked(commitment="ef" * 32),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("draw_not_committed draw",),
        notes=NOT_TESTED,
        figures=dict.fromkeys(GRADES, "L2"),
    ),
    Case(
        id="friend-in-place-of-one-drawn",
        kind="lie",
        says="One who was drawn gave way to a friend of the house, who agrees.",
        make=asked(somebody_else),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("customers_disagree BTC",),
        notes=("population_not_tested BTC",),
        figures={"BTC.grade": "L2", "ETH.grade": "L3"},
        words=("1 is left out, and 1 row was not drawn",),
    ),
    Case(
        id="one-drawn-left-out",
        kind="lie",
        says="One who was drawn and would complain is not in the list.",
        make=asked(one_dropped),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("customers_disagree ETH",),
        notes=("population_not_tested ETH",),
        figures={"ETH.grade": "L2", "BTC.grade": "L3"},
    ),
    Case(
        id="answers-through-the-entity",
        kind="lie",
        says="All BTC customers agree, say letters that the exchange collected and passed on.",
        make=asked(through_the_entity),
        ask=with_secret,
        code=0,
        outcome="covered",
        notes=("population_not_tested BTC",),
        figures={"BTC.grade": "L2", "ETH.grade": "L3"},
        words=("by way of the entity",),
    ),
    Case(
        id="customer-is-owed-more",
        kind="lie",
        says="One customer who was drawn is owed a million BTC, and the row says otherwise.",
        make=asked(one_differs),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("customers_disagree BTC",),
        notes=("population_not_tested BTC",),
        figures={"BTC.grade": "L2", "ETH.grade": "L3"},
        words=("owed more by a sum not shown (it is one customer's)",),
        never=("999,999", "999999"),
    ),
    Case(
        id="disagreement-without-the-secret",
        kind="lie",
        says="The exchange gives no secret, so that a customer who says otherwise cannot be held against a tree.",
        make=asked(one_differs),
        code=1,
        outcome="incomplete",
        breaks=("customers_disagree BTC",),
        notes=tuple(f"commitment_not_rebuilt {asset}" for asset in ("BTC", "ETH", "KRW", "USDT")),
        figures=dict.fromkeys(GRADES, "L1"),
        words=("1 customer in the list says otherwise, and no tree was built again",),
    ),
    Case(
        id="customers-are-owed-more",
        kind="lie",
        says="Two customers who were drawn are owed 500 BTC each, and their rows say less.",
        make=asked(two_differ),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("customers_disagree BTC",),
        notes=("population_not_tested BTC",),
        figures={"BTC.grade": "L2"},
        words=("2 say otherwise: owed more by",),
    ),
    Case(
        id="difference-called-no-reply",
        kind="lie",
        says="A customer wrote that he is owed more, and the list says that he did not reply.",
        make=asked(hidden),
        ask=with_secret,
        code=2,
        words=("there is no answer, and stated, received_on, channel, received_by are filled in",),
        never=("999999",),
    ),
    Case(
        id="difference-called-agreement",
        kind="lie",
        says="A customer wrote that he is owed more, and the list says that he agrees.",
        make=asked(called_agreement),
        ask=with_secret,
        code=2,
        words=("answer is agrees, and stated says otherwise",),
        never=("999999",),
    ),
    Case(
        id="answer-from-before-the-draw",
        kind="lie",
        says="The answer of one who was drawn lay ready before the block was made.",
        make=asked(before_the_block),
        ask=with_secret,
        code=2,
        words=("received_on is before the block of 2018-07-05T00:00:00Z that drew",),
    ),
    Case(
        id="answer-from-before-the-balances",
        kind="lie",
        says="The hash was typed, so that no time tells that an answer is older than the balance it is about.",
        make=asked(before_the_balances, time="", read_from=ReadFrom.TYPED),
        ask=with_secret,
        code=2,
        words=("received_on is before 2018-06-27T15:00:00Z, which balances are as of",),
    ),
    Case(
        id="list-of-the-entitys",
        kind="lie",
        says="The exchange lists answers of its own under the practitioner's role.",
        make=by_the_entity,
        ask=with_secret,
        code=2,
        words=('write confirmations = "confirmations.csv"',),
    ),
    Case(
        id="two-draws-for-a-grade",
        kind="lie",
        says="The commitment asks for two draws of each tree, so that two friends make a tested population.",
        make=asked(draw=replace(DRAW, size=2)),
        ask=with_secret,
        code=0,
        outcome="covered",
        notes=NOT_TESTED,
        figures=dict.fromkeys(GRADES, "L2"),
        words=("which are too few: at 95 % confidence as much as 77.64 % could be otherwise",),
    ),
    Case(
        id="no-reply-counted-as-agreement",
        kind="lie",
        says="One did not reply, and the bundle counts everybody drawn among those who agreed.",
        make=sealed(all_agreed),
        ask=repeated,
        code=1,
        steps={
            "snapshot": "confirmations.json: BTC: the list has other answers than the bundle counts",
            "commitment": "confirmations.json: the list and the trees give other answers",
        },
    ),
    Case(
        id="more-answers-than-draws",
        kind="lie",
        says="The bundle counts more answers than leaves can be drawn.",
        make=sealed(more_than_drawn),
        ask=verify,
        code=1,
        steps={"records": "confirmations.json: BTC: 61 leaves drawn, and 60 can be at most"},
    ),
    Case(
        id="answers-taken-out-of-a-bundle",
        kind="lie",
        says="The trees were built again and customers drawn from them, and the bundle has no answers.",
        make=sealed(answers_forgotten),
        ask=verify,
        code=1,
        steps={"records": "answers were counted of other trees than those that came out again"},
    ),
    Case(
        id="everybody-drawn-agrees",
        kind="truth",
        says="Customers drawn by the block committed to all answer directly, and what is owed is known at L3.",
        make=asked(),
        ask=with_secret,
        code=0,
        outcome="covered",
        figures=dict.fromkeys(GRADES, "L3"),
        words=("is recorded with too little is hardly ever drawn so",),
    ),
    Case(
        id="one-drawn-does-not-reply",
        kind="truth",
        says="One customer who was drawn does not reply; that is counted, and lowers nothing but the grade.",
        make=asked(no_reply),
        ask=with_secret,
        code=0,
        outcome="covered",
        notes=("population_not_tested BTC",),
        figures={"BTC.grade": "L2", "ETH.grade": "L3"},
        words=("1 did not reply, 0 are not in the list: the population is not tested",),
    ),
)

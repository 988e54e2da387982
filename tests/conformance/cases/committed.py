"""What was committed to: roots and totals that are not those of the customers who were summed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case
from tests.conformance.cases.debts import totals_only
from tests.conformance.cases.tampered import verify
from tests.conformance.committing import (
    OTHER,
    Owed,
    committed,
    hand_over,
    owed,
    published,
    restated,
    secret_file,
    with_secret,
)

from reservecheck.vault.canonical import canonical_json

DIFFERS: Final = tuple(f"commitment_differs {asset}" for asset in ("BTC", "ETH", "KRW", "USDT"))
STATED: Final = tuple(f"commitment_not_rebuilt {asset}" for asset in ("BTC", "ETH", "KRW", "USDT"))
GRADES: Final = ("BTC", "ETH", "KRW", "USDT")


def less(rows: Owed) -> None:
    """Of the largest BTC balance one BTC is not committed to."""
    largest = max(rows["BTC"], key=rows["BTC"].__getitem__)
    rows["BTC"][largest] -= 10**8


def moved(rows: Owed) -> None:
    """The balances of all BTC customers on one of them, who asks nothing."""
    total = sum(rows["BTC"].values())
    rows["BTC"] = dict.fromkeys(rows["BTC"], 0) | {min(rows["BTC"]): total}


def another_asset(rows: Owed) -> None:
    rows["LTC"] = {"C1": 5}


def left_out(rows: Owed) -> None:
    del rows["USDT"]


def as_a_claim(bench: Bench) -> None:
    hand_over(bench, published(owed(bench)))
    bench.edit("snapshot.toml", 'commitment = "commitment.json"\n', "")
    bench.edit("snapshot.toml", 'claims = ["', 'claims = ["commitment.json", "')


def secret_within(bench: Bench) -> None:
    committed()(bench)
    (bench.snapshot / "secret.hex").write_bytes(secret_file(bench).read_bytes())


def only_a_secret(bench: Bench) -> None:
    secret_file(bench)


def beside_totals(bench: Bench) -> None:
    stated = published(owed(bench))
    totals_only(bench)
    hand_over(bench, stated)


def sealed(bench: Bench, *options: str) -> None:
    """The bundle of an honest run."""
    committed()(bench)
    bench.run("--bundle", bench.bundle, *options)
    assert bench.bundle.is_dir(), bench.said


def with_bundle(bench: Bench) -> None:
    sealed(bench, "--commitment-secret", str(bench.folder / "secret.hex"))


def without_secret(edit: Callable[[Any], object]) -> Callable[[Bench], None]:
    """The bundle of a run without the secret, with liabilities.json altered and all else derived from it."""

    def make(bench: Bench) -> None:
        sealed(bench)
        parsed = json.loads(bench.member("liabilities.json"))
        edit(parsed)
        bench.rederive({"liabilities.json": canonical_json(parsed)})

    return make


def graded_up(bench: Bench) -> None:
    """Grades in the assessment of a run without the secret, and nothing else."""
    sealed(bench)
    bench.reseal({"assessment.json": lambda data: data.replace(b'"grade":"L1"', b'"grade":"L2"')})


def said_to_be_built_again(parsed: Any) -> None:  # noqa: ANN401  # parsed JSON
    for tree in parsed["commitment"]["trees"]:
        tree["rebuilt"] = {"root": tree["root"], "total": tree["total"]}


def said_of_one(parsed: Any) -> None:  # noqa: ANN401  # parsed JSON
    tree = parsed["commitment"]["trees"][0]
    tree["rebuilt"] = {"root": tree["root"], "total": tree["total"]}


def stripped(parsed: Any) -> None:  # noqa: ANN401  # parsed JSON
    parsed["commitment"] = None


def no_root(parsed: Any) -> None:  # noqa: ANN401  # parsed JSON
    parsed["commitment"]["trees"][0]["root"] = "1"


def moved_and_forged(bench: Bench) -> None:
    """Another root of the same total, and a bundle that says that it came out of the rows."""
    committed(moved)(bench)
    bench.run("--bundle", bench.bundle)
    parsed = json.loads(bench.member("liabilities.json"))
    said_to_be_built_again(parsed)
    bench.rederive({"liabilities.json": canonical_json(parsed)})


def forgotten(bench: Bench) -> None:
    """Another root came out of the rows; the bundle says that nobody built the trees again."""
    committed(moved)(bench)
    with_secret_into(bench)
    parsed = json.loads(bench.member("liabilities.json"))
    for tree in parsed["commitment"]["trees"]:
        assert tree["rebuilt"] is not None
        tree["rebuilt"] = None
    bench.rederive({"liabilities.json": canonical_json(parsed)})


def with_secret_into(bench: Bench) -> None:
    secret = bench.folder / "secret.hex"
    assert bench.run("--bundle", bench.bundle, "--commitment-secret", secret) == 1, bench.said


def repeated(bench: Bench) -> int:
    """`verify` as a reader does it who was given folder and secret."""
    secret = bench.folder / "secret.hex"
    return bench.verify("--snapshot", bench.snapshot, "--commitment-secret", secret)


CASES: Final = (
    Case(
        id="less-committed-to-than-is-owed",
        kind="lie",
        says="The tree that customers check owes a BTC less than the ledger does.",
        make=committed(less),
        code=1,
        outcome="incomplete",
        breaks=("commitment_differs BTC",),
        notes=STATED,
        figures={"BTC.grade": "L1", "BTC.commitment.total": "999", "BTC.owed": "1000"},
        words=("BTC: 999 are committed to, and 1,000 are owed",),
    ),
    Case(
        id="total-typed-beside-a-root",
        kind="lie",
        says="The root is of all balances, the total printed beside it of nine tenths.",
        make=restated("BTC", lambda tree: replace(tree, total=tree.total * 9 // 10)),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("commitment_differs BTC",),
        figures={"BTC.grade": "L1", "ETH.grade": "L2"},
    ),
    Case(
        id="root-of-other-rows-with-the-same-total",
        kind="lie",
        says="The tree adds up to what is owed, all of it to one customer who never asks.",
        make=committed(moved),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("commitment_differs BTC",),
        figures={"BTC.grade": "L1", "BTC.commitment.rebuilt": "False", "ETH.grade": "L2"},
        words=("the customer rows give",),
    ),
    Case(
        id="root-nobody-built-again",
        kind="lie",
        says="A root over other balances makes the grade L2 as long as nobody asks for the secret.",
        make=committed(moved),
        code=0,
        outcome="covered",
        notes=STATED,
        figures=dict.fromkeys((f"{asset}.grade" for asset in GRADES), "L1"),
        words=("was stated, and nobody built its tree again from the customer rows",),
    ),
    Case(
        id="root-made-with-another-secret",
        kind="lie",
        says="The roots are of these rows, and made with a secret that the practitioner was not given.",
        make=committed(secret=OTHER),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=DIFFERS,
        figures=dict.fromkeys((f"{asset}.grade" for asset in GRADES), "L1"),
    ),
    Case(
        id="commitment-that-leaves-an-asset-out",
        kind="lie",
        says="Nobody committed to what is owed in USDT, so nobody can miss it.",
        make=committed(left_out),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("owed_without_a_tree USDT",),
        figures={"USDT.grade": "L1", "USDT.commitment": "None", "BTC.grade": "L2"},
    ),
    Case(
        id="commitment-to-an-asset-nobody-is-owed",
        kind="lie",
        says="A tree of LTC is committed to, and the file has no row of it.",
        make=committed(another_asset),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("commitment_differs LTC",),
        notes=("commitment_not_rebuilt LTC",),
    ),
    Case(
        id="commitment-of-another-entity",
        kind="lie",
        says="The sister company's commitment shows that customers can check ours.",
        make=committed(entity="kaede"),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("commitment_differs commitment",),
        figures=dict.fromkeys((f"{asset}.grade" for asset in GRADES), "L1"),
    ),
    Case(
        id="commitment-about-another-month",
        kind="lie",
        says="What customers check is said to be of another month, about which there was no audit.",
        make=committed(moment="2018-07-31"),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("commitment_differs commitment",),
        figures=dict.fromkeys((f"{asset}.grade" for asset in GRADES), "L1"),
        words=("which names another moment than the cut-off",),
    ),
    Case(
        id="commitment-without-a-moment",
        kind="lie",
        says="No proof shows as of when it is, so that one commitment serves every quarter.",
        make=committed(moment="our customers"),
        ask=with_secret,
        code=0,
        outcome="covered",
        figures=dict.fromkeys((f"{asset}.grade" for asset in GRADES), "L2"),
        words=("which names no date: no proof shows as of when it is",),
    ),
    Case(
        id="commitment-in-other-decimals",
        kind="lie",
        says="In the tree a BTC has seven decimals, so every customer sees ten times what is held.",
        make=committed(decimals={"BTC": 7, "ETH": 18, "KRW": 0, "USDT": 18}),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("commitment_differs BTC",),
        notes=("commitment_not_rebuilt BTC",),
        figures={"BTC.grade": "L1", "ETH.grade": "L2"},
    ),
    Case(
        id="tree-too-low-for-its-customers",
        kind="lie",
        says="The tree has room for two customers, and there are more.",
        make=restated("BTC", lambda tree: replace(tree, scope=replace(tree.scope, height=1))),
        ask=with_secret,
        code=1,
        outcome="incomplete",
        breaks=("commitment_differs BTC",),
        words=("the customers are more than a tree of the height committed to, 1, has room for",),
    ),
    Case(
        id="commitment-put-in-as-a-claim",
        kind="lie",
        says="What was published is quoted, so that nothing is compared with it.",
        make=as_a_claim,
        code=2,
        words=("claims lists commitment.json",),
    ),
    Case(
        id="secret-in-the-folder",
        kind="lie",
        says="The secret lies with the files, where everybody who gets them has it.",
        make=secret_within,
        code=2,
        words=("secret.hex: the secret of a commitment does not belong in a snapshot folder",),
        never=(OTHER.hex(),),
    ),
    Case(
        id="secret-without-a-commitment",
        kind="lie",
        says="A secret was given, so something was committed to.",
        make=only_a_secret,
        ask=with_secret,
        code=2,
        words=("a commitment's secret was given, and no commitment is listed",),
    ),
    Case(
        id="root-beside-totals",
        kind="lie",
        says="Totals without a customer, and roots without a row, make a grade.",
        make=beside_totals,
        code=0,
        outcome="covered",
        notes=(*STATED, *(f"liability_grade {asset}" for asset in GRADES)),
        figures=dict.fromkeys((f"{asset}.grade" for asset in GRADES), "L0"),
        words=("a total was received, and nobody summed customers' rows",),
    ),
    Case(
        id="secret-beside-totals",
        kind="lie",
        says="With the secret, trees come out of totals.",
        make=beside_totals,
        ask=with_secret,
        code=2,
        words=("there are no customer rows to build its trees from",),
    ),
    Case(
        id="grade-written-into-the-assessment",
        kind="lie",
        says="The assessment says L2 of a root that was only stated, and the manifest fits.",
        make=graded_up,
        ask=verify,
        code=1,
        steps={"figures": "the bundle says 'L2', it re-derives to 'L1'"},
    ),
    Case(
        id="one-tree-said-to-be-built-again",
        kind="lie",
        says="One of four trees came out again, and the others were not looked at.",
        make=without_secret(said_of_one),
        ask=verify,
        code=1,
        steps={"records": "the tree of 'ETH' was not built again, and others were"},
    ),
    Case(
        id="root-that-is-none",
        kind="lie",
        says="The bundle states a root of one digit.",
        make=without_secret(no_root),
        ask=verify,
        code=1,
        steps={"records": "liabilities.json: commitment: a root is not 64 digits of lower-case hex"},
    ),
    Case(
        id="commitment-taken-out-of-the-bundle",
        kind="lie",
        says="What was committed to is gone from the bundle, and the file of it is still listed.",
        make=without_secret(stripped),
        ask=verify,
        code=1,
        steps={"records": "it lists commitment.json 1 times, and the bundle has no commitment"},
    ),
    Case(
        id="trees-said-to-be-built-again",
        kind="lie",
        says="A run without the secret writes that all trees came out again; nobody can see it without the rows,"
        " so verify names what is taken on trust.",
        make=without_secret(said_to_be_built_again),
        ask=lambda bench: bench.verify(form="text"),
        code=0,
        words=("4 roots committed to came out of customer rows you have not seen",),
    ),
    Case(
        id="trees-said-to-be-built-again-and-repeated",
        kind="lie",
        says="A root of other balances came out of the rows, says the bundle; a reader has rows and secret.",
        make=moved_and_forged,
        ask=repeated,
        code=1,
        steps={"commitment": "liabilities.json: the tree of 'BTC' has the root "},
    ),
    Case(
        id="root-that-differed-and-was-forgotten",
        kind="lie",
        says="Another root came out of the rows, and the bundle says that nobody looked.",
        make=forgotten,
        ask=repeated,
        code=1,
        steps={"commitment": "liabilities.json: the tree of 'BTC' has the root "},
    ),
    Case(
        id="committed-and-built-again",
        kind="truth",
        says="Every tree comes out of the customer rows with the secret: the grade is L2, in coins and cash.",
        make=committed(),
        ask=with_secret,
        code=0,
        outcome="covered",
        figures={
            **dict.fromkeys((f"{asset}.grade" for asset in GRADES), "L2"),
            **dict.fromkeys((f"{asset}.commitment.rebuilt" for asset in GRADES), "True"),
            "BTC.commitment.total": "1000",
        },
    ),
    Case(
        id="tree-higher-than-needed",
        kind="truth",
        says="A tree twice as wide as there are customers hides how many there are, and is as good.",
        make=committed(higher=1),
        ask=with_secret,
        code=0,
        outcome="covered",
        figures={"BTC.grade": "L2"},
    ),
    Case(
        id="committed-bundle-re-derives",
        kind="truth",
        says="A bundle of grade L2 re-derives, and its trees are built again by whoever has folder and secret.",
        make=with_bundle,
        ask=repeated,
        code=0,
        words=('"name":"commitment","number":8,"ok":true',),
    ),
)

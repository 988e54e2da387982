"""Wallets declared by descriptor: ranges that are not what they are said to be, keys that stay where they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from btclib_wallet.descriptors import add_checksum
from tests.addresses.descriptor_corpus import extended, private
from tests.conformance.bench import Bench
from tests.conformance.case import Case
from tests.conformance.cases.tokens import BEFORE_T, T
from tests.conformance.invented import invent
from tests.nodes.running import bitcoind_node

from reservecheck.addresses.descriptors import parse_descriptor
from reservecheck.vault.canonical import canonical_json

NOBODY: Final = "bcrt1qjw5hrg4xtkmgtrlx7xct84yj6kze5d0k5cwwey9tcwf82uawxaxs79q9s9"
KEY: Final = extended(2018)
COLD: Final = add_checksum(f"wpkh({KEY}/0/*)")
AT_SEVEN: Final = parse_descriptor(COLD, "bitcoin:regtest").branches[0].script_pub_key(7).script.hex()
IN_RANGE: Final = (0, 7)
FURTHER: Final = 12
LABEL: Final = "cold"


def declared(more: str, *, owed: int = 100) -> Callable[[Bench], None]:
    """An exchange with 50 BTC at two indices of its range [0, 9], and 50 more at index 12."""

    def make(bench: Bench) -> None:
        start = BEFORE_T - 66_000
        node = bench.stack.enter_context(bitcoind_node(bench.folder, f"-mocktime={start}"))
        to = [add_checksum(f"wpkh({KEY}/0/{index})") for index in (*IN_RANGE, FURTHER)]
        for number, descriptor in enumerate((*to, *[f"addr({NOBODY})"] * 120)):
            node("setmocktime", start + 600 * (number + 1))
            node("generatetodescriptor", 1, descriptor)
        invent(bench, "aoi", T, (), {"BTC": str(owed)})
        declare(bench, LABEL, COLD, more)
        bench.provide(("bitcoin:regtest", "bitcoind", node, "practitioner"))

    return make


def declare(bench: Bench, label: str, descriptor: str, more: str) -> None:
    bench.add(
        "wallets",
        f'\n[[descriptor]]\nlabel = "{label}"\nnetwork = "bitcoin:regtest"\ndescriptor = "{descriptor}"\n{more}\n'
        'storage = "cold"\nowner = "customers"\n',
    )


def twice(bench: Bench) -> None:
    declared("range = [0, 9]", owed=200)(bench)
    declare(bench, "again", add_checksum(f"combo({KEY}/0/*)"), "range = [7, 7]\ngap = 0")


def with_private_key(bench: Bench) -> None:
    declared("range = [0, 9]")(bench)
    bench.edit("wallets", COLD, add_checksum(f"wpkh({private(2018)}/0/*)"))


def run_live(bench: Bench) -> int:
    return bench.run_live()


def forged(edit: Callable[[str], str], *, published: bool) -> Callable[[Bench], None]:
    """A bundle whose declared lines were altered, and all that follows from them derived again."""

    def make(bench: Bench) -> None:
        declared(f'range = [0, 9]\ngap = 5\npublish = "{"descriptor" if published else "scripts"}"', owed=150)(
            bench
        )
        bench.run_live("--bundle", bench.bundle)
        bench.rederive({"wallets.csv.gz": lambda data: edit(data.decode()).encode()})

    return make


def widened(lines: str) -> str:
    """What stands beyond the range is declared to be in it."""
    return lines.replace("beyond-range", "address")


def not_looked_at(lines: str) -> str:
    """The lines beyond the range, the coin among them, are left out."""
    return "".join(line for line in lines.splitlines(keepends=True) if "beyond-range" not in line)


def in_range_and_beyond(lines: str) -> str:
    """A script in the range stands beyond it once more."""
    rows = lines.splitlines(keepends=True)
    last = int(rows[-1].partition(",")[0])
    again = rows[1].replace(f"{LABEL}/0,", f"{LABEL}/99,").replace("address", "beyond-range").rstrip("\n")
    return lines + f"{last + 1}{again[1:]}1\n"


def nothing_read_beyond(lines: str) -> str:
    """The lines beyond the range, the coin among them, are there, and nothing of them is to be read."""
    rows = lines.splitlines(keepends=True)
    return "".join(row.replace(",*,", ",,") if "beyond-range" in row else row for row in rows)


def held_by_another(lines: str) -> str:
    """A line of the descriptor is shared with another entity."""
    rows = lines.splitlines(keepends=True)
    rows[1] = rows[1].replace(",*,,,", ",*,,kaede,")
    return "".join(rows)


def other_range(low: int, high: int) -> Callable[[Bench], None]:
    """The published range is not the one the lines are of."""

    def make(bench: Bench) -> None:
        forged(widened, published=True)(bench)
        published = json.loads(bench.member("descriptors.json"))
        published[0]["range"] = [low, high]
        bench.reseal({"descriptors.json": canonical_json(published)})

    return make


def hours_of_work(bench: Bench) -> None:
    """A descriptor of no line stands for ten thousand scripts of twenty keys each."""
    forged(widened, published=True)(bench)
    published = json.loads(bench.member("descriptors.json"))
    keys = ",".join(f"{extended(3000 + number)}/0/*" for number in range(20))
    text = add_checksum(f"wsh(sortedmulti(2,{keys}))")
    published.append({**published[0], "label": "ghost", "descriptor": text, "range": [0, 9_999], "gap": 0})
    bench.reseal({"descriptors.json": canonical_json(published)})


def verify(bench: Bench) -> int:
    return bench.verify()


def verify_with_wallets(bench: Bench) -> int:
    return bench.verify("--wallets", bench.wallets)


BEYOND: Final = f"coin_beyond_the_range {LABEL}"
CASES: Final[tuple[Case, ...]] = (
    Case(
        id="coins-beyond-the-range-make-up-for-the-hole",
        kind="lie",
        says="The 50 BTC that the declared range lacks stand a little further on.",
        make=declared("range = [0, 9]\ngap = 5", owed=150),
        ask=run_live,
        nodes=True,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC", BEYOND),
        figures={"BTC.deciding.held": "100", "BTC.broad.held": "150"},
        words=("beyond the declared range: 50", f"{LABEL}/12"),
        never=(KEY, KEY[:40]),
    ),
    Case(
        id="a-range-that-ends-too-early",
        kind="lie",
        says="The wallet is in use up to index 9, and covers what is owed.",
        make=declared("range = [0, 9]"),
        ask=run_live,
        nodes=True,
        code=1,
        outcome="incomplete",
        breaks=(BEYOND,),
        figures={"BTC.deciding.ratio": "100.00"},
        never=(KEY[:40],),
    ),
    Case(
        id="a-range-that-reaches-as-far-as-the-coins",
        kind="truth",
        says="The wallet is in use up to index 12.",
        make=declared("range = [0, 12]\ngap = 50", owed=150),
        ask=run_live,
        nodes=True,
        code=0,
        outcome="covered",
        figures={"BTC.deciding.ratio": "100.00"},
        never=(KEY[:40],),
    ),
    Case(
        id="one-key-under-two-descriptors",
        kind="lie",
        says="The same keys in a combo() are another wallet.",
        make=twice,
        ask=run_live,
        nodes=True,
        code=1,
        outcome="shortfall",
        breaks=(
            "asset_shortfall BTC",
            BEYOND,
            f"duplicate_holding bitcoin:regtest {AT_SEVEN}",
        ),
        figures={"BTC.deciding.held": "100"},
    ),
    Case(
        id="lines-beyond-a-published-range-declared-to-be-in-it",
        kind="lie",
        says="The bundle's lines beyond the range are lines of the range.",
        make=forged(widened, published=True),
        ask=verify,
        nodes=True,
        code=1,
        steps={"records": "the lines of 'cold' are not those its descriptor stands for"},
    ),
    Case(
        id="lines-beyond-a-published-range-left-out",
        kind="lie",
        says="Nothing was found beyond the range, because nobody looked.",
        make=forged(not_looked_at, published=True),
        ask=verify,
        nodes=True,
        code=1,
        steps={
            "records": "a script that 'cold' has beyond its range was not looked at",
            "questions": "which the declaration does not name",
        },
    ),
    Case(
        id="lines-beyond-the-range-against-the-entitys-own-file",
        kind="lie",
        says="The bundle's lines beyond the range are lines of the range, and the descriptor is not shown.",
        make=forged(widened, published=False),
        ask=verify_with_wallets,
        nodes=True,
        code=1,
        steps={"wallets": "wallets.csv.gz"},
    ),
    Case(
        id="a-script-in-the-range-and-beyond-it",
        kind="lie",
        says="A script of the range is beyond it too.",
        make=forged(in_range_and_beyond, published=True),
        ask=verify,
        nodes=True,
        code=1,
        steps={"records": "is not beyond the ranges as those before it"},
    ),
    Case(
        id="a-published-range-without-end",
        kind="lie",
        says="The published descriptor stands for two thousand million scripts.",
        make=other_range(0, 2**31 - 1),
        ask=verify,
        nodes=True,
        code=1,
        steps={"records": "a range and a gap have at most 1000000 indices each"},
    ),
    *(
        Case(
            id=f"a-published-range-that-is-none-{name}",
            kind="lie",
            says=f"The published descriptor has a range that no wallet has: {name}.",
            make=other_range(*indices),
            ask=verify,
            nodes=True,
            code=1,
            steps={"records": "descriptors.json: the range or the gap of 'cold' is none"},
        )
        for name, indices in (("backward", (9, 3)), ("negative", (-5, 9)), ("hardened", (2**31 - 2, 2**31 + 5)))
    ),
    Case(
        id="a-published-descriptor-of-no-line",
        kind="lie",
        says="A wallet of two hundred thousand keys is published, of which no line is there.",
        make=hours_of_work,
        ask=verify,
        nodes=True,
        code=1,
        steps={"records": "the lines of 'ghost' are not those its descriptor stands for"},
    ),
    Case(
        id="lines-beyond-a-range-of-which-nothing-is-read",
        kind="lie",
        says="The scripts beyond the range were looked at, for none of the instruments there are.",
        make=forged(nothing_read_beyond, published=False),
        ask=verify,
        nodes=True,
        code=1,
        steps={"records": "narrows to no instrument, or to one twice"},
    ),
    Case(
        id="a-line-of-a-published-descriptor-that-says-more",
        kind="lie",
        says="A script of the published descriptor is shared with another entity.",
        make=forged(held_by_another, published=True),
        ask=verify,
        nodes=True,
        code=1,
        steps={"records": "a line of 'cold' is not declared as its descriptor is"},
    ),
    Case(
        id="a-descriptor-with-its-private-key",
        kind="lie",
        says="A private key is a key.",
        make=with_private_key,
        ask=run_live,
        nodes=True,
        code=2,
        words=("the descriptor holds a private key",),
        never=("tprv8",),
    ),
)

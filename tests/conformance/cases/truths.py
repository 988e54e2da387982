"""What is so passes, and is shown: the other half of a checker."""

from __future__ import annotations

from typing import Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case
from tests.conformance.cases.statements import drop_cold, letter, say
from tests.conformance.invented import invent
from tests.nodes.running import anvil


def confirmed(bench: Bench) -> None:
    drop_cold(bench)
    say(bench, "prime-vault", "Prime Vault Ltd", "300")
    letter(bench, "prime-vault", "300")
    bench.recollect()


def surplus(bench: Bench) -> None:
    bench.silence()
    dropped: list[str] = []

    def drop(row: str) -> str | None:
        if ",BTC," in row and not dropped:
            dropped.append(row)
            return None
        return row

    bench.rows("customers.csv", drop)


def nothing_owed_in_one(bench: Bench) -> None:
    bench.silence()
    bench.rows("customers.csv", lambda row: None if ",USDT," in row else row)


def dust(bench: Bench) -> None:
    bench.silence()
    bench.rows("customers.csv", lambda row: _less(row) if row.endswith("1,spot") else row)
    bench.add("customers.csv", "DUST,BTC,0.00000001,spot\n")


def _less(row: str) -> str:
    customer, asset, balance, class_ = row.split(",")
    whole = balance.partition(".")[0]
    return f"{customer},{asset},{whole},{class_}"


def zero_rows(bench: Bench) -> None:
    bench.owe("C777,BTC,0,spot", "C778,ETH,0.000,spot")


def apart(bench: Bench) -> None:
    """One wallet on two lines that share no instrument."""
    narrowed = "instruments = ["
    bench.edit("wallets", 'label = "usdt-1"\n', f'label = "usdt-1"\n{narrowed}"eip155:31337/native"]\n')
    bench.add(
        "wallets",
        '\n[[wallet]]\nlabel = "usdt-1-token"\nnetwork = "eip155:31337"\n'
        'address = "0xc72e734613988C84B4Ae67a229c764dC116171Ff"\nstorage = "hot"\nowner = "customers"\n'
        f'{narrowed}"eip155:31337/erc20:0x5fbdb2315678afecb367f032d93f642f64180aa3"]\n',
    )
    bench.recollect()


def empty_wallet(bench: Bench) -> None:
    node = bench.stack.enter_context(anvil(bench.folder, 31337, "--timestamp", "1530111500"))
    node("anvil_setBalance", "0x" + "22" * 20, hex(10**18))
    for when in (1530111590, 1530111610, 1530111620):
        node("evm_setNextBlockTimestamp", when)
        node("evm_mine")
    wallets = [("eip155:31337", "0x" + "11" * 20), ("eip155:31337", "0x" + "22" * 20)]
    invent(bench, "frugal", "2018-06-28T00:00:00+09:00", wallets, {"ETH": "1"})
    bench.provide(("eip155:31337", "evm", node, "practitioner"))


def theft(bench: Bench) -> None:
    bench.start("kaede", "2018-09-14-after")


def before_the_theft(bench: Bench) -> None:
    bench.start("kaede", "2018-09-14-before")


def bundled(bench: Bench) -> None:
    bench.seal()


def short_bundle(bench: Bench) -> None:
    bench.start("hanul-hole")
    bench.seal()


CASES: Final = (
    Case(
        id="covered-exactly",
        kind="truth",
        says="Of every asset exactly as much decides as is owed.",
        code=0,
        outcome="covered",
        figures={
            "BTC.deciding.ratio": "100.00",
            "BTC.deciding.ratio_exact": "1/1",
            "BTC.surplus": "0",
            "KRW.deciding.ratio": "100.00",
            "aggregate.worst_ratio": "100.00",
        },
        words=('"rehearsal":true',),
    ),
    Case(
        id="a-surplus",
        kind="truth",
        says="More decides than is owed, and the ratio says so.",
        make=surplus,
        code=0,
        outcome="covered",
        figures={"BTC.deciding.held": "1000", "BTC.shortfall": "0"},
    ),
    Case(
        id="nothing-owed-in-one-asset",
        kind="truth",
        says="Nothing is owed in USDT; that is neither infinite nor 100 %.",
        make=nothing_owed_in_one,
        code=0,
        outcome="covered",
        figures={"USDT.owed": "0", "USDT.deciding.ratio": "None"},
        words=("none owed in the file received",),
    ),
    Case(
        id="dust",
        kind="truth",
        says="A customer is owed one satoshi, and it is counted.",
        make=dust,
        code=0,
        outcome="covered",
    ),
    Case(
        id="zero-rows",
        kind="truth",
        says="Customers without a balance are in the file, and noted.",
        make=zero_rows,
        code=0,
        outcome="covered",
        notes=("liability_extract zero BTC", "liability_extract zero ETH"),
    ),
    Case(
        id="wallet-on-two-lines-apart",
        kind="truth",
        says="One wallet stands on two lines that share no instrument; each balance counts once.",
        make=apart,
        code=0,
        outcome="covered",
        figures={"USDT.deciding.held": "10000000"},
    ),
    Case(
        id="empty-wallet-reads-zero",
        kind="truth",
        says="A wallet that holds nothing is read, and holds zero.",
        make=empty_wallet,
        ask=lambda bench: bench.run_live(),
        nodes=True,
        code=0,
        outcome="covered",
        figures={"ETH.deciding.held": "1", "ETH.deciding.bound": "exact", "ETH.unread": "[]"},
    ),
    Case(
        id="two-chains-one-asset",
        kind="truth",
        says="USDT of six decimals on one chain and of eighteen on another add up.",
        code=0,
        outcome="covered",
        figures={"USDT.deciding.held": "10000000", "USDT.broad.held": "10466000"},
    ),
    Case(
        id="house-coins-shown",
        kind="truth",
        says="House coins are shown beside, and close no gap.",
        code=0,
        outcome="covered",
        figures={"BTC.segregated.held": "1000", "BTC.broad.held": "1020", "BTC.deciding.held": "1000"},
        words=('"amount":"20","reason":"house or mixed wallet"',),
    ),
    Case(
        id="statement-confirmed-directly",
        kind="truth",
        says="A custodian's letter reached the practitioner directly and confirms the 300 BTC.",
        make=confirmed,
        code=0,
        outcome="covered",
        figures={"BTC.deciding.held": "1000", "BTC.by_control.confirmed": "300", "BTC.by_evidence.claimed": "300"},
    ),
    Case(
        id="bundle-re-derives",
        kind="truth",
        says="A bundle as it was sealed re-derives, offline.",
        make=bundled,
        ask=lambda bench: bench.verify("--snapshot", bench.snapshot, "--require-covered"),
        code=0,
        words=('"ok":true', '"outcome":"covered"'),
    ),
    Case(
        id="shortfall-re-derives",
        kind="truth",
        says="A bundle of a shortfall is as true as any other: it re-derives, and its outcome is said last.",
        make=short_bundle,
        ask=lambda bench: bench.verify(form="text"),
        code=0,
        words=("outcome recorded here: shortfall",),
    ),
    Case(
        id="shortfall-where-covered-is-required",
        kind="lie",
        says="That a bundle re-derives means that everything is covered.",
        make=short_bundle,
        ask=lambda bench: bench.verify("--require-covered"),
        code=1,
        words=('"ok":true', '"outcome":"shortfall"'),
    ),
    Case(
        id="before-the-theft",
        kind="truth",
        says="Half an hour before the theft everything was there.",
        make=before_the_theft,
        code=0,
        outcome="covered",
        figures={"BTC.broad.ratio": "132.42"},
    ),
)

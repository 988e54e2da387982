"""Lies about the chain itself: headers under a true hash, tokens with two faces, chains anybody can start."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from tests.conformance.bench import Bench, answering, dropping
from tests.conformance.case import Case
from tests.conformance.cases.tokens import BEFORE_T, T
from tests.conformance.invented import invent
from tests.nodes.running import Node, anvil

from reservecheck.chains.evm.pins import FORGED
from reservecheck.chains.evm.program import READER

CHAIN: Final = "eip155:31337"
CONTRACT: Final = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
OWNER: Final = "0x" + 40 * "1"
AMOUNT: Final = 10_000_000 * 10**6
DECIMALS_ASKED: Final = "60003560e01c63313ce56714"
CALLER_IS_OUR_READER: Final = f"3373{READER[2:]}14"
AT_MOST_A_MILLION_GAS: Final = "5a620f424111"
ACCEPTED: Final = f"""\
instruments = [
  {{ instrument = "{CHAIN}/erc20:{CONTRACT}", asset = "USDT", decimals = 6, reason = "Stand-in." }},
]
"""


def two_faced(condition: str) -> str:
    """A token that answers AMOUNT where the condition holds, and zero to everybody else."""
    body = f"{DECIMALS_ASKED}60DD57{condition}60YY5760006000526020" + "6000f3"
    yes, lie = len(body) // 2, f"5b69{AMOUNT:020x}60005260206000f3"
    code = body.replace("YY", f"{yes:02x}").replace("DD", f"{yes + len(lie) // 2:02x}")
    return f"0x{code}{lie}5b600660005260206000f3"


def live(bench: Bench) -> Node:
    """A chain of one's own, begun a day before the cut-off."""
    return bench.stack.enter_context(anvil(bench.folder, 31337, "--timestamp", str(BEFORE_T - 24)))


def passed(bench: Bench, node: Node, wallets: Sequence[str], owed: dict[str, str]) -> None:
    """Go on past the cut-off and declare these accounts."""
    for seconds in (0, 24, 36, 48):
        node("evm_setNextBlockTimestamp", BEFORE_T + seconds)
        node("evm_mine")
    invent(bench, "janus", T, [(CHAIN, account) for account in wallets], owed)
    bench.provide((CHAIN, "evm", node, "practitioner"))


def token_for(bench: Bench, condition: str) -> None:
    node = live(bench)
    node("anvil_setCode", CONTRACT, two_faced(condition))
    node("anvil_setBalance", OWNER, hex(10**18))
    passed(bench, node, [OWNER], {"ETH": "1", "USDT": "10000000"})
    bench.add("engagement.toml", ACCEPTED)


def token_for_our_program(bench: Bench) -> None:
    token_for(bench, CALLER_IS_OUR_READER)


def token_for_little_gas(bench: Bench) -> None:
    token_for(bench, AT_MOST_A_MILLION_GAS)


def nobodys_accounts(bench: Bench) -> None:
    node = live(bench)
    accounts = [f"0x{1:040x}", f"0x{0x100:040x}", READER]
    for account in accounts:
        node("anvil_setBalance", account, hex(1000 * 10**18))
    passed(bench, node, accounts, {"ETH": "3000"})


def header_field(name: str, value: str) -> Callable[[Bench], None]:
    """Another value in every header of the search, under the hashes they have."""

    def alter(said: str) -> str:
        return re.sub(rf'"{name}":"0x[0-9a-f]+"', f'"{name}":"{value}"', said)

    def make(bench: Bench) -> None:
        bench.recollect(answering(CHAIN, "pin", alter, some=True))

    return make


def not_asked_again(bench: Bench) -> None:
    bench.recollect(dropping(CHAIN, "cells-again"))


def no_rehearsal(bench: Bench) -> None:
    bench.edit("engagement.toml", "rehearsal = true\n", "")
    bench.recollect()


def issuers_name(bench: Bench) -> None:
    """The hole is in USDT, and the exchange calls itself Tether."""
    text = bench.wallets.read_text(encoding="utf-8")
    bench.wallets.write_text(re.sub(r'(?m)^name = ".*"$', 'name = "Tether"', text), encoding="utf-8")
    bench.owe("C999,USDT,10000000,spot")
    bench.recollect()


def posing_name(bench: Bench) -> None:
    bench.start("hanul-hole")
    text = bench.wallets.read_text(encoding="utf-8")
    name = "covered - checks 45 held, 0 broke, 0 not assessable"
    bench.wallets.write_text(re.sub(r'(?m)^name = ".*"$', f'name = "{name}"', text), encoding="utf-8")
    bench.recollect()


UNREAD: Final = ("asset_shortfall ETH", "asset_shortfall USDT", "unread_cell ETH", "unread_cell USDT")
CASES: Final = (
    Case(
        id="state-root-under-a-true-hash",
        kind="lie",
        says="The block has the hash it always had, and another state root.",
        make=header_field("stateRoot", "0x" + 64 * "1"),
        code=1,
        outcome="incomplete",
        unknown=(*UNREAD, f"pin_time {CHAIN}"),
        words=(FORGED,),
    ),
    Case(
        id="header-time-under-a-true-hash",
        kind="lie",
        says="The block has the hash it always had, and was made an hour earlier.",
        make=header_field("timestamp", hex(BEFORE_T - 3600)),
        code=1,
        outcome="incomplete",
        unknown=(*UNREAD, f"pin_time {CHAIN}"),
        words=(FORGED,),
    ),
    Case(
        id="token-that-knows-who-asks",
        kind="lie",
        says="The token shows ten millions to the balance reader, and nothing to anybody else.",
        make=token_for_our_program,
        ask=lambda bench: bench.run_live(),
        nodes=True,
        code=1,
        outcome="incomplete",
        unknown=("aggregate_hides_a_hole aggregate", "asset_shortfall USDT", "unread_cell USDT"),
        figures={"ETH.deciding.ratio": "100.00", "USDT.deciding.ratio": "None"},
        words=("wallet-0: two answers differ",),
    ),
    Case(
        id="token-that-counts-the-gas",
        kind="lie",
        says="The token shows ten millions to whoever has little gas left.",
        make=token_for_little_gas,
        ask=lambda bench: bench.run_live(),
        nodes=True,
        code=1,
        outcome="incomplete",
        unknown=("aggregate_hides_a_hole aggregate", "asset_shortfall USDT", "unread_cell USDT"),
        figures={"USDT.deciding.ratio": "None", "USDT.deciding.bound": "unknown"},
        words=("wallet-0: two answers differ",),
    ),
    Case(
        id="second-look-left-out",
        kind="lie",
        says="The balance reader's word for a token is enough.",
        make=not_asked_again,
        code=1,
        outcome="incomplete",
        unknown=("asset_shortfall USDT", "unread_cell USDT"),
        words=("not asked again by a plain call",),
    ),
    Case(
        id="precompiled-contracts-as-wallets",
        kind="lie",
        says="What lies on precompiled contracts and on the balance reader's own account is ours.",
        make=nobodys_accounts,
        ask=lambda bench: bench.run_live(),
        nodes=True,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall ETH", *(f"unspendable_wallet wallet-{number}" for number in range(3))),
        figures={"ETH.deciding.held": "0", "ETH.broad.held": "3000"},
    ),
    Case(
        id="test-chains-without-a-rehearsal",
        kind="lie",
        says="Coins on chains of one's own cover customers, and nobody calls it a rehearsal.",
        make=no_rehearsal,
        code=1,
        outcome="incomplete",
        breaks=tuple(f"local_test_chain {name}" for name in ("bitcoin:regtest", "eip155:31337", "eip155:31338")),
        words=('"rehearsal":false',),
    ),
    Case(
        id="name-of-an-issuer",
        kind="lie",
        says="Whoever calls himself like a token's issuer leaves that token out of the figures.",
        make=issuers_name,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall USDT",),
        figures={"aggregate.worst_asset": "USDT", "aggregate.worst_ratio": "50.00"},
    ),
    Case(
        id="name-that-poses-as-an-outcome",
        kind="lie",
        says="The report begins with the entity's name, and the name says covered.",
        make=posing_name,
        ask=lambda bench: bench.run(form="text"),
        code=1,
        words=("\nshortfall · checks: ", "\ncovered - checks 45 held, 0 broke, 0 not assessable [hanul-hole] at "),
    ),
)

"""Tokens that are not what they are called, chains that are not what they say, one balance shown twice."""

from __future__ import annotations

from typing import Final

from tests.conformance.bench import Bench, answering
from tests.conformance.case import Case
from tests.conformance.invented import invent
from tests.nodes.freezable_token import FROM_ITS_LIST, OTHER_ANSWERS, SELECTOR, put, set_frozen
from tests.nodes.running import anvil

STAND_IN: Final = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
FIRST: Final = (
    f'  {{ instrument = "eip155:31337/erc20:{STAND_IN}", asset = "USDT", decimals = 6, '
    'reason = "stand-in token of the rehearsal" },\n'
)
SHIPPED_USDT: Final = "eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7"
ALIAS: Final = "0x0000000000000000000000000000000000001010"
WHALE: Final = "0x00000000219ab540356cBB839Cbe05303d7705Fa"
MINNOW: Final = "0x6Ec17f3e74D2a4b92736Fe82fD1B89E1dd45F6B7"
T: Final = "2018-06-27T15:00:00Z"
BEFORE_T: Final = 1_530_111_588
COIN_AS_A_CONTRACT: Final = (
    "0x60003560e01c63313ce56714601b57"  # decimals()?
    "6004353160005260206000f3"  # no: the native balance of the account asked about
    "5b601260005260206000f3"  # yes: 18
)


def not_accepted(bench: Bench) -> None:
    bench.edit("engagement.toml", FIRST, "")
    bench.recollect()


def other_asset(bench: Bench) -> None:
    bench.edit("engagement.toml", FIRST, FIRST.replace('"USDT"', '"ETH"'))
    bench.recollect()


def redefined(bench: Bench) -> None:
    bench.edit("engagement.toml", FIRST, FIRST + FIRST.replace(f"eip155:31337/erc20:{STAND_IN}", SHIPPED_USDT))


def redefined_to_btc(bench: Bench) -> None:
    row = f'  {{ instrument = "{SHIPPED_USDT}", asset = "BTC", decimals = 6, reason = "it trades like it" }},\n'
    bench.edit("engagement.toml", FIRST, FIRST + row)


def other_decimals(bench: Bench) -> None:
    bench.edit("engagement.toml", FIRST, FIRST.replace("decimals = 6", "decimals = 4"))
    bench.recollect()


def silent_decimals(bench: Bench) -> None:
    bench.recollect(
        answering("eip155:31337", "decimals", lambda said: said.partition('"result"')[0] + '"result":"0x"}')
    )


def own_token(bench: Bench) -> None:
    bench.edit("engagement.toml", FIRST, FIRST.replace(" }", ', issuer = "hanul" }'))
    bench.recollect()


def entity_registry(bench: Bench) -> None:
    bench.add("wallets", f'\n[[instrument]]\ninstrument = "eip155:31337/erc20:{STAND_IN}"\nasset = "BTC"\n')


def narrowed_to_nothing(bench: Bench) -> None:
    bench.edit("wallets", 'label = "usdt-1"\n', 'label = "usdt-1"\ninstruments = []\n')


def famous_chain(bench: Bench) -> None:
    node = bench.stack.enter_context(anvil(bench.folder, 1, "--timestamp", str(BEFORE_T - 24)))
    node("anvil_setBalance", WHALE, hex(10**24))
    for seconds in (0, 24, 36):
        node("evm_setNextBlockTimestamp", BEFORE_T + seconds)
        node("evm_mine")
    invent(bench, "whale", T, [("eip155:1", WHALE)], {"ETH": "1000000"})
    bench.provide(("eip155:1", "evm", node, "third-party"))


def wrong_chain(bench: Bench) -> None:
    node = bench.stack.enter_context(anvil(bench.folder, 31338))
    invent(bench, "whale", T, [("eip155:31337", WHALE)], {"ETH": "1"})
    bench.provide(("eip155:31337", "evm", node, "third-party"))


def alias(bench: Bench, *, said: bool) -> None:
    """A chain whose native coin answers at a contract address too; the engagement accepts that contract."""
    node = bench.stack.enter_context(anvil(bench.folder, 31337, "--timestamp", str(BEFORE_T - 24)))
    node("anvil_setCode", ALIAS, COIN_AS_A_CONTRACT)
    node("anvil_setBalance", WHALE, hex(100 * 10**18))
    for seconds in (0, 24, 36):
        node("evm_setNextBlockTimestamp", BEFORE_T + seconds)
        node("evm_mine")
    same = ', same_balance_as = "eip155:31337/native"' if said else ""
    extra = f'instruments = [{{ instrument = "eip155:31337/erc20:{ALIAS}", asset = "ETH", decimals = 18, '
    extra += f'reason = "the coin as a token"{same} }}]\n'
    invent(bench, "twice", T, [("eip155:31337", WHALE)], {"ETH": "200"})
    bench.add("engagement.toml", extra)
    bench.provide(("eip155:31337", "evm", node, "practitioner"))


def freezable(bench: Bench, freeze: str = FROM_ITS_LIST, *frozen: str) -> None:
    """A stand-in for USDT with its issuer's freeze list, which the engagement names; all of it on two accounts."""
    node = bench.stack.enter_context(anvil(bench.folder, 31337, "--timestamp", str(BEFORE_T - 24)))
    put(node, STAND_IN, {WHALE: 600 * 10**6, MINNOW: 400 * 10**6}, freeze)
    for account in frozen:
        set_frozen(node, STAND_IN, account, frozen=True)
    for seconds in (0, 24, 36):
        node("evm_setNextBlockTimestamp", BEFORE_T + seconds)
        node("evm_mine")
    invent(bench, "stopped", T, [("eip155:31337", WHALE), ("eip155:31337", MINNOW)], {"USDT": "1000"})
    extra = f'instruments = [{{ instrument = "eip155:31337/erc20:{STAND_IN}", asset = "USDT", decimals = 6, '
    bench.add("engagement.toml", extra + f'reason = "stand-in", frozen_by = "{SELECTOR}" }}]\n')
    bench.provide(("eip155:31337", "evm", node, "practitioner"))


def thawed(bench: Bench) -> None:
    """The bundle of a run that found a freeze, without the selector that it was asked by, and derived anew."""
    freezable(bench, FROM_ITS_LIST, WHALE)
    bench.run_live("--bundle", bench.bundle)
    asked, silent = f'"frozen_by":"{SELECTOR}"'.encode(), b'"frozen_by":""'
    bench.rederive({"registry.json": lambda data: data.replace(asked, silent)})


CASES: Final = (
    Case(
        id="token-nobody-accepted",
        kind="lie",
        says="A token of our own making is USDT because it is called so.",
        make=not_accepted,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall USDT",),
        figures={"USDT.deciding.held": "6000000", "USDT.broad.held": "6466000"},
    ),
    Case(
        id="token-accepted-as-another-asset",
        kind="lie",
        says="The engagement counts the token as ETH, and nobody will notice.",
        make=other_asset,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall USDT", "aggregate_hides_a_hole aggregate"),
        notes=(f"instrument_not_shipped eip155:31337/erc20:{STAND_IN}",),
        figures={"ETH.broad.held": "4020359"},
        words=("(not shipped) counts as ETH: stand-in token of the rehearsal",),
    ),
    Case(
        id="shipped-token-redefined",
        kind="lie",
        says="What USDT on Ethereum is, is for the engagement to say.",
        make=redefined,
        code=2,
        words=(f"engagement.toml:24: {SHIPPED_USDT} stands in the registry already, as USDT",),
    ),
    Case(
        id="shipped-token-as-another-asset",
        kind="lie",
        says="USDT on Ethereum counts as BTC.",
        make=redefined_to_btc,
        code=2,
        words=(f"engagement.toml:24: {SHIPPED_USDT} stands in the registry already, as USDT",),
    ),
    Case(
        id="decimals-that-differ",
        kind="lie",
        says="The token has four decimals, so a hundred times as much is there.",
        make=other_decimals,
        code=1,
        outcome="incomplete",
        unknown=("asset_shortfall USDT", "unread_cell USDT"),
        words=("decimals differ: registry 4, chain 6",),
        figures={"USDT.deciding.held": "6000000", "USDT.deciding.bound": "at-least"},
    ),
    Case(
        id="decimals-unanswered",
        kind="lie",
        says="A token that does not say its decimals has those of the registry.",
        make=silent_decimals,
        code=1,
        outcome="incomplete",
        unknown=("asset_shortfall USDT", "unread_cell USDT"),
        words=("the token did not answer decimals()",),
    ),
    Case(
        id="own-token-for-another-asset",
        kind="lie",
        says="A token that we issue ourselves stands for the USDT that we owe.",
        make=own_token,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall USDT",),
        figures={"USDT.deciding.held": "6000000"},
        words=("issued by the entity: 4,000,000",),
    ),
    Case(
        id="token-defined-by-the-entity",
        kind="lie",
        says="The entity's own file says what a token is.",
        make=entity_registry,
        code=2,
        words=('the file has an unknown key "instrument"',),
    ),
    Case(
        id="wallet-narrowed-to-nothing",
        kind="lie",
        says="A wallet is declared of which nothing is to be read.",
        make=narrowed_to_nothing,
        code=2,
        words=("instruments is empty: nothing would be read",),
    ),
    Case(
        id="own-chain-with-a-famous-id",
        kind="lie",
        says="A node of our own with chain id 1 and a million ether is Ethereum.",
        make=famous_chain,
        ask=lambda bench: bench.run_live(),
        nodes=True,
        code=2,
        words=(
            "wrong chain for eip155:1: block 0 is",
            "expected 0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3",
        ),
    ),
    Case(
        id="node-of-another-chain",
        kind="lie",
        says="One local chain is as good as another.",
        make=wrong_chain,
        ask=lambda bench: bench.run_live(),
        nodes=True,
        code=2,
        words=("wrong chain for eip155:31337: the chain id is 31338, expected 31337",),
    ),
    Case(
        id="native-coin-counted-twice",
        kind="lie",
        says="The coin and the contract that shows the same coin are 200 together.",
        make=lambda bench: alias(bench, said=True),
        ask=lambda bench: bench.run_live(),
        nodes=True,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall ETH",),
        notes=(f"same_balance_counted_once wallet-0 eip155:31337/erc20:{ALIAS}",),
        figures={"ETH.deciding.held": "100", "ETH.owed": "200"},
    ),
    Case(
        id="frozen-usdt-counted",
        kind="lie",
        says="USDT that Tether has frozen are still in our wallet, so they count.",
        make=lambda bench: freezable(bench, FROM_ITS_LIST, WHALE),
        ask=lambda bench: bench.run_live(),
        nodes=True,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall USDT", f"locked_coins wallet-0 eip155:31337/erc20:{STAND_IN}"),
        figures={"USDT.deciding.held": "400", "USDT.broad.held": "1000"},
        words=("frozen by the token's issuer: 600",),
    ),
    Case(
        id="freeze-list-that-keeps-silent",
        kind="lie",
        says="Nobody said that our USDT are frozen, so they are free.",
        make=lambda bench: freezable(bench, OTHER_ANSWERS["it reverts"]),
        ask=lambda bench: bench.run_live(),
        nodes=True,
        code=1,
        outcome="incomplete",
        unknown=(
            "asset_shortfall USDT",
            f"locked_coins wallet-0 eip155:31337/erc20:{STAND_IN}",
            f"locked_coins wallet-1 eip155:31337/erc20:{STAND_IN}",
        ),
        figures={"USDT.deciding.held": "0", "USDT.broad.held": "1000"},
        words=("whether the issuer froze it was not answered: 1,000",),
    ),
    Case(
        id="freeze-list-gone-from-the-bundle",
        kind="lie",
        says="In this bundle the token has no freeze list, so nothing was frozen.",
        make=thawed,
        ask=lambda bench: bench.verify(),
        nodes=True,
        code=1,
        steps={"shipped": f"eip155:31337/erc20:{STAND_IN}"},
    ),
    Case(
        id="tokens-nobody-froze",
        kind="truth",
        says="USDT on accounts that are not on the freeze list count.",
        make=freezable,
        ask=lambda bench: bench.run_live(),
        nodes=True,
        code=0,
        outcome="covered",
        figures={"USDT.deciding.held": "1000"},
    ),
)

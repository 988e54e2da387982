"""Three small chains around one cut-off, the files of an invented exchange on them, and the command line to ask.

Nothing here changes a chain after it was made; tests that reorganise or age one make their own.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.nodes.running import Node, anvil, bitcoind_node
from tools.stand_in_token import ADDRESS, creation_code, transfer_data

CUTOFF: Final = 1_530_111_600
"""2018-06-28T00:00:00+09:00."""
PIN: Final = 113
"""The height of Bitcoin's block at the cut-off."""
BITCOIN: Final = "bitcoin:regtest"
ONE: Final = "eip155:31337"
TWO: Final = "eip155:31338"
NETWORKS: Final = (BITCOIN, ONE, TWO)
CUSTOMER: Final = "C-4711-private"
"""The beginning of every customer id; it must be found nowhere but in the extract."""
BTC_HOT: Final = "bcrt1qjyhsyzq3h7jvhjgt2p90dx5mnseuu27k2nreu5"
BTC_HOUSE: Final = "2N9KWroWBa3rg3b8Pd7aukkq5t1rCxQRvMA"
NOBODY: Final = "bcrt1qjw5hrg4xtkmgtrlx7xct84yj6kze5d0k5cwwey9tcwf82uawxaxs79q9s9"
ETH_HOT: Final = "0x6Ec17f3e74D2a4b92736Fe82fD1B89E1dd45F6B7"
USDT_1: Final = "0xc72e734613988C84B4Ae67a229c764dC116171Ff"
USDT_2: Final = "0x1d7D3088740056B5107218a47a148D9FCbFaE894"

WALLETS: Final = f"""format = "reservecheck/wallets/v1"
entity = "nami"
name = "Nami (fictional)"
[[wallet]]
label = "btc-hot"
network = "{BITCOIN}"
address = "{BTC_HOT}"
storage = "hot"
owner = "customers"
[[wallet]]
label = "btc-house"
network = "{BITCOIN}"
address = "{BTC_HOUSE}"
storage = "hot"
owner = "house"
[[wallet]]
label = "eth-hot"
network = "{ONE}"
address = "{ETH_HOT}"
storage = "hot"
owner = "customers"
[[wallet]]
label = "usdt-1"
network = "{ONE}"
address = "{USDT_1}"
storage = "hot"
owner = "customers"
[[wallet]]
label = "usdt-2"
network = "{TWO}"
address = "{USDT_2}"
storage = "cold"
owner = "customers"
"""
ENGAGEMENT: Final = f"""format = "reservecheck/engagement/v1"
id = "nami-1"
entity = "nami"
practitioner = "Example Audit (fictional)"
rehearsal = true
cutoff = 2018-06-28T00:00:00+09:00
currency = "KRW"
assets = ["BTC", "ETH", "USDT", "KRW"]
[deciding]
control = "undemonstrated"
[accept]
owner = "as declared"
cash_titles = "as declared"
instruments = [
  {{ instrument = "{ONE}/erc20:{ADDRESS}", asset = "USDT", reason = "stand-in" }},
  {{ instrument = "{TWO}/erc20:{ADDRESS}", asset = "USDT", reason = "stand-in" }},
]
"""
SNAPSHOT: Final = """format = "reservecheck/snapshot/v1"
entity = "nami"
[files]
customers = ["customers.csv"]
cash = "cash.csv"
prices = "prices.csv"
letters = "letters.csv"
encumbrances = "encumbrances.csv"
[extract]
as_of = 2018-06-28T00:00:00+09:00
rows = 5
totals = { BTC = "100", ETH = "10", USDT = "15.5", KRW = "5000" }
[classes]
spot = "listed"
"""
CUSTOMERS: Final = f"""customer,asset,balance,class
{CUSTOMER}-1,BTC,60,spot
{CUSTOMER}-2,BTC,40,spot
{CUSTOMER}-1,ETH,10,spot
{CUSTOMER}-2,USDT,15.5,spot
{CUSTOMER}-3,KRW,5000,spot
"""
_AT: Final = "2018-06-28T00:00:00+09:00"
REGISTERS: Final[Mapping[str, str]] = {
    "cash.csv": "label,institution,currency,balance,title,as_of\n"
    f"customers-a,Example Bank A,KRW,5000,customer,{_AT}\n",
    "prices.csv": "asset,price,source,as_of,method,supplied_by\n"
    + "".join(
        f"{asset},{price},invented,{_AT},single price,practitioner\n"
        for asset, price in (("BTC", 6700000), ("ETH", 490000), ("USDT", 1115))
    ),
    "letters.csv": "id,from,subject,label,asset,amount,as_of,requested_on,received_on,channel,received_by,"
    f"restrictions,file_sha256\na-1,Example Bank A,cash,customers-a,KRW,5000,{_AT},2018-06-28,2018-07-09,direct,"
    f"Example Audit,none,{'5' * 64}\n",
    "encumbrances.csv": "kind,asset,amount,counterparty,document_sha256,asserted_by\nnone,,,,,CFO\n",
}


@dataclass(frozen=True, slots=True)
class World:
    """The nodes by network."""

    nodes: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class Desk:
    """One person's files: a wallets file, a snapshot folder, and a providers file, all of them to be changed."""

    folder: Path
    world: World
    urls: dict[str, str] = field(default_factory=dict)  # where a network is asked instead of at its node
    auth: dict[str, str] = field(default_factory=dict)  # a network's auth line instead of the cookie file
    timeout_s: int = 10

    @property
    def wallets(self) -> Path:
        return self.folder / "nami.toml"

    @property
    def snapshot(self) -> Path:
        return self.folder / "snapshot"

    @property
    def providers(self) -> Path:
        return self.folder / "providers.toml"

    def lay_out(self) -> Desk:
        """Write all files; what a test changed is as it was."""
        self.snapshot.mkdir(parents=True, exist_ok=True)
        self.wallets.write_text(WALLETS)
        (self.snapshot / "engagement.toml").write_text(ENGAGEMENT)
        (self.snapshot / "snapshot.toml").write_text(SNAPSHOT)
        (self.snapshot / "customers.csv").write_text(CUSTOMERS)
        for name, text in REGISTERS.items():
            (self.snapshot / name).write_text(text)
        self.write_providers()
        return self

    def write_providers(self, *, without: str = "") -> None:
        """One source a network, named after it."""
        text = 'format = "reservecheck/providers/v1"\n'
        for network in NETWORKS:
            if network == without:
                continue
            node = self.world.nodes[network]
            kind = "bitcoind" if network == BITCOIN else "evm"
            url = self.urls.get(network, node.url)
            text += f'[[source]]\nname = "{source_of(network)}"\nnetwork = "{network}"\nkind = "{kind}"\n'
            text += f'url = "{url}"\n' if "=" not in url else f"{url}\n"
            text += f'operator = "own"\nrun_by = "practitioner"\ntimeout_s = {self.timeout_s}\n'
            text += "requests_per_second = 1000\n"
            if network in self.auth:
                text += self.auth[network] + "\n"
            elif node.cookie_file is not None and network not in self.urls:
                text += f'auth = {{ cookie_file = "{node.cookie_file}" }}\n'
        self.providers.write_text(text)

    def change(self, name: str, old: str, new: str) -> None:
        """Replace one text in one file."""
        path = self.folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def collect(self, target: str, *more: str) -> list[str]:
        """The arguments of a collect."""
        given = [str(self.wallets), str(self.snapshot), "--providers", str(self.providers)]
        return ["collect", *given, "--evidence", str(self.folder / target), *more]

    def run(self, *more: str, evidence: Path | None = None) -> list[str]:
        """The arguments of a run from evidence, or from the providers."""
        how = ["--providers", str(self.providers)] if evidence is None else ["--evidence", str(evidence)]
        return ["run", str(self.wallets), str(self.snapshot), *how, *more]


def source_of(network: str) -> str:
    """The name of a network's source."""
    return "src-" + network.replace(":", "-")


def new_desk(folder: Path, world: World) -> Desk:
    """A desk with all its files."""
    return Desk(folder, world).lay_out()


def copied(desk: Desk, folder: Path) -> Desk:
    """The same files somewhere else."""
    shutil.copytree(desk.folder, folder)
    return Desk(folder, desk.world)


@contextmanager
def small_world(folder: Path) -> Iterator[World]:
    """100 BTC, 10 ETH and 15.5 USDT (on two chains) where the wallets file says, minutes before the cut-off."""
    with ExitStack() as stack:
        bitcoin = stack.enter_context(bitcoind_node(folder, f"-mocktime={CUTOFF - 9000}"))
        start = ("--timestamp", str(CUTOFF - 86_400))
        one = stack.enter_context(anvil(folder, 31337, *start))
        two = stack.enter_context(anvil(folder, 31338, *start))
        mine_bitcoin(bitcoin)
        fund_evm(one, {USDT_1: 5_500_000}, decimals=6, ether={ETH_HOT: 10 * 10**18})
        fund_evm(two, {USDT_2: 10 * 10**18}, decimals=18, ether={})
        yield World({BITCOIN: bitcoin, ONE: one, TWO: two})


def mine_bitcoin(node: Node, *, after: int = 14) -> None:
    """Two blocks to the hot wallet, one to the house's, and so many up to the cut-off that all three can be spent.

    Then `after` blocks past the cut-off; all of them are ten minutes apart.
    """
    who = [BTC_HOT, BTC_HOT, BTC_HOUSE] + [NOBODY] * (PIN - 3 + after)
    for number, address in enumerate(who, 1):
        node("setmocktime", CUTOFF - 300 + 600 * (number - PIN))
        node("generatetoaddress", 1, address)


def fund_evm(node: Node, tokens: Mapping[str, int], *, decimals: int, ether: Mapping[str, int]) -> None:
    """Deploy the stand-in token, pay, and go on past the cut-off."""
    bank = node("eth_accounts")[0]
    node("evm_setNextBlockTimestamp", CUTOFF - 3600)
    pay(node, {"from": bank, "data": creation_code(10**24, decimals)})
    for holder, units in tokens.items():
        pay(node, {"from": bank, "to": ADDRESS, "data": transfer_data(holder, units)})
    for holder, wei in ether.items():
        pay(node, {"from": bank, "to": holder, "value": hex(wei)})
    for seconds in (-12, 12, 24, 36, 48):
        evm_block(node, CUTOFF + seconds)


def pay(node: Node, transaction: Mapping[str, str]) -> None:
    """One transaction in a block of its own: the next is sent once this one was mined."""
    sent = node("eth_sendTransaction", {"gas": "0x100000", **transaction})
    deadline = time.monotonic() + 10
    while node("eth_getTransactionReceipt", sent) is None:
        assert time.monotonic() < deadline, "the transaction was not mined"
        time.sleep(0.01)


def evm_block(node: Node, when: int) -> None:
    """One block at one time."""
    node("evm_setNextBlockTimestamp", when)
    node("evm_mine")

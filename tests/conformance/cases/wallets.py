"""What is declared: one holding under two names, addresses that are none, wallets nobody can spend from."""

from __future__ import annotations

from typing import Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case
from tests.conformance.cases.statements import drop_cold
from tests.conformance.cases.tokens import BEFORE_T, STAND_IN, T
from tests.conformance.invented import invent
from tests.nodes.running import anvil

HOT: Final = "bcrt1qjyhsyzq3h7jvhjgt2p90dx5mnseuu27k2nreu5"
ETH_HOT: Final = "0x6Ec17f3e74D2a4b92736Fe82fD1B89E1dd45F6B7"
COMPANY: Final = "2N9KWroWBa3rg3b8Pd7aukkq5t1rCxQRvMA"


def declare(bench: Bench, network: str, address: str, owner: str = "customers", label: str = "again") -> None:
    bench.add(
        "wallets",
        f'\n[[wallet]]\nlabel = "{label}"\nnetwork = "{network}"\naddress = "{address}"\n'
        f'storage = "cold"\nowner = "{owner}"\n',
    )


def upper_case(bench: Bench) -> None:
    declare(bench, "bitcoin:regtest", HOT.upper())
    bench.recollect()


def other_case_evm(bench: Bench) -> None:
    declare(bench, "eip155:31337", ETH_HOT.lower())
    bench.recollect()


def twice_for_two_owners(bench: Bench) -> None:
    declare(bench, "bitcoin:regtest", COMPANY)
    bench.recollect()


def burn_address(bench: Bench) -> None:
    """The address where coins are destroyed holds some on every chain."""
    address = "0x000000000000000000000000000000000000dEaD"
    node = bench.stack.enter_context(anvil(bench.folder, 31337, "--timestamp", str(BEFORE_T - 24)))
    node("anvil_setBalance", address, hex(100 * 10**18))
    for seconds in (0, 24, 36):
        node("evm_setNextBlockTimestamp", BEFORE_T + seconds)
        node("evm_mine")
    invent(bench, "ashes", T, [("eip155:31337", address)], {"ETH": "100"})
    bench.provide(("eip155:31337", "evm", node, "practitioner"))


def token_contract(bench: Bench) -> None:
    declare(bench, "eip155:31337", STAND_IN)
    bench.recollect()


def mixed_case(bench: Bench) -> None:
    declare(bench, "bitcoin:regtest", HOT[:20].upper() + HOT[20:])


def bad_checksum(bench: Bench) -> None:
    declare(bench, "bitcoin:regtest", f"{HOT[:-1]}4")


def cut_short(bench: Bench) -> None:
    declare(bench, "eip155:31337", ETH_HOT[:-1])


def wrong_evm_checksum(bench: Bench) -> None:
    declare(bench, "eip155:31337", ETH_HOT.replace("E", "e", 1))


def other_chain(bench: Bench) -> None:
    declare(bench, "bitcoin:regtest", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")


def other_kind(bench: Bench) -> None:
    declare(bench, "bitcoin:regtest", ETH_HOT)


def label_twice(bench: Bench) -> None:
    declare(
        bench,
        "bitcoin:regtest",
        "bcrt1pws9uxdwvprpkpyz2hfddvv9hnd43r95nmzy2amj9xqv99vcuhxrqazg4rc",
        label="btc-hot",
    )


def none(bench: Bench) -> None:
    text = bench.wallets.read_text(encoding="utf-8")
    bench.wallets.write_text(text.partition("[[wallet]]")[0], encoding="utf-8")


def unknown_network(bench: Bench) -> None:
    declare(bench, "bitcoin:fork", HOT)


def chain_without_reader(bench: Bench) -> None:
    declare(bench, "dogecoin:mainnet", "D7Y55r6Yoc1G8EECxkQ6SuSjTgGJJ7M6yD")
    bench.edit("engagement.toml", '"USDT", "KRW"]', '"USDT", "KRW", "DOGE"]')


def never_read(bench: Bench) -> None:
    declare(bench, "bitcoin:regtest", "bcrt1pws9uxdwvprpkpyz2hfddvv9hnd43r95nmzy2amj9xqv99vcuhxrqazg4rc")
    bench.recollect()


def fewer(bench: Bench) -> None:
    drop_cold(bench)
    bench.recollect()


DUPLICATE: Final = "duplicate_holding bitcoin:regtest 0014912f020811bfa4cbc90b504af69a9b9c33ce2bd6"
CASES: Final = (
    Case(
        id="bech32-in-capitals",
        kind="lie",
        says="The same address in capitals is another 20 BTC.",
        make=upper_case,
        code=1,
        outcome="incomplete",
        breaks=(DUPLICATE,),
        figures={"BTC.deciding.held": "1000", "BTC.broad.held": "1020"},
        words=("it counts once, for the least favourable",),
    ),
    Case(
        id="account-in-small-letters",
        kind="lie",
        says="The same account without its checksum letters is another 500 ETH.",
        make=other_case_evm,
        code=1,
        outcome="incomplete",
        breaks=(f"duplicate_holding eip155:31337 {ETH_HOT.lower()}",),
        figures={"ETH.deciding.held": "20000"},
    ),
    Case(
        id="one-wallet-for-two-owners",
        kind="lie",
        says="The company's wallet is declared once more, as customers'.",
        make=twice_for_two_owners,
        code=1,
        outcome="incomplete",
        breaks=("duplicate_holding bitcoin:regtest a914b051c2750ad2dc065c436e214a39f96597987c7487",),
        figures={"BTC.deciding.held": "1000", "BTC.segregated.held": "1000", "BTC.broad.held": "1020"},
    ),
    Case(
        id="burn-address-as-a-wallet",
        kind="lie",
        says="The 100 ETH on the burn address are ours.",
        make=burn_address,
        ask=lambda bench: bench.run_live(),
        nodes=True,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall ETH", "unspendable_wallet wallet-0"),
        figures={"ETH.deciding.held": "0", "ETH.broad.held": "100"},
        words=("it is nobody's own: 100",),
    ),
    Case(
        id="token-contract-as-a-wallet",
        kind="lie",
        says="The token's own contract is one of our wallets.",
        make=token_contract,
        code=1,
        outcome="incomplete",
        breaks=("unspendable_wallet again",),
        unknown=("unread_cell ETH", "unread_cell USDT"),
        words=("it is a token's own contract",),
    ),
    Case(
        id="bech32-in-mixed-case",
        kind="lie",
        says="An address half in capitals is a new one.",
        make=mixed_case,
        code=2,
        words=("hanul.toml:86", "mixed case"),
    ),
    Case(
        id="address-with-a-wrong-checksum",
        kind="lie",
        says="A look-alike with a wrong last letter is an address.",
        make=bad_checksum,
        code=2,
        words=("hanul.toml:86", "is not an address of bitcoin:regtest: invalid checksum"),
    ),
    Case(
        id="address-cut-short",
        kind="lie",
        says="An account with a digit less is an account.",
        make=cut_short,
        code=2,
        words=("hanul.toml:86", "39 hex digits, an odd number"),
    ),
    Case(
        id="account-with-wrong-capitals",
        kind="lie",
        says="The capitals in an account mean nothing.",
        make=wrong_evm_checksum,
        code=2,
        words=("hanul.toml:86", "the letter case is not the checksum of EIP-55"),
    ),
    Case(
        id="address-of-another-network",
        kind="lie",
        says="An address of the main network is one of the test chain.",
        make=other_chain,
        code=2,
        words=("hanul.toml:86", "this is an address of bitcoin:mainnet"),
    ),
    Case(
        id="address-of-another-family",
        kind="lie",
        says="An Ethereum account holds bitcoins.",
        make=other_kind,
        code=2,
        words=("hanul.toml:86", "this is an EVM address"),
    ),
    Case(
        id="label-twice",
        kind="lie",
        says="Two wallets of one label are one line in the report.",
        make=label_twice,
        code=2,
        words=("the label 'btc-hot' stands twice",),
    ),
    Case(
        id="no-wallets",
        kind="lie",
        says="An empty declaration has no wallet that could be short.",
        make=none,
        code=2,
        words=("no wallet is declared",),
    ),
    Case(
        id="network-nobody-knows",
        kind="lie",
        says="A fork of our own is Bitcoin.",
        make=unknown_network,
        code=2,
        words=("'bitcoin:fork' is not a known network",),
    ),
    Case(
        id="chain-without-a-reader",
        kind="lie",
        says="A wallet on a chain that cannot be read is passed over in silence.",
        make=chain_without_reader,
        code=2,
        words=("dogecoin:mainnet has no reader in this version",),
    ),
    Case(
        id="wallet-added-after-the-reading",
        kind="lie",
        says="A wallet that nobody asked about holds nothing, which harms nobody.",
        make=never_read,
        code=1,
        outcome="incomplete",
        unknown=("unread_cell BTC",),
        figures={"BTC.deciding.bound": "at-least"},
    ),
    Case(
        id="wallet-withdrawn",
        kind="truth",
        says="Without btc-cold-2 there are 700 BTC, and 700 are counted.",
        make=fewer,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC",),
        figures={"BTC.deciding.held": "700", "BTC.deciding.ratio": "70.00"},
    ),
)

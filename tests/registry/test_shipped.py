"""The shipped registry: facts that must never drift, strict loading, and what an engagement may add."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sha3 import keccak_256

from reservecheck.addresses.evm import account_of, checksummed
from reservecheck.addresses.identity import identity_of
from reservecheck.chains.evm.program import READER
from reservecheck.declare.engagement import strict_engagement
from reservecheck.errors import InputError, ReservecheckError
from reservecheck.model.engagement import Accept, AcceptedInstrument, Engagement, Quorum
from reservecheck.model.registry import Registry
from reservecheck.registry.rows import Tables, registry_of
from reservecheck.registry.shipped import COLUMNS, load_registry, network_row, with_accepted
from reservecheck.vault.csv_file import read_csv

STAND_IN = "eip155:31337/erc20:0x5fbdb2315678afecb367f032d93f642f64180aa3"
USDT = "eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7"
DATA = Path(__file__).parents[2] / "src" / "reservecheck" / "registry" / "data"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def accepting(*items: AcceptedInstrument, sources: dict[str, Quorum] | None = None) -> Engagement:
    strict = strict_engagement("kaede", "2018-09-14T17:00:00+09:00", 1536912000, "JPY")
    return replace(strict, accept=Accept(instruments=items), sources=sources or {})


def accepted(instrument: str, asset: str, **more: str | int) -> AcceptedInstrument:
    return AcceptedInstrument(instrument=instrument, asset=asset, reason="stand-in", **more)  # type: ignore[arg-type]  # a test's shorthand


def test_networks_that_share_a_genesis_differ_in_their_fork_block(registry: Registry) -> None:
    identities = [
        (row.chain_id, row.genesis, row.fork_height, row.fork_hash)
        for row in registry.networks.values()
        if row.public
    ]
    assert len(set(identities)) == len(identities)
    ether, classic = registry.networks["eip155:1"], registry.networks["eip155:61"]
    assert (ether.genesis, ether.fork_height) == (classic.genesis, classic.fork_height)
    assert ether.fork_hash != classic.fork_hash
    bitcoin, cash = registry.networks["bitcoin:mainnet"], registry.networks["bitcoincash:mainnet"]
    assert bitcoin.genesis == cash.genesis
    assert bitcoin.fork_hash != cash.fork_hash


def test_test_chains_are_not_public_and_say_which_kind_they_are(registry: Registry) -> None:
    kinds = {name: row.test_chain for name, row in registry.networks.items() if row.test_chain}
    assert kinds == {
        "bitcoin:regtest": "local test chain",
        "eip155:31337": "local test chain",
        "eip155:31338": "local test chain",
        "bitcoin:testnet4": "test chain",
        "bitcoin:signet": "test chain",
        "eip155:11155111": "test chain",
    }
    assert all(row.public == (not row.test_chain) for row in registry.networks.values())


def test_a_chain_without_a_reader_says_so_by_an_empty_family(registry: Registry) -> None:
    assert [name for name, row in registry.networks.items() if not row.family] == ["dogecoin:mainnet"]


def test_every_network_has_its_native_coin(registry: Registry) -> None:
    for row in registry.networks.values():
        assert registry.instruments[row.native].contract == ""


def test_tether_has_six_decimals_on_ethereum_and_eighteen_on_bnb_smart_chain(registry: Registry) -> None:
    assert registry.instruments[USDT].decimals == 6
    bsc = registry.instruments["eip155:56/erc20:0x55d398326f99059ff775485246999027b3197955"]
    assert (bsc.asset, bsc.decimals, registry.assets["USDT"].decimals) == ("USDT", 18, 18)


def test_balances_that_are_shown_twice_are_named(registry: Registry) -> None:
    doubles = {row.instrument: row.same_balance_as for row in registry.instruments.values() if row.same_balance_as}
    assert doubles == {
        "eip155:137/erc20:0x0000000000000000000000000000000000001010": "eip155:137/native",
        "eip155:1/erc20:0x8dd5fbce2f6a956c3022ba3663759011dd51e73e": (
            "eip155:1/erc20:0x0000000000085d4780b73119b644ae5ecd22b376"
        ),
    }


def test_selectors_of_freeze_lists_are_those_of_the_functions_they_stand_for(registry: Registry) -> None:
    issuers: dict[str, set[str]] = {}
    for row in registry.instruments.values():
        if row.frozen_by:
            issuers.setdefault(row.frozen_by, set()).add(f"{row.asset} {row.issuer}")
    assert issuers == {
        selector("isBlackListed(address)"): {"USDT Tether"},
        selector("isBlacklisted(address)"): {"USDC Circle"},
    }
    circle = [row for row in registry.instruments.values() if row.issuer == "Circle"]
    assert len(circle) == 6
    assert all(row.frozen_by for row in circle)


def selector(signature: str) -> str:
    digest: str = keccak_256(signature.encode()).hexdigest()
    return f"0x{digest[:8]}"


def test_wrapped_and_bridged_coins_are_assets_of_their_own(registry: Registry) -> None:
    """O5: so that one coin is not counted as two."""
    assert registry.instruments["eip155:1/erc20:0x2260fac5e5542a773aa44fbcfedf7c193bc2c599"].asset == "WBTC"
    assert registry.instruments["eip155:1/erc20:0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"].asset == "WETH"
    assert registry.instruments["eip155:137/erc20:0x2791bca1f2de4661ed88a30c99a7a9449aa84174"].asset == "USDC.E"


def test_cash_has_the_decimals_of_its_currency(registry: Registry) -> None:
    cash = {row.asset: row.decimals for row in registry.assets.values() if row.kind == "cash"}
    assert cash["KRW"] == cash["JPY"] == 0
    assert {cash[name] for name in ("USD", "EUR", "GBP", "HKD", "SGD")} == {2}


def test_contract_addresses_are_accounts(registry: Registry) -> None:
    for row in registry.instruments.values():
        if row.contract:
            assert account_of(checksummed(row.contract)) == row.contract


def test_burn_addresses_have_their_identities(registry: Registry) -> None:
    assert ("evm", "0x000000000000000000000000000000000000dead") in registry.burn
    assert ("bitcoind", identity_of("1CounterpartyXXXXXXXXXXXXXXXUWLpVr", "bitcoin:mainnet")) in registry.burn


def test_an_evm_chain_that_is_not_shipped_has_a_generic_row(registry: Registry) -> None:
    row = network_row(registry, "eip155:8217")
    assert row is not None
    assert (row.chain_id, row.genesis, row.finality, row.family) == (8217, "", "tag:finalized", "evm")
    assert network_row(registry, "eip155:1") == registry.networks["eip155:1"]
    assert network_row(registry, "tron:mainnet") is None


def test_an_engagement_adds_instruments_and_the_chains_it_names(registry: Registry) -> None:
    engagement = accepting(
        accepted(STAND_IN, "MONA", decimals=8, frozen_by="0xe47d6060"),
        accepted("eip155:8217/native", "ETH"),
        sources={"eip155:999": Quorum(), "bitcoin:regtest": Quorum()},
    )
    result = with_accepted(registry, engagement)
    assert (result.instruments[STAND_IN].origin, result.instruments[STAND_IN].source) == (
        "engagement",
        "stand-in",
    )
    assert result.instruments[STAND_IN].frozen_by == "0xe47d6060"
    assert {"eip155:8217", "eip155:999"} <= set(result.networks)
    assert STAND_IN not in registry.instruments
    assert "eip155:8217" not in registry.networks


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (accepted(USDT, "BTC"), f"{USDT} stands in the registry already, as USDT, and cannot be redefined"),
        (
            accepted("eip155:1/erc20:0xAB", "BTC"),
            (
                "'eip155:1/erc20:0xAB' is not an instrument: write <network>/native or "
                "<network>/erc20:0x<40 lower-case>"
            ),
        ),
        (accepted("tron:mainnet/native", "TRX"), "'tron:mainnet/native' is on a network that is not known"),
        (
            accepted("bitcoin:regtest/erc20:0x" + "a" * 40, "BTC"),
            "'bitcoin:regtest/erc20:0x" + "a" * 40 + "' is a token contract on a network that has none",
        ),
        (accepted(STAND_IN, "NOPE"), "'NOPE' is not an asset of the registry"),
        (accepted(STAND_IN, "KRW"), "KRW is cash: no instrument on a chain is cash"),
        (accepted(STAND_IN, "BTC", decimals=18), f"{STAND_IN} has 18 decimals, BTC only 8"),
        (
            accepted(STAND_IN, "BTC", frozen_by="isBlackListed"),
            "frozen_by is 'isBlackListed', not a selector: write 0x and 8 lower-case hex digits",
        ),
        (
            accepted("eip155:8217/native", "ETH", frozen_by="0xe47d6060"),
            "eip155:8217/native is no token contract: nobody can ask it with frozen_by",
        ),
        (
            accepted(STAND_IN, "BTC", same_balance_as="x"),
            "same_balance_as names 'x', which is not an instrument of the registry",
        ),
    ],
)
def test_what_an_engagement_cannot_add_is_refused(
    registry: Registry, item: AcceptedInstrument, message: str
) -> None:
    with pytest.raises(ReservecheckError) as caught:
        with_accepted(registry, accepting(item))
    assert caught.value.message == message


def test_an_instrument_accepted_twice_is_refused(registry: Registry) -> None:
    with pytest.raises(ReservecheckError, match="stands in the registry already, as MONA"):
        with_accepted(registry, accepting(accepted(STAND_IN, "MONA"), accepted(STAND_IN, "BTC")))


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        ("networks", "confirmations:1,", "soon,", "'soon' is not a finality rule"),
        ("networks", "bitcoin:signet,", "signet,", "'signet' is not a network"),
        ("networks", "bitcoin:signet,", "bitcoin:testnet4,", "'bitcoin:testnet4' stands twice"),
        ("networks", ",bitcoind,", ",tron,", "family is 'tron', not one of evm, bitcoind, nothing"),
        ("networks", "false,7200,ethereum", "maybe,7200,ethereum", "public is 'maybe', not one of true, false"),
        ("networks", "tag:finalized,true,120", "tag:finalized,true,soon", "'soon' is not a whole number"),
        ("networks", ",1920000,", ",,", "fork_height and fork_hash stand together or not at all"),
        ("networks", "0x25a5", "0xZZ25a5", "is not a block hash (genesis)"),
        (
            "networks",
            ",,,,confirmations:1,false",
            ",,,,confirmations:1,true",
            "a public network has a genesis hash",
        ),
        (
            "networks",
            ",evm,10,",
            ",evm,11,",
            "an EVM network is named eip155:<chain_id>, and no other has a chain_id",
        ),
        ("assets", "BTC,Bitcoin,coin,8", "BTC,Bitcoin,coin,31", "31 decimals, the most is 30"),
        ("assets", "BTC,Bitcoin,coin", "BTC,Bitcoin,rock", "kind is 'rock'"),
        ("assets", "PEPE,Pepe", "pepe,Pepe", "'pepe' is not an asset"),
        (
            "instruments",
            "bitcoin:signet/native",
            "bitcoin:signet/coin",
            "'bitcoin:signet/coin' is not an instrument",
        ),
        ("instruments", "bitcoin:signet/native", "tron:mainnet/native", "'tron:mainnet' is not in networks.csv"),
        ("instruments", "PEPE,18,PEPE", "FROG,18,PEPE", "'FROG' is not in assets.csv"),
        ("instruments", "WBTC,8,WBTC", "WBTC,9,WBTC", "9 decimals, WBTC has only 8"),
        (
            "instruments",
            ",eip155:137/native,",
            ",eip155:1/native,",
            "same_balance_as names a row of the same network",
        ),
        ("instruments", "Tether,,0xe47d6060", "Tether,,0xE47D6060", "frozen_by is '0xE47D6060', not a selector"),
        (
            "instruments",
            "bitcoin:signet/native,BTC,8,BTC,,,,",
            "bitcoin:signet/native,BTC,8,BTC,,,0xe47d6060,",
            "is no token contract",
        ),
        ("burn", "bitcoind,76a9", "bitcoin,76a9", "a place is a network or a family, an identity lower-case hex"),
    ],
)
def test_a_damaged_registry_is_refused(tmp_path: Path, table: str, old: str, new: str, message: str) -> None:
    for name in COLUMNS:
        text = (DATA / f"{name}.csv").read_text(encoding="utf-8")
        if name == table:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    tables = Tables(**{name: read_csv(tmp_path / f"{name}.csv", required=COLUMNS[name]) for name in COLUMNS})
    with pytest.raises(InputError) as caught:
        registry_of(tables)
    assert message in str(caught.value)
    assert f"{table}.csv:" in str(caught.value)


def test_what_is_nobodys_own_is_known(registry: Registry) -> None:
    precompiled = {f"0x{number:040x}" for number in (*range(1, 0x12), 0x100)}
    assert {("evm", account) for account in (*precompiled, READER)} <= registry.burn
    assert ("eip155:1", "0x00000000219ab540356cbb839cbe05303d7705fa") in registry.burn
    zeros = ("76a914{20}88ac", "a914{20}87", "0014{20}", "0020{32}", "5120{32}")
    scripts = [text.replace("{20}", 40 * "0").replace("{32}", 64 * "0") for text in zeros]
    assert {("bitcoind", script) for script in (*scripts, "51024e73")} <= registry.burn


def test_work_is_looked_for_where_the_hash_is_the_work(registry: Registry) -> None:
    known = {name for name, row in registry.networks.items() if row.header == "sha256d"}
    chains = ("mainnet", "testnet4", "signet", "regtest")
    assert known == {f"bitcoin:{chain}" for chain in chains} | {"bitcoincash:mainnet"}


def test_headers_are_recomputed_where_they_are_ethereums(registry: Registry) -> None:
    known = {name for name, row in registry.networks.items() if row.header == "ethereum"}
    assert known == {f"eip155:{chain}" for chain in (1, 10, 8453, 42161, 31337, 31338, 11155111)}
    generic = network_row(registry, "eip155:8217")
    assert generic is not None
    assert generic.header == ""

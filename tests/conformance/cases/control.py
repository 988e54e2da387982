"""Coins that are there and somebody else's: who holds the keys is a question of its own."""

from __future__ import annotations

from typing import Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case

OWED: Final = ("BTC", "ETH", "USDT")
NETWORKS: Final = ("bitcoin:regtest", "eip155:31337", "eip155:31338")
SHORT: Final = tuple(f"asset_shortfall {asset}" for asset in OWED)
UNDEMONSTRATED: Final = tuple(
    f"{rule} {asset}" for rule in ("asset_shortfall", "control_undemonstrated") for asset in OWED
)
LOOSE: Final = 'control = "undemonstrated"'


def control_asked(bench: Bench) -> None:
    bench.edit("engagement.toml", LOOSE, 'control = "signed"')
    bench.recollect()


def control_left_out(bench: Bench) -> None:
    bench.edit("engagement.toml", LOOSE, "")
    bench.recollect()


def no_owner_accepted(bench: Bench) -> None:
    bench.edit("engagement.toml", 'owner = "as declared"\n', "")
    bench.recollect()


def shared(bench: Bench) -> None:
    bench.edit(
        "wallets",
        'label = "btc-cold-1"\n',
        'label = "btc-cold-1"\nshared_with = ["hanul-futures"]\n',
    )
    bench.recollect()


def proven_asked(bench: Bench) -> None:
    bench.edit("engagement.toml", "[deciding]", '[deciding]\nevidence = "proven"')
    bench.recollect()


def corroborated_asked(bench: Bench) -> None:
    bench.edit("engagement.toml", "[deciding]", '[deciding]\nevidence = "corroborated"')
    bench.recollect()


def entity_run(bench: Bench) -> None:
    bench.recollect(source={"run_by": "entity", "operator": "hanul"})


def twins(bench: Bench) -> None:
    text = 'format = "reservecheck/providers/v1"\n'
    for name in ("one", "two"):
        text += f'[[source]]\nname = "{name}"\nnetwork = "eip155:31337"\nkind = "evm"\n'
        text += f'url = "http://127.0.0.1:9"\noperator = "{name}"\nrun_by = "third-party"\n'
    (bench.folder / "providers.toml").write_text(text, encoding="utf-8")


CASES: Final = (
    Case(
        id="whale-with-control-required",
        kind="lie",
        says="The coins on somebody else's famous addresses are ours; nobody asked for a signature.",
        make=control_asked,
        code=1,
        outcome="incomplete",
        unknown=UNDEMONSTRATED,
        figures={"BTC.deciding.held": "0", "BTC.observed": "1020", "BTC.controlled": "0"},
        words=("nobody has shown as the policy asks (signed) who holds the keys of 1,000",),
    ),
    Case(
        id="control-not-named-is-control-asked",
        kind="lie",
        says="An engagement that does not speak of control asks for none.",
        make=control_left_out,
        code=1,
        outcome="incomplete",
        unknown=UNDEMONSTRATED,
        figures={"ETH.deciding.held": "0", "ETH.observed": "20359"},
    ),
    Case(
        id="owner-not-accepted",
        kind="lie",
        says="The wallets are customers', because the entity says so and the engagement is silent.",
        make=no_owner_accepted,
        code=1,
        outcome="incomplete",
        unknown=SHORT,
        figures={"BTC.deciding.held": "0", "BTC.segregated.held": "1000"},
        words=("owner as declared, not accepted: 1,000",),
    ),
    Case(
        id="wallet-shared-with-a-sister",
        kind="lie",
        says="An omnibus wallet covers our customers, and those of a sister company do not matter.",
        make=shared,
        code=1,
        outcome="incomplete",
        unknown=("shared_wallet btc-cold-1",),
        words=("shared with hanul-futures, whose liabilities are not in the file",),
    ),
    Case(
        id="proven-demanded-of-one-source",
        kind="lie",
        says="One node's word is proof enough where the engagement asks for proven balances.",
        make=proven_asked,
        code=1,
        outcome="incomplete",
        unknown=SHORT,
        figures={"BTC.deciding.held": "0", "BTC.by_evidence.observed": "1020", "BTC.by_evidence.proven": "0"},
        words=("evidence below proven: 1,000",),
    ),
    Case(
        id="corroborated-demanded-of-one-source",
        kind="lie",
        says="One source corroborates itself.",
        make=corroborated_asked,
        code=1,
        outcome="incomplete",
        unknown=SHORT,
        figures={"ETH.deciding.held": "0", "ETH.by_evidence.corroborated": "0"},
        words=("evidence below corroborated: 20,000",),
    ),
    Case(
        id="entity-run-source",
        kind="lie",
        says="Our own node read our balances.",
        make=entity_run,
        code=1,
        outcome="incomplete",
        unknown=(
            *(f"source_run_by_the_entity {network}" for network in NETWORKS),
            *(f"{rule} {asset}" for rule in ("asset_shortfall", "claimed_value_relied_on") for asset in OWED),
        ),
        figures={"BTC.deciding.held": "0", "BTC.by_evidence.claimed": "1020"},
    ),
    Case(
        id="twin-sources",
        kind="lie",
        says="One node under two names and two operators makes two sources.",
        make=twins,
        ask=lambda bench: bench.run_live(),
        code=2,
        words=("providers.toml:", "one and two are at one address, but have two operators"),
    ),
)

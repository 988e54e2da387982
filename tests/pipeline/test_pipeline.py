from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.pipeline.shipped_job import Desk, desk, resealed

from reservecheck.bundle import BUNDLE
from reservecheck.errors import BundleError, InputError, ReplayError, SourceError
from reservecheck.model.progress import silent
from reservecheck.observe import plans
from reservecheck.pipeline import (
    TOOL,
    collect,
    derive,
    job_digest,
    prepare,
    read_snapshot,
    registry_differences,
    replay,
)
from reservecheck.transport.record import SourceCard

BTC = "bitcoin:regtest/native"


@pytest.fixture
def hanul(tmp_path: Path) -> Desk:
    return desk(tmp_path)


def source(network: str) -> SourceCard:
    return SourceCard(name="n", network=network, kind="evm", operator="o", run_by="practitioner")


def test_prepare_takes_the_rows_and_sources_of_declared_networks_alone(hanul: Desk) -> None:
    prepared = prepare(hanul.wallets, hanul.snapshot, (source("bitcoin:regtest"), source("eip155:1")))
    assert {card.network for card in prepared.job.sources} == {"bitcoin:regtest"}
    networks = {wallet.network for wallet in prepared.job.wallets if wallet.network}
    assert set(prepared.job.registry.networks) == networks
    assert {row.network for row in prepared.job.registry.instruments.values()} <= networks
    assert prepared.cover.tool == TOOL
    assert prepared.cover.input_files[-1].name == "engagement.toml"


def test_files_of_two_entities_are_refused(hanul: Desk) -> None:
    for path in (hanul.engagement, hanul.snapshot / "snapshot.toml"):
        hanul.edit(path, 'entity = "hanul"', 'entity = "nabi"')
    with pytest.raises(InputError) as refused:
        hanul.prepared()
    assert str(refused.value) == (
        f"{hanul.engagement}: this is about 'nabi', the wallets file about 'hanul'\n"
        "  hint: give the wallets file of the same entity"
    )
    hanul.engagement.unlink()
    with pytest.raises(InputError) as refused:
        hanul.prepared()
    assert refused.value.problems[0].path == str(hanul.snapshot)


def test_without_an_engagement_the_strict_defaults_are_as_of_the_extract(hanul: Desk) -> None:
    hanul.engagement.unlink()
    engagement = hanul.prepared().job.engagement
    assert (engagement.given, engagement.cutoff, engagement.assets) == (False, "2018-06-28T00:00:00+09:00", ())


def test_without_an_engagement_the_extract_says_as_of_when_it_is(hanul: Desk) -> None:
    hanul.engagement.unlink()
    hanul.edit(hanul.snapshot / "snapshot.toml", "as_of = 2018-06-28T00:00:00+09:00\n", "")
    with pytest.raises(InputError) as refused:
        hanul.prepared()
    assert str(refused.value) == (
        f"{hanul.snapshot}: there is no engagement.toml, and the extract does not say as of when it is\n"
        "  hint: write engagement.toml with a cutoff, or [extract] as_of in snapshot.toml"
    )


def test_problems_of_the_snapshot_are_named_from_where_the_person_stands(hanul: Desk) -> None:
    hanul.engagement.unlink()
    hanul.edit(hanul.snapshot / "snapshot.toml", 'entity = "hanul"', "entity = 1")
    with pytest.raises(InputError) as refused:
        hanul.prepared()
    assert {one.path for one in refused.value.problems} == {str(hanul.snapshot / "snapshot.toml")}


def test_nothing_is_read_where_no_source_is_named(hanul: Desk) -> None:
    with pytest.raises(SourceError) as refused:
        collect(hanul.prepared(), None, silent)  # type: ignore[arg-type]  # nothing is asked
    assert str(refused.value) == (
        "no source is named for bitcoin:regtest, eip155:31337, eip155:31338\n"
        "  hint: name one in the providers file: nothing is read without a named source"
    )


def test_a_custodians_line_names_a_declared_statement(hanul: Desk) -> None:
    (hanul.snapshot / "custodians.csv").write_text(
        "label,asset,balance,as_of\nvault,BTC,1,2018-06-28T00:00:00+09:00\n"
    )
    hanul.edit(hanul.snapshot / "snapshot.toml", "[files]\n", '[files]\ncustodians = "custodians.csv"\n')
    with pytest.raises(InputError) as refused:
        read_snapshot(hanul.prepared(), hanul.snapshot, silent)
    assert str(refused.value) == (
        f"{hanul.snapshot}: the custodians register has a line for 'vault', which is not a declared statement\n"
        "  hint: declare it in the wallets file as a [[statement]], or drop the line"
    )


def test_evidence_is_replayed_for_the_job_it_was_collected_for(hanul: Desk) -> None:
    gathered = replay(hanul.prepared(), hanul.evidence)
    assert plans(gathered.job) == plans(hanul.prepared().job)
    assert gathered.job.sources == hanul.gathered().job.sources
    run = hanul.run()
    assert derive(run.inputs) == run.assessment
    names = [one.name for one in run.inputs.input_files]
    assert names.index("engagement.toml") < names.index("snapshot.toml")


def test_altered_evidence_is_refused(hanul: Desk) -> None:
    (hanul.evidence / "pins.json").write_text("{}")
    with pytest.raises(BundleError) as refused:
        replay(hanul.prepared(), hanul.evidence)
    assert str(refused.value) == (
        f"{hanul.evidence} was altered: pins.json: altered, its bytes are not those the manifest lists"
    )


def test_a_bundle_is_no_evidence_set(hanul: Desk, tmp_path: Path) -> None:
    odd = resealed(hanul.evidence, tmp_path / "odd", kind=BUNDLE)
    with pytest.raises(
        BundleError, match=r"is 'reservecheck/bundle/v1-draft', not reservecheck/evidence/v1-draft$"
    ):
        replay(hanul.prepared(), odd)


def refused_replay(here: Desk) -> str:
    with pytest.raises(ReplayError) as refused:
        replay(here.prepared(), here.evidence)
    assert refused.value.hint == "collect again, or give its own files"
    return refused.value.message.removeprefix(str(here.evidence))


def test_evidence_of_another_entity_is_refused(hanul: Desk) -> None:
    for path in (hanul.wallets, hanul.engagement):
        hanul.edit(path, 'entity = "hanul"', 'entity = "nabi"')
    nabi = replace(hanul, wallets=hanul.wallets.rename(hanul.wallets.with_name("nabi.toml")))
    assert refused_replay(nabi) == " was collected for another entity"


def test_evidence_of_another_cutoff_is_refused(hanul: Desk) -> None:
    hanul.edit(hanul.engagement, "cutoff = 2018-06-28T00:00:00+09:00", "cutoff = 2018-06-29T00:00:00+09:00")
    assert refused_replay(hanul) == (
        " was collected for another cut-off (2018-06-28T00:00:00+09:00, not 2018-06-29T00:00:00+09:00)"
    )


def test_the_same_cutoff_in_another_zone_is_the_same(hanul: Desk) -> None:
    hanul.edit(hanul.engagement, "cutoff = 2018-06-28T00:00:00+09:00", "cutoff = 2018-06-27T15:00:00Z")
    assert replay(hanul.prepared(), hanul.evidence).log == hanul.gathered().log


def test_evidence_of_another_wallets_file_is_refused(hanul: Desk) -> None:
    hanul.edit(hanul.wallets, 'label = "btc-hot"', 'label = "btc-warm"')
    assert refused_replay(hanul) == " was collected for another wallets file"


def test_evidence_of_another_perimeter_is_refused(hanul: Desk) -> None:
    hanul.edit(hanul.engagement, 'assets = ["BTC", ', "assets = [")
    assert refused_replay(hanul) == (" was collected for another perimeter or other accepted instruments")


def test_a_policy_may_change_after_the_evidence_was_collected(hanul: Desk) -> None:
    hanul.edit(hanul.engagement, 'owner = "as declared"\n', "")
    gathered = replay(hanul.prepared(), hanul.evidence)
    assert not gathered.job.engagement.accept.owner


def test_a_job_has_one_digest_and_every_input_changes_it(hanul: Desk) -> None:
    prepared = hanul.prepared()
    assert job_digest(prepared) == job_digest(hanul.prepared())
    cover, job = prepared.cover, prepared.job
    first = job.wallets[0]
    others = [
        replace(prepared, cover=replace(cover, entity="nabi")),
        replace(prepared, cover=replace(cover, name="Nabi")),
        replace(prepared, cover=replace(cover, tool="reservecheck 9")),
        replace(prepared, cover=replace(cover, input_files=())),
        replace(prepared, cover=replace(cover, provenance=replace(cover.provenance, by="somebody"))),
        replace(prepared, cover=replace(cover, engagement=replace(cover.engagement, cutoff_epoch=1))),
        replace(prepared, cover=replace(cover, engagement=replace(cover.engagement, assets=("BTC",)))),
        replace(prepared, job=replace(job, wallets=job.wallets[1:])),
        replace(prepared, job=replace(job, wallets=(first._replace(instruments=(BTC,)), *job.wallets[1:]))),
        replace(prepared, job=replace(job, sources=(source("bitcoin:regtest"),))),
    ]
    digests = {job_digest(one) for one in (prepared, *others)}
    assert len(digests) == len(others) + 1


def differences(here: Desk, **rows: Any) -> list[str]:  # noqa: ANN401  # parts of a registry
    gathered = here.gathered()
    job = replace(gathered.job, registry=replace(gathered.job.registry, **rows))
    return registry_differences(replace(gathered, job=job))


def test_the_rows_of_shipped_evidence_are_those_shipped_and_accepted(hanul: Desk) -> None:
    assert differences(hanul) == []


@pytest.mark.parametrize(
    ("kind", "row", "change"),
    [
        ("networks", "bitcoin:regtest", {"finality": "confirmations:0"}),
        ("assets", "BTC", {"decimals": 7}),
        ("instruments", BTC, {"symbol": "XBT"}),
    ],
)
def test_a_row_that_is_changed_added_or_left_out_is_named(
    hanul: Desk, kind: str, row: str, change: dict[str, Any]
) -> None:
    rows: dict[str, Any] = dict(getattr(hanul.gathered().job.registry, kind))
    assert differences(hanul, **{kind: {**rows, row: replace(rows[row], **change)}}) == [
        f"{kind}: {row} is not as shipped"
    ]
    assert differences(hanul, **{kind: {**rows, "more": rows[row]}}) == [
        f"{kind}: more is neither shipped nor accepted by the engagement"
    ]
    assert differences(hanul, **{kind: {name: one for name, one in rows.items() if name != row}}) == [
        f"{kind}: {row} is shipped, the bundle lacks it"
    ]


def test_another_list_of_burn_addresses_is_named(hanul: Desk) -> None:
    gathered = hanul.gathered()
    job = replace(gathered.job, registry=replace(gathered.job.registry, burn=frozenset()))
    assert registry_differences(replace(gathered, job=job)) == [
        "burn: the addresses nobody can spend from are not those shipped"
    ]


def test_a_wallet_on_a_network_nobody_knows_or_reads_is_refused(hanul: Desk) -> None:
    gathered = hanul.gathered()
    for network, said in (
        ("x" * 200, f"'{'x' * 80}' is not a network this tool knows"),
        ("dogecoin:mainnet", "dogecoin:mainnet has no reader in this version"),
    ):
        first = gathered.job.wallets[0]._replace(network=network)
        with pytest.raises(SourceError) as refused:
            registry_differences(replace(gathered, job=replace(gathered.job, wallets=(first,))))
        assert refused.value.message == said

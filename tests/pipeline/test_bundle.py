from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.pipeline.shipped_job import Desk, desk, resealed

from reservecheck.bundle import (
    BUNDLE,
    EVIDENCE,
    bundle_members,
    evidence_members,
    inputs_of,
    open_sealed,
)
from reservecheck.errors import BundleError
from reservecheck.model.words import WalletKind
from reservecheck.observe import observe
from reservecheck.vault.sealed import Sealed, sealed_files, write_sealed


def dropped(*path: str) -> Any:  # noqa: ANN401  # a change of JSON
    """A change that drops a row."""

    def change(value: Any) -> Any:  # noqa: ANN401  # JSON
        inner = value
        for key in path[:-1]:
            inner = inner[key]
        del inner[path[-1]]
        return value

    return change


@pytest.fixture
def here(tmp_path: Path) -> Desk:
    return desk(tmp_path)


def sealed_bundle(here: Desk, target: Path) -> Path:
    run = here.run()
    members = bundle_members(run.gathered, run.inputs, run.assessment, run.packs)
    write_sealed(target, sealed_files(members, kind=BUNDLE), scratch=target.with_suffix(".partial"))
    return target


def test_an_evidence_set_is_opened_as_it_was_written_and_has_no_books(tmp_path: Path) -> None:
    sealed = Sealed(desk(tmp_path).evidence)
    opened = open_sealed(sealed, kind=EVIDENCE)
    assert opened.books is None
    gathered = opened.gathered
    members = evidence_members(gathered, observe(gathered.job, gathered.log))
    assert members == {name: sealed.content(name) for name in sealed.names}


def test_a_bundle_is_opened_as_it_was_written_with_its_books(tmp_path: Path) -> None:
    here = desk(tmp_path)
    run = here.run()
    opened = open_sealed(Sealed(sealed_bundle(here, tmp_path / "bundle")), kind=BUNDLE)
    assert opened.books == run.inputs.books
    assert opened.gathered == run.gathered
    assert inputs_of(opened.gathered, run.inputs.books) == run.inputs
    empty = inputs_of(opened.gathered, run.inputs.books, observation=run.inputs.observation)
    assert empty == run.inputs


def test_nothing_private_is_a_member(tmp_path: Path) -> None:
    here = desk(tmp_path)
    run = here.run()
    members = bundle_members(run.gathered, run.inputs, run.assessment, run.packs)
    rows = (here.snapshot / "customers.csv").read_text().splitlines()[1:]
    customers = {row.partition(",")[0].encode() for row in rows}
    assert customers
    for name, content in members.items():
        if not name.startswith("bodies/"):
            assert not any(customer in content for customer in customers), name


def test_another_kind_is_refused(tmp_path: Path) -> None:
    evidence = desk(tmp_path).evidence
    with pytest.raises(BundleError) as refused:
        open_sealed(Sealed(evidence), kind=BUNDLE)
    assert str(refused.value) == f"{evidence} is '{EVIDENCE}', not {BUNDLE}"
    odd = resealed(evidence, tmp_path / "odd", kind="x" * 200)
    with pytest.raises(BundleError) as refused:
        open_sealed(Sealed(odd), kind=EVIDENCE)
    assert str(refused.value) == f"{odd} is '{'x' * 80}', not {EVIDENCE}"


@pytest.mark.parametrize("member", ["registry.json", "engagement.json", "wallets.csv.gz", "sources.json"])
def test_a_missing_record_is_refused(tmp_path: Path, member: str) -> None:
    sealed = Sealed(desk(tmp_path).evidence)
    members = {name: sealed.content(name) for name in sealed.names - {member}}
    target = tmp_path / "less"
    write_sealed(target, sealed_files(members, kind=EVIDENCE), scratch=tmp_path / "partial")
    with pytest.raises(BundleError) as refused:
        open_sealed(Sealed(target), kind=EVIDENCE)
    assert str(refused.value) == f"{target} has no member {member}"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (dropped("networks", "bitcoin:regtest"), "wallet 1 is on a network the registry lacks"),
        (dropped("assets", "BTC"), "the instrument bitcoin:regtest/native names a row the registry lacks"),
        (dropped("assets", "KRW"), "the perimeter names KRW, which the registry lacks"),
    ],
)
def test_records_that_name_a_row_nobody_gave_are_refused(tmp_path: Path, change: Any, said: str) -> None:  # noqa: ANN401  # as above
    odd = resealed(desk(tmp_path).evidence, tmp_path / "odd", registry=change)
    assert Sealed(odd).differences() == []
    with pytest.raises(BundleError) as refused:
        open_sealed(Sealed(odd), kind=EVIDENCE)
    assert str(refused.value) == said


def test_an_instrument_on_a_network_nobody_gave_is_refused(tmp_path: Path) -> None:
    def change(rows: Any) -> Any:  # noqa: ANN401  # JSON
        row = {**rows["instruments"]["bitcoin:regtest/native"], "instrument": "bitcoin:signet/native"}
        rows["instruments"][row["instrument"]] = row
        return rows

    odd = resealed(desk(tmp_path).evidence, tmp_path / "odd", registry=change)
    with pytest.raises(BundleError) as refused:
        open_sealed(Sealed(odd), kind=EVIDENCE)
    assert str(refused.value) == "the instrument bitcoin:signet/native names a row the registry lacks"


def test_a_network_of_a_family_nobody_reads_is_refused(tmp_path: Path) -> None:
    def change(rows: Any) -> Any:  # noqa: ANN401  # JSON
        rows["networks"]["bitcoin:regtest"]["family"] = "solana"
        return rows

    odd = resealed(desk(tmp_path).evidence, tmp_path / "odd", registry=change)
    with pytest.raises(BundleError) as refused:
        open_sealed(Sealed(odd), kind=EVIDENCE)
    assert str(refused.value) == "bitcoin:regtest has no reader"


def test_a_bundle_without_what_is_owed_is_refused(tmp_path: Path) -> None:
    odd = resealed(desk(tmp_path).evidence, tmp_path / "odd", kind=BUNDLE)
    with pytest.raises(BundleError) as refused:
        open_sealed(Sealed(odd), kind=BUNDLE)
    assert str(refused.value) == "the books name or lack 'liabilities.json'"


def test_a_log_that_names_a_body_nobody_gave_is_refused(tmp_path: Path) -> None:
    sealed = Sealed(desk(tmp_path).evidence)
    body = min(name for name in sealed.names if name.startswith("bodies/"))
    members = {name: sealed.content(name) for name in sealed.names - {body}}
    target = tmp_path / "less"
    write_sealed(target, sealed_files(members, kind=EVIDENCE), scratch=tmp_path / "partial")
    with pytest.raises(BundleError) as refused:
        open_sealed(Sealed(target), kind=EVIDENCE)
    assert str(refused.value) == f"{target} has no member {body}"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"entity": "nabi"}, "the entity is 'hanul', the engagement is about 'nabi'"),
        ({"packs": ["house/1"]}, "the engagement names no core rules, which always run"),
        ({"packs": []}, "the engagement names no core rules, which always run"),
        (
            {"cutoff_epoch": 1_530_111_601},
            "the cut-off is '2018-06-28T00:00:00+09:00' in words, and another instant in seconds",
        ),
        ({"cutoff": "then"}, "the cut-off is 'then' in words, and another instant in seconds"),
    ],
)
def test_an_engagement_that_contradicts_itself_is_refused(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    def change(cover: Any) -> Any:  # noqa: ANN401  # JSON
        return {**cover, "engagement": {**cover["engagement"], **changes}}

    odd = resealed(desk(tmp_path).evidence, tmp_path / "odd", engagement=change)
    with pytest.raises(BundleError) as refused:
        open_sealed(Sealed(odd), kind=EVIDENCE)
    assert str(refused.value) == said


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    def change(cards: Any) -> Any:  # noqa: ANN401  # JSON
        (first,) = (card for card in cards if card["network"] == "bitcoin:regtest")
        return [*cards, {**first, "network": "eip155:1"}]

    odd = resealed(desk(tmp_path).evidence, tmp_path / "odd", sources=change)
    with pytest.raises(BundleError) as refused:
        open_sealed(Sealed(odd), kind=EVIDENCE)
    assert str(refused.value).startswith("two sources are called ")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"address": "nowhere"}, "the address of 'btc-hot' is none of bitcoin:regtest"),
        ({"identity": "0014aa"}, "the wallet 'btc-hot' shows another address than the one that was read"),
        ({"identity": "no hex"}, "the wallet 'btc-hot' shows another address than the one that was read"),
        (
            {"identity": "00 14 91 2F 02 04 11 BF A4 CB C9 0B 50 4A F6 9A 9B 84 33 CE 2B CA"},
            "the wallet 'btc-hot' shows another address than the one that was read",
        ),
        ({"address": "raw(51)", "identity": "5151"}, "the address of 'btc-hot' is none of bitcoin:regtest"),
        (
            {"kind": WalletKind.STATEMENT, "network": ""},
            "the wallet 'btc-hot' shows another address than the one that was read",
        ),
        ({"network": "local:test"}, "addresses of 'local:test' are not read in this version"),
    ],
)
def test_a_line_shows_the_address_that_was_read(here: Desk, changes: dict[str, Any], said: str) -> None:
    run = here.run()
    job = run.gathered.job
    first = job.wallets[0]
    assert (first.label, first.network) == ("btc-hot", "bitcoin:regtest")
    networks = dict(job.registry.networks)
    networks["local:test"] = replace(networks["bitcoin:regtest"], network="local:test")
    changed = replace(
        job,
        wallets=(first._replace(**changes), *job.wallets[1:]),
        registry=replace(job.registry, networks=networks),
    )
    members = bundle_members(replace(run.gathered, job=changed), run.inputs, run.assessment, run.packs)
    target = here.evidence.with_name("odd")
    write_sealed(target, sealed_files(members, kind=BUNDLE), scratch=target.with_suffix(".partial"))
    with pytest.raises(BundleError) as refused:
        open_sealed(Sealed(target), kind=BUNDLE)
    assert str(refused.value) == said


def test_an_extract_that_contradicts_itself_is_refused(here: Desk) -> None:
    run = here.run()
    owed = run.inputs.books.liabilities
    books = replace(run.inputs.books, liabilities=replace(owed, extract=replace(owed.extract, as_of_epoch=1)))
    members = bundle_members(run.gathered, replace(run.inputs, books=books), run.assessment, run.packs)
    target = here.evidence.with_name("odd")
    write_sealed(target, sealed_files(members, kind=BUNDLE), scratch=target.with_suffix(".partial"))
    with pytest.raises(BundleError) as refused:
        open_sealed(Sealed(target), kind=BUNDLE)
    assert str(refused.value) == (
        "the extract is '2018-06-28T00:00:00+09:00' in words, and another instant in seconds"
    )

"""What a reader has beside a bundle: the snapshot folder and the wallets file, compared both ways."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.pipeline.shipped_job import Desk, desk

from reservecheck.bundle import BUNDLE, bundle_members
from reservecheck.errors import InputError
from reservecheck.vault.sealed import sealed_files, write_sealed
from reservecheck.verify import Beside, Verification, verify

NOT_THE_FILE = "not the file the bundle was made from"


@pytest.fixture
def files(tmp_path: Path) -> Desk:
    made = desk(tmp_path)
    done = made.run()
    members = bundle_members(done.gathered, done.inputs, done.assessment, done.packs)
    write_sealed(tmp_path / "bundle", sealed_files(members, kind=BUNDLE), scratch=tmp_path / "scratch")
    return made


def checked(files: Desk, *, wallets: bool = False) -> Verification:
    bundle = files.wallets.parent / "bundle"
    return verify(bundle, Beside(wallets=files.wallets) if wallets else Beside(snapshot=files.snapshot))


def differences(files: Desk, *, wallets: bool = False) -> tuple[str, ...]:
    done = checked(files, wallets=wallets)
    assert not any(step.differences for step in done.steps[:-1])
    assert done.steps[-1].name == ("wallets" if wallets else "snapshot")
    return done.steps[-1].differences


@pytest.mark.parametrize("wallets", [False, True])
def test_the_files_a_bundle_was_made_from_differ_in_nothing(files: Desk, *, wallets: bool) -> None:
    assert differences(files, wallets=wallets) == ()
    assert checked(files, wallets=wallets).ok


def test_another_customer_file_is_named_before_the_totals_that_differ(files: Desk) -> None:
    path = files.snapshot / "customers.csv"
    header, first, *rest = path.read_text().splitlines()
    assert ",BTC," in first
    path.write_text("\n".join([header, first.replace(",BTC,", ",BTC,1"), *rest, ""]))
    said = differences(files)
    assert said[0] == f"customers.csv: {NOT_THE_FILE}"
    assert said[1].startswith("liabilities.json: differs at $.findings")
    assert len(said) == 2
    assert checked(files).only_beside == ("snapshot",)


def test_a_comment_more_is_another_file_and_nothing_else(files: Desk) -> None:
    for name in ("engagement.toml", "snapshot.toml"):
        with (files.snapshot / name).open("a") as toml:
            toml.write("# a remark\n")
    assert differences(files) == (f"engagement.toml: {NOT_THE_FILE}", f"snapshot.toml: {NOT_THE_FILE}")


def test_a_looser_engagement_is_named_with_its_setting(files: Desk) -> None:
    files.edit(files.engagement, 'control = "undemonstrated"', 'control = "signed"')
    differs = "engagement.json: differs at $.engagement.deciding.control: the bundle says 'undemonstrated', "
    assert differences(files) == (f"engagement.toml: {NOT_THE_FILE}", f"{differs}it re-derives to 'signed'")


def test_a_file_that_only_one_of_the_two_has_is_named(files: Desk) -> None:
    (files.snapshot / "encumbrances.csv").unlink()
    files.edit(files.snapshot / "snapshot.toml", 'encumbrances = "encumbrances.csv"\n', "")
    claims = files.snapshot / "claims" / "another.md"
    claims.write_text("said\n")
    files.edit(files.snapshot / "snapshot.toml", 'claims = ["', 'claims = ["claims/another.md", "')
    assert differences(files) == (
        f"snapshot.toml: {NOT_THE_FILE}",
        "claims/another.md: the snapshot folder has it, the bundle was not made from it",
        "encumbrances.csv: the bundle was made from it, the snapshot folder has not got it",
        "encumbrances.csv: the bundle has it, the snapshot folder has not",
    )


def test_another_name_another_date_and_another_owner_are_named(files: Desk) -> None:
    files.edit(files.wallets, 'name = "Hanul Exchange (fictional)"', 'name = "Another"')
    files.edit(files.wallets, 'date = "2018-06-27"', 'date = "2018-06-26"')
    text = files.wallets.read_text()
    files.wallets.write_text(text.replace('owner = "house"', 'owner = "mixed"'))
    said = differences(files, wallets=True)
    assert said[0] == f"hanul.toml: {NOT_THE_FILE}"
    assert said[1:3] == (
        "engagement.json: the name is 'Hanul Exchange (fictional)', the wallets file says 'Another'",
        "engagement.json: who declared the wallets, and when, is not what the wallets file says",
    )
    assert said[3].startswith("wallets.csv.gz: differs at line ")


def test_a_descriptor_that_only_the_wallets_file_publishes_is_named(files: Desk) -> None:
    with files.wallets.open("a") as toml:
        toml.write('\n[[descriptor]]\nlabel = "new"\nnetwork = "bitcoin:regtest"\npublish = "descriptor"\n')
        toml.write('descriptor = "raw(51)#8lvh9jxk"\nstorage = "hot"\nowner = "house"\n')
    said = differences(files, wallets=True)
    assert said[:2] == (
        f"hanul.toml: {NOT_THE_FILE}",
        "descriptors.json: the descriptors published are not those the wallets file publishes",
    )


def test_a_wallets_file_that_cannot_be_read_is_an_error_of_its_own(files: Desk) -> None:
    files.wallets.write_text("x")
    with pytest.raises(InputError):
        checked(files, wallets=True)

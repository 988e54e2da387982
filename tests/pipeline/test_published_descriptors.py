"""A bundle's published descriptors against its lines: every way in which the two can differ has its sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest
from btclib_wallet.descriptors import add_checksum
from tests.addresses.descriptor_corpus import extended
from tests.pipeline.shipped_job import desk

from reservecheck.model.declared import Wallet
from reservecheck.model.words import Owner, WalletKind
from reservecheck.observe import Job
from reservecheck.published_descriptors import published_differences

TABLE: Final = (
    '\n[[descriptor]]\nlabel = "deposits"\nnetwork = "bitcoin:regtest"\ndescriptor = "{}"\n'
    'range = [2, 4]\ngap = 2\npublish = "descriptor"\nstorage = "hot"\nowner = "customers"\n'
)
Change = Callable[[Wallet], Wallet | None]


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A shipped declaration, and a descriptor beside it that is published."""
    files = desk(tmp_path_factory.mktemp("published"), "hanul")
    text = TABLE.format(add_checksum(f"wpkh({extended(5)}/<0;1>/*)"))
    files.wallets.write_text(files.wallets.read_text() + text)
    return files.prepared().job


def changed(job: Job, change: Change) -> list[str]:
    """What is said where the descriptor's lines were changed, or taken away."""
    lines = [change(line) if line.label.startswith("deposits/") else line for line in job.wallets]
    return published_differences(replace(job, wallets=tuple(line for line in lines if line is not None)))


def only(label: str, change: Change) -> Change:
    return lambda line: change(line) if line.label == label else line


def test_lines_that_derive_from_their_descriptor_are_right(job: Job) -> None:
    assert len(job.published) == 1
    assert published_differences(job) == []
    assert published_differences(replace(job, published=())) == []


OTHERS: Final = "wallets.csv.gz: the lines of 'deposits' are not those its descriptor stands for"


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line._replace(identity="51"),
        lambda line: line._replace(address="raw(51)"),
        lambda line: line._replace(label="deposits/1/3000"),
        lambda _: None,
    ],
)
def test_a_line_in_the_range_that_is_another_one_or_not_there_is_told(job: Job, change: Change) -> None:
    assert changed(job, only("deposits/1/3", change)) == [OTHERS]


def test_a_line_beyond_the_range_that_is_declared_to_be_in_it_is_told(job: Job) -> None:
    assert changed(job, only("deposits/0/5", lambda line: line._replace(kind=WalletKind.ADDRESS))) == [OTHERS]


def test_a_line_of_another_owner_is_told(job: Job) -> None:
    assert changed(job, only("deposits/0/3", lambda line: line._replace(owner=Owner.HOUSE))) == [
        "wallets.csv.gz: a line of 'deposits' is not declared as its descriptor is"
    ]


def test_a_line_beyond_the_range_that_is_none_of_its_scripts_is_told(job: Job) -> None:
    assert changed(job, only("deposits/0/5", lambda line: line._replace(identity="51"))) == [
        "wallets.csv.gz: a line of 'deposits' is not one its descriptor has beyond its range",
        "wallets.csv.gz: a script that 'deposits' has beyond its range was not looked at",
    ]


def test_a_script_beyond_the_range_that_is_left_out_is_told(job: Job) -> None:
    assert changed(job, only("deposits/1/0", lambda _: None)) == [
        "wallets.csv.gz: a script that 'deposits' has beyond its range was not looked at"
    ]


def test_a_descriptor_from_which_nothing_derives_is_told(job: Job) -> None:
    broken = replace(job.published[0], descriptor="wpkh()#00000000")
    (said,) = published_differences(replace(job, published=(broken,)))
    assert said.startswith("descriptors.json: nothing can be derived from the descriptor 'deposits': the checksum ")


@pytest.mark.parametrize(
    "more", [{"instruments": ("bitcoin:regtest/native",)}, {"custodian": "Example"}, {"shared_with": ("hanul",)}]
)
@pytest.mark.parametrize("label", ["deposits/0/3", "deposits/0/5"])
def test_a_line_that_says_more_than_a_descriptor_can_is_told(job: Job, label: str, more: dict[str, object]) -> None:
    assert changed(job, only(label, lambda line: line._replace(**more))) == [  # type: ignore[arg-type]  # any field
        "wallets.csv.gz: a line of 'deposits' is not declared as its descriptor is"
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"range": (0, 999_999)}, OTHERS),
        ({"gap": 1_000_000}, "wallets.csv.gz: a script that 'deposits' has beyond its range was not looked at"),
    ],
)
def test_more_than_is_listed_is_not_derived(
    job: Job, change: dict[str, object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reservecheck.declare.descriptors.derive", lambda *_: pytest.fail("derived"))
    other = replace(job.published[0], **change)  # type: ignore[arg-type]  # any field
    assert published_differences(replace(job, published=(other,))) == [said]

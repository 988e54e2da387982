"""The files `init` writes have exactly the problems they should: what is left to fill in."""

from __future__ import annotations

from pathlib import Path

import pytest
from btclib_wallet.descriptors import add_checksum

from reservecheck.books.letters import read_letters
from reservecheck.books.register import Location
from reservecheck.declare.engagement import load_engagement, strict_engagement
from reservecheck.declare.lint import lint_wallets
from reservecheck.declare.providers import load_providers
from reservecheck.declare.templates import starter_files
from reservecheck.declare.wallets import load_wallets, read_wallets
from reservecheck.errors import InputError
from reservecheck.model.words import WalletKind
from reservecheck.registry.shipped import load_registry
from reservecheck.vault.toml_file import read_toml

ROOT = Path(__file__).resolve().parents[2]
MOMENT = "2018-09-14T17:00:00+09:00"
FOLDER = "snapshots/kaede/2018-09-14"
XPUB = (
    "xpub6CatWdiZiodmUeTDp8LT5or8nmbKNcuyvz7WyksVFkKB4RHwCD3XyuvP"
    "EbvqAQY3rAPshWcMLoP2fMFMKHPJ4ZeZXYVUhLv1VMrjPC7PW6V"
)
DESCRIPTOR = add_checksum(f"wpkh([73c5da0a/84h/0h/0h]{XPUB}/0/*)")


@pytest.fixture
def started(tmp_path: Path) -> Path:
    for name, text in starter_files("kaede", MOMENT).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_every_file_has_its_place(started: Path) -> None:
    found = {str(path.relative_to(started)) for path in started.rglob("*") if path.is_file()}
    assert found == {
        "wallets/kaede.toml",
        f"{FOLDER}/engagement.toml",
        f"{FOLDER}/snapshot.toml",
        f"{FOLDER}/customers.csv",
        f"{FOLDER}/cash.csv",
        f"{FOLDER}/prices.csv",
        f"{FOLDER}/letters.csv",
        "providers.example.toml",
    }


def test_the_wallets_file_lacks_an_address_and_nothing_else(started: Path) -> None:
    path = started / "wallets" / "kaede.toml"
    with pytest.raises(InputError) as caught:
        load_wallets(path, load_registry())
    (problem,) = caught.value.problems
    assert problem.message == "the address, one of bitcoin:mainnet, is to be filled in"
    assert problem.hint == "write the address in its place"
    assert path.read_text(encoding="utf-8").splitlines()[problem.line - 1] == 'address = "FILL IN"'
    text = path.read_text(encoding="utf-8").replace("FILL IN", "1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu")
    path.write_text(text, encoding="utf-8")
    assert lint_wallets(read_wallets(path, load_registry()), load_registry()) == []


def test_the_wallets_file_is_right_with_every_comment_taken_away(started: Path) -> None:
    path = started / "wallets" / "kaede.toml"
    text = path.read_text(encoding="utf-8").replace(
        'address = "FILL IN"', 'address = "1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu"'
    )
    text = text.replace('descriptor = "FILL IN"', f'descriptor = "{DESCRIPTOR}"')
    lines = text.replace("FILL IN", "J. Doe").splitlines()
    opened = [
        line.removeprefix("# ") if line.startswith("# ") and ("[" in line[:4] or " = " in line) else line
        for line in lines
    ]
    path.write_text("\n".join(opened) + "\n", encoding="utf-8")
    (started / "wallets" / "kaede-cold.csv").write_text("address\n1KXrWXciRDZUpQwQmuM1DbwsKDLYAYsVLR\n", "utf-8")
    found = load_wallets(path, load_registry())
    labels = [wallet.label for wallet in found.wallets if wallet.kind is not WalletKind.BEYOND_RANGE]
    assert [labels[0], labels[1], labels[2], labels[1001], labels[1002]] == [
        "btc-cold-1",
        "cold/1",
        "deposits/0",
        "deposits/999",
        "custody-1",
    ]
    assert len(found.wallets) == len(labels) + 100
    assert (found.provenance.by, found.provenance.date) == ("J. Doe", "2018-09-14")


def test_the_engagement_lacks_the_practitioner_and_is_as_strict_as_the_defaults(started: Path) -> None:
    path = started / FOLDER / "engagement.toml"
    with pytest.raises(InputError) as caught:
        load_engagement(path, load_registry())
    assert str(caught.value) == (
        f"{path}:5: practitioner is 'FILL IN', which stands where a name belongs\n"
        "  hint: write the name of the firm or person that runs the engagement in its place"
    )
    path.write_text(path.read_text(encoding="utf-8").replace("FILL IN", "Example Audit"), encoding="utf-8")
    found = load_engagement(path, load_registry())
    strict = strict_engagement("kaede", MOMENT, found.cutoff_epoch, "KRW")
    assert (found.cutoff, found.practitioner, found.rehearsal) == (MOMENT, "Example Audit", True)
    for name in ("packs", "deciding", "sources", "accept", "skew_seconds", "window_minutes", "tolerance"):
        assert getattr(found, name) == getattr(strict, name)


def test_the_snapshot_names_the_files_beside_it(started: Path) -> None:
    files = read_toml(started / FOLDER / "snapshot.toml").data["files"]
    for name in (*files["customers"], files["cash"], files["prices"], files["letters"]):
        assert (started / FOLDER / name).is_file()


def test_the_example_providers_are_read(started: Path) -> None:
    example = started / "providers.example.toml"
    assert load_providers(example)
    assert example.read_bytes() == (ROOT / "providers.example.toml").read_bytes()


def test_the_letters_may_stay_empty(started: Path) -> None:
    at = Location(started / FOLDER, "letters.csv")
    assert read_letters(at, load_registry().assets)[0] == ()

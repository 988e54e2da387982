"""The example of asking customers, typed as it stands in the guide: from a shipped rehearsal to grade L3."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Final

import pytest
from tests.walk_through import GUIDES, Typed, answer, files_in, repository, walk

GUIDE: Final = GUIDES / "asking-customers.md"
WORK: Final = Path(".private/asking")
PARTS: Final = (".gitignore", "evidence/hanul", "snapshots/hanul", "wallets/hanul.toml")
ASSETS: Final = ("BTC", "ETH", "KRW", "USDT")
UNSEEN: Final = {
    "  that 4 roots committed to came out of customer rows you have not seen",
    "  that those counted are those the block drew, which takes the snapshot and the secret to see",
}


@pytest.fixture(scope="module")
def working_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("asking"), *PARTS)


@pytest.fixture(scope="module")
def walked(working_tree: Path) -> list[Typed]:
    return walk(GUIDE, working_tree)


def grades(report: str) -> dict[str, str]:
    return dict(re.findall(r"^  - (\w+): .*owed at grade (L\d)$", report, re.MULTILINE))


def run(working_tree: Path, *options: str, snapshot: Path = WORK / "snapshot") -> str:
    """What `run` prints with the guide's files and the secret."""
    given = f"--evidence evidence/hanul/2018-06-28 --commitment-secret {WORK / 'secret.hex'}"
    code, printed = answer(
        working_tree, " ".join(["reservecheck run wallets/hanul.toml", str(snapshot), given, *options])
    )
    assert code == 0, printed
    return printed


def test_the_example_prints_what_it_shows_and_leads_every_asset_to_l3(walked: list[Typed]) -> None:
    typed = {one.command.split()[1]: one.printed for one in walked if one.command.startswith("reservecheck")}
    assert list(typed) == ["liabilities", "run", "verify"]
    assert grades(typed["run"]) == dict.fromkeys(ASSETS, "L3")
    for asset in ASSETS:
        assert re.search(rf"  - {asset}: at 95 % confidence, of this asset alone, at most 4\.88 % of", typed["run"])
    assert "What breaks\n───────────\n  - nothing\n" in typed["run"]
    assert "What cannot be assessed\n───────────────────────\n  - nothing\n" in typed["run"]


def test_what_is_left_to_trust_is_two_lines_fewer_with_the_folder_and_the_secret(walked: list[Typed]) -> None:
    alone, beside = (one.printed.splitlines() for one in walked if one.command.startswith("reservecheck verify"))
    assert set(alone) - set(beside) == UNSEEN
    assert set(beside) - set(alone) == {"7 snapshot   ok", "8 commitment ok"}


def test_the_example_leaves_nothing_that_git_would_take(working_tree: Path, walked: list[Typed]) -> None:
    assert walked
    assert ".private/" in (working_tree / ".gitignore").read_text().splitlines()
    outside = {path for path in files_in(working_tree) if not path.startswith(".private/")}
    assert outside == {path for part in PARTS for path in shipped(part)}


def shipped(part: str) -> set[str]:
    root = GUIDES.parent.parent
    return {f"{part}/{path}" for path in files_in(root / part)} if (root / part).is_dir() else {part}


def opened(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def test_no_customer_no_balance_and_no_secret_of_the_example_is_in_its_bundle(
    working_tree: Path, walked: list[Typed]
) -> None:
    assert walked
    work = working_tree / WORK
    found = b"".join(opened(work / "bundle" / path) for path in files_in(work / "bundle"))
    rows = [row.split(",") for row in (work / "list.csv").read_text().splitlines()[1:]]
    assert len(rows) > 100
    balances = {row[3] for row in rows if "." in row[3]}  # digits alone stand in a hash by chance
    assert len(balances) > 50
    for private in {(work / "secret.hex").read_text().strip(), *(row[2] for row in rows), *balances}:
        assert private.encode() not in found


def test_a_typed_hash_that_nobody_looked_up_leaves_the_grade_at_l2(working_tree: Path, walked: list[Typed]) -> None:
    assert walked
    printed = run(working_tree)
    assert grades(printed) == dict.fromkeys(ASSETS, "L2")
    assert "(typed), and nobody looked it up" in " ".join(printed.split())


def test_one_customer_who_did_not_reply_leaves_the_asset_at_l2(working_tree: Path, walked: list[Typed]) -> None:
    assert walked
    code, _ = answer(working_tree, f"cp -R {WORK / 'snapshot'} {WORK / 'silent'}")
    assert code == 0
    path = working_tree / WORK / "silent/confirmations.csv"
    path.write_text(path.read_text().replace("agrees,,2018-07-09,direct,Example Audit", "no-reply,,,,", 1))
    printed = run(working_tree, "--anchors", str(WORK / "anchors.csv"), snapshot=WORK / "silent")
    assert grades(printed) == {**dict.fromkeys(ASSETS, "L3"), "BTC": "L2"}

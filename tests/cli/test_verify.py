from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.cli.command_line import Ask
from tests.cli.small_world import BITCOIN, CUSTOMER, Desk


@pytest.fixture
def bundle(recorded: Desk) -> Path:
    return recorded.folder / "bundle"


def anchors(bundle: Path, folder: Path, *, lie: bool = False) -> Path:
    """An anchors file for every pin of a bundle; with `lie` the first one names another block."""
    pins = json.loads((bundle / "pins.json").read_bytes())["pins"]
    rows = "network,height,hash,source,taken_by,taken_at\n"
    for number, pin in enumerate(pins):
        block = "ab" * 32 if lie and number == 0 else pin["hash"]
        rows += f"{pin['network']},{pin['height']},{block},an explorer,reader,2018-07-01T00:00:00Z\n"
        if pin["next_hash"]:
            after = pin["height"] + 1
            rows += f"{pin['network']},{after},{pin['next_hash']},an explorer,reader,2018-07-01T00:00:00Z\n"
    path = folder / "anchors.csv"
    path.write_text(rows)
    return path


def test_an_untouched_bundle_re_derives_and_says_what_is_still_trusted(bundle: Path, ask: Ask) -> None:
    said = ask("verify", str(bundle))
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(
        "1 members    ok\n2 records    ok\n3 shipped    ok\n4 questions  ok\n5 answers    ok\n"
    )
    assert "Every figure re-derives from the recorded answers.\n" in said.out
    assert "  3 block hashes you have not compared with any chain:\n" in said.out
    assert f"  what src-bitcoin-regtest ({BITCOIN}), run by own (practitioner) answered\n" in said.out
    assert "  5 statements on paper: bank lines, custodians, letters, prices\n" in said.out
    assert said.out.endswith("outcome recorded here: covered\n")


def test_anchors_that_agree_leave_no_block_to_trust(bundle: Path, ask: Ask, tmp_path: Path) -> None:
    path = str(anchors(bundle, tmp_path))
    said = ask("verify", str(bundle), "--anchors", path)
    assert said.code == 0
    assert "7 anchors    ok\n" in said.out
    assert "  3 block hashes agree with your anchors\n" in said.out
    result = json.loads(ask("verify", str(bundle), "--anchors", path, "--format", "json").out)
    assert [block["anchored"] for block in result["trusted"]["blocks"]] == [True, True, True]


def test_an_anchor_that_contradicts_is_a_difference(bundle: Path, ask: Ask, tmp_path: Path) -> None:
    said = ask("verify", str(bundle), "--anchors", str(anchors(bundle, tmp_path, lie=True)))
    assert said.code == 1
    assert "7 anchors    DIFFERS\n" in said.out
    assert f"    {BITCOIN} block 113: the bundle says " in said.out
    assert f", an explorer says {'ab' * 32}\n" in said.out
    assert (
        "Every figure re-derives, but its blocks are not shown to be those of your anchors. "
        "Rely on none before you know why.\n"
    ) in said.out
    assert said.out.endswith("outcome: none, see above\n")


def test_anchors_that_are_not_there_are_an_error(bundle: Path, ask: Ask, tmp_path: Path) -> None:
    said = ask("verify", str(bundle), "--anchors", str(tmp_path / "none.csv"))
    assert (said.code, said.out) == (2, "")
    assert str(tmp_path / "none.csv") in said.err


def test_the_private_folder_gives_the_same_totals(bundle: Path, recorded: Desk, ask: Ask) -> None:
    said = ask("verify", str(bundle), "--snapshot", str(recorded.snapshot))
    assert said.code == 0
    assert "7 snapshot   ok\n" in said.out


def test_a_changed_customer_file_is_a_difference(bundle: Path, desk: Desk, ask: Ask) -> None:
    desk.change("snapshot/customers.csv", "BTC,60", "BTC,59")
    desk.change("snapshot/customers.csv", "BTC,40", "BTC,41")
    said = ask("verify", str(bundle), "--snapshot", str(desk.snapshot))
    assert said.code == 1
    assert (
        "7 snapshot   DIFFERS\n    customers.csv: not the file the bundle was made from\n\n"
        "Every figure re-derives, but it was not made from this snapshot folder."
    ) in said.out
    assert CUSTOMER not in said.out + said.err


def test_the_entitys_wallets_file_gives_the_same_declaration(bundle: Path, desk: Desk, ask: Ask) -> None:
    both = ("--snapshot", str(desk.snapshot), "--wallets", str(desk.wallets))
    said = ask("verify", str(bundle), *both)
    assert said.code == 0
    assert "7 snapshot   ok\n8 wallets    ok\n" in said.out
    desk.change("nami.toml", 'name = "Nami (fictional)"', 'name = "Another"')
    said = ask("verify", str(bundle), *both)
    assert said.code == 1
    assert "the name is 'Nami (fictional)', the wallets file says 'Another'\n" in said.out
    assert "Every figure re-derives, but it was not made from this wallets file. " in said.out


def test_anchors_about_other_blocks_compare_nothing(bundle: Path, ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / "anchors.csv"
    row = f"{BITCOIN},131,{'ab' * 32},an explorer,reader,2018-07-01T00:00:00Z\n"
    path.write_text(f"network,height,hash,source,taken_by,taken_at\n{row}")
    said = ask("verify", str(bundle), "--anchors", str(path))
    assert said.code == 1
    assert f"    anchors, line 2: no block 131 of {BITCOIN} in this bundle; it has 113\n" in said.out
    assert "    nothing compared: no row is about a block of this bundle\n" in said.out
    pin = json.loads((bundle / "pins.json").read_bytes())["pins"][0]
    with path.open("a") as more:
        more.write(f"{BITCOIN},{pin['height']},0x{pin['hash'].upper()},an explorer,reader,2018-07-01T00:00:00Z\n")
    said = ask("verify", str(bundle), "--anchors", str(path))
    assert said.code == 0
    assert f"7 anchors    ok\n    anchors, line 2: no block 131 of {BITCOIN}" in said.out
    assert "  1 block hash agrees with your anchors\n" in said.out


def test_a_register_the_bundle_lacks_is_a_difference(bundle: Path, desk: Desk, ask: Ask) -> None:
    (desk.snapshot / "reconciling.csv").write_text(
        "kind,asset,amount,tx,side,document_sha256,asserted_by\npending-withdrawal,BTC,1,ab,owed,,\n"
    )
    desk.change("snapshot/snapshot.toml", "[files]\n", '[files]\nreconciling = "reconciling.csv"\n')
    said = ask("verify", str(bundle), "--snapshot", str(desk.snapshot))
    assert said.code in (1, 2)
    assert "reconciling.csv" in said.out + said.err


def test_require_covered_makes_the_outcome_count(bundle: Path, desk: Desk, ask: Ask) -> None:
    assert ask("verify", str(bundle), "--require-covered").code == 0
    desk.change("snapshot/customers.csv", "BTC,60", "BTC,61")
    desk.change("snapshot/snapshot.toml", 'BTC = "100"', 'BTC = "101"')
    short = desk.folder / "short"
    assert ask(*desk.run("--bundle", str(short), evidence=bundle.parent / "evidence")).code == 1
    said = ask("verify", str(short))
    assert said.code == 0
    assert said.out.endswith("outcome recorded here: shortfall\n")
    assert ask("verify", str(short), "--require-covered").code == 1


def test_json_says_the_same(bundle: Path, ask: Ask) -> None:
    said = ask("verify", str(bundle), "--format", "json")
    result = json.loads(said.out)
    assert result.keys() >= {"ok", "outcome", "schema", "steps", "trusted"}
    assert (result["ok"], result["outcome"]) == (True, "covered")
    assert result["schema"] == "reservecheck/verification/v1-draft"
    assert [step["number"] for step in result["steps"]] == [1, 2, 3, 4, 5, 6]
    assert result["trusted"]["statements"] == 5
    assert len(result["trusted"]["operators"]) == 3


def test_damage_ends_at_the_first_step(bundle: Path, ask: Ask, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(bundle, damaged)
    (damaged / "cash.csv").write_text("x\n")
    said = ask("verify", str(damaged))
    assert said.code == 1
    assert said.out == (
        "1 members    DIFFERS\n    cash.csv: altered, its bytes are not those the manifest lists\n\n"
        "This bundle does NOT re-derive. No figure in it should be relied on.\n"
    )
    result = json.loads(ask("verify", str(damaged), "--format", "json").out)
    assert (result["ok"], result["outcome"], result["trusted"]["blocks"]) == (False, None, [])


def test_many_differences_are_counted_not_listed(bundle: Path, ask: Ask, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(bundle, damaged)
    for number in range(25):
        (damaged / f"more-{number:02}.txt").write_text("x")
    said = ask("verify", str(damaged))
    assert said.code == 1
    assert "    … and 5 more\n" in said.out


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("nothing", "is not a bundle: there is no such folder or archive"),
        ("empty", "is not a bundle: it has no manifest.json"),
        ("text.txt", "is neither a folder nor a stored zip of one: File is not a zip file"),
    ],
)
def test_what_is_no_bundle_is_an_error(ask: Ask, tmp_path: Path, what: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.txt").write_text("hello")
    said = ask("verify", str(tmp_path / what))
    assert (said.code, said.out, said.err) == (2, "", f"error: {tmp_path / what} {message}\n")


def test_evidence_is_not_a_bundle(recorded: Desk, ask: Ask) -> None:
    evidence = recorded.folder / "evidence"
    said = ask("verify", str(evidence))
    assert said.code == 2
    assert said.err == f"error: {evidence} is 'reservecheck/evidence/v1-draft', not reservecheck/bundle/v1-draft\n"

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.command_line import Ask
from tests.cli.small_world import NETWORKS, TWO, Desk


def test_evidence_and_providers_in_one_go_give_the_same_assessment(desk: Desk, ask: Ask) -> None:
    bundle, other = str(desk.folder / "bundle"), str(desk.folder / "other.zip")
    collected = ask(*desk.collect("evidence"))
    assert (collected.code, collected.out) == (0, "")
    assert f"8 cells, 0 unread; evidence in {desk.folder / 'evidence'}\n" in collected.err
    first = ask(*desk.run("--bundle", bundle, evidence=desk.folder / "evidence"))
    assert first.code == 0
    assert "covered" in first.out
    assert first.err == f"bundle: {bundle}; anyone re-derives it with: reservecheck verify {bundle}\n"
    second = ask(*desk.run("--bundle", other))
    assert (second.code, second.out) == (0, first.out)
    for path in (bundle, other):
        assert ask("verify", path).code == 0
    assert not list(desk.folder.glob("*.partial"))


def test_without_a_bundle_only_the_result_is_left(recorded: Desk, ask: Ask, tmp_path: Path) -> None:
    before = sorted(recorded.folder.iterdir())
    said = ask(*recorded.run(evidence=recorded.folder / "evidence"))
    assert (said.code, said.err) == (0, "")
    assert sorted(recorded.folder.iterdir()) == before
    assert not list(tmp_path.iterdir())


def test_json_has_the_shape_of_the_schema(recorded: Desk, ask: Ask) -> None:
    said = ask(*recorded.run("--format", "json", evidence=recorded.folder / "evidence"))
    result = json.loads(said.out)
    assert result["schema"] == "reservecheck/assessment/v1-draft"
    assert {"entity", "name", "cutoff", "currency", "policy", "packs", "outcome", "checks", "pins"} <= result.keys()
    assert (result["entity"], result["rehearsal"], result["outcome"]) == ("nami", True, "covered")
    assert set(result["checks"]) == {"held", "broke", "not_assessable", "not_applicable"}
    assert [asset["asset"] for asset in result["assets"]] == ["BTC", "ETH", "USDT"]
    bitcoin = result["assets"][0]
    assert bitcoin["owed"] == "100"
    assert bitcoin["deciding"]["ratio"] == "100.00"
    assert bitcoin["deciding"]["bound"] == "exact"
    assert bitcoin["broad"]["held"] == "150"
    assert [(asset["excluded"], asset["unread"]) for asset in result["assets"][1:]] == [([], []), ([], [])]
    assert sorted(pin["network"] for pin in result["pins"]) == list(NETWORKS)
    assert not any("." in key for key in result)


@pytest.mark.parametrize("how", [[], ["--providers", "p.toml", "--evidence", "e"]])
def test_neither_and_both_ways_to_the_chain_are_refused(desk: Desk, ask: Ask, how: list[str]) -> None:
    said = ask("run", str(desk.wallets), str(desk.snapshot), *how, "--bundle", str(desk.folder / "b"))
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "error: give either --providers or --evidence\n"
        "  hint: --providers reads the chains now, --evidence uses what collect wrote\n"
    )
    assert not (desk.folder / "b").exists()


def test_an_existing_target_is_an_error_and_is_left_alone(recorded: Desk, ask: Ask) -> None:
    bundle = recorded.folder / "bundle"
    before = {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    said = ask(*recorded.run("--bundle", str(bundle), evidence=recorded.folder / "evidence"))
    assert (said.code, said.out) == (2, "")
    assert said.err == f"error: {bundle} exists already\n  hint: name a new target: nothing is ever overwritten\n"
    assert {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()} == before
    said = ask(*recorded.collect("evidence"))
    assert said.code == 2
    assert "exists already" in said.err


def test_a_target_that_cannot_be_written_is_an_error(desk: Desk, ask: Ask) -> None:
    (desk.folder / "file").write_text("")
    said = ask(*desk.collect("file/evidence"))
    assert (said.code, said.out) == (2, "")
    assert said.err == f"error: {desk.folder}/file/evidence.partial cannot be written: Not a directory\n"


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("nami.toml", "nami.toml: "),
        ("snapshot/snapshot.toml", "snapshot.toml"),
        ("snapshot/customers.csv", "customers.csv"),
        ("providers.toml", "providers.toml: "),
    ],
)
def test_a_missing_file_is_named(desk: Desk, ask: Ask, missing: str, message: str) -> None:
    (desk.folder / missing).unlink()
    said = ask(*desk.run("--bundle", str(desk.folder / "bundle")))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: ")
    assert message in said.err
    assert not (desk.folder / "bundle").exists()
    assert not list(desk.folder.glob("*.partial"))


def test_evidence_that_is_not_there_is_an_error(desk: Desk, ask: Ask) -> None:
    said = ask(*desk.run(evidence=desk.folder / "none"))
    assert (said.code, said.out) == (2, "")
    assert said.err == f"error: {desk.folder}/none is not an evidence set: there is no such folder or archive\n"


def test_a_bundle_is_not_taken_for_evidence(recorded: Desk, ask: Ask) -> None:
    bundle = recorded.folder / "bundle"
    said = ask(*recorded.run(evidence=bundle))
    assert said.code == 2
    expected = f"error: {bundle} is 'reservecheck/bundle/v1-draft', not reservecheck/evidence/v1-draft\n"
    assert said.err == expected


def test_altered_evidence_is_an_error(recorded: Desk, ask: Ask, tmp_path: Path) -> None:
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    for path in (recorded.folder / "evidence").rglob("*"):
        target = evidence / path.relative_to(recorded.folder / "evidence")
        if path.is_file():
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(path.read_bytes())
    (evidence / "pins.json").write_bytes(b"{}\n")
    said = ask(*recorded.run(evidence=evidence))
    assert said.code == 2
    expected = f"error: {evidence} was altered: pins.json: altered, its bytes are not those the manifest lists\n"
    assert said.err == expected


@pytest.mark.parametrize(
    ("name", "old", "new", "what"),
    [
        ("snapshot/engagement.toml", "T00:00:00+09", "T00:00:01+09", "another cut-off (2018-06-28T00:00:00+09:00,"),
        ("nami.toml", 'label = "usdt-2"', 'label = "usdt-3"', "another wallets file"),
        ("snapshot/engagement.toml", ', "ETH"', "", "another perimeter or other accepted instruments"),
    ],
)
def test_evidence_answers_only_its_own_question(  # noqa: PLR0913, PLR0917  # what is changed, and what is said
    desk: Desk, recorded: Desk, ask: Ask, name: str, old: str, new: str, what: str
) -> None:
    desk.change(name, old, new)
    if "another perimeter" in what:
        desk.change(
            "snapshot/engagement.toml", "[deciding]", 'out_of_scope = [{ asset = "ETH", reason = "x" }]\n[deciding]'
        )
    said = ask(*desk.run(evidence=recorded.folder / "evidence"))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"error: {recorded.folder}/evidence was collected for {what}")
    assert said.err.endswith("hint: collect again, or give its own files\n")


def test_an_engagement_of_another_entity_is_named(desk: Desk, ask: Ask) -> None:
    desk.change("snapshot/engagement.toml", 'entity = "nami"', 'entity = "umi"')
    said = ask(*desk.collect("evidence"))
    assert said.code == 2
    assert said.err == (
        f"error: {desk.snapshot}/engagement.toml: this is about 'umi', the wallets file about 'nami'\n"
        "  hint: give the wallets file of the same entity\n"
    )


def test_a_network_without_a_source_is_named(desk: Desk, ask: Ask) -> None:
    desk.write_providers(without=TWO)
    said = ask(*desk.collect("evidence"))
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"error: no source is named for {TWO}\n"
        "  hint: name one in the providers file: nothing is read without a named source\n"
    )
    assert not list(desk.folder.glob("evidence*"))


@pytest.mark.parametrize(
    ("name", "line", "text"),
    [
        ("nami.toml", 4, "colour = 1\n"),
        ("snapshot/engagement.toml", 4, "colour = 1\n"),
        ("snapshot/snapshot.toml", 3, "colour = 1\n"),
    ],
)
def test_an_unknown_key_is_named_with_file_and_line(  # where, and what
    desk: Desk, ask: Ask, name: str, line: int, text: str
) -> None:
    path = desk.folder / name
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[: line - 1], text, *lines[line - 1 :]]))
    said = ask(*desk.run())
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"error: {path}:{line}: ")
    assert "colour" in said.err


def test_an_unknown_key_among_sources_is_told_by_its_line_alone(desk: Desk, ask: Ask) -> None:
    """It may be a credential that stands in the wrong place."""
    first, *others = desk.providers.read_text().splitlines(keepends=True)
    desk.providers.write_text("".join([first, "k3y-0f-mine = 1\n", *others]))
    said = ask(*desk.run())
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"error: {desk.providers}:2: the file has an unknown key\n  hint: the keys here are format, source\n"
    )


def test_a_cut_off_without_an_offset_is_refused(desk: Desk, ask: Ask) -> None:
    desk.change("snapshot/engagement.toml", "cutoff = 2018-06-28T00:00:00+09:00", "cutoff = 2018-06-28T00:00:00")
    said = ask(*desk.run())
    assert (said.code, said.out) == (2, "")
    assert f"{desk.snapshot}/engagement.toml:6: " in said.err
    assert "offset" in said.err


def test_without_an_engagement_the_strict_defaults_apply_and_are_said(desk: Desk, ask: Ask) -> None:
    (desk.snapshot / "engagement.toml").unlink()
    (desk.snapshot / "prices.csv").unlink()
    desk.change("snapshot/snapshot.toml", 'prices = "prices.csv"\n', "")
    said = ask(*desk.run("--bundle", str(desk.folder / "bundle")))
    assert said.code == 1
    assert "engagement" in said.out
    assert ask("verify", str(desk.folder / "bundle")).code == 0
    result = json.loads(ask("report", str(desk.folder / "bundle"), "--format", "json").out)
    assert result["outcome"] != "covered"
    assert result["assets"][0]["deciding"]["held"] == "0"


def test_without_an_engagement_the_extract_says_as_of_when(desk: Desk, ask: Ask) -> None:
    (desk.snapshot / "engagement.toml").unlink()
    desk.change("snapshot/snapshot.toml", "as_of = 2018-06-28T00:00:00+09:00\n", "")
    said = ask(*desk.run())
    assert said.code == 2
    assert said.err == (
        f"error: {desk.snapshot}: there is no engagement.toml, and the extract does not say as of when it is\n"
        "  hint: write engagement.toml with a cutoff, or [extract] as_of in snapshot.toml\n"
    )


def test_a_custodian_line_nobody_declared_is_refused(desk: Desk, ask: Ask) -> None:
    (desk.snapshot / "custodians.csv").write_text(
        "label,asset,balance,as_of\nvault,BTC,5,2018-06-28T00:00:00+09:00\n"
    )
    desk.change("snapshot/snapshot.toml", "[files]\n", '[files]\ncustodians = "custodians.csv"\n')
    said = ask(*desk.run())
    assert said.code == 2
    assert said.err == (
        f"error: {desk.snapshot}: the custodians register has a line for 'vault', "
        "which is not a declared statement\n"
        "  hint: declare it in the wallets file as a [[statement]], or drop the line\n"
    )


def test_a_network_nothing_here_reads_is_refused(desk: Desk, ask: Ask) -> None:
    desk.change("nami.toml", f'network = "{TWO}"', 'network = "eip155:999999"')
    said = ask(*desk.run())
    assert (said.code, said.out) == (2, "")
    assert f"{desk.wallets}:" in said.err


def test_the_same_evidence_gives_the_same_bytes_whatever_the_hash_seed(recorded: Desk, tmp_path: Path) -> None:
    evidence = recorded.folder / "evidence"
    for seed in ("1", "2"):
        for name in ("bundle", "bundle.zip"):
            target = tmp_path / seed / name
            target.parent.mkdir(exist_ok=True)
            arguments = recorded.run("--bundle", str(target), evidence=evidence)
            done = subprocess.run(
                [sys.executable, "-m", "reservecheck", *arguments],
                capture_output=True,
                env={"PYTHONHASHSEED": seed, "PATH": ""},
                check=False,
            )
            assert done.returncode == 0, done.stderr
    one, two = tmp_path / "1", tmp_path / "2"
    assert (one / "bundle.zip").read_bytes() == (two / "bundle.zip").read_bytes()
    assert _files(one / "bundle") == _files(two / "bundle") == _files(recorded.folder / "bundle")


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

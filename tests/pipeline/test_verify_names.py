from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.pipeline.resealing import resealed

from reservecheck.__main__ import run
from reservecheck.vault.canonical import canonical_json
from reservecheck.verify import verify

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("names") / "bundle"
    place = "nabi/2018-06-28"
    arguments = [str(ROOT / "wallets/nabi.toml"), str(ROOT / "snapshots" / place)]
    assert run(["run", *arguments, "--evidence", str(ROOT / "evidence" / place), "--bundle", str(target)]) == 1
    return target


def test_a_name_in_a_bundle_that_poses_as_an_outcome_is_a_difference(bundle: Path, tmp_path: Path) -> None:
    cover = json.loads((bundle / "engagement.json").read_bytes())
    cover["name"] = "Nabi: covered · checks: 45 held"
    forged = resealed(bundle, tmp_path / "forged", {"engagement.json": lambda _: canonical_json(cover)})
    said = [line for step in verify(forged).steps for line in step.differences]
    assert "engagement.json: name is 'Nabi: covered · checks: 45 held', not a name on one line" in said


def test_an_input_file_that_stands_twice_is_a_difference(bundle: Path, tmp_path: Path) -> None:
    cover = json.loads((bundle / "engagement.json").read_bytes())
    cover["input_files"].insert(0, {**cover["input_files"][0], "sha256": "0" * 64})
    forged = resealed(bundle, tmp_path / "forged", {"engagement.json": lambda _: canonical_json(cover)})
    said = [line for step in verify(forged).steps for line in step.differences]
    assert "engagement.json: the input file 'nabi.toml' stands twice" in said

"""The small world of this folder, its desk, and the evidence and bundle that follow from them undisturbed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from tests.cli.command_line import Ask, asker, without_waits
from tests.cli.small_world import Desk, World, new_desk, small_world

from reservecheck import __main__
from reservecheck.committing import Targets, Wanted, commit
from reservecheck.model.progress import silent

HANUL: Final = Path(__file__).resolve().parents[2] / "snapshots/hanul/2018-06-28"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with small_world(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path, world: World) -> Desk:
    return new_desk(tmp_path / "desk", world)


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory, world: World) -> Desk:
    """A desk with `evidence`, and `bundle` made of it; not to be changed."""
    made = new_desk(tmp_path_factory.mktemp("recorded") / "desk", world)
    assert __main__.run(made.collect("evidence")) == 0
    assert __main__.run(made.run("--bundle", str(made.folder / "bundle"), evidence=made.folder / "evidence")) == 0
    return made


@pytest.fixture
def ask(capfd: pytest.CaptureFixture[str]) -> Ask:
    return asker(capfd)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    return without_waits(monkeypatch)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A committed folder, not to be changed."""
    folder = tmp_path_factory.mktemp("committed")
    shutil.copytree(HANUL, folder / "hanul")
    commit(folder / "hanul", Targets(private=folder / "private", out=folder / "commitment.json"), Wanted(), silent)
    return folder

"""A bundle of the small world, read from real nodes once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.small_world import Desk, World, new_desk, small_world

from reservecheck import __main__


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with small_world(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory, world: World) -> Desk:
    """A desk with `evidence`, and `bundle` made of it; not to be changed."""
    made = new_desk(tmp_path_factory.mktemp("recorded") / "desk", world)
    assert __main__.run(made.collect("evidence")) == 0
    assert __main__.run(made.run("--bundle", str(made.folder / "bundle"), evidence=made.folder / "evidence")) == 0
    return made


@pytest.fixture
def bundle(recorded: Desk) -> Path:
    return recorded.folder / "bundle"

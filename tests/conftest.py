"""Real nodes as fixtures. Session nodes are shared by the tests of one worker; fresh ones belong to one test.

A node that is not installed fails a test where CI is set in the environment, and skips it elsewhere. Property
tests have no time limit of their own, because a busy machine is no defect; under CI they always try the same cases.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from tests.nodes.running import Node, NodeMissing, anvil, bitcoind_node, with_wallet

settings.register_profile("everywhere", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("everywhere")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """Turn a missing node into a skip or a failure while the fixtures of a test start."""
    return (yield from _missing_nodes())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """The same for a test that starts its own nodes."""
    return (yield from _missing_nodes())


def _missing_nodes() -> Generator[None, object, object]:
    try:
        return (yield)
    except NodeMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def evm_one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """An EVM chain of id 31337."""
    with anvil(tmp_path_factory.mktemp("evm-one"), 31337) as node:
        yield node


@pytest.fixture(scope="session")
def evm_two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """An EVM chain of id 31338."""
    with anvil(tmp_path_factory.mktemp("evm-two"), 31338) as node:
        yield node


@pytest.fixture(scope="session")
def bitcoind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A regtest chain of 110 blocks, mined to wallet "w"."""
    with bitcoind_node(tmp_path_factory.mktemp("bitcoind")) as node:
        yield with_wallet(node)


@pytest.fixture
def fresh_anvil(tmp_path: Path) -> Iterator[Node]:
    """An EVM chain of id 31337 that this test may reorganise, age or lie with."""
    with anvil(tmp_path, 31337) as node:
        yield node


@pytest.fixture
def fresh_bitcoind(tmp_path: Path) -> Iterator[Node]:
    """A regtest chain of 110 blocks, mined to wallet "w", that this test may reorganise."""
    with bitcoind_node(tmp_path) as node:
        yield with_wallet(node)

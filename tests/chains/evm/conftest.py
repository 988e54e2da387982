"""A funded EVM chain nobody else touches."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.chains.evm.small_chain import fund
from tests.nodes.running import Node, anvil

import reservecheck.chains.evm.reading  # noqa: F401  # web3 sets the recursion limit: not amid a property test


@pytest.fixture(scope="session")
def funded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Tokens and owners of `small_chain` in block 1, an empty block 2 after it; not to be changed."""
    with anvil(tmp_path_factory.mktemp("funded"), 31337) as node:
        fund(node)
        yield node

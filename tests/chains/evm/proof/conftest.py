"""The recorded tokens, installed on a real node."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.chains.evm.proof.installed import install
from tests.nodes.running import Node, anvil

import reservecheck.chains.evm.proof.machine  # noqa: F401  # an EVM takes seconds to import: not amid a property test


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """The tokens and the chain's own coin in block 1, an empty block 2 after it; not to be changed."""
    with anvil(tmp_path_factory.mktemp("tokens"), 31337) as node:
        install(node)
        yield node

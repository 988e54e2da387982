"""Bitcoin and its family, read from a full node over JSON-RPC: `fetch` asks, `decode` reads the log."""

from reservecheck.chains.bitcoind.asked import METHODS, PURPOSES, asked
from reservecheck.chains.bitcoind.one_block import read_block
from reservecheck.chains.bitcoind.reading import decode, fetch

__all__ = ["METHODS", "PURPOSES", "asked", "decode", "fetch", "read_block"]

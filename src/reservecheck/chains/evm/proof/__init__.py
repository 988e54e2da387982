"""State proofs of EVM chains: from a block's state root to accounts, storage words and answers of contracts."""

"""Reads EVM chains: one small program of ours answers for thousands of balances in one call."""

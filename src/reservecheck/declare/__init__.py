"""Wallets and engagement files to records, every problem with its line."""

"""Frozen records and their words; no behaviour beyond what a record says of itself."""

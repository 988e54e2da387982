"""Reads what an exchange holds, joins it with what it owes, and says how anyone can check."""

__version__ = "0.1.0"

"""Reads nodes of the Bitcoin Core family: scan the tip, undo down to the pin."""

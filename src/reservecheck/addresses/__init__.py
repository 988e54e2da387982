"""Texts to canonical accounts and scripts, one module a codec. Pure."""

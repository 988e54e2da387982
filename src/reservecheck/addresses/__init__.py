"""Codecs of addresses: a text and its declared network in, the canonical script or account out. Pure."""

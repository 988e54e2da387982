"""Bytes and their digests: canonical JSON, gzip without time stamps, sealed folders. Knows no domain word."""

"""One module a protocol family: fetch asks through a transport, decode is pure and re-run by every verifier."""

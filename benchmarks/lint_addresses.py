"""What linting a long wallets list costs over decoding its addresses: `python -m benchmarks.lint_addresses [CSV]`.

Without an argument, 336,208 addresses of a real reserves list's mix (91 % P2SH, 9 % P2WSH) are made. A CSV needs
a column `address` with Bitcoin mainnet addresses. The goal is a ratio of at most 2.0, best of several rounds in
one process. The lint is all of it: files read, records made, everything suspicious looked for. The decode is that
of base58-bech32 alone: checksum and bytes, no script, no duplicates, no records.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import sys
import tempfile
import time
from pathlib import Path

from base58_bech32.base58 import b58decode_check, b58encode_check
from base58_bech32.bech32 import bech32_decode, bech32_encode, convertbits

from reservecheck.declare.wallets import load_wallets
from reservecheck.linting import lint
from reservecheck.model.progress import silent
from reservecheck.registry.shipped import load_registry

COUNT = 336_208
P2WSH_OF_100 = 9
ROUNDS = 5
GOAL = 2.0
WALLETS = """format = "reservecheck/wallets/v1"
entity = "benchmark"
[[list]]
label = "all"
file = "all.csv"
network = "bitcoin:mainnet"
storage = "cold"
owner = "customers"
"""


def made(count: int) -> list[str]:
    """Addresses that are the same in every run."""
    addresses = []
    for number in range(count):
        digest = hashlib.sha256(number.to_bytes(4, "big")).digest()
        if number % 100 < P2WSH_OF_100:
            addresses.append(bech32_encode("bc", [0, *convertbits(digest, 8, 5)]).decode())
        else:
            addresses.append(b58encode_check(b"\x05" + digest[:20]).decode())
    return addresses


def read(path: Path) -> list[str]:
    """The column `address` of a CSV, gzip or not."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return [row["address"] for row in csv.DictReader(text.splitlines())]


def bare(addresses: list[str]) -> float:
    """CPU seconds of decoding and nothing else."""
    start = time.process_time()
    for text in addresses:
        if text[:3].lower() == "bc1":
            bech32_decode(text)
        else:
            b58decode_check(text)
    return time.process_time() - start


def loaded(wallets: Path) -> float:
    """CPU seconds of load_wallets, file reading included."""
    registry = load_registry()
    start = time.process_time()
    load_wallets(wallets, registry)
    return time.process_time() - start


def linted(wallets: Path) -> float:
    """CPU seconds of everything `reservecheck lint WALLETS` does before it prints."""
    start = time.process_time()
    lint([wallets], silent)
    return time.process_time() - start


def main() -> int:
    """Print the figures; the last line is JSON. Exit code 1 when the goal is missed."""
    addresses = read(Path(sys.argv[1])) if sys.argv[1:] else made(COUNT)
    with tempfile.TemporaryDirectory() as folder:
        wallets = Path(folder) / "benchmark.toml"
        wallets.write_text(WALLETS, encoding="utf-8")
        (Path(folder) / "all.csv").write_text("address\n" + "\n".join(addresses) + "\n", encoding="utf-8")
        found = len(lint([wallets], silent))
        rounds = [(bare(addresses), loaded(wallets), linted(wallets)) for _ in range(ROUNDS)]
    decode, load, whole = (min(times) for times in zip(*rounds, strict=True))
    ratio = whole / decode
    print(f"{len(addresses):,} addresses, {found:,} lines to look at; CPU seconds, best of {ROUNDS}:")
    print(f"decode {decode:.2f} s, load_wallets {load:.2f} s, the whole lint {whole:.2f} s")
    figures = {"addresses": len(addresses), "decode_s": round(decode, 3), "load_s": round(load, 3)}
    print(json.dumps({**figures, "lint_s": round(whole, 3), "ratio": round(ratio, 3), "goal": GOAL}))
    return 0 if ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())

"""Scripts derived from descriptors in a second: `python -m benchmarks.descriptors`.

Against them, in the same run: btclib without the compiled libsecp256k1, in a process of its own, one by one. Both
give the same scripts. Goal: at least four times as many of every kind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from btclib_wallet import descriptors as btclib

from reservecheck.addresses.descriptors import parse_descriptor

SCRIPTS = 20_000
SAMPLE = 150
ROUNDS = 3
RATIO_GOAL = 4
NETWORK = "bitcoin:mainnet"
KEYS = (
    "xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB",
    "xpub69H7F5d8KSRgmmdJg2KhpAK8SR3DjMwAdkxj3ZuxV27CprR9LgpeyGmXUbC6wb7ERfvrnKZjXoUmmDznezpbZb7ap6r1D3tgFxHmwMkQTPH",
    "xpub6BgBgsespWvERF3LHQu6CnqdvfEvtMcQjYrcRzx53QJjSxarj2afYWcLteoGVky7D3UKDP9QyrLprQ3VCECoY49yfdDEHGCtMMj92pReUsQ",
)
DESCRIPTORS = {
    "wpkh": f"wpkh({KEYS[0]}/0/*)",
    "tr": f"tr({KEYS[0]}/0/*)",
    "wsh 2-of-3": f"wsh(sortedmulti(2,{KEYS[0]}/0/*,{KEYS[1]}/0/*,{KEYS[2]}/0/*))",
    "wsh miniscript": f"wsh(or_d(pk({KEYS[0]}/0/*),and_v(v:pkh({KEYS[1]}/0/*),older(65535))))",
}
PURE = "--pure"
"""The argument of the process that has no compiled library."""


def by_us(text: str) -> tuple[float, list[bytes]]:
    """(scripts in a second, the first of them)."""
    best = 0.0
    for _ in range(ROUNDS):
        started = time.perf_counter()
        (scripts,) = parse_descriptor(btclib.add_checksum(text), NETWORK).scripts(0, 0, SCRIPTS)
        best = max(best, SCRIPTS / (time.perf_counter() - started))
    return best, scripts[:SAMPLE]


def by_btclib(text: str) -> tuple[float, list[bytes]]:
    """The same by btclib as it is."""
    parsed = btclib.parse(text)
    started = time.perf_counter()
    scripts = [parsed.script_pub_key(index).script for index in range(SAMPLE)]
    return SAMPLE / (time.perf_counter() - started), scripts


def without_the_library() -> dict[str, tuple[float, list[str]]]:
    """By kind, what `by_btclib` gives in a process without the compiled library."""
    command = [sys.executable, "-m", "benchmarks.descriptors", PURE]
    done = subprocess.run(
        command, env={**os.environ, "ECC_NO_LIBSECP256K1": "1"}, capture_output=True, text=True, check=True
    )
    found: dict[str, tuple[float, list[str]]] = json.loads(done.stdout)
    return found


def pure() -> int:
    """What the other process prints."""
    from ecc.curves import is_libsecp256k1_serving  # noqa: PLC0415  # only this process is about it

    if is_libsecp256k1_serving():
        raise SystemExit("the compiled library is in use")
    found = {kind: by_btclib(text) for kind, text in DESCRIPTORS.items()}
    print(
        json.dumps({kind: (rate, [script.hex() for script in scripts]) for kind, (rate, scripts) in found.items()})
    )
    return 0


def main() -> int:
    """Print the figures; 0 when the goal is met for every kind."""
    plain = without_the_library()
    ratios = {}
    for kind, text in DESCRIPTORS.items():
        rate, scripts = by_us(text)
        slow, expected = plain[kind]
        compiled, _ = by_btclib(text)
        if [script.hex() for script in scripts] != expected:
            raise SystemExit(f"{kind}: other scripts than btclib's")
        ratios[kind] = round(rate / slow, 1)
        print(f"{kind}: {rate:,.0f} scripts/s; btclib {compiled:,.0f}, without libsecp256k1 {slow:,.0f}")
    print(f"the first {SAMPLE} of each compared")
    print(json.dumps({"ratio": min(ratios.values()), "ratios": ratios}))
    return 0 if min(ratios.values()) >= RATIO_GOAL else 1


if __name__ == "__main__":
    sys.exit(pure() if sys.argv[1:] == [PURE] else main())

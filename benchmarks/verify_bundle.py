"""Verifying a bundle of 50,000 cells in-process: `python -m benchmarks.verify_bundle`.

The bundle is made first, from a real local node through the command line. Then, in turn and in one run: `verify`,
and the bare minimum anyone would have to do with the same members: inflate, hash and parse each. The least of
several runs of each counts. Goal: at most 8 times the bare minimum.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.evm_balances import OWNER, TOKEN, expected
from tests.nodes.running import Node, anvil, evm_block

from reservecheck.moments import utc_text
from reservecheck.verify import verify

RUNS = 5
GOAL = 8
ASSETS = ("LINK", "UNI", "DAI", "SHIB", "PEPE")
SPACING_S = 12


def code(number: int) -> str:
    """A token with 18 decimals that answers owner × 2^-96 + number: 8 bytes of every owner's address."""
    dispatch = "60003560e01c63313ce5671460205760043560601c"
    return f"0x{dispatch}60{number:02x}0160005260206000f35b601260005260206000f3"


def main() -> int:
    """Print the figures; 0 when the goal is met."""
    with tempfile.TemporaryDirectory() as scratch, anvil(Path(scratch), 31337) as node:
        folder = Path(scratch)
        cutoff = chain(node)
        files(folder, cutoff, node)
        arguments = ["run", str(folder / "bench.toml"), str(folder / "snapshot")]
        arguments += ["--providers", str(folder / "providers.toml"), "--bundle", str(folder / "bundle")]
        subprocess.run([sys.executable, "-m", "reservecheck", *arguments], check=False, stdout=subprocess.DEVNULL)
        whole = least(lambda: whole_verification(folder / "bundle"))
        bare = least(lambda: bare_minimum(folder / "bundle"))
    ratio = whole / bare
    print(f"verify {whole:.3f} s; inflating, hashing and parsing the same members {bare:.3f} s")
    print(json.dumps({"benchmark": "verify_bundle", "goal": f"<= {GOAL}", "ratio": round(ratio, 2)}))
    return 0 if ratio <= GOAL else 1


def chain(node: Node) -> int:
    """Five tokens in block 1, and the time of that block."""
    for number, token in enumerate(TOKEN):
        node("anvil_setCode", token, code(number))
    cutoff = int(evm_block(node, "latest")["timestamp"], 16) + SPACING_S
    for at in (cutoff, cutoff + SPACING_S):
        node("evm_setNextBlockTimestamp", at)
        node("evm_mine")
    return cutoff


def files(folder: Path, cutoff: int, node: Node) -> None:
    """A declaration of 10,000 addresses, an engagement that accepts the tokens, totals of exactly what is there."""
    moment = utc_text(cutoff)
    snapshot = folder / "snapshot"
    snapshot.mkdir()
    accepted = "\n".join(
        f'  {{ instrument = "eip155:31337/erc20:{token}", asset = "{asset}", reason = "benchmark" }},'
        for token, asset in zip(TOKEN, ASSETS, strict=True)
    )
    (folder / "bench.toml").write_text(
        'format = "reservecheck/wallets/v1"\nentity = "bench"\nname = "Bench"\n[[list]]\nlabel = "all"\n'
        'file = "all.csv"\nnetwork = "eip155:31337"\nstorage = "cold"\nowner = "customers"\n'
    )
    (folder / "all.csv").write_text("address\n" + "".join(f"{owner}\n" for owner in OWNER))
    (snapshot / "engagement.toml").write_text(
        'format = "reservecheck/engagement/v1"\nid = "bench"\nentity = "bench"\npractitioner = "Bench"\n'
        f'rehearsal = true\ncutoff = {moment}\ncurrency = "USD"\nassets = {json.dumps(ASSETS)}\n'
        '[deciding]\ncontrol = "undemonstrated"\n[accept]\nowner = "as declared"\n'
        f"instruments = [\n{accepted}\n]\n"
    )
    (snapshot / "snapshot.toml").write_text(
        f'format = "reservecheck/snapshot/v1"\nentity = "bench"\n[files]\ntotals = "totals.csv"\n'
        f"[extract]\nas_of = {moment}\n"
    )
    totals = [sum(expected(owner, number) for owner in OWNER) for number in range(len(TOKEN))]
    rows = (f"{asset},{total // 10**18}\n" for asset, total in zip(ASSETS, totals, strict=True))
    (snapshot / "totals.csv").write_text("asset,owed\n" + "".join(rows))
    (folder / "providers.toml").write_text(
        'format = "reservecheck/providers/v1"\n[[source]]\nname = "node"\nnetwork = "eip155:31337"\n'
        f'kind = "evm"\noperator = "bench"\nrun_by = "practitioner"\nurl = "{node.url}"\n'
    )


def whole_verification(bundle: Path) -> None:
    """What `reservecheck verify` does."""
    done = verify(bundle)
    if not done.ok or done.assessment is None:
        raise SystemExit([step for step in done.steps if step.differences])
    if len(done.assessment.position.inputs.observation.cells) != len(OWNER) * len(TOKEN):
        raise SystemExit("the bundle does not hold 50,000 cells")


def bare_minimum(bundle: Path) -> None:
    """Inflate, hash bytes and content, parse."""
    for path in bundle.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            hashlib.sha256(data).digest()
            content = gzip.decompress(data) if path.suffix == ".gz" else data
            hashlib.sha256(content).digest()
            parse(path.name.removesuffix(".gz"), content)


def parse(name: str, content: bytes) -> None:
    """As what the member is: CSV, lines of JSON, or JSON."""
    if name.endswith(".csv"):
        list(csv.reader(io.StringIO(content.decode())))
    elif name.endswith(".jsonl"):
        for line in content.splitlines():
            json.loads(line)
    else:
        json.loads(content)


def least(work: Callable[[], None]) -> float:
    """The least seconds of several runs."""
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


if __name__ == "__main__":
    sys.exit(main())

"""Real nodes on loopback for tests, benchmarks and recordings: anvil and a regtest bitcoind.

A node has its own data folder and a free port, and is stopped when its `with` block ends. Standard library only.
"""

from __future__ import annotations

import base64
import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeVar

GENESIS: Final = 1_530_000_000
"""Header time of anvil's first block unless another is given: 2018-06-26T08:00:00Z."""
ATTEMPTS: Final = 5
READY_WITHIN_S: Final = 60
_ROOT: Final = Path(__file__).resolve().parents[2]
_LOOPBACK: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_IDS: Final = count(1)
T = TypeVar("T")


class NodeMissing(Exception):  # noqa: N818  # reads as what it is where it is caught
    """The node's program is not installed."""


class PortTaken(RuntimeError):  # noqa: N818  # reads as what it is where it is caught
    """Somebody else was quicker to bind the port."""


@dataclass(frozen=True, slots=True)
class Node:
    """A running node. Call it: `node("getblockcount")`, `node("sendtoaddress", a, 1, wallet="w")`."""

    url: str
    datadir: Path
    cookie_file: Path | None = None
    timeout_s: float = 120

    @property
    def auth(self) -> tuple[str, str] | None:
        """User and password for basic authentication, from the cookie file; None for anvil."""
        if self.cookie_file is None:
            return None
        user, _, password = self.cookie_file.read_text().partition(":")
        return user, password

    def __call__(self, method: str, *params: object, wallet: str | None = None) -> Any:  # noqa: ANN401  # JSON of any shape
        """The result; numbers with a point arrive as text. Raises RuntimeError with the node's own error."""
        answer = self.post({"jsonrpc": "2.0", "id": next(_IDS), "method": method, "params": params}, wallet)
        if answer.get("error") is not None:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def post(self, payload: object, wallet: str | None = None) -> Any:  # noqa: ANN401  # JSON of any shape
        """The parsed answer to one request body, a batch for instance."""
        url = self.url if wallet is None else f"{self.url}/wallet/{wallet}"
        headers = {"Content-Type": "application/json"}
        if self.auth is not None:
            headers["Authorization"] = "Basic " + base64.b64encode(":".join(self.auth).encode()).decode()
        request = urllib.request.Request(url, json.dumps(payload).encode(), headers)  # noqa: S310  # loopback http
        try:
            with _LOOPBACK.open(request, timeout=self.timeout_s) as answer:
                body = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                body = error.read()
        try:
            return json.loads(body, parse_float=str)
        except ValueError:
            raise RuntimeError(f"not JSON: {body[:200]!r}") from None


def program(name: str) -> Path:
    """Where the node's program is; raises NodeMissing with how to install it. `NODES_DIR` overrides `.nodes/`."""
    path = Path(os.environ.get("NODES_DIR", _ROOT / ".nodes")) / name
    if not path.exists():
        raise NodeMissing(f"{name} is not installed: run tools/install_nodes.sh")
    return path


@contextmanager
def anvil(tmp: Path, chain_id: int, *args: str) -> Iterator[Node]:
    """A fresh EVM chain of `chain_id`; the block before the latest is final. State spills into `tmp`.

    The first block's time is GENESIS unless `--timestamp` is among `args`.
    """
    datadir = _new_folder(tmp, "anvil")
    times = () if "--timestamp" in args else ("--timestamp", str(GENESIS))
    command = [
        str(program("anvil")), "--host", "127.0.0.1", "--port", "0", "--chain-id", str(chain_id),
        "--slots-in-an-epoch", "1", "--cache-path", str(datadir / "cache"), *times, *args,
    ]  # fmt: skip
    with _running(command, datadir) as process:
        found = _until(process, datadir, lambda: re.search(r"Listening on 127\.0\.0\.1:(\d+)", _log(datadir)))
        yield Node(f"http://127.0.0.1:{found[1]}", datadir)


@contextmanager
def bitcoind_node(tmp: Path, *args: str) -> Iterator[Node]:
    """A fresh regtest chain without a wallet, with transaction and filter indexes; `args` override and add.

    `-mocktime=SECONDS` fixes its clock; `-coinstatsindex=1` adds that index.
    """
    binary = program("bitcoind")
    for attempt in range(1, ATTEMPTS + 1):
        datadir = _new_folder(tmp, "bitcoind")
        port = _free_port()
        command = [
            str(binary), f"-datadir={datadir}", "-regtest", "-server", "-txindex=1", "-blockfilterindex=1",
            f"-rpcport={port}", "-rpcbind=127.0.0.1", "-rpcallowip=127.0.0.1", "-listen=0", "-connect=0",
            "-dnsseed=0", "-fallbackfee=0.0001", "-dbcache=50", "-printtoconsole=1", *args,
        ]  # fmt: skip
        node = Node(f"http://127.0.0.1:{port}", datadir, datadir / "regtest" / ".cookie")
        with _running(command, datadir) as process:
            try:
                _until(process, datadir, partial(_answers, node))
            except PortTaken:
                if attempt == ATTEMPTS:
                    raise
                continue
            yield node
            return


bitcoind = bitcoind_node
"""The same by its program's name, for modules without a fixture of that name."""


def mine(node: Node, blocks: int, wallet: str = "w") -> list[str]:
    """Mine blocks to a fresh address of `wallet` and give their hashes."""
    hashes: list[str] = node("generatetoaddress", blocks, node("getnewaddress", wallet=wallet))
    return hashes


def with_wallet(node: Node, blocks: int = 110, wallet: str = "w") -> Node:
    """Create a wallet and mine to it: 110 blocks leave ten mature coinbases."""
    node("createwallet", wallet)
    mine(node, blocks, wallet)
    return node


def evm_block(node: Node, tag: str) -> dict[str, Any]:
    """A block by number or tag (`0x10`, `finalized`), transactions as hashes."""
    with_transactions = False
    block: dict[str, Any] = node("eth_getBlockByNumber", tag, with_transactions)
    return block


@contextmanager
def _running(command: list[str], datadir: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (datadir / "node.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until(process: subprocess.Popen[bytes], datadir: Path, ready: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            text = _log(datadir)
            kind = PortTaken if re.search(r"in use|[Uu]nable to (bind|start HTTP)", text) else RuntimeError
            raise kind(f"the node stopped at once:\n{text[-2000:]}")
        found = ready()
        if found:
            return found
        time.sleep(0.02)
    raise RuntimeError(f"the node is not ready after {READY_WITHIN_S} s:\n{_log(datadir)[-2000:]}")


def _answers(node: Node) -> bool:
    try:
        node("getblockchaininfo")
    except (OSError, RuntimeError):
        return False
    return True


def _log(datadir: Path) -> str:
    return (datadir / "node.log").read_text(errors="replace")


def _new_folder(tmp: Path, name: str) -> Path:
    for n in count(1):
        folder = tmp / f"{name}-{n}"
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        return folder
    raise AssertionError("count never ends")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

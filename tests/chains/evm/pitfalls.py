"""What tests of known pitfalls share: a chain with odd tokens, and a reading over HTTP through a fault proxy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tests.chains.evm.node_transport import SOURCE, NodeTransport
from tests.chains.evm.small_chain import mine, owner, pair_of, token
from tests.nodes.fault_proxy import FaultProxy
from tests.nodes.running import Node

from reservecheck.chains.evm import decode, fetch
from reservecheck.chains.reader import NetworkReading, Plan
from reservecheck.model.progress import silent
from reservecheck.transport.endpoint import Endpoint
from reservecheck.transport.http import HttpTransport

HOLDER: Final = owner(0)
PROXY_SLOT: Final = 0xFFFF
ODD: Final[Mapping[str, str]] = {
    "proxy": "366000600037" + "60006000366000" + "61ffff545af4" + "3d600060003e" + "6020573d6000fd5b3d6000f3",
    "five": "600560005260206000f3",
    "seven": "600760005260206000f3",
    "rebasing": "600435546001540260005260206000f3",  # slot[owner] × slot[1]
    "bytes": "602060005260646020526103e86000f3",  # 1,000 bytes that begin as a byte string does
}


def put_odd_tokens(node: Node) -> None:
    """The tokens of `ODD`; the proxy forwards to "five", and the holder has 100 shares at a rate of 3."""
    for name, code in ODD.items():
        node("anvil_setCode", token(name), "0x" + code)
    point(node, "five")
    node("anvil_setStorageAt", token("rebasing"), "0x" + HOLDER[2:].rjust(64, "0"), f"0x{100:064x}")
    rebase(node, 3)


def point(node: Node, implementation: str) -> None:
    """Upgrade the proxy, with the next block."""
    node("anvil_setStorageAt", token("proxy"), hex(PROXY_SLOT), "0x" + token(implementation)[2:].rjust(64, "0"))


def rebase(node: Node, rate: int) -> None:
    """Another rate, with the next block."""
    node("anvil_setStorageAt", token("rebasing"), "0x1", f"0x{rate:064x}")


def settle(node: Node) -> None:
    """Two blocks: what was set without a transaction is in the first, which needs one after it to be final."""
    mine(node, 12, 12)


def over_http(
    proxy: FaultProxy, plan: Plan, *, waits: list[float] | None = None, name: str = SOURCE.name
) -> tuple[NetworkReading, NodeTransport]:
    """Fetch through the proxy as a run does, retries and all, without the waits; and decode what was recorded."""
    slept = waits if waits is not None else []
    endpoint = Endpoint(url=proxy.url, requests_per_second=10_000)
    with HttpTransport({name: endpoint}, sleep=slept.append) as http:
        transport = NodeTransport(proxy.node, http.ask)
        fetch(plan, replace(SOURCE, name=name, network=plan.network.network), transport, silent)
    return decode(plan, transport.log().exchanges), transport


def held(found: NetworkReading, name: str = "", who: str = HOLDER) -> int | None:
    """What one account holds of one token."""
    return found.readings[who, pair_of(who, name).instrument].units


def why(found: NetworkReading, name: str = "", who: str = HOLDER) -> str:
    """Why it was not read."""
    return found.readings[who, pair_of(who, name).instrument].reason

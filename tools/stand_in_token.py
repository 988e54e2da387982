"""A minimal token for local chains: balanceOf, decimals, transfer. The deployer gets the whole supply.

Its source is the commented listing below; there is no compiler. Balances stand in the slot named by the owner.
"""

from __future__ import annotations

from typing import Final

ADDRESS: Final = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
"""Where a fresh local chain puts the first contract of its first account."""

_RUNTIME: Final = """
6000 35 60e0 1c                       ; selector
80 63 70a08231 14 6027 57             ; balanceOf -> 27
80 63 313ce567 14 6034 57             ; decimals  -> 34
63 a9059cbb 14 603f 57                ; transfer  -> 3f
6000 80 fd                            ; anything else reverts
5b 6004 35 54 6000 52 6020 6000 f3    ; 27: return slot[owner]
5b 60 DD 6000 52 6020 6000 f3         ; 34: return decimals
5b 33 54 6024 35                      ; 3f: balance of the caller, amount
80 82 10 6064 57                      ;     balance < amount reverts
80 91 03 33 55                        ;     slot[caller] = balance - amount
6004 35 80 54 90 91 01 90 55          ;     slot[to] += amount
6001 6000 52 6020 6000 f3             ;     return true
5b 6000 80 fd                         ; 64: revert
"""


def creation_code(supply: int, decimals: int) -> str:
    """Init code as 0x hex: gives the deployer `supply` smallest units and returns the runtime."""
    runtime = _bytes(_RUNTIME.replace("DD", f"{decimals:02x}"))
    store = bytes.fromhex("7f") + supply.to_bytes(32, "big") + bytes.fromhex("3355")
    size = f"{len(runtime):02x}"
    give = bytes.fromhex(f"60{size}602f600039 60{size}6000f3")
    return "0x" + (store + give + runtime).hex()


def transfer_data(to: str, units: int) -> str:
    """Call data of transfer(to, units)."""
    return "0xa9059cbb" + to.removeprefix("0x").lower().rjust(64, "0") + units.to_bytes(32, "big").hex()


def _bytes(listing: str) -> bytes:
    return bytes.fromhex("".join(line.partition(";")[0] for line in listing.splitlines()))

"""Small exchanges for cases of their own: one file each, nothing that the case is not about."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Final

from tests.conformance.bench import Bench

ENGAGEMENT: Final = """\
format = "reservecheck/engagement/v1"
id = "{entity}-1"
entity = "{entity}"
practitioner = "Example Audit (fictional)"
rehearsal = true
cutoff = {cutoff}
currency = "KRW"
assets = [{assets}]

[deciding]
control = "undemonstrated"

[accept]
owner = "as declared"
"""
SNAPSHOT: Final = """\
format = "reservecheck/snapshot/v1"
entity = "{entity}"

[files]
customers = ["customers.csv"]
prices = "prices.csv"

[extract]
as_of = {cutoff}

[classes]
spot = "listed"
"""


def invent(
    bench: Bench, entity: str, cutoff: str, wallets: Sequence[tuple[str, str]], owed: dict[str, str]
) -> None:
    """An exchange that declares (network, address) each for customers, and owes one customer whole units."""
    bench.entity = entity
    for old in (bench.wallets.parent, bench.snapshot):
        shutil.rmtree(old)
        old.mkdir()
    text = f'format = "reservecheck/wallets/v1"\nentity = "{entity}"\nname = "{entity} (fictional)"\n'
    for number, (network, address) in enumerate(wallets):
        text += f'\n[[wallet]]\nlabel = "wallet-{number}"\nnetwork = "{network}"\naddress = "{address}"\n'
        text += 'storage = "cold"\nowner = "customers"\n'
    bench.wallets.write_text(text, encoding="utf-8")
    names = ", ".join(f'"{asset}"' for asset in owed)
    bench.write("engagement.toml", ENGAGEMENT.format(entity=entity, cutoff=cutoff, assets=names))
    bench.write("snapshot.toml", SNAPSHOT.format(entity=entity, cutoff=cutoff))
    rows = "".join(f"C1,{asset},{amount},spot\n" for asset, amount in owed.items())
    bench.write("customers.csv", f"customer,asset,balance,class\n{rows}")
    prices = "".join(f"{asset},1000,invented,{cutoff},single price,practitioner\n" for asset in owed)
    bench.write("prices.csv", f"asset,price,source,as_of,method,supplied_by\n{prices}")

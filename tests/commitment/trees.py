"""Trees for tests: the shared example, and random ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st

from reservecheck.commitment.columns import Row
from reservecheck.commitment.scheme import Scope

DATA: Final = Path(__file__).resolve().parent.parent / "data/por-mst"
EXAMPLE: Final[Any] = json.loads((DATA / "example.json").read_text(encoding="utf-8"))
SECRET: Final = bytes.fromhex(EXAMPLE["master_secret_hex"])
FIRST: Final = EXAMPLE["proofs"][0]
SCOPE: Final = Scope(
    snapshot=FIRST["snapshot"], asset=FIRST["asset"], decimals=FIRST["decimals"], height=FIRST["height"]
)
ROWS: Final = tuple(Row(proof["customer"], int(proof["leaves"][0]["amount"])) for proof in EXAMPLE["proofs"])

IDS: Final = st.one_of(
    st.text("ab01@.", min_size=1, max_size=90),
    st.sampled_from(["한글", "zoë", "例え.jp", "🦋", "x" * 300]),
)
AMOUNTS: Final = st.one_of(st.integers(0, 3), st.integers(0, (1 << 128) - 1).map(lambda units: units >> 5))


def scope_of(height: int) -> Scope:
    return Scope(snapshot="s", asset="BTC", decimals=8, height=height)


@st.composite
def rows(draw: st.DrawFn, most: int = 24) -> list[Row]:
    """Rows without a repeated customer and part, whose amounts add up to less than 2^128."""
    keys = draw(st.lists(st.tuples(IDS, st.sampled_from([0, 1, 0xFFFFFFFF])), unique=True, max_size=most))
    return [Row(customer, draw(AMOUNTS), part) for customer, part in keys]

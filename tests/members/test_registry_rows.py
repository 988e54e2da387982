from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.assess.inputs_factory import BITCOIN, ETHEREUM, TOKEN, registry

from reservecheck.errors import BundleError
from reservecheck.members.registry_rows import refuse_odd_rows
from reservecheck.registry.shipped import load_registry

NONE = ", which no registry holds"


def refusal(rows_of: str, row: str, /, **changes: Any) -> str:  # noqa: ANN401  # any field of a row
    """What is said of a registry of which one row is another."""
    before = registry()
    rows: Any = {**getattr(before, rows_of)}
    rows[row] = replace(rows[row], **changes)
    with pytest.raises(BundleError) as refused:
        refuse_odd_rows(registry(**{rows_of: rows}), name="registry.json")
    return str(refused.value)


def test_every_shipped_row_is_one_a_registry_can_hold() -> None:
    refuse_odd_rows(load_registry(), name="registry.json")


@pytest.mark.parametrize(
    ("kind", "row", "changes", "said"),
    [
        ("networks", ETHEREUM, {"finality": "confirmations:x"}, "finality is 'confirmations:x'" + NONE),
        ("networks", ETHEREUM, {"finality": "confirmations:0"}, "finality is 'confirmations:0'" + NONE),
        ("networks", ETHEREUM, {"chain_id": -1}, "chain_id is -1, not from 0 to 1000000000000000"),
        ("networks", ETHEREUM, {"genesis": "0x12"}, "genesis is '0x12', which no registry holds"),
        ("networks", ETHEREUM, {"fork_hash": "x"}, "fork_hash is 'x', which no registry holds"),
        ("networks", BITCOIN, {"fork_height": -5}, "fork_height is -5, not from 0 to 1000000000000000"),
        ("networks", BITCOIN, {"max_skew_s": 2**52}, f"max_skew_s is {2**52}, not from 0 to 1000000"),
        ("networks", BITCOIN, {"name": "a\x1b"}, "the text 'a\\x1b' cannot be printed"),
        ("assets", "BTC", {"decimals": 31}, "decimals is 31, not from 0 to 30"),
        ("assets", "BTC", {"decimals": -3}, "decimals is -3, not from 0 to 30"),
        ("assets", "BTC", {"kind": "share"}, "kind is 'share', none of coin, token, cash, issuer-token"),
        ("assets", "BTC", {"issuer": "\n"}, "the text '\\n' cannot be printed"),
        ("instruments", TOKEN, {"decimals": 5000}, "decimals is 5000, not from 0 to 30"),
        ("instruments", TOKEN, {"origin": "air"}, "origin is 'air', none of shipped, engagement"),
        ("instruments", TOKEN, {"frozen_by": "0x12"}, "frozen_by is '0x12', which no registry holds"),
        ("instruments", TOKEN, {"symbol": "\u202e"}, "the text '\\u202e' cannot be printed"),
    ],
)  # fmt: skip
def test_a_row_no_registry_can_hold_is_refused_by_name(
    kind: str, row: str, changes: dict[str, Any], said: str
) -> None:
    assert refusal(kind, row, **changes) == f"registry.json: '{row}': {said}"


@pytest.mark.parametrize(
    ("kind", "row", "key"),
    [("networks", BITCOIN, "network"), ("assets", "BTC", "asset"), ("instruments", TOKEN, "instrument")],
)
def test_an_id_is_one_a_registry_can_hold(kind: str, row: str, key: str) -> None:
    assert refusal(kind, row, **{key: "x y"}) == "registry.json: 'x y': its id is 'x y', which no registry holds"


def test_what_an_engagement_says_of_its_own_rows_may_be_any_text() -> None:
    rows = {TOKEN: replace(registry().instruments[TOKEN], origin="engagement", symbol="\u202e")}
    refuse_odd_rows(registry(instruments=rows), name="registry.json")

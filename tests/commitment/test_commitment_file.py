from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.commitment.commitment_file import LONGEST, Draw, Published, read_commitments, write_commitments
from reservecheck.commitment.scheme import Commitment, Scope
from reservecheck.errors import CommitmentError
from reservecheck.visible import is_unseen

SNAPSHOT = "hanul/2018-09-14"
ASSETS = st.from_regex(r"[A-Z0-9.]{1,20}", fullmatch=True)
TEXTS = st.text(st.characters().filter(lambda one: not is_unseen(one)), min_size=1, max_size=20)


def tree(asset: str, total: int = 7, snapshot: str = SNAPSHOT, height: int = 3) -> Commitment:
    scope = Scope(snapshot=snapshot, asset=asset, decimals=8, height=height)
    return Commitment(scope=scope, root=bytes(range(32)), total=total)


PUBLISHED = Published(
    entity="Hanul",
    snapshot=SNAPSHOT,
    trees=(tree("BTC"), tree("KRW", 2**128 - 1)),
    draw=Draw(network="bitcoin:mainnet", height=910_000, method="amount", size=60),
)
DRAWS = (None, Draw(network="ethereum:1", height=1, method="customer", size=10_000))


def test_the_file_is_one_line_of_json_in_the_order_of_its_page() -> None:
    assert write_commitments(replace(PUBLISHED, trees=(tree("BTC"),))).decode() == (
        '{"format":"reservecheck/commitment/v1-draft","scheme":"por-mst/1","entity":"Hanul",'
        '"snapshot":"hanul/2018-09-14","trees":[{"asset":"BTC","decimals":8,"height":3,'
        '"root":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f","total":"7"}],'
        '"draw":{"network":"bitcoin:mainnet","height":910000,"method":"amount","size":60}}\n'
    )


@given(TEXTS, TEXTS, st.sets(ASSETS, min_size=1, max_size=5), st.sampled_from(DRAWS))
def test_what_is_written_is_read_back(entity: str, snapshot: str, assets: set[str], draw: Draw | None) -> None:
    one = Published(
        entity=entity,
        snapshot=snapshot,
        trees=tuple(tree(asset, snapshot=snapshot) for asset in sorted(assets)),
        draw=draw,
    )
    assert read_commitments(write_commitments(one)) == one
    assert [one.tree(asset) for asset in sorted(assets)] == list(one.trees)
    assert one.tree("".join(assets) + "x") is None


def test_an_asset_may_begin_with_a_digit() -> None:
    one = Published(entity="Hanul", snapshot=SNAPSHOT, trees=(tree("1INCH"),))
    assert read_commitments(write_commitments(one)) == one


def changed(change: Callable[[Any], object]) -> bytes:
    fields = json.loads(write_commitments(PUBLISHED))
    change(fields)
    return json.dumps(fields).encode()


REFUSED: list[tuple[bytes, str]] = [
    (b" " * (LONGEST + 1), "the commitment is longer than 4194304 bytes"),
    (b"{", "the commitment is not JSON"),
    (b"[]", "the fields are not those of reservecheck/commitment/v1-draft"),
    (
        b'{"format":1,' + write_commitments(PUBLISHED)[1:],
        "the fields are not those of reservecheck/commitment/v1-draft",
    ),
    (changed(lambda f: f.pop("draw")), "the fields are not those of reservecheck/commitment/v1-draft"),
    (changed(lambda f: f.update(note="")), "the fields are not those of reservecheck/commitment/v1-draft"),
    (changed(lambda f: f["trees"][0].update(a=1)), "the fields are not those of reservecheck/commitment/v1-draft"),
    (changed(lambda f: f["draw"].pop("size")), "the fields are not those of reservecheck/commitment/v1-draft"),
    (changed(lambda f: f.update(format="v2")), "the format is not reservecheck/commitment/v1-draft"),
    (changed(lambda f: f.update(scheme="por-mst/2")), "the scheme is not por-mst/1"),
    (changed(lambda f: f.update(entity="")), "the entity is not text"),
    (changed(lambda f: f.update(snapshot=7)), "the snapshot is not text"),
    (changed(lambda f: f.update(trees=[])), "the trees are not a list of one or more"),
    (changed(lambda f: f.update(trees={})), "the trees are not a list of one or more"),
    (
        changed(lambda f: f["trees"].reverse()),
        "the trees of a commitment stand in the order of their assets, each once",
    ),
    (
        changed(lambda f: f["trees"].append(f["trees"][1])),
        "the trees of a commitment stand in the order of their assets, each once",
    ),
    (changed(lambda f: f["trees"][0].update(asset="")), "the asset is not text"),
    (changed(lambda f: f["trees"][0].update(decimals=256)), "the decimals is not a whole number from 0 to 255"),
    (changed(lambda f: f["trees"][0].update(height=1.0)), "a number is not written in plain digits"),
    (changed(lambda f: f["trees"][0].update(height=41)), "the height is not a whole number from 0 to 40"),
    (changed(lambda f: f["trees"][0].update(root="AB" * 32)), "the root is not 64 digits of lower-case hex"),
    (changed(lambda f: f["trees"][0].update(total=7)), "the total is not plain digits below 2^128"),
    (changed(lambda f: f.update(draw=[])), "the fields are not those of reservecheck/commitment/v1-draft"),
    (
        changed(lambda f: f["draw"].update(network="bitcoin")),
        "a draw's network: bitcoin is not written like bitcoin:mainnet",
    ),
    (changed(lambda f: f["draw"].update(method="dice")), "a draw's method: dice is not amount or customer"),
    (changed(lambda f: f["draw"].update(height=0)), "a draw's height: 0 is not between 1 and 9007199254740991"),
    (changed(lambda f: f["draw"].update(size=10_001)), "the size is not a whole number from 0 to 10000"),
    (changed(lambda f: f["draw"].update(size=0)), "a draw's size: 0 is not between 1 and 10000"),
]


@pytest.mark.parametrize(("data", "reason"), REFUSED)
def test_what_is_no_commitment_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(CommitmentError) as refused:
        read_commitments(data)
    assert refused.value.message == reason


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"entity": ""}, "a commitment's entity: it is empty"),
        ({"entity": "e" * 129}, "a commitment's entity: it is longer than 128 characters"),
        (
            {"snapshot": "s\u3164", "trees": (tree("BTC", snapshot="s\u3164"),)},
            "a commitment's snapshot: it has a character that nobody sees",
        ),
        ({"trees": (tree("B\u200bTC"),)}, "a commitment's asset: 'B\\u200bTC' is not a name like BTC or 1INCH"),
        ({"trees": (tree("000 BTC"),)}, "a commitment's asset: '000 BTC' is not a name like BTC or 1INCH"),
        ({"trees": (tree("원화"),)}, "a commitment's asset: '원화' is not a name like BTC or 1INCH"),
        (
            {"trees": (tree("A" * 41),)},
            f"a commitment's asset: '{'A' * 40}' is not a name like BTC or 1INCH",
        ),
        ({"trees": ()}, "a commitment has one tree or more"),
        ({"trees": (tree("BTC", snapshot="other"),)}, "the trees of a commitment are of one snapshot"),
    ],
)
def test_what_cannot_be_published_cannot_be_made(part: dict[str, Any], reason: str) -> None:
    with pytest.raises(CommitmentError) as refused:
        replace(PUBLISHED, **part)
    assert refused.value.message == reason

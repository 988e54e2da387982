from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from tests.assess.inputs_factory import ROOT, committed, rebuilt, tree
from tests.members import records

from reservecheck.errors import BundleError
from reservecheck.members.commitments import commitment_json, read_commitment
from reservecheck.model.committed import Committed, DrawStated
from reservecheck.vault.canonical import canonical_json

DRAW: Final = DrawStated(network="bitcoin:mainnet", height=910_000, method="amount", size=60)
STATED: Final = committed((rebuilt("BTC", 98 * 10**8), tree("ETH", 5)), draw=DRAW)
WRITTEN: Final[Any] = commitment_json(STATED)
BTC: Final[Any] = WRITTEN["trees"][0]
WHERE: Final = "liabilities.json: commitment"
ORDER: Final = "the trees of a commitment stand in the order of their assets, each once"


def refusal(value: Any) -> str:  # noqa: ANN401  # JSON
    with pytest.raises(BundleError) as refused:
        read_commitment(value)
    return str(refused.value)


def of_tree(**changes: Any) -> str:  # noqa: ANN401  # JSON
    return refusal({**WRITTEN, "trees": [records.replaced(BTC, **changes)]})


@given(records.commitments)
def test_any_commitment_comes_back_and_gives_the_same_bytes(before: Committed) -> None:
    written = commitment_json(before)
    after = read_commitment(written)
    assert after == before
    assert canonical_json(commitment_json(after)) == canonical_json(written)


def test_none_is_null() -> None:
    assert commitment_json(None) is None
    assert read_commitment(None) is None


def test_sums_are_text_and_what_nobody_built_again_is_null() -> None:
    assert WRITTEN == {
        "scheme": "por-mst/1",
        "entity": "kaede",
        "snapshot": "kaede/2018-09-14",
        "trees": [
            {
                "asset": "BTC",
                "decimals": 8,
                "height": 4,
                "root": ROOT,
                "total": "9800000000",
                "rebuilt": {"root": ROOT, "total": "9800000000"},
            },
            {"asset": "ETH", "decimals": 18, "height": 4, "root": ROOT, "total": "5", "rebuilt": None},
        ],
        "draw": {"network": "bitcoin:mainnet", "height": 910_000, "method": "amount", "size": 60},
    }


@pytest.mark.parametrize("missing", sorted(WRITTEN))
def test_every_key_is_there(missing: str) -> None:
    assert refusal(records.replaced(WRITTEN, **{missing: ...})) == f"{WHERE} lacks or has too many of: {missing}"


@pytest.mark.parametrize("missing", sorted(BTC))
def test_every_key_of_a_tree_is_there(missing: str) -> None:
    assert of_tree(**{missing: ...}) == f"{WHERE}.trees[0] lacks or has too many of: {missing}"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scheme": "por-mst/2"}, ": the scheme is not por-mst/1"),
        ({"entity": ""}, ": a commitment's entity: it is empty"),
        ({"entity": "\ud800"}, ": the entity is not Unicode text"),
        ({"entity": 1}, ".entity is not of type str"),
        ({"snapshot": ""}, ": a commitment's snapshot: it is empty or not Unicode text"),
        ({"trees": []}, ": a commitment has one tree or more"),
        ({"trees": [BTC, BTC]}, f": {ORDER}"),
        ({"trees": WRITTEN["trees"][::-1]}, f": {ORDER}"),
        ({"trees": {}}, ".trees is not a list"),
        (
            {"draw": {**WRITTEN["draw"], "network": "x"}},
            ": a draw's network: x is not written like bitcoin:mainnet",
        ),
        ({"draw": {**WRITTEN["draw"], "height": 0}}, f": a draw's height: 0 is not between 1 and {2**53 - 1}"),
        ({"draw": {**WRITTEN["draw"], "method": "name"}}, ": a draw's method: name is not amount or customer"),
        ({"draw": {**WRITTEN["draw"], "size": 0}}, ": a draw's size: 0 is not between 1 and 10000"),
        ({"draw": {**WRITTEN["draw"], "size": 10_001}}, ": a draw's size: 10001 is not between 1 and 10000"),
        ({"draw": []}, ".draw is not an object"),
    ],
)
def test_what_no_commitment_says_is_refused(changes: dict[str, Any], said: str) -> None:
    assert refusal({**WRITTEN, **changes}) == f"{WHERE}{said}"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"root": ROOT[:-2]}, ": a root is not 64 digits of lower-case hex"),
        ({"root": ROOT.upper()}, ": a root is not 64 digits of lower-case hex"),
        ({"root": ""}, ": a root is not 64 digits of lower-case hex"),
        ({"rebuilt": {"root": "5a", "total": "1"}}, ": a root is not 64 digits of lower-case hex"),
        ({"rebuilt": {"root": ROOT, "total": 1}}, ".trees[0].rebuilt.total is not of type str"),
        ({"rebuilt": {"root": ROOT, "total": "01"}}, ": a total is not plain digits below 2^128"),
        ({"rebuilt": {"root": "", "total": "-1"}}, ": a total is not plain digits below 2^128"),
        ({"rebuilt": True}, ".trees[0].rebuilt is not an object"),
        ({"total": "1.5"}, ": a total is not plain digits below 2^128"),
        ({"total": str(2**128)}, ": a total is not plain digits below 2^128"),
        ({"height": 41}, ": a commitment's height: 41 is not between 0 and 40"),
        ({"decimals": -1}, ": a commitment's decimals: -1 is not between 0 and 255"),
        ({"decimals": "8"}, ".trees[0].decimals is not of type int"),
        ({"asset": ""}, ": a commitment's asset: it is empty or not Unicode text"),
    ],
)
def test_what_no_tree_says_is_refused(changes: dict[str, Any], said: str) -> None:
    assert of_tree(**changes) == f"{WHERE}{said}"


def test_rows_that_do_not_fit_have_no_root() -> None:
    without = read_commitment({**WRITTEN, "trees": [{**BTC, "rebuilt": {"root": "", "total": "7"}}]})
    assert without is not None
    assert not without.trees[0].is_rebuilt

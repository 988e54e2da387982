from __future__ import annotations

import pytest
from tests.assess.inputs_factory import BITCOIN, BTC, ETH, ETHEREUM, TOKEN, registry, statement, wallet

from reservecheck.assess.owners import BURNED, OWN_CONTRACT, Tag, duplicates, tags, unspendable
from reservecheck.model.words import Owner

ALICE = "0x" + "11" * 20
CONTRACT = TOKEN.rpartition(":")[2]


@pytest.mark.parametrize("flag", ["", BURNED, OWN_CONTRACT])
@pytest.mark.parametrize("owner", list(Owner))
def test_a_tag_comes_back_from_its_text(owner: Owner, flag: str) -> None:
    assert Tag.from_text(Tag(owner, flag).text) == Tag(owner, flag)


@pytest.mark.parametrize(
    ("first", "second", "worst"),
    [
        (Owner.CUSTOMERS, Owner.HOUSE, Owner.HOUSE),
        (Owner.HOUSE, Owner.CUSTOMERS, Owner.HOUSE),
        (Owner.CUSTOMERS, Owner.MIXED, Owner.MIXED),
        (Owner.MIXED, Owner.HOUSE, Owner.HOUSE),
    ],
)
def test_lines_of_one_holding_share_the_least_favourable_owner(first: Owner, second: Owner, worst: Owner) -> None:
    lines = (wallet(1, "a", ETHEREUM, ALICE, owner=first), wallet(2, "b", ETHEREUM, ALICE, owner=second))
    assert [tag.owner for tag in tags(lines, registry()).values()] == [worst, worst]


def test_the_same_account_on_another_chain_is_another_holding() -> None:
    lines = (wallet(1, "a", "eip155:1", ALICE), wallet(2, "b", ETHEREUM, ALICE, owner=Owner.HOUSE))
    assert tags(lines, registry())[1].owner is Owner.CUSTOMERS
    assert duplicates(lines) == ()


def test_a_burn_address_and_a_tokens_own_contract_are_unspendable() -> None:
    """O3: neither is a wallet."""
    burn = wallet(1, "burn", ETHEREUM, "0x" + "00" * 20)
    own = wallet(2, "contract", ETHEREUM, CONTRACT)
    lines = (burn, own, wallet(3, "fine", ETHEREUM, ALICE), statement(4, "vault"))
    by_line = tags(lines, registry())
    assert [(row.label, row.reason) for row in unspendable(lines, by_line)] == [
        ("burn", "it is nobody's own"),
        ("contract", "it is a token's own contract"),
    ]


def test_a_burn_row_can_name_one_network_even_where_the_registry_lacks_it() -> None:
    lines = (wallet(1, "burn", "dogecoin:mainnet", "00"), wallet(2, "fine", BITCOIN, "00"))
    by_line = tags(lines, registry(burn=frozenset({("dogecoin:mainnet", "00")})))
    assert [by_line[line].flag for line in (1, 2)] == [BURNED, ""]


def test_a_holding_declared_twice_is_one_duplicate_with_all_its_lines() -> None:
    """O1: whatever the spelling of its address; it counts once."""
    lines = (
        wallet(1, "a", BITCOIN, "0014aa"),
        wallet(2, "b", BITCOIN, "0014bb"),
        wallet(3, "c", BITCOIN, "0014aa", owner=Owner.HOUSE),
    )
    (found,) = duplicates(lines)
    assert (found.lines, found.labels, found.owners) == ((1, 3), ("a", "c"), ("customers", "house"))


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ((ETH,), (TOKEN,), 0),
        ((ETH, TOKEN), (TOKEN,), 1),
        ((ETH,), None, 1),
        (None, (ETH,), 1),
        (None, None, 1),
    ],
)
def test_lines_narrowed_to_different_instruments_are_no_duplicates(
    first: tuple[str, ...] | None, second: tuple[str, ...] | None, count: int
) -> None:
    lines = (
        wallet(1, "a", ETHEREUM, ALICE, instruments=first),
        wallet(2, "b", ETHEREUM, ALICE, instruments=second),
    )
    assert len(duplicates(lines)) == count


def test_a_wallet_is_no_duplicate_of_itself() -> None:
    assert duplicates((wallet(1, "a", BITCOIN, "0014aa", instruments=(BTC,)),)) == ()

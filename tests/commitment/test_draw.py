from __future__ import annotations

import hashlib
from collections import Counter
from itertools import accumulate, count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.commitment.trees import ROWS, SCOPE, SECRET, rows, scope_of

from reservecheck.commitment import draw as drawing
from reservecheck.commitment import reference
from reservecheck.commitment.building import build
from reservecheck.commitment.columns import Row
from reservecheck.commitment.draw import Drawn, Lot, draw
from reservecheck.commitment.scheme import LIMIT, least_height
from reservecheck.commitment.tree import NODE, Tree
from reservecheck.errors import CommitmentError

COMMITTED = hashlib.sha256(b"commitment.json").digest()
BLOCK = hashlib.sha256(b"a block").digest()
DIGESTS = st.binary(min_size=32, max_size=32)


def lot(method: str = "amount", size: int = 5, block: bytes = BLOCK, commitment: bytes = COMMITTED) -> Lot:
    return Lot(commitment=commitment, block=block, method=method, size=size)


def slowly(amounts: list[int], asset: str, one: Lot) -> list[tuple[int, int]]:
    """(leaf, hits) as docs/reference/drawing.md says it, with a list of running sums and the digits of a number."""
    pieces = [b"reservecheck/draw/1", one.commitment, one.block, asset.encode()]
    prefix = b"\3" + b"".join(len(piece).to_bytes(4, "big") + piece for piece in pieces)
    counter = count()

    def number(limit: int) -> int:
        digits = len(f"{limit - 1:b}") if limit > 1 else 0
        while True:
            digest = hashlib.sha256(prefix + next(counter).to_bytes(8, "big")).hexdigest()
            found = int(f"0{int(digest, 16):0256b}"[: 1 + digits], 2)
            if found < limit:
                return found

    ends, leaves = list(accumulate(amounts)), []
    for _ in range(one.size):
        if one.method == "amount":
            unit = number(ends[-1])
            leaves.append(next(place for place, end in enumerate(ends) if unit < end))
        else:
            place = number(len(amounts))
            while not amounts[place]:
                place = number(len(amounts))
            leaves.append(place)
    return list(Counter(leaves).items())


LOTS = st.builds(lot, st.sampled_from(["amount", "customer"]), st.integers(1, 40), DIGESTS, DIGESTS)


@given(rows(), st.integers(0, 2), LOTS)
def test_the_slow_way_draws_the_same(given_rows: list[Row], taller: int, one: Lot) -> None:
    scope = scope_of(least_height(len(given_rows)) + taller)
    amounts = [units for _, units in reference.leaves(given_rows, scope, SECRET)]
    tree = build(given_rows, scope, SECRET)
    if not sum(amounts):
        with pytest.raises(CommitmentError) as caught:
            draw(tree, one)
        assert str(caught.value) == "nothing is owed in BTC: no leaf can be drawn"
        return
    found = draw(tree, one)
    assert [(drawn.index, drawn.hits) for drawn in found] == slowly(amounts, "BTC", one)
    assert [drawn.units for drawn in found] == [amounts[drawn.index] for drawn in found]
    assert sum(drawn.hits for drawn in found) == one.size
    assert all(drawn.units > 0 for drawn in found)


@given(st.integers(1, LIMIT), st.lists(st.integers(0, 2**256 - 1), min_size=1))
def test_a_number_is_below_its_limit_and_never_folded_back(limit: int, words: list[int]) -> None:
    size = (limit - 1).bit_length()
    kept = [word >> (256 - size) for word in words if word >> (256 - size) < limit]
    if kept:
        assert drawing._below(limit, iter(words)) == kept[0]
    assert drawing._below(limit, iter([*words, 0])) in {0, *kept}


@given(st.integers(1, 200))
def test_every_number_below_a_limit_comes_from_as_many_words(limit: int) -> None:
    size = (limit - 1).bit_length()
    words = [top << (256 - size) for top in range(1 << size)]
    found = Counter(drawing._below(limit, iter([word, 0])) for word in words if word >> (256 - size) < limit)
    assert found == dict.fromkeys(range(limit), 1)


@given(rows(), st.integers(0, 2))
def test_every_unit_lies_in_the_leaf_it_is_counted_in(given_rows: list[Row], taller: int) -> None:
    scope = scope_of(least_height(len(given_rows)) + taller)
    tree = build(given_rows, scope, SECRET)
    end = 0
    for place in range(1 << scope.height):
        units = tree.node(0, place)[1]
        for unit in (end, end + units - 1) if units else ():
            assert drawing._leaf_of(tree, unit) == place
        end += units


def test_chances_are_as_large_as_balances() -> None:
    tree = build([Row("large", 900), Row("small", 100)], scope_of(2), SECRET)
    by_amount = sorted(drawn.hits for drawn in draw(tree, lot("amount", 10_000)))
    by_customer = sorted(drawn.hits for drawn in draw(tree, lot("customer", 10_000)))
    assert 900 < by_amount[0] < 1_100
    assert 4_800 < by_customer[0] < 5_200
    assert sum(by_amount) == sum(by_customer) == 10_000


def test_whatever_goes_in_changes_what_is_drawn() -> None:
    other = bytes(31) + b"\1"
    many = [Row(f"user-{number}", 1 + number) for number in range(500)]
    tree = build(many, scope_of(9), SECRET)
    found = {draw(tree, one) for one in (lot(), lot(block=other), lot(commitment=other), lot(method="customer"))}
    assert len(found) == 4
    assert draw(tree, lot()) == draw(tree, lot())


def test_more_draws_begin_with_the_same_ones() -> None:
    tree = build([Row(f"user-{number}", 1 + number) for number in range(500)], scope_of(9), SECRET)
    few, more = draw(tree, lot(size=5)), draw(tree, lot(size=50))
    assert [one.index for one in more[: len(few)]] == [one.index for one in few]


def test_the_example_is_drawn() -> None:
    tree = build(ROWS, SCOPE, SECRET)
    amounts = [tree.node(0, place)[1] for place in range(16)]
    assert [(one.index, one.hits) for one in draw(tree, lot(size=100))] == slowly(amounts, "BTC", lot(size=100))


def test_a_single_leaf_is_drawn_every_time() -> None:
    tree = build([Row("only", 1)], scope_of(0), SECRET)
    for method in ("amount", "customer"):
        assert draw(tree, lot(method, 7)) == (Drawn(index=0, units=1, hits=7),)


@pytest.mark.parametrize("height", [0, 4])
@pytest.mark.parametrize("method", ["amount", "customer"])
def test_a_tree_of_zero_leaves_is_refused(height: int, method: str) -> None:
    with pytest.raises(CommitmentError) as caught:
        draw(build([Row("nobody", 0)], scope_of(height), SECRET), lot(method))
    assert str(caught.value) == "nothing is owed in BTC: no leaf can be drawn"


def test_a_tree_that_is_all_but_empty_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawing.MOST_WORDS == 2**22
    monkeypatch.setattr(drawing, "MOST_WORDS", 3)
    with pytest.raises(CommitmentError) as caught:
        draw(build([Row("only", 1)], scope_of(12), SECRET), lot("customer"))
    assert str(caught.value) == (
        "BTC: nothing is owed in too many of the 3 leaves that were drawn one after the other\n"
        "  hint: the tree is all but empty: commit to a draw by amount, or to a lower height"
    )


@pytest.mark.parametrize(
    ("commitment", "block", "method", "size", "said"),
    [
        (b"", BLOCK, "amount", 1, "the commitment's digest has 0 bytes, not 32"),
        (COMMITTED, BLOCK[1:], "amount", 1, "the block's hash has 31 bytes, not 32"),
        (COMMITTED, BLOCK, "balance", 1, "the method 'balance' is not one of amount, customer"),
        (COMMITTED, BLOCK, "amount", 0, "0 draws are not between 1 and 10000"),
        (COMMITTED, BLOCK, "customer", 10_001, "10001 draws are not between 1 and 10000"),
    ],
)
def test_what_cannot_decide_is_refused(commitment: bytes, block: bytes, method: str, size: int, said: str) -> None:
    with pytest.raises(CommitmentError) as caught:
        lot(method, size, block, commitment)
    assert str(caught.value) == said


@pytest.mark.parametrize("method", ["amount", "customer"])
def test_who_keeps_the_tree_cannot_steer_the_draw(method: str) -> None:
    """Two leaves change places, or one seems to owe nothing: somebody else would be drawn."""
    tree = build([Row(f"c{number}", number + 1) for number in range(60)], scope_of(6), SECRET)
    one = lot(method, 200)
    swapped, emptied = bytearray(tree.leaves), bytearray(tree.leaves)
    first, second = (slice(place * NODE, place * NODE + NODE) for place in (3, 40))
    swapped[first], swapped[second] = swapped[second], swapped[first]
    emptied[4 * NODE - 16 : 4 * NODE] = bytes(16)
    for leaves in (swapped, emptied):
        steered = Tree(scope=tree.scope, leaves=memoryview(leaves), upper=tree.upper)
        assert steered.commitment == tree.commitment
        with pytest.raises(CommitmentError, match="does not lead to the root of the tree that is kept"):
            draw(steered, one)

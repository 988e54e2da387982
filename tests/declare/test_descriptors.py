"""[[descriptor]]: which lines it becomes, and every refusal with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from btclib_wallet.descriptors import add_checksum
from hypothesis import given
from hypothesis import strategies as st
from tests.addresses.descriptor_corpus import extended, private

from reservecheck.addresses.bitcoin import script_of
from reservecheck.declare.descriptors import MOST_INDICES, Derived, derive, parse_declared
from reservecheck.declare.effort import MOST_SIGNS, Effort
from reservecheck.declare.entries import NOT_SHIPPED
from reservecheck.declare.lint import lint_wallets
from reservecheck.declare.wallets import load_wallets, read_wallets
from reservecheck.errors import AddressError, InputError
from reservecheck.model.declared import DeclaredDescriptor, Wallet
from reservecheck.model.words import Owner, Storage, WalletKind
from reservecheck.registry.shipped import load_registry

REGISTRY: Final = load_registry()
HEAD: Final = 'format = "reservecheck/wallets/v1"\nentity = "kaede"\n'
KEY: Final = extended(1)
SINGLE: Final = add_checksum(f"wpkh({KEY}/0/*)")
BOTH: Final = add_checksum(f"tr({KEY}/<0;1>/*)")
POINT: Final = "02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9"


def table(descriptor: str, more: str = "", *, label: str = "cold", network: str = "bitcoin:regtest") -> str:
    return (
        f'[[descriptor]]\nlabel = "{label}"\nnetwork = "{network}"\ndescriptor = "{descriptor}"\n'
        f'storage = "cold"\nowner = "customers"\n{more}\n'
    )


def write(folder: Path, text: str) -> Path:
    path = folder / "kaede.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def lines(folder: Path, text: str) -> tuple[Wallet, ...]:
    return load_wallets(write(folder, text), REGISTRY).wallets


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_wallets(write(folder, text), REGISTRY)
    said = [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]
    assert not any(KEY[:20] in one or "tprv" in one for one in said)
    return said


def labels(wallets: tuple[Wallet, ...], kind: WalletKind = WalletKind.ADDRESS) -> list[str]:
    return [wallet.label for wallet in wallets if wallet.kind is kind]


def test_the_scripts_of_the_range_are_lines_and_those_of_the_gap_come_last(tmp_path: Path) -> None:
    statement = '[[statement]]\nlabel = "s"\ncustodian = "Example Custody"\nowner = "house"\n'
    found = lines(tmp_path, statement + table(SINGLE, "range = [2, 4]\ngap = 3"))
    assert [wallet.line for wallet in found] == list(range(1, 10))
    assert labels(found) == ["cold/2", "cold/3", "cold/4"]
    assert [wallet.label for wallet in found][3] == "s"
    assert labels(found, WalletKind.BEYOND_RANGE) == ["cold/0", "cold/1", "cold/5", "cold/6", "cold/7"]
    one = found[0]
    assert (one.storage, one.owner, one.network) == (Storage.COLD, Owner.CUSTOMERS, "bitcoin:regtest")
    assert script_of(one.address, one.network) == one.identity
    assert (one.instruments, one.shared_with, one.duplicate_of) == (None, (), None)


def test_a_gap_that_is_not_stated_is_a_hundred(tmp_path: Path) -> None:
    assert len(labels(lines(tmp_path, table(SINGLE, "range = [0, 9]")), WalletKind.BEYOND_RANGE)) == 100


def test_a_range_ends_where_indices_end(tmp_path: Path) -> None:
    last = 2**31 - 1
    found = lines(tmp_path, table(SINGLE, f"range = [{last}, {last}]\ngap = 1"))
    assert [wallet.label for wallet in found] == [f"cold/{last}", f"cold/{last - 1}"]


def test_branches_are_numbered_and_the_scripts_of_a_combination_named(tmp_path: Path) -> None:
    found = lines(tmp_path, table(BOTH, "range = [0, 1]\ngap = 0"))
    assert labels(found) == ["cold/0/0", "cold/0/1", "cold/1/0", "cold/1/1"]
    combo = table(add_checksum(f"combo({KEY}/*)"), "range = [7, 7]\ngap = 0")
    assert labels(lines(tmp_path, combo)) == ["cold/7/p2pk", "cold/7/p2pkh", "cold/7/p2wpkh", "cold/7/p2sh-p2wpkh"]
    assert labels(lines(tmp_path, table(add_checksum(f"combo({POINT})"))))[0] == "cold/p2pk"


def test_a_descriptor_without_a_range_is_one_line_named_after_it(tmp_path: Path) -> None:
    (one,) = lines(tmp_path, table(add_checksum(f"pk({POINT})")))
    assert (one.label, one.identity, one.address) == ("cold", f"21{POINT}ac", f"raw(21{POINT}ac)")


def test_a_script_that_stands_twice_is_a_duplicate_and_in_range_wherever_it_is_declared(tmp_path: Path) -> None:
    first = lines(tmp_path, table(SINGLE, "range = [0, 9]\ngap = 0"))[3].address
    text = table(SINGLE, "range = [0, 2]\ngap = 2") + table(add_checksum(f"addr({first})"), label="again")
    found = lines(tmp_path, text)
    assert [(wallet.label, wallet.kind) for wallet in found][3:] == [
        ("again", WalletKind.ADDRESS),
        ("cold/4", WalletKind.BEYOND_RANGE),
    ]
    other = table(SINGLE, "range = [1, 3]\ngap = 3", label="b")
    twice = lines(tmp_path, table(SINGLE, "range = [0, 2]\ngap = 2") + other)
    assert [wallet.duplicate_of for wallet in twice][:6] == [None, None, None, 2, 3, None]
    assert labels(twice, WalletKind.BEYOND_RANGE) == ["cold/4", "b/5", "b/6"]


def test_only_what_is_to_be_published_is_kept(tmp_path: Path) -> None:
    shown = table(SINGLE, 'range = [0, 2]\ngap = 2\npublish = "descriptor"')
    declaration = load_wallets(write(tmp_path, shown + table(BOTH, "range = [0, 1]", label="b")), REGISTRY)
    assert declaration.published == (
        DeclaredDescriptor(
            label="cold",
            network="bitcoin:regtest",
            descriptor=SINGLE,
            range=(0, 2),
            gap=2,
            storage=Storage.COLD,
            owner=Owner.CUSTOMERS,
            published=True,
        ),
    )
    assert KEY not in repr((declaration.wallets, declaration.files, declaration.provenance))


def test_lines_are_where_their_table_is(tmp_path: Path) -> None:
    text = table(SINGLE, "range = [0, 2]\ngap = 2") + table(SINGLE, "range = [1, 1]\ngap = 0", label="b")
    declared = read_wallets(write(tmp_path, text), REGISTRY)
    assert [declared.places.of(line)[1] for line in (1, 3, 4, 5, 6)] == [3, 3, 11, 3, 3]
    (problem,) = lint_wallets(declared, REGISTRY)
    assert problem.message.startswith("b/1 is the same holding as cold/1 (")


KEYS: Final = "label, storage, owner, network, descriptor, publish, gap, range"
STATE: Final = "\n  hint: write range = [0, 999]: the first and the last index the wallet has given out"
WRONG: Final = f"9: range is not two indices, the smaller one first{STATE}"
RANGES: Final = {
    "": f"3: range is not stated, and the descriptor has one{STATE}",
    "range = [3]": WRONG,
    "range = [3, 2]": WRONG,
    "range = [-1, 2]": WRONG,
    "range = [0, 2147483648]": WRONG,
    "range = [false, true]": WRONG,
    "range = 9": WRONG,
    "range = [0, 1000000]": "9: a range and a gap have at most 1000000 indices each\n  hint: split it in several",
    "range = [0, 9]\ngap = 1000001": "10: gap is 1000001\n  hint: write a whole number from 0 to 1000000",
    'range = [0, 9]\npublish = "all"': "10: publish is 'all'\n  hint: write one of scripts, descriptor",
}


@pytest.mark.parametrize("more", RANGES)
def test_a_range_that_is_none_is_refused(tmp_path: Path, more: str) -> None:
    assert refused(tmp_path, table(SINGLE, more))[0] == f"kaede.toml:{RANGES[more]}"


def test_a_range_of_a_fixed_descriptor_is_refused(tmp_path: Path) -> None:
    said = "this descriptor stands for the same scripts at every index\n  hint: leave range and gap out"
    assert refused(tmp_path, table(add_checksum("raw(51)"), "range = [0, 9]")) == [f"kaede.toml:9: {said}"]
    assert refused(tmp_path, table(add_checksum("raw(51)"), "gap = 9")) == [f"kaede.toml:3: {said}"]


def test_more_scripts_than_a_declaration_can_have_are_refused_before_they_are_derived(tmp_path: Path) -> None:
    many = add_checksum(f"combo({KEY}/<0;1;2;3>/*)")
    assert refused(tmp_path, table(many, "range = [0, 999999]\ngap = 0")) == [
        "kaede.toml:9: the descriptor stands for 16000000 scripts, at most 5000000 are read"
    ]


def test_more_keys_than_a_night_derives_are_refused_before_they_are_derived(tmp_path: Path) -> None:
    """Each of the two would do by itself."""
    many = add_checksum(f"wsh(sortedmulti(1,{','.join(f'{extended(n)}/<0;1>/*' for n in range(8))}))")
    text = table(SINGLE, "range = [7]", label="c")  # another mistake, so that nothing is derived
    text += "".join(table(many, "range = [0, 799999]\ngap = 0", label=label) for label in "ab")
    assert [said.partition(": ")[2] for said in refused(tmp_path, text)][2:] == [
        (
            "all descriptors together need 25600000 keys, at most 20000000 are derived\n"
            "  hint: narrow the range, or declare the addresses in a [[list]]"
        )
    ]


def test_more_text_than_is_parsed_in_minutes_is_refused() -> None:
    effort = Effort()
    effort.read(MOST_SIGNS)
    with pytest.raises(AddressError) as refused_:
        effort.read(1)
    assert refused_.value.message == (
        "the branches of all descriptors have 3000001 signs, at most 3000000 are read"
    )


def test_what_is_no_descriptor_of_the_network_is_refused_with_its_line(tmp_path: Path) -> None:
    lost = "this is a private key: remove it from every file, and treat it as known to others"
    copied = "\n  hint: a sign is wrong or missing: copy the descriptor again from its source"
    text = (
        table(f"{SINGLE[:-8]}qqqqqqqq", "range = [0, 9]")
        + table(SINGLE, "range = [0, 9]", label="b", network="regtest")
        + table(add_checksum(f"wpkh({private(1)}/0/*)"), "range = [0, 9]", label="c")
        + table("", label="d")
        + table(SINGLE, "range = [0, 9]\nindex = 3", label="c")
    )
    assert refused(tmp_path, text) == [
        f"kaede.toml:6: the checksum is #qqqqqqqq, and that of what stands before it is #{SINGLE[-8:]}{copied}",
        f"kaede.toml:12: 'regtest' is not a known network\n  hint: {NOT_SHIPPED}",
        f"kaede.toml:20: the descriptor holds a private key\n  hint: {lost}",
        "kaede.toml:27: descriptor is empty",
        "kaede.toml:32: the label 'c' stands twice\n  hint: labels are unique in the declaration",
        f'kaede.toml:38: [[descriptor]] has an unknown key "index"\n  hint: the keys here are {KEYS}',
    ]


def test_a_descriptor_somebody_published_is_looked_at_as_one_that_is_declared() -> None:
    declared = DeclaredDescriptor(
        label="cold",
        network="bitcoin:regtest",
        descriptor=SINGLE,
        range=(0, MOST_INDICES),
        gap=0,
        storage=Storage.COLD,
        owner=Owner.HOUSE,
        published=True,
    )
    with pytest.raises(AddressError, match=r"^a range and a gap have at most 1000000 indices each"):
        parse_declared(declared, Effort())


def derived_from(declared: DeclaredDescriptor) -> Derived:
    return derive(declared, parse_declared(declared, Effort()))


@given(st.integers(0, 40), st.integers(1, 5), st.integers(0, 9))
def test_a_range_and_its_gap_are_a_piece_of_the_whole(first: int, width: int, gap: int) -> None:
    def declared(low: int, high: int, more: int) -> DeclaredDescriptor:
        return DeclaredDescriptor(
            label="cold",
            network="bitcoin:regtest",
            descriptor=BOTH,
            range=(low, high),
            gap=more,
            storage=Storage.COLD,
            owner=Owner.HOUSE,
            published=True,
        )

    everything = derived_from(declared(0, 60, 0)).inside
    whole = dict(zip(everything.labels, zip(everything.identities, everything.addresses, strict=True), strict=True))
    derived = derived_from(declared(first, first + width, gap))
    for part in (derived.inside, derived.beyond):
        for label, *rest in zip(*part, strict=True):
            assert whole[label] == tuple(rest)
    wanted = {*range(max(0, first - gap), first + width + gap + 1)}
    assert {int(label.rpartition("/")[2]) for label in (*derived.inside.labels, *derived.beyond.labels)} == wanted

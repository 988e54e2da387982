"""Write tests/data/por-mst/corpus.json: `python -m tools.write_proof_corpus`.

Proofs good and bad, each as the text of a file, with the commitment it is checked against and the reason of its
refusal. Verifiers in other languages are held to it: every bad proof is refused, every good one accepted.
"""

from __future__ import annotations

import copy
import json
import sys
import unicodedata
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from reservecheck.commitment import reference
from reservecheck.commitment.building import build
from reservecheck.commitment.columns import Row
from reservecheck.commitment.proof import as_json
from reservecheck.commitment.scheme import (
    LIMIT,
    PADDING,
    Commitment,
    Node,
    Scope,
    leaf_hash,
    parent,
    prefixed,
    salt,
    u128,
)

TARGET: Final = Path(__file__).resolve().parent.parent / "tests/data/por-mst/corpus.json"
SECRET: Final = bytes(range(100, 132))
SCOPE: Final = Scope(snapshot="example/2018-09-14", asset="BTC", decimals=8, height=4)
ROWS: Final = (
    *(Row("alice", 1_000), Row("bob", 0), Row("carol 한", 70, 0), Row("carol 한", 7, 1), Row("dave", 5)),
    Row("whale", 1 << 120),
)
FIELDS: Final = "the fields are not those of por-mst/1"
DIGITS: Final = "a number is not written in plain digits"
ROOT: Final = "a leaf does not lead to the commitment's root"
HEX: Final = "64 digits of lower-case hex"

Fields = dict[str, Any]
Entry = tuple[str, Commitment, str | Fields, str | None]


def corpus() -> bytes:
    """The file."""
    entries = [
        {"name": name, "commitment": public(commitment), "proof": as_text(proof), "refused": refused}
        for name, commitment, proof, refused in [*good(), *forged(), *edited(), *rewritten()]
    ]
    return json.dumps(entries, ensure_ascii=False, indent=1).encode() + b"\n"


def public(commitment: Commitment) -> Fields:
    """A commitment as a statement has it."""
    scope = commitment.scope
    named = {"snapshot": scope.snapshot, "asset": scope.asset, "decimals": scope.decimals, "height": scope.height}
    return {**named, "root": commitment.root.hex(), "total": str(commitment.total)}


def as_text(proof: str | Fields) -> str:
    """The text of a file."""
    return proof if isinstance(proof, str) else json.dumps(proof, ensure_ascii=False)


def proven(customer: str, *amounts: int, scope: Scope = SCOPE) -> tuple[Commitment, Fields]:
    """The tree's commitment, and a good proof."""
    tree = build(ROWS, scope, SECRET)
    return tree.commitment, dict(as_json(tree.prove(customer, amounts, SECRET)))


def good() -> Iterator[Entry]:
    """What has to be accepted."""
    for customer, amounts in (("alice", [1_000]), ("bob", [0]), ("carol 한", [70, 7]), ("whale", [1 << 120])):
        yield f"good: {customer}", *proven(customer, *amounts), None
    one = build([Row("only", 3)], Scope(snapshot="s", asset="KRW", decimals=0, height=0), SECRET)
    yield "good: a tree of one leaf", one.commitment, dict(as_json(one.prove("only", [3], SECRET))), None
    commitment, proof = proven("alice", 1_000)
    yield (
        "good: fields in another order, with blanks",
        commitment,
        json.dumps(proof, indent=2, sort_keys=True),
        None,
    )
    escaped = json.dumps(proven("carol 한", 70, 7)[1])
    yield "good: characters written as escapes", commitment, escaped, None
    yield "good: one of two parts", *proven("carol 한", 70), None


def two(amounts: tuple[int, int]) -> tuple[Scope, list[Node], list[Fields]]:
    """Two customers under one root: scope, leaves, and their proofs without siblings, root and total."""
    scope = Scope(snapshot=SCOPE.snapshot, asset="BTC", decimals=8, height=1)
    nodes, proofs = [], []
    for index, (customer, units) in enumerate(zip(("first", "second"), amounts, strict=True)):
        salted = salt(SECRET, scope.context, customer.encode())
        nodes.append((leaf_hash(scope.context, salted, units, customer.encode()), units))
        leaf = {"index": index, "amount": str(units), "salt": salted.hex(), "path": []}
        named = {"snapshot": scope.snapshot, "asset": "BTC", "decimals": 8, "height": 1, "customer": customer}
        proofs.append({"scheme": "por-mst/1", **named, "leaves": [leaf], "root": "", "total": ""})
    return scope, nodes, proofs


def with_path(proof: Fields, commitment: Commitment, *path: tuple[bytes, int | str]) -> Fields:
    """A proof whose leaf has these siblings, for this commitment."""
    made = copy.deepcopy(proof)
    made["leaves"][0]["path"] = [[digest.hex(), str(units)] for digest, units in path]
    return {**made, "root": commitment.root.hex(), "total": str(commitment.total)}


def forged() -> Iterator[Entry]:
    """What an exchange could try: a total of 10 where 18 are owed, sums run together, odd siblings."""
    scope, (left, right), (first, second) = two((10, 8))
    only_total = sha256(b"\x01" + scope.context + b"\x01" + left[0] + right[0] + u128(10)).digest()
    larger = Commitment(scope=scope, root=only_total, total=10)
    yield "attack: the larger child as total, the first", larger, with_path(first, larger, (right[0], 0)), ROOT
    yield "attack: the larger child as total, the second", larger, with_path(second, larger, (left[0], 2)), ROOT
    bound = Commitment(scope=scope, root=parent(scope.context, 1, left, (right[0], 0))[0], total=10)
    yield "attack: one child bound as zero, seen by the other", bound, with_path(first, bound, (right[0], 0)), None
    yield "attack: one child bound as zero, seen by that one", bound, with_path(second, bound, (left[0], 2)), ROOT
    scope, (left, right), (first, second) = two((1, 3))
    digits = sha256(b"\x01" + scope.context + b"\x01" + left[0] + right[0] + b"123").digest()
    for total, units in ((24, 23), (15, 3)):
        run = Commitment(scope=scope, root=digits, total=total)
        yield f"attack: amounts run together, {total}", run, with_path(first, run, (right[0], units)), ROOT
    honest = Commitment(scope=scope, root=parent(scope.context, 1, left, right)[0], total=4)
    for text, what in (("-2", "negative"), (str(LIMIT - 1), "overflowing"), (str(LIMIT), "too large")):
        why = "sums on the path reach 2^128" if what == "overflowing" else "the sum is not plain digits below 2^128"
        yield f"a {what} sibling", honest, with_path(first, honest, (right[0], text)), why
    yield "another total than the path's", *other_total(honest, first, right)
    padding = salt(SECRET, SCOPE.context, PADDING, 0)
    yield from zero_leaves(padding)


def other_total(honest: Commitment, proof: Fields, right: Node) -> tuple[Commitment, Fields, str]:
    """A commitment with the right root and a wrong total."""
    lower = Commitment(scope=honest.scope, root=honest.root, total=3)
    return lower, with_path(proof, lower, right), "a leaf leads to another total than the commitment's"


def zero_leaves(padding: bytes) -> Iterator[Entry]:
    """A zero leaf shown to a customer: as nobody's, and as theirs."""
    levels = reference.levels(reference.leaves(ROWS, SCOPE, SECRET), SCOPE)
    commitment, proof = proven("bob", 0)
    index = levels[0].index((leaf_hash(SCOPE.context, padding, 0, b""), 0))
    path = [levels[level][index >> level ^ 1] for level in range(SCOPE.height)]
    shown = with_path({**proof, "leaves": [{**proof["leaves"][0], "index": index}]}, commitment, *path)
    shown["leaves"][0]["salt"] = padding.hex()
    yield (
        "a zero leaf for no customer",
        commitment,
        {**shown, "customer": ""},
        ("the customer is not an id: it is empty"),
    )
    yield "a zero leaf for a customer", commitment, shown, ROOT


def edited() -> Iterator[Entry]:
    """Good proofs with one thing changed in their fields."""
    commitment, proof = proven("alice", 1_000)
    for name, change, refused in EDITS:
        made = copy.deepcopy(proof)
        change(made, made["leaves"][0])
        yield name, commitment, made, refused
    parts, split = proven("carol 한", 70, 7)
    yield "one leaf twice", parts, {**split, "leaves": [split["leaves"][0]] * 2}, "two leaves have one index"
    swapped = copy.deepcopy(split)
    one, other = swapped["leaves"]
    one["salt"], other["salt"] = other["salt"], one["salt"]
    yield "salts of two parts exchanged", parts, swapped, ROOT
    for name, scope in (
        ("snapshot", Scope(snapshot="example/2018-06-28", asset="BTC", decimals=8, height=4)),
        ("asset", Scope(snapshot=SCOPE.snapshot, asset="ETH", decimals=8, height=4)),
        ("decimals", Scope(snapshot=SCOPE.snapshot, asset="BTC", decimals=9, height=4)),
        ("height", Scope(snapshot=SCOPE.snapshot, asset="BTC", decimals=8, height=5)),
    ):
        foreign = proven("alice", 1_000, scope=scope)[1]
        yield (
            f"a proof of another {name}",
            commitment,
            foreign,
            f"the proof names another {name} than the commitment",
        )
    for name in ("snapshot", "asset"):
        renamed = {**proven("alice", 1_000, scope=OTHER[name])[1], name: public(commitment)[name]}
        own = {**renamed, "root": commitment.root.hex(), "total": str(commitment.total)}
        yield f"a proof of another {name} under this one's name", commitment, own, ROOT
    own_tree = build([*ROWS[:3], Row("eve", 1)], SCOPE, SECRET)
    own = dict(as_json(own_tree.prove("alice", [1_000], SECRET)))
    yield "a proof with a root of its own", commitment, own, "the proof names another root than the commitment"
    same_total = build([*ROWS[:-1], Row("eve", 1 << 120)], SCOPE, SECRET)
    own = dict(as_json(same_total.prove("alice", [1_000], SECRET)))
    yield "another tree of the same total", commitment, {**own, "root": commitment.root.hex()}, ROOT
    name = unicodedata.normalize("NFD", "zoë")
    yield "an id not in NFC", *not_normal(name)


OTHER: Final = {
    "snapshot": Scope(snapshot="example/2018-06-28", asset="BTC", decimals=8, height=4),
    "asset": Scope(snapshot=SCOPE.snapshot, asset="ETH", decimals=8, height=4),
}


def not_normal(customer: str) -> tuple[Commitment, Fields, str]:
    """A tree of one leaf whose hash is right for an id that may not be."""
    scope = Scope(snapshot="s", asset="BTC", decimals=8, height=0)
    salted = salt(SECRET, scope.context, customer.encode())
    root = sha256(b"\x00" + scope.context + salted + u128(1) + prefixed(customer.encode())).digest()
    commitment = Commitment(scope=scope, root=root, total=1)
    leaf = {"index": 0, "amount": "1", "salt": salted.hex(), "path": []}
    return (
        commitment,
        {"scheme": "por-mst/1", **public(commitment), "customer": customer, "leaves": [leaf]},
        "the customer is not an id: it is not in Unicode's form NFC",
    )


def put(where: str, *, value: object) -> Callable[[Fields, Fields], object]:
    """A change of one field of the proof, or after `leaf.` of its leaf."""

    def change(proof: Fields, leaf: Fields) -> None:
        (leaf if where.startswith("leaf.") else proof)[where.removeprefix("leaf.")] = value

    return change


def on_path(change: Callable[[list[Any]], object]) -> Callable[[Fields, Fields], object]:
    """A change of the leaf's path."""
    return lambda _, leaf: change(leaf["path"])


def twice(path: list[Any]) -> None:
    """Exchange the two lowest siblings."""
    path[0], path[1] = path[1], path[0]


def upper(path: list[Any]) -> None:
    """Write the lowest sibling's hash in upper case."""
    path[0][0] = path[0][0].upper()


SHORT: Final = "the path does not have as many levels as the tree"
PAIR: Final = "a level of the path is not a hash and a sum"
INDEX: Final = "the index is not a whole number from 0 to 15"
AMOUNT: Final = "the amount is not plain digits below 2^128"
SUM: Final = "the sum is not plain digits below 2^128"
EDITS: Final[tuple[tuple[str, Callable[[Fields, Fields], object], str], ...]] = (
    ("another index", lambda _, leaf: leaf.update(index=leaf["index"] ^ 1), ROOT),
    ("an index one subtree away", lambda _, leaf: leaf.update(index=leaf["index"] ^ 8), ROOT),
    ("an index beyond the tree", put("leaf.index", value=16), INDEX),
    ("an index as text", put("leaf.index", value="1"), INDEX),
    ("an index that is true", put("leaf.index", value=True), INDEX),
    ("an index of many digits", put("leaf.index", value=10**20), INDEX),
    ("another amount", put("leaf.amount", value="1001"), ROOT),
    ("another salt", put("leaf.salt", value="00" * 32), ROOT),
    ("another customer", put("customer", value="bob"), ROOT),
    ("siblings exchanged", on_path(twice), ROOT),
    ("a path cut short", on_path(lambda path: path.pop()), SHORT),
    ("a path without its lowest level", on_path(lambda path: path.pop(0)), SHORT),
    ("a level too many", on_path(lambda path: path.append(["00" * 32, "0"])), SHORT),
    ("a path that is no list", put("leaf.path", value={}), SHORT),
    ("a sibling without a sum", on_path(lambda path: path[0].pop()), PAIR),
    ("a sibling with more", on_path(lambda path: path[0].append("0")), PAIR),
    ("a sibling as text", on_path(lambda path: path.__setitem__(0, "ab")), PAIR),
    ("a sibling's sum as a number", on_path(lambda path: path[0].__setitem__(1, 0)), SUM),
    ("a sibling's hash in upper case", on_path(upper), f"the hash is not {HEX}"),
    ("a sibling's sum one more", on_path(lambda path: path[2].__setitem__(1, str(int(path[2][1]) + 1))), ROOT),
    ("a salt in upper case", lambda _, leaf: leaf.update(salt=leaf["salt"].upper()), f"the salt is not {HEX}"),
    ("a salt cut short", lambda _, leaf: leaf.update(salt=leaf["salt"][:-2]), f"the salt is not {HEX}"),
    ("a salt with a line feed", lambda _, leaf: leaf.update(salt=leaf["salt"] + "\n"), f"the salt is not {HEX}"),
    ("a salt that is a number", put("leaf.salt", value=7), f"the salt is not {HEX}"),
    ("an amount with zeros before it", put("leaf.amount", value="01000"), AMOUNT),
    ("an amount with a line feed", put("leaf.amount", value="1000\n"), AMOUNT),
    ("an amount with a sign", put("leaf.amount", value="+1000"), AMOUNT),
    ("an amount with a point", put("leaf.amount", value="1000.0"), AMOUNT),
    ("an amount in other digits", put("leaf.amount", value="١"), AMOUNT),
    ("an amount that is negative", put("leaf.amount", value="-1"), AMOUNT),
    ("an amount that is empty", put("leaf.amount", value=""), AMOUNT),
    ("an amount of 2^128", put("leaf.amount", value=str(LIMIT)), AMOUNT),
    ("an amount that is a number", put("leaf.amount", value=1000), AMOUNT),
    ("a root in upper case", lambda proof, _: proof.update(root=proof["root"].upper()), f"the root is not {HEX}"),
    ("another total", put("total", value="7"), "the proof names another total than the commitment"),
    ("a total as a number", put("total", value=7), "the total is not plain digits below 2^128"),
    ("another scheme", put("scheme", value="por-mst/2"), "the scheme is not por-mst/1"),
    ("a height beyond the scheme", put("height", value=41), "the height is not a whole number from 0 to 40"),
    ("decimals beyond a byte", put("decimals", value=256), "the decimals is not a whole number from 0 to 255"),
    ("a height as text", put("height", value="4"), "the height is not a whole number from 0 to 40"),
    ("no snapshot", put("snapshot", value=""), "the snapshot is not text"),
    ("a snapshot that is none", put("snapshot", value=None), "the snapshot is not text"),
    ("an asset that is a number", put("asset", value=1), "the asset is not text"),
    ("a customer that is a number", put("customer", value=1), "the customer is not text"),
    ("no leaves", put("leaves", value=[]), "the leaves are not a list of one or more"),
    ("a field too many", put("note", value="x"), FIELDS),
    ("a field too few", lambda proof, _: proof.pop("root"), FIELDS),
    ("a leaf's field too many", put("leaf.note", value="x"), FIELDS),
    ("a leaf's field too few", lambda _, leaf: leaf.pop("salt"), FIELDS),
    ("a field by another name", lambda proof, _: proof.update(Root=proof.pop("root")), FIELDS),
    ("a leaf that is no object", put("leaves", value=[1]), FIELDS),
)  # fmt: skip


def rewritten() -> Iterator[Entry]:
    """A good proof's text with something in it written another way, and texts that are no proof."""
    commitment, proof = proven("alice", 1_000)
    text = as_text(proof)
    for name, old, new, refused in (
        ("a height as a float", '"height": 4', '"height": 4.0', DIGITS),
        ("a height with an exponent", '"height": 4', '"height": 4e0', DIGITS),
        ("a height that is minus zero", '"height": 4', '"height": -0', DIGITS),
        ("a negative height", '"height": 4', '"height": -4', DIGITS),
        ("a height with a zero before it", '"height": 4', '"height": 04', "the proof is not JSON"),
        ("a height that is not a number", '"height": 4', '"height": NaN', "the proof is not JSON"),
        ("a field twice", '"height": 4', '"height": 4, "height": 4', FIELDS),
        ("a field twice, once by its escape", '"height": 4', '"height": 5, "h\\u0065ight": 4', FIELDS),
        ("a leaf's field twice", '"amount"', '"amount": "1", "amount"', FIELDS),
        ("a half character", '"alice"', '"ali\\ud800ce"', "the customer is not an id: it is not Unicode text"),
        ("a snapshot with a half character", '"example/', '"\\udc00example/', "the snapshot is not text"),
        ("a comment", '"height"', '/**/"height"', "the proof is not JSON"),
        ("a text cut short", '"}', '"', "the proof is not JSON"),
    ):
        assert old in text  # noqa: S101  # or the entry would test nothing
        yield name, commitment, text.replace(old, new), refused
    yield "a mark before the text", commitment, "\ufeff" + text, "the proof is not JSON"
    yield "nothing", commitment, "", "the proof is not JSON"
    for value in ("[]", "null", "7", '"proof"'):
        yield f"a proof that is {value}", commitment, value, FIELDS


def main() -> int:
    """Write the file."""
    TARGET.write_bytes(corpus())
    print(f"{TARGET}: {len(json.loads(corpus()))} proofs")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""docs/reference/por-mst-1.md, followed with the standard library alone: its example, and the shared one."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
TEXT: Final = (ROOT / "docs/reference/por-mst-1.md").read_text(encoding="utf-8")
EXAMPLE: Final[Any] = json.loads((ROOT / "tests/data/por-mst/example.json").read_text(encoding="utf-8"))
PADDING: Final = b"\xffpad"


def table(heading: str) -> list[list[str]]:
    part = TEXT.partition(f"# {heading}\n")[2].partition("\n#")[0]
    rows = re.findall(r"^\|(.+)\|$", part, re.MULTILINE)
    return [[cell.strip().strip("`") for cell in row.split("|")] for row in rows[2:]]


def sha256(*pieces: bytes) -> bytes:
    return hashlib.sha256(b"".join(pieces)).digest()


def u128(number: int) -> bytes:
    return number.to_bytes(16, "big")


def lp(text: str) -> bytes:
    return len(text.encode()).to_bytes(4, "big") + text.encode()


def context_of(snapshot: str, asset: str, decimals: int, height: int) -> bytes:
    return sha256(b"\2", lp("por-mst/1"), lp(snapshot), lp(asset), bytes([decimals, height]))


def salt_of(secret: bytes, context: bytes, customer: bytes, part: int = 0) -> bytes:
    return hmac.new(secret, context + part.to_bytes(4, "big") + customer, hashlib.sha256).digest()


def leaf(context: bytes, salt: bytes, amount: int, customer: str) -> bytes:
    return sha256(b"\0", context, salt, u128(amount), lp(customer))


def above(context: bytes, level: int, nodes: list[tuple[bytes, int]]) -> list[tuple[bytes, int]]:
    found = []
    for (left, left_sum), (right, right_sum) in zip(nodes[::2], nodes[1::2], strict=True):
        data = context + bytes([level]) + left + u128(left_sum) + right + u128(right_sum)
        found.append((sha256(b"\1", data), left_sum + right_sum))
    return found


def followed(proof: dict[str, Any], root: str, total: str) -> bool:
    """The page's steps for a verifier."""
    context = context_of(proof["snapshot"], proof["asset"], proof["decimals"], proof["height"])
    for one in proof["leaves"]:
        total_so_far = int(one["amount"])
        digest, index = leaf(context, bytes.fromhex(one["salt"]), total_so_far, proof["customer"]), one["index"]
        for level, (sibling, units) in enumerate(one["path"], 1):
            mine, other = (digest, total_so_far), (bytes.fromhex(sibling), int(units))
            ((digest, total_so_far),) = above(context, level, [other, mine] if index % 2 else [mine, other])
            index //= 2
        if (digest.hex(), str(total_so_far)) != (root, total):
            return False
    return True


def test_the_example_is_made_from_the_page_alone() -> None:
    stated = re.search(r"snapshot is `(.+?)`, the asset `(.+?)`, decimals (\d+), height (\d+)", TEXT)
    assert stated is not None
    height, secret = int(stated[4]), bytes(range(32))
    context = context_of(stated[1], stated[2], int(stated[3]), height)
    assert f"context `{context.hex()}`" in TEXT
    nodes = []
    for customer, amount, salt, digest in table("Leaves of the example"):
        made = salt_of(secret, context, customer.encode() or PADDING)
        assert made.hex() == salt
        nodes.append((leaf(context, made, int(amount), customer), int(amount)))
        assert nodes[-1][0].hex() == digest
    levels = [sorted(nodes)]
    for level in range(1, height + 1):
        levels.append(above(context, level, levels[-1]))
    assert table("Levels of the example") == [
        [str(level), str(index), digest.hex(), str(units)]
        for level, found in enumerate(levels)
        for index, (digest, units) in enumerate(found)
    ]


def test_the_proof_on_the_page_leads_to_the_root_on_the_page() -> None:
    proof = json.loads(TEXT.partition("```json\n")[2].partition("```")[0])
    *_, (_, _, root, total) = table("Levels of the example")
    assert (proof["root"], proof["total"]) == (root, total)
    assert followed(proof, root, total)
    assert not followed({**proof, "customer": "ben"}, root, total)


def test_the_shared_example_is_made_by_the_page_s_rules() -> None:
    first, secret = EXAMPLE["proofs"][0], bytes.fromhex(EXAMPLE["master_secret_hex"])
    context = context_of(first["snapshot"], first["asset"], first["decimals"], first["height"])
    amounts = {proof["customer"]: int(proof["leaves"][0]["amount"]) for proof in EXAMPLE["proofs"]}
    nodes = [
        (leaf(context, salt_of(secret, context, customer.encode()), amount, customer), amount)
        for customer, amount in amounts.items()
    ]
    zeros = (1 << first["height"]) - len(nodes)
    nodes += [(leaf(context, salt_of(secret, context, PADDING, number), 0, ""), 0) for number in range(zeros)]
    nodes.sort()
    for level in range(1, first["height"] + 1):
        nodes = above(context, level, nodes)
    assert [(digest.hex(), str(total)) for digest, total in nodes] == [(EXAMPLE["root"], EXAMPLE["total"])]
    assert all(followed(proof, EXAMPLE["root"], EXAMPLE["total"]) for proof in EXAMPLE["proofs"])


def test_the_page_counts_the_corpus() -> None:
    corpus = json.loads((ROOT / "tests/data/por-mst/corpus.json").read_text(encoding="utf-8"))
    assert f"`tests/data/por-mst/corpus.json` holds {len(corpus)} proofs" in TEXT
    for entry in corpus:
        if entry["refused"] is None:
            proof = json.loads(entry["proof"])
            assert followed(proof, entry["commitment"]["root"], entry["commitment"]["total"]), entry["name"]

"""Which format a file has, and that no file whatever makes the program stumble."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inclusion.proofs import DATA, FORMATS, CoinEx, Made, OkxV1, as_bytes, sample

from reservecheck.errors import InputError
from reservecheck.inclusion import recognised
from reservecheck.inclusion.recognised import check_proof
from reservecheck.inclusion.records import Inclusion

LIST: Final = (DATA / "okx_v2_list.txt").read_bytes()
KNOWN: Final = "known are okx-merkle-v1, okx-merkle-v2, bitget, bybit, coinex, mexc, por-mst/1"


def honest(made: Made) -> dict[str, Any]:
    return made.proof("alice", {"BTC": "10"}, (made.line("bob", {"ETH": "8"}), {"ETH": "8"}), left=True)


DOCUMENTS: Final = [
    *(honest(one) for one in FORMATS),
    *(sample(f"{name}.json") for name in ("okx_v1", "okx_v2", "mexc")),
]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_is_of_one_format(document: object) -> None:
    assert sum(one.recognise(json.loads(json.dumps(document))) for one in recognised.FORMATS) == 1


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        "proof",
        None,
        {"self": {}, "path": []},
        {"AccountIndex": 9, "Root": "00", "Proof": []},
        {"root": {}, "self": {}, "path": []},
    ],
)
def test_a_format_without_a_sample_is_not_claimed(document: object) -> None:
    with pytest.raises(InputError) as refused:
        check_proof(as_bytes(document), "proof.json")
    assert str(refused.value) == f"proof.json: is of no format this tool knows\n  hint: {KNOWN}"


def test_a_format_with_a_list_needs_the_list() -> None:
    with pytest.raises(InputError) as refused:
        check_proof((DATA / "okx_v2.json").read_bytes(), "proof.json")
    hint = "give the published list of all nodes with --list FILE"
    assert str(refused.value) == f"proof.json: okx-merkle-v2 is looked up in a list\n  hint: {hint}"


def test_a_format_without_a_list_has_no_use_for_one() -> None:
    with pytest.raises(InputError) as refused:
        check_proof((DATA / "okx_v1.json").read_bytes(), "proof.json", published=LIST)
    assert str(refused.value) == "proof.json: okx-merkle-v1 stands alone\n  hint: leave out --list"


@pytest.mark.parametrize("spell", [str, str.upper, "0x{}".format], ids=["as is", "upper case", "with 0x"])
def test_the_root_the_reader_was_told_may_be_spelled_in_any_way(spell: Any) -> None:  # noqa: ANN401  # three callables
    data = as_bytes(honest(CoinEx()))
    root = check_proof(data, "proof.json").root
    answer = check_proof(data, "proof.json", root=spell(root))
    assert (answer.included, answer.root_compared) == (True, True)


def test_a_malformed_field_is_named_with_the_file() -> None:
    document = honest(OkxV1())
    document["self"]["nonce"] = 7
    with pytest.raises(InputError) as refused:
        check_proof(as_bytes(document), "proof.json")
    said = "proof.json: self.nonce is not text of 1 to 200 characters"
    assert str(refused.value) == f"{said}\n  hint: it has to be the file as it was published"


def answered(data: bytes) -> Inclusion | None:
    """The answer, or None where the file is refused: nothing else may come out."""
    for published in (None, LIST):
        try:
            return check_proof(data, "proof.json", published=published)
        except InputError:
            continue
    return None


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=70),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_no_json_makes_the_check_stumble(document: object) -> None:
    assert answered(as_bytes(document)) is None


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a document, as keys and indices from the top."""
    found = [path] if path else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        found += places(inner, (*path, key))
    return found


@given(st.sampled_from(DOCUMENTS), st.data())
def test_a_proof_with_one_place_changed_is_refused_or_differs(document: object, data: Any) -> None:  # noqa: ANN401  # hypothesis' own
    changed = json.loads(json.dumps(document))
    place = data.draw(st.sampled_from(places(changed)))
    within = changed
    for key in place[:-1]:
        within = within[key]
    before = within[place[-1]]
    within[place[-1]] = data.draw(JSON)
    answer = answered(as_bytes(changed))
    if answer is not None and answer.included and within[place[-1]] != before:
        unhashed = place[-1] in {"auditId", "nonce"}  # of the nodes of a path: carried along, hashed nowhere
        assert unhashed or isinstance(within[place[-1]], float)  # 8.0 in place of "8"


@given(st.sampled_from(DOCUMENTS), st.data())
def test_a_proof_with_a_few_bytes_changed_never_makes_the_check_stumble(document: object, data: Any) -> None:  # noqa: ANN401  # hypothesis' own
    changed = bytearray(as_bytes(document))
    for place in data.draw(st.lists(st.integers(0, len(changed) - 1), min_size=1, max_size=4)):
        changed[place] = data.draw(st.integers(0, 255))
    answered(bytes(changed))

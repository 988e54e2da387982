from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.members.records import record

from reservecheck.errors import BundleError
from reservecheck.members.codec import from_json, to_json
from reservecheck.model.books import Extract, OwedLine, RowFinding
from reservecheck.model.declared import InputFile, Provenance
from reservecheck.model.engagement import Deciding, Engagement
from reservecheck.model.evidence import OnChainDecimals, Pin
from reservecheck.model.registry import Asset, Instrument, Network, Registry
from reservecheck.model.words import Control, Evidence
from reservecheck.transport.record import SourceCard
from reservecheck.vault.canonical import canonical_json, parse_json

KINDS: Final = (
    *(Asset, Deciding, Engagement, Extract, InputFile, Instrument, Network, OnChainDecimals),
    *(OwedLine, Pin, Provenance, Registry, RowFinding, SourceCard),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One field of every kind the members use."""

    text: str
    count: int
    flag: bool
    word_: Control
    maybe: int | None
    names: tuple[str, ...]
    pairs: frozenset[tuple[str, int]]
    by_name: Mapping[str, Evidence]
    inner: InputFile


SAMPLE: Final = Sample(
    text="a",
    count=3,
    flag=True,
    word_=Control.SIGNED,
    maybe=None,
    names=("x", "y"),
    pairs=frozenset({("b", 2), ("a", 1)}),
    by_name={"z": Evidence.CLAIMED},
    inner=InputFile(name="f", bytes=1, sha256="ab"),
)
WRITTEN: Final[dict[str, Any]] = {
    "text": "a",
    "count": 3,
    "flag": True,
    "word": "signed",
    "maybe": None,
    "names": ["x", "y"],
    "pairs": [["a", 1], ["b", 2]],
    "by_name": {"z": "claimed"},
    "inner": {"name": "f", "bytes": 1, "sha256": "ab"},
}


def test_a_record_is_an_object_of_its_fields_without_trailing_underscores() -> None:
    assert to_json(SAMPLE) == WRITTEN
    assert type(WRITTEN["word"]) is str
    assert from_json(Sample, WRITTEN, where="it") == SAMPLE


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_every_record_comes_back_from_its_bytes_and_gives_them_again(kind: type, data: st.DataObject) -> None:
    before = data.draw(record(kind))
    written = canonical_json(to_json(before))
    after: object = from_json(kind, parse_json(written, name="it"), where="it")
    assert after == before
    assert canonical_json(to_json(after)) == written


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": 1}, "it.text is not of type str"),
        ({"text": None}, "it.text is not of type str"),
        ({"count": True}, "it.count is not of type int"),
        ({"count": "3"}, "it.count is not of type int"),
        ({"count": 2**53}, "it.count is 2^53 or more"),
        ({"count": -(2**53)}, "it.count is 2^53 or more"),
        ({"maybe": 2**60}, "it.maybe is 2^53 or more"),
        ({"flag": 1}, "it.flag is not of type bool"),
        ({"word": "sworn"}, "it.word is none of undemonstrated, signed, moved, confirmed"),
        ({"word": 1}, "it.word is none of undemonstrated, signed, moved, confirmed"),
        ({"word": []}, "it.word is none of undemonstrated, signed, moved, confirmed"),
        ({"maybe": "1"}, "it.maybe is not of type int"),
        ({"names": "xy"}, "it.names is not a list"),
        ({"names": {"x": 1}}, "it.names is not a list"),
        ({"names": ["x", 2]}, "it.names[1] is not of type str"),
        ({"pairs": [["a", 1], ["b"]]}, "it.pairs[1] is not a list of 2"),
        ({"pairs": [["a", 1], "bc"]}, "it.pairs[1] is not a list of 2"),
        ({"pairs": [["a", "1"]]}, "it.pairs[0][1] is not of type int"),
        ({"pairs": None}, "it.pairs is not a list"),
        ({"by_name": ["z"]}, "it.by_name is not an object"),
        ({"by_name": {"z": "seen"}}, "it.by_name.z is none of claimed, observed, corroborated, proven"),
        ({"inner": "f"}, "it.inner is not an object"),
        ({"inner": {"name": "f", "bytes": 1}}, "it.inner lacks or has too many of: sha256"),
        ({"more": 1}, "it lacks or has too many of: more"),
        ({"word_": "signed", "more": 1}, "it lacks or has too many of: more, word_"),
    ],
)
def test_what_is_off_is_named_by_its_place(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BundleError) as refused:
        from_json(Sample, {**WRITTEN, **change}, where="it")
    assert str(refused.value) == said


@pytest.mark.parametrize("missing", sorted(WRITTEN))
def test_a_missing_field_has_no_default(missing: str) -> None:
    rest = {key: value for key, value in WRITTEN.items() if key != missing}
    with pytest.raises(BundleError) as refused:
        from_json(Sample, rest, where="it")
    assert str(refused.value) == f"it lacks or has too many of: {missing}"


def test_a_list_is_no_record() -> None:
    with pytest.raises(BundleError) as refused:
        from_json(Sample, [1], where="it")
    assert str(refused.value) == "it is not an object"


@pytest.mark.parametrize("value", [1.5, Fraction(1, 3), b"x", {1}, [1]])
def test_what_has_no_json_form_is_no_member(value: object) -> None:
    with pytest.raises(TypeError) as refused:
        to_json(value)
    assert str(refused.value) == f"{type(value).__name__} has no JSON form"


def test_records_come_from_json_text_as_they_went() -> None:
    data = canonical_json(to_json(SAMPLE))
    assert json.loads(data) == WRITTEN
    assert from_json(Sample, parse_json(data, name="it"), where="it") == SAMPLE

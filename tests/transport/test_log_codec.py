from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.transport.asking import CHAIN_ID, NOW_TEXT, answered, question

from reservecheck.errors import BundleError
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.log_codec import read_log, write_line, write_log
from reservecheck.transport.record import Log, Question, Reply, seal
from reservecheck.vault.canonical import canonical_json, sha256

BODY = b'{"id":1,"result":"0x7a69"}'
TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
PARAMS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
CALLS = st.lists(st.builds(Call, TEXT, st.lists(PARAMS, max_size=3)), min_size=1, max_size=3).map(tuple)
QUESTIONS = st.builds(
    lambda calls, batch, **rest: Question(calls=calls, batch=batch or len(calls) > 1, **rest),
    network=TEXT,
    source=TEXT,
    purpose=TEXT,
    ordinal=st.integers(0, 10**6),
    decoder=TEXT,
    calls=CALLS,
    batch=st.booleans(),
)
REPLIES = st.binary().map(answered) | TEXT.filter(lambda word: word != "answered").map(
    lambda outcome: Reply(outcome, None, 5, NOW_TEXT)
)


@given(st.lists(st.tuples(QUESTIONS, REPLIES), max_size=5, unique_by=lambda pair: pair[0].key))
def test_a_log_survives_being_written_and_read(pairs: list[tuple[Question, Reply]]) -> None:
    log = seal(pairs)
    jsonl, bodies = write_log(log)
    again = read_log(jsonl, bodies.__getitem__)
    assert again == log
    assert write_log(again) == (jsonl, bodies)
    assert all(sha256(body) == digest for digest, body in bodies.items())


def test_a_line_is_canonical_json_with_these_keys() -> None:
    jsonl, bodies = write_log(seal([(CHAIN_ID, answered(BODY))]))
    assert jsonl == (
        b'{"answer":"' + sha256(BODY).encode() + b'","at":"2018-06-27T15:00:00Z","attempts":1,"decoder":"test/1",'
        b'"n":1,"network":"eip155:31337","ordinal":0,"outcome":"answered","purpose":"cells",'
        b'"request":{"method":"eth_chainId","params":[]},"source":"node"}\n'
    )
    assert bodies == {sha256(BODY): BODY}


def test_a_body_that_came_twice_is_kept_and_fetched_once() -> None:
    log = seal([(question(("a", []), ordinal=n), answered(BODY)) for n in range(3)])
    jsonl, bodies = write_log(log)
    fetched: list[str] = []

    def body_of(digest: str) -> bytes:
        fetched.append(digest)
        return bodies[digest]

    assert read_log(jsonl, body_of) == log
    assert fetched == [sha256(BODY)]


def line(changes: Mapping[str, object] | None = None, *, without: str = "") -> bytes:
    jsonl, _ = write_log(seal([(CHAIN_ID, answered(BODY))]))
    entry = json.loads(jsonl) | dict(changes or {})
    entry.pop(without, None)
    return canonical_json(entry)


KEYS = "answer, at, attempts, decoder, n, network, ordinal, outcome, purpose, request, source"


@pytest.mark.parametrize(
    ("jsonl", "message"),
    [
        (line()[:-1], "exchanges.jsonl: the last line does not end"),
        (line({"extra": 1}), f"exchanges.jsonl:1: an exchange has exactly the keys {KEYS}"),
        (line(without="at"), f"exchanges.jsonl:1: an exchange has exactly the keys {KEYS}"),
        (b"[]\n", f"exchanges.jsonl:1: an exchange has exactly the keys {KEYS}"),
        (
            b'{"n":1,"n":1}\n',
            "exchanges.jsonl:1 is not JSON this tool writes: a key stands twice",
        ),
        (line({"n": 2}), "exchanges.jsonl:1: n is 2 where 1 is due"),
        (line() + line(), "exchanges.jsonl:2: n is 1 where 2 is due"),
        (
            line() + line({"n": 2}),
            "exchanges.jsonl:2: out of order, or its place is taken by the line before",
        ),
        (
            line({"ordinal": 1}) + line({"n": 2}),
            "exchanges.jsonl:2: out of order, or its place is taken by the line before",
        ),
        (line({"network": 1}), "exchanges.jsonl:1: network is not a text"),
        (line({"source": ""}), "exchanges.jsonl:1: source is not a text"),
        (line({"ordinal": -1}), "exchanges.jsonl:1: ordinal is not a count"),
        (line({"ordinal": True}), "exchanges.jsonl:1: ordinal is not a count"),
        (line({"attempts": 0}), "exchanges.jsonl:1: attempts is not a count"),
        (line({"n": "1"}), "exchanges.jsonl:1: n is not a count"),
        (
            line({"answer": "ab"}),
            "exchanges.jsonl:1: answer is neither null nor a SHA-256 in lower-case hex",
        ),
        (
            line({"answer": 7}),
            "exchanges.jsonl:1: answer is neither null nor a SHA-256 in lower-case hex",
        ),
        (
            line({"answer": None}),
            "exchanges.jsonl:1: the outcome is 'answered', which does not go with its answer",
        ),
        (
            line({"outcome": "timed out"}),
            "exchanges.jsonl:1: the outcome is 'timed out', which does not go with its answer",
        ),
        (
            line({"at": "2018-06-28 00:00"}),
            (
                "exchanges.jsonl:1: at: '2018-06-28 00:00' is not an instant with an offset, "
                "such as 2018-06-28T00:00:00+09:00"
            ),
        ),
        (line({"request": "eth_chainId"}), "exchanges.jsonl:1: a request has exactly the keys method, params"),
        (
            line({"request": {"method": "a", "params": [], "id": 1}}),
            "exchanges.jsonl:1: a request has exactly the keys method, params",
        ),
        (
            line({"request": {"method": "a", "params": {}}}),
            "exchanges.jsonl:1: a request is a method's name and a list of params",
        ),
        (
            line({"request": {"method": 1, "params": []}}),
            "exchanges.jsonl:1: a request is a method's name and a list of params",
        ),
        (line({"request": []}), "exchanges.jsonl:1: a batch asks at least one thing"),
        (
            line({"answer": "0" * 64}),
            f"exchanges.jsonl:1: the body named {'0' * 64} has another digest",
        ),
    ],
)
def test_a_log_that_deviates_is_refused_with_its_line(jsonl: bytes, message: str) -> None:
    with pytest.raises(BundleError) as refused:
        read_log(jsonl, lambda _: BODY)
    assert str(refused.value) == message


def test_a_log_under_another_name_is_refused_under_that_name() -> None:
    with pytest.raises(BundleError, match=r"^evidence/exchanges\.jsonl\.gz:1: n is 2 where 1 is due$"):
        read_log(line({"n": 2}), lambda _: BODY, name="evidence/exchanges.jsonl.gz")


def test_answers_are_counted_as_often_as_they_are_named() -> None:
    body = b" " * (1 << 23)
    items = [(question(("a", []), ordinal=n), answered(body)) for n in range(65)]
    jsonl, bodies = write_log(seal(items[:64]))
    assert len(read_log(jsonl, bodies.__getitem__).exchanges) == 64
    too_large = "the answers of all lines together are larger than 536870912 bytes"
    more = write_line(65, *items[64], sha256(body))
    with pytest.raises(BundleError) as refused:
        read_log(jsonl + more, bodies.__getitem__)
    assert refused.value.message == f"exchanges.jsonl:65: {too_large}"
    with pytest.raises(BundleError) as unwritten:
        write_log(seal(items))
    assert str(unwritten.value) == (
        f"exchanges.jsonl: {too_large}\n  hint: ask fewer sources for proofs, or report on fewer wallets at a time"
    )


def test_an_empty_log_is_empty() -> None:
    assert write_log(Log(())) == (b"", {})
    assert read_log(b"", lambda _: b"") == Log(())

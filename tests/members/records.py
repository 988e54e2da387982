"""Strategies for the records of a bundle: any text a file can hold, any amount that is in range.

Assets and instruments are those of the small exchange in `tests/assess/inputs_factory.py`.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from tests.assess.inputs_factory import BITCOIN, BTC, CUTOFF, CUTOFF_EPOCH, ETH, ETHEREUM, TOKEN

from reservecheck.model.books import (
    Books,
    CashLine,
    CustodianLine,
    Letter,
    Liabilities,
    OwedLine,
    Price,
    Reconciling,
    RowFinding,
)
from reservecheck.model.committed import Committed, CommittedTree, DrawStated, Rebuilt
from reservecheck.model.confirmations import Answers, Confirmations, DrawnBy, ReadFrom
from reservecheck.model.declared import Wallet
from reservecheck.model.evidence import Cell
from reservecheck.model.registry import ASSET_NAME
from reservecheck.model.words import Storage, WalletKind
from reservecheck.moments import utc_text
from reservecheck.money import LIMIT
from reservecheck.visible import is_unseen

SAFE: Final = 2**53 - 1
anything: Final = st.text(st.characters(codec="utf-8"), max_size=12)
free_text: Final = anything | st.builds(
    "{}{}".format, st.sampled_from(("=", "+", "-", "@", "'", "\t", "\r")), anything
)
seen: Final = st.text(st.characters(codec="utf-8").filter(lambda one: not is_unseen(one)), min_size=1, max_size=12)
word: Final = st.text("abcdefghijklmnopqrstuvwxyz0123456789:/-", min_size=1, max_size=12)
integers: Final = st.integers(-SAFE, SAFE)
counts: Final = st.integers(0, SAFE)
amounts: Final = st.integers(1 - LIMIT, LIMIT - 1)
sizes: Final = st.integers(0, LIMIT - 1)
_DECLARED: Final = (WalletKind.ADDRESS, WalletKind.STATEMENT)
assets: Final = st.sampled_from(("BTC", "ETH", "USDT", "JPY"))
numbers: Final = st.lists(counts, max_size=4).map(tuple)
prices: Final = st.from_regex(r"(0|[1-9][0-9]{0,18})(\.[0-9]{1,30})?", fullmatch=True).filter(Fraction)


def record(kind: type, /, **parts: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Any record of a class, from the types of its fields; `parts` are drawn instead."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{name: parts[name] if name in parts else _of(hints[name]) for name in hints})


def _of(kind: Any) -> SearchStrategy[Any]:  # noqa: ANN401  # a type expression
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return st.none() | _of(args[0])
    if origin is tuple and args[-1] is not Ellipsis:
        return st.tuples(*map(_of, args))
    if origin in (tuple, frozenset):
        return st.lists(_of(args[0]), max_size=3).map(origin)
    if origin is not None:
        return st.dictionaries(_of(args[0]), _of(args[1]), max_size=3)
    return record(kind) if is_dataclass(kind) and isinstance(kind, type) else _plain(kind)


def _plain(kind: type) -> SearchStrategy[Any]:
    if issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    return {str: anything, int: integers, bool: st.booleans(), type(None): st.none()}[kind]


def _rows(of: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.none() | st.lists(of, max_size=3).map(tuple)


def _texts(kind: type) -> dict[str, SearchStrategy[Any]]:
    return {item.name: free_text for item in fields(kind) if item.type == "str"}


cash_lines: Final = record(CashLine, **{**_texts(CashLine), "currency": assets, "units": amounts})
custodian_lines: Final = record(CustodianLine, **{**_texts(CustodianLine), "asset": assets, "units": amounts})
letters: Final = record(Letter, **{**_texts(Letter), "asset": assets, "units": amounts})
reconciling_items: Final = record(
    Reconciling, **{**_texts(Reconciling), "asset": assets | st.just(""), "units": amounts}
)
price_lines: Final = prices.flatmap(
    lambda text: record(
        Price,
        **{
            **_texts(Price),
            "text": st.just(text),
            "price": st.just(Fraction(text)),
            "as_of": st.just(CUTOFF),
            "as_of_epoch": st.just(CUTOFF_EPOCH),
        },
    )
)
owed_lines: Final = record(OwedLine, asset=assets, rows=counts, gross=sizes, negative=sizes, house=sizes)
findings: Final = record(RowFinding, asset=assets | st.just(""), count=counts, units=amounts)
roots: Final = st.binary(min_size=32, max_size=32).map(bytes.hex)
sums: Final = st.integers(0, 2**128 - 1)
trees: Final = record(
    CommittedTree,
    asset=st.from_regex(ASSET_NAME, fullmatch=True),
    decimals=st.integers(0, 255),
    height=st.integers(0, 40),
    root=roots,
    total=sums,
    rebuilt=st.none() | record(Rebuilt, root=roots | st.just(""), total=sums),
)
draws: Final = record(
    DrawStated,
    network=st.sampled_from(("bitcoin:mainnet", "eip155:1")),
    height=st.integers(1, SAFE),
    method=st.sampled_from(("amount", "customer")),
    size=st.integers(1, 10_000),
)
commitments: Final = record(
    Committed,
    scheme=st.just("por-mst/1"),
    entity=seen,
    snapshot=seen,
    trees=st.lists(trees, min_size=1, max_size=3, unique_by=lambda tree: tree.asset).map(
        lambda made: tuple(sorted(made, key=lambda tree: tree.asset))
    ),
    draw=st.none() | draws,
)
liabilities: Final = record(
    Liabilities,
    commitment=st.none() | commitments,
    lines=st.lists(owed_lines, max_size=3).map(tuple),
    findings=st.lists(findings, max_size=3).map(tuple),
)
answers: Final = record(
    Answers,
    asset=assets,
    draws=st.integers(1, 10_000),
    owed_more=st.none() | sizes,
    owed_less=st.none() | sizes,
    **dict.fromkeys(("agreed", "via_entity", "differing", "no_reply", "left_out", "added"), counts),
)
confirmations: Final = record(
    Confirmations,
    drawn_by=record(
        DrawnBy,
        commitment=roots,
        network=st.sampled_from(("bitcoin:mainnet", "eip155:1")),
        height=counts,
        block=roots,
        time=st.integers(0, 4 * 10**9).map(utc_text),
    ).map(lambda by: replace(by, time="" if by.read_from is ReadFrom.TYPED else by.time)),
    list_sha256=roots,
    listed=st.lists(assets, unique=True, max_size=3).map(lambda names: tuple(sorted(names))),
    answers=st.lists(answers, max_size=3, unique_by=lambda one: one.asset).map(
        lambda made: tuple(sorted(made, key=lambda one: one.asset))
    ),
    otherwise=st.just({}),
).map(lambda made: replace(made, otherwise=dict.fromkeys(made.listed[:2], 3)))
books: Final = record(
    Books,
    liabilities=liabilities,
    cash=_rows(cash_lines),
    prices=_rows(price_lines),
    custodians=_rows(custodian_lines),
    letters=_rows(letters),
    reconciling=_rows(reconciling_items),
    encumbrances=_rows(reconciling_items),
    confirmations=st.none() | confirmations,
)
cells: Final = record(
    Cell,
    pin=word,
    label=free_text,
    instrument=st.sampled_from((BTC, ETH, TOKEN)),
    units=st.none() | sizes,
    reason=free_text,
    exchanges=numbers,
)


@st.composite
def declared(draw: st.DrawFn) -> tuple[Wallet, ...]:
    """Lines numbered from 1 with labels of their own; a later line of the same holding points at the first."""
    labels = draw(st.lists(free_text, unique=True, max_size=5))
    first: dict[tuple[str, str], int] = {}
    lines: list[Wallet] = []
    beyond = False
    for line, label in enumerate(labels, 1):
        key = (draw(st.sampled_from((BITCOIN, ETHEREUM, ""))), draw(st.sampled_from(("0014aa", "=1", "'x"))))
        beyond = beyond or (key not in first and draw(st.booleans()))
        if beyond and key in first:  # what is beyond the ranges comes last, and is declared nowhere else
            break
        kind = WalletKind.BEYOND_RANGE if beyond else draw(st.sampled_from(_DECLARED))
        is_address, words = kind is WalletKind.ADDRESS, st.lists(word, unique=True, max_size=3).map(tuple)
        lines.append(
            draw(
                record(
                    Wallet,
                    line=st.just(line),
                    label=st.just(label),
                    network=st.just(key[0]),
                    identity=st.just(key[1]),
                    address=free_text,
                    kind=st.just(kind),
                    storage=st.none() | st.sampled_from(Storage),
                    instruments=words.map(lambda some: some or None) if is_address else st.none(),
                    custodian=free_text if kind is WalletKind.STATEMENT else st.just(""),
                    shared_with=words if is_address else st.just(()),
                    duplicate_of=st.just(first.get(key)),
                )
            )
        )
        first.setdefault(key, line)
    return tuple(lines)


def replaced(mapping: Mapping[str, Any], **changes: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
    """A JSON object with some members set; those set to an ellipsis are dropped."""
    return {key: value for key, value in {**mapping, **changes}.items() if value is not ...}

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.assess.inputs_factory import (
    BTC,
    CELLS,
    ETHEREUM,
    TOKEN,
    cell,
    inputs,
    instrument,
    observation,
    pin,
    registry,
)
from tests.pipeline.shipped_job import desk

from reservecheck.bundle import Gathered
from reservecheck.errors import ReservecheckError
from reservecheck.members.engagement import Cover
from reservecheck.model.assessment import Inputs
from reservecheck.model.evidence import OnChainDecimals
from reservecheck.observe import Job
from reservecheck.pipeline import Run, derive
from reservecheck.trace import Trace, trace
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import ANSWERED, Question, Reply, seal
from reservecheck.vault.canonical import sha256


@pytest.fixture(scope="module")
def hanul(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return desk(tmp_path_factory.mktemp("hanul")).run()


def gathered(given: Inputs, replies: int = 0) -> Gathered:
    """A job around some inputs, with a log of answers of which the last one failed."""
    said = [
        (
            Question(
                network=ETHEREUM, source="n", purpose="cells", ordinal=n, decoder="x/1", calls=(Call("m", []),)
            ),
            Reply("timed out", None, 3, "2018-09-14T08:00:00Z")
            if n == replies
            else Reply(ANSWERED, b"%d" % n, 1, "2018-09-14T08:00:00Z"),
        )
        for n in range(1, replies + 1)
    ]
    return Gathered(
        cover=Cover(
            entity=given.entity,
            name=given.name,
            provenance=given.provenance,
            engagement=given.engagement,
            input_files=(),
            tool=given.tool,
        ),
        job=Job(engagement=given.engagement, name="", registry=given.registry, wallets=given.wallets, sources=()),
        log=seal(said),
    )


def traced(figure: str, given: Inputs | None = None, replies: int = 0) -> Trace:
    used = inputs() if given is None else given
    return trace(gathered(used, replies), derive(used), figure)


def test_an_asset_is_traced_to_its_lines_largest_first() -> None:
    found = traced("BTC")
    assert found.asset is not None
    assert (found.asset.asset, found.cash) == ("BTC", None)
    assert [(line.line, line.label, line.address, line.amount) for line in found.lines] == [
        (1, "btc-hot", "0014aa", "100"),
        (2, "btc-treasury", "0014bb", "30"),
    ]
    assert [one.network for one in found.pins] == ["bitcoin:regtest"]
    assert found.statements == ()


@pytest.mark.parametrize("figure", ["btc", "Btc", "BTC"])
def test_letter_case_does_not_matter(figure: str) -> None:
    assert traced(figure) == traced("BTC")


def test_lines_of_one_size_stand_in_declared_order_and_unread_ones_last() -> None:
    cells = (
        cell(2, "btc-treasury", BTC, 5),
        cell(1, "btc-hot", BTC, 5),
        cell(3, "eth-hot", TOKEN, None, reason="timed out"),
    )
    assert [line.line for line in traced("BTC", inputs(cells=cells)).lines] == [1, 2]
    (line,) = traced("USDT", inputs(cells=cells)).lines
    assert (line.amount, line.status, line.reason) == ("unread", "unread", "timed out")


def test_a_line_says_how_much_of_it_is_locked_and_why() -> None:
    frozen = cell(3, "eth-hot", TOKEN, 2_000_000_000, locked=500_000, locked_why="frozen")
    (line,) = traced("USDT", inputs(cells=(frozen,))).lines
    assert (line.amount, line.status, line.reason) == ("2000", "read", "0.5 locked: frozen")
    book = registry(instruments={**registry().instruments, TOKEN: instrument(TOKEN, "USDT", None)})
    silent = observation((frozen,), decimals=(OnChainDecimals(instrument=TOKEN, decimals=None, exchanges=()),))
    (line,) = traced("USDT", inputs(registry=book, observation=silent)).lines
    assert (line.amount, line.reason) == ("unread", "")


def test_cash_is_traced_to_accounts_and_letters() -> None:
    found = traced("jpy")
    assert found.cash is not None
    assert (found.cash.currency, found.asset, found.lines, found.pins) == ("JPY", None, (), ())
    assert found.statements == (
        "bank-trust: 1,000,000 JPY at Example Bank, title trust",
        "bank-company: 270,000 JPY at Example Bank, title company",
        "letter cash-bank-trust from Example Bank: 1,000,000 JPY on bank-trust, received 2018-09-20, direct",
    )


def test_a_custodians_statement_and_its_letter_are_shown() -> None:
    assert traced("USDT").statements == (
        "vault: 600 USDT, a statement as of 2018-09-14T17:00:00+09:00",
        "letter custody-vault from Example Custody: 600 USDT on vault, received 2018-09-20, direct",
    )


def test_absent_registers_have_no_statements() -> None:
    books = replace(inputs().books, cash=None, custodians=None, letters=None)
    assert traced("USDT", inputs(books=books)).statements == ()


def test_another_figure_is_refused_with_those_there_are() -> None:
    for figure, shown in (("doge", "'doge'"), ("", "''"), ("x" * 99, repr("x" * 40))):
        with pytest.raises(ReservecheckError) as refused:
            traced(figure)
        assert refused.value.message == f"the bundle has no figure {shown}"
        assert refused.value.hint.startswith("it has: ")
        assert refused.value.hint.removeprefix("it has: ").split(", ")[-1] == "JPY"


def test_exchanges_of_cells_and_pins_are_shown_once_with_the_digest_of_each_answer() -> None:
    cells = (*CELLS[:2], cell(3, "eth-hot", TOKEN, 5, exchanges=(2, 3)))
    given = inputs(observation=observation(cells, pins=(pin("bitcoin:regtest"), pin(ETHEREUM, exchanges=(1, 2)))))
    found = traced("USDT", given, replies=3)
    assert [(one.n, one.outcome, one.answer_sha256) for one in found.exchanges] == [
        (1, "answered", sha256(b"1")),
        (2, "answered", sha256(b"2")),
        (3, "timed out", ""),
    ]
    assert {(one.source, one.purpose, one.decoder) for one in found.exchanges} == {("n", "cells", "x/1")}


@pytest.mark.parametrize(("said", "amount"), [(6, "0.000005"), (0, "5"), (None, "unread")])
def test_where_the_registry_does_not_know_a_tokens_decimals_the_chain_does(said: int | None, amount: str) -> None:
    rows = registry()
    unknown = replace(rows.instruments[TOKEN], decimals=None)
    given = inputs(
        registry=replace(rows, instruments={**rows.instruments, TOKEN: unknown}),
        observation=observation(
            (*CELLS[:2], cell(3, "eth-hot", TOKEN, 5)),
            decimals=(OnChainDecimals(instrument=TOKEN, decimals=said, exchanges=()),),
        ),
    )
    assert [line.amount for line in traced("USDT", given).lines] == [amount]


def test_a_shipped_rehearsal_is_traced_to_recorded_answers(hanul: Run) -> None:
    found = trace(hanul.gathered, hanul.assessment, "btc")
    assert found.lines
    by_number = {item.n: item for item in hanul.gathered.log.exchanges}
    numbers = {n for line in found.lines for n in line.exchanges} | {n for one in found.pins for n in one.exchanges}
    assert {one.n for one in found.exchanges} == numbers
    for one in found.exchanges:
        body = by_number[one.n].reply.body
        assert one.answer_sha256 == ("" if body is None else sha256(body))

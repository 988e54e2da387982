"""Answers that failed, broke off or do not fit: what was not read is never zero."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tests.conformance.bench import Bench, answering, dropping
from tests.conformance.case import Case

from reservecheck.transport.record import Recorded, Reply

BITCOIN: Final = "bitcoin:regtest"
FIRST: Final = "eip155:31337"
UNREAD_BTC: Final = ("aggregate_hides_a_hole aggregate", "asset_shortfall BTC", "unread_cell BTC")
UNREAD_GRID: Final = ("asset_shortfall ETH", "unread_cell ETH", "unread_cell USDT")
"""Of the token, the plain calls that ask for the largest holdings again still show some."""
UNREAD_FIRST: Final = ("asset_shortfall ETH", "unread_cell ETH", "asset_shortfall USDT", "unread_cell USDT")
SYNCING: Final = '{"jsonrpc":"2.0","error":{"code":-28,"message":"Loading block index"},"id":1}'


def no_scan(bench: Bench) -> None:
    bench.recollect(answering(BITCOIN, "cells", lambda _: None))


def aborted_scan(bench: Bench) -> None:
    bench.recollect(answering(BITCOIN, "cells", lambda said: said.replace('"success":true', '"success":false')))


def scan_of_another_tip(bench: Bench) -> None:
    bench.recollect(answering(BITCOIN, "cells", lambda said: said.replace('"height":733', '"height":732')))


def scan_with_an_error(bench: Bench) -> None:
    bench.recollect(answering(BITCOIN, "cells", lambda _: SYNCING))


def scan_never_asked(bench: Bench) -> None:
    bench.recollect(dropping(BITCOIN, "cells"))


def nothing_undone(bench: Bench) -> None:
    bench.recollect(dropping(BITCOIN, "undo"))


def foreign_coin(bench: Bench) -> None:
    coin = '{"txid":"' + "7" * 64 + '","vout":0,"scriptPubKey":"51","desc":"raw(51)","amount":5.00000000,'
    coin += '"coinbase":false,"height":711,"blockhash":"' + "7" * 64 + '","confirmations":23},'
    bench.recollect(answering(BITCOIN, "cells", lambda said: said.replace('"unspents":[', f'"unspents":[{coin}')))


def coin_twice(bench: Bench) -> None:
    def again(said: str) -> str:
        head, tail = said.split('"unspents":[')
        return f'{head}"unspents":[{tail.partition("},")[0]}}},{tail}'

    bench.recollect(answering(BITCOIN, "cells", again))


def negative_coin(bench: Bench) -> None:
    bench.recollect(answering(BITCOIN, "cells", lambda said: said.replace('"amount":300.', '"amount":-300.')))


def dead_source(bench: Bench) -> None:
    bench.recollect(lambda item: None if item.question.network == FIRST else item.reply)


def no_answer(bench: Bench) -> None:
    bench.recollect(answering(FIRST, "cells", lambda _: None))


def short_answer(bench: Bench) -> None:
    bench.recollect(answering(FIRST, "cells", lambda said: f'{said[:200]}"}}'))


def empty_answer(bench: Bench) -> None:
    bench.recollect(answering(FIRST, "cells", lambda _: '{"jsonrpc":"2.0","id":1,"result":"0x"}'))


def not_json(bench: Bench) -> None:
    bench.recollect(answering(FIRST, "cells", lambda _: "<html>rate limit</html>"))


def gas(bench: Bench) -> None:
    error = '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"out of gas"}}'
    bench.recollect(answering(FIRST, "cells", lambda _: error))


def no_chain(bench: Bench) -> None:
    bench.recollect(dropping(FIRST, "chain"))


def other_chain_id(bench: Bench) -> None:
    bench.recollect(answering(FIRST, "chain", lambda said: said.replace('"0x7a69"', '"0x1"'), some=True))


def no_pin(bench: Bench) -> None:
    bench.recollect(answering(FIRST, "pin", lambda _: None))


def later_header(bench: Bench) -> None:
    """The time of every header is moved an hour, so that their hashes do not fit any more."""
    bench.recollect(
        answering(FIRST, "pin", lambda said: said.replace('"timestamp":"0x5b33', '"timestamp":"0x5b32'), some=True)
    )


def pin_left(bench: Bench) -> None:
    other = '{"jsonrpc":"2.0","id":1,"result":null}'
    bench.recollect(answering(FIRST, "final", lambda _: other))


def pin_unchecked(bench: Bench) -> None:
    bench.recollect(dropping(FIRST, "final"))


def asked_again(bench: Bench) -> None:
    """The same question a second time: 500 ETH became more."""

    def more(item: Recorded) -> Reply | None:
        if (item.question.network, item.question.purpose) != (FIRST, "cells") or item.reply.body is None:
            return None
        body = item.reply.body.replace(f"{500 * 10**18:064x}".encode(), f"{900 * 10**18:064x}".encode())
        assert body != item.reply.body
        return replace(item.reply, body=body)

    bench.recollect(again=more)


GONE: Final = (*UNREAD_FIRST, "pin_time eip155:31337")


CASES: Final = (
    Case(
        id="two-answers-to-one-question",
        kind="lie",
        says="Asked twice, the node gave two answers, and the better one counts.",
        make=asked_again,
        code=1,
        outcome="incomplete",
        unknown=("asset_shortfall ETH", "unread_cell ETH"),
        figures={"ETH.deciding.held": "19500", "ETH.deciding.bound": "at-least"},
        words=("eth-hot: two answers differ",),
    ),
    Case(
        id="scan-without-an-answer",
        kind="lie",
        says="The node did not answer, so nothing is there to count.",
        make=no_scan,
        code=1,
        outcome="incomplete",
        unknown=UNREAD_BTC,
        words=("btc-hot: timed out",),
    ),
    Case(
        id="aborted-scan",
        kind="lie",
        says="A scan that was broken off has found what there is.",
        make=aborted_scan,
        code=1,
        outcome="incomplete",
        unknown=UNREAD_BTC,
        words=("the scan was aborted",),
    ),
    Case(
        id="scan-of-another-tip",
        kind="lie",
        says="A scan of another block is near enough.",
        make=scan_of_another_tip,
        code=1,
        outcome="incomplete",
        unknown=UNREAD_BTC,
        words=("the blocks between the pin and the scan's tip do not follow from each other",),
    ),
    Case(
        id="scan-that-failed",
        kind="lie",
        says="A node that is starting holds no coins.",
        make=scan_with_an_error,
        code=1,
        outcome="incomplete",
        unknown=UNREAD_BTC,
        words=("the node answered -28: Loading block index",),
    ),
    Case(
        id="scan-never-asked",
        kind="lie",
        says="Nobody asked, so nobody can be short.",
        make=scan_never_asked,
        code=1,
        outcome="incomplete",
        unknown=UNREAD_BTC,
        words=("no scan was asked for",),
    ),
    Case(
        id="later-blocks-not-undone",
        kind="lie",
        says="What came after the cut-off need not be taken off.",
        make=nothing_undone,
        code=1,
        outcome="incomplete",
        unknown=UNREAD_BTC,
        words=("blocks between the pin and the tip were not asked for",),
    ),
    Case(
        id="coin-of-a-stranger",
        kind="lie",
        says="The node lists a coin that nobody asked about.",
        make=foreign_coin,
        code=1,
        outcome="incomplete",
        unknown=UNREAD_BTC,
        words=("a script that was not asked for",),
    ),
    Case(
        id="coin-listed-twice",
        kind="lie",
        says="The node lists one coin twice.",
        make=coin_twice,
        code=1,
        outcome="incomplete",
        unknown=UNREAD_BTC,
        words=("a coin stands twice",),
    ),
    Case(
        id="coin-below-zero",
        kind="lie",
        says="The node lists a coin of minus 300 BTC.",
        make=negative_coin,
        code=1,
        outcome="incomplete",
        unknown=UNREAD_BTC,
        words=("garbled answer: amount",),
    ),
    Case(
        id="dead-source",
        kind="lie",
        says="A chain whose source was dead all night is left out.",
        make=dead_source,
        code=1,
        outcome="incomplete",
        unknown=GONE,
        words=("eth-hot: never asked",),
    ),
    Case(
        id="call-timed-out",
        kind="lie",
        says="A call that timed out counts zero.",
        make=no_answer,
        code=1,
        outcome="incomplete",
        unknown=UNREAD_GRID,
        words=("eth-hot: timed out",),
    ),
    Case(
        id="answer-cut-short",
        kind="lie",
        says="Half an answer is half the coins.",
        make=short_answer,
        code=1,
        outcome="incomplete",
        unknown=UNREAD_GRID,
        words=("does not have a status and a word for each cell asked",),
    ),
    Case(
        id="empty-answer",
        kind="lie",
        says="0x is zero.",
        make=empty_answer,
        code=1,
        outcome="incomplete",
        unknown=UNREAD_GRID,
        words=("does not have a status and a word for each cell asked",),
    ),
    Case(
        id="rate-limit-page",
        kind="lie",
        says="A page of words is an answer.",
        make=not_json,
        code=1,
        outcome="incomplete",
        unknown=UNREAD_GRID,
        words=("not a JSON-RPC answer to what was asked",),
    ),
    Case(
        id="out-of-gas",
        kind="lie",
        says="A call that ran out of gas found nothing.",
        make=gas,
        code=1,
        outcome="incomplete",
        unknown=UNREAD_GRID,
        words=("node error -32000: out of gas",),
    ),
    Case(
        id="chain-never-identified",
        kind="lie",
        says="Nobody asked the node which chain it is on.",
        make=no_chain,
        code=1,
        outcome="incomplete",
        unknown=GONE,
        words=("the chain id was not answered, expected 31337",),
    ),
    Case(
        id="recorded-chain-id-of-another",
        kind="lie",
        says="The recorded node said that it is on chain 1.",
        make=other_chain_id,
        code=1,
        outcome="incomplete",
        unknown=GONE,
        words=("wrong chain for eip155:31337: the chain id is 1, expected 31337",),
    ),
    Case(
        id="no-block-at-the-cutoff",
        kind="lie",
        says="No block was found, and the newest one was read.",
        make=no_pin,
        code=1,
        outcome="incomplete",
        unknown=GONE,
        words=("no source answered with a block at the cut-off",),
    ),
    Case(
        id="headers-with-other-times",
        kind="lie",
        says="The headers' times were moved to suit the cut-off.",
        make=later_header,
        code=1,
        outcome="incomplete",
        unknown=GONE,
        words=("a block's header does not have the hash that is stated for it",),
    ),
    Case(
        id="block-that-left-the-chain",
        kind="lie",
        says="The block was there when we read it; now it is not.",
        make=pin_left,
        code=1,
        outcome="incomplete",
        breaks=("pin_time eip155:31337",),
        unknown=UNREAD_FIRST,
        words=("the pin left the chain during the reading",),
    ),
    Case(
        id="block-not-looked-at-again",
        kind="lie",
        says="Nobody looked whether the block was still there.",
        make=pin_unchecked,
        code=1,
        outcome="incomplete",
        breaks=("pin_time eip155:31337",),
        unknown=UNREAD_FIRST,
        words=("the pin was not looked at again after the reading",),
    ),
)

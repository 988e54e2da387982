"""Two assessments to render: one covered, one in which much is wrong."""

from __future__ import annotations

from dataclasses import replace

from tests.assess.inputs_factory import (
    BITCOIN,
    BTC,
    CELLS,
    ETHEREUM,
    WALLETS,
    books,
    cash,
    cell,
    committed,
    engagement,
    inputs,
    letter,
    liabilities,
    observation,
    owed,
    pin,
    price,
    rebuilt,
    registry,
    tree,
    wallet,
)

from reservecheck.assess.positions import position
from reservecheck.model.assessment import Assessment
from reservecheck.model.committed import Rebuilt
from reservecheck.model.declared import InputFile
from reservecheck.model.engagement import Accept, Deciding
from reservecheck.model.words import Control, Owner
from reservecheck.rules.judge import judge

HOSTILE = "\x1b[2Jcold\n<script>alert(1)</script> | [x](http://evil.example) `rm`"


def covered() -> Assessment:
    setting = engagement(deciding=Deciding(control=Control.UNDEMONSTRATED))
    return judge(position(inputs(engagement=setting)))


def troubled() -> Assessment:
    """No rehearsal: a hole in ETH, an unread wallet with a hostile label, a late block, cash nobody confirms.

    Of the roots one was only stated, one is another, one came out again; an asset that is owed has no tree.
    """
    lines = (
        owed("BTC", 98 * 10**8),
        owed("ETH", 100 * 10**18, negative=10**18),
        owed("KDE", 12_345_678_901_234_567_890),
        owed("JPY", 1_000_000),
    )
    trees = (
        tree("BTC", 98 * 10**8),
        replace(tree("ETH", 100 * 10**18), rebuilt=Rebuilt(root="77" * 32, total=100 * 10**18)),
        rebuilt("JPY", 1_000_000),
    )
    declared = (
        *WALLETS,
        wallet(5, HOSTILE, BITCOIN, "0014cc"),
        wallet(6, "again", BITCOIN, "0014aa", owner=Owner.CUSTOMERS, duplicate_of=1),
    )
    register = books(
        liabilities=liabilities(lines, classes={}, commitment=committed(trees)),
        cash=(cash("bank-trust", 999_000),),
        letters=(letter("cash", "bank-trust", "JPY", 998_000),),
        prices=(price("BTC", "712565"), price("ETH", "23400.5")),
        encumbrances=None,
        files=(InputFile(name="commitment.json", bytes=9, sha256="c0" * 32),),
    )
    return judge(
        position(
            inputs(
                name="Kaede\x07 & Co",
                engagement=engagement(
                    rehearsal=False,
                    assets=("BTC", "ETH", "USDT", "JPY"),
                    accept=Accept(owner=True, cash_titles=True),
                ),
                wallets=declared,
                observation=observation(
                    (*CELLS, cell(5, HOSTILE, BTC, None)), pins=(pin(BITCOIN), pin(ETHEREUM, still_there=True))
                ),
                books=register,
                registry=registry(),
            )
        )
    )


def nothing_read() -> Assessment:
    """No engagement, no block, no cash register, nothing owed in coins that is known."""
    setting = engagement(given=False, assets=(), rehearsal=False, accept=Accept())
    seen = observation((cell(1, "btc-hot", BTC, None),), pins=())
    lines = (owed("BTC", 1), owed("JPY", 5))
    register = books(liabilities=liabilities(lines), cash=None, prices=None, custodians=None, letters=None)
    return judge(position(inputs(engagement=setting, observation=seen, books=register, wallets=WALLETS[:1])))


def nothing_owed() -> Assessment:
    register = books(liabilities=liabilities([]), cash=None, custodians=None, letters=None)
    setting = engagement(assets=("BTC",), rehearsal=False)
    return judge(position(inputs(engagement=setting, books=register, cells=CELLS[:2])))

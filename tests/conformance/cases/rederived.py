"""Bundles whose makers altered a record and derived everything else again: the records contradict themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case
from tests.conformance.cases.tampered import verify

from reservecheck.vault.canonical import canonical_json

COLD: Final = "bcrt1qjw5hrg4xtkmgtrlx7xct84yj6kze5d0k5cwwey9tcwf82uawxaxs79q9s9"
FAMOUS: Final = "bcrt1pws9uxdwvprpkpyz2hfddvv9hnd43r95nmzy2amj9xqv99vcuhxrqazg4rc"


def rederived(name: str, old: str, new: str) -> Callable[[Bench], None]:
    """One record altered, the rest derived from it."""

    def alter(data: bytes) -> bytes:
        text = data.decode()
        assert old in text, f"{old} is not in {name}"
        return text.replace(old, new, 1).encode()

    def make(bench: Bench) -> None:
        bench.seal()
        bench.rederive({name: alter})

    return make


def narrowed(label: str, instruments: str) -> Callable[[Bench], None]:
    """A line stays declared, and less of it, or nothing, is to be read."""

    def alter(data: bytes) -> bytes:
        rows = data.decode().splitlines(keepends=True)
        (at,) = (number for number, row in enumerate(rows) if f",{label}," in row)
        assert rows[at].count(",*,") == 1, f"{label} is narrowed already"
        rows[at] = rows[at].replace(",*,", f",{instruments},")
        return "".join(rows).encode()

    def make(bench: Bench) -> None:
        bench.seal()
        bench.rederive({"wallets.csv.gz": alter})

    return make


def two_sources(bench: Bench) -> None:
    """A second source, the entity's own, under the name of the practitioner's."""
    bench.seal()
    card = b'{"kind":"evm","name":"local-evm-31338","network":"eip155:31338","operator":"hanul",'
    card += b'"proofs":false,"run_by":"entity"}'
    bench.rederive({"sources.json": lambda data: data.replace(b"}]", b"}," + card + b"]")})


def no_packs(bench: Bench) -> None:
    bench.seal()
    bench.rederive({"engagement.json": lambda data: data.replace(b'"packs":["core/1"]', b'"packs":[]')})


def older_tool(bench: Bench) -> None:
    """The bundle says that an older version wrote it, which knew of no burn address."""
    bench.seal()
    registry = json.loads(bench.member("registry.json"))
    registry["burn"] = []
    older = re.compile(rb'"tool":"reservecheck [^"]*"')
    bench.rederive(
        {
            "registry.json": canonical_json(registry),
            "engagement.json": lambda data: older.sub(b'"tool":"reservecheck 0.0.1"', data),
        }
    )


CASES: Final = (
    Case(
        id="burn-addresses-unknown-to-an-older-version",
        kind="lie",
        says="An older version wrote this bundle, and knew of no burn address.",
        make=older_tool,
        ask=verify,
        code=1,
        steps={"shipped": "burn: the addresses nobody can spend from are not those shipped"},
    ),
    Case(
        id="cutoff-said-and-cutoff-used",
        kind="lie",
        says="The cut-off that is printed is not the one the blocks were taken for.",
        make=rederived(
            "engagement.json", '"cutoff":"2018-06-28T00:00:00+09:00"', '"cutoff":"2018-06-29T00:00:00+09:00"'
        ),
        ask=verify,
        code=1,
        steps={"records": "the cut-off is '2018-06-29T00:00:00+09:00' in words, and another instant in seconds"},
    ),
    Case(
        id="extract-said-and-extract-used",
        kind="lie",
        says="The extract is as of one instant in words and of another in seconds.",
        make=rederived(
            "liabilities.json", '"as_of":"2018-06-28T00:00:00+09:00"', '"as_of":"2018-07-28T00:00:00+09:00"'
        ),
        ask=verify,
        code=1,
        steps={"records": "the extract is '2018-07-28T00:00:00+09:00' in words, and another instant in seconds"},
    ),
    Case(
        id="address-shown-and-address-read",
        kind="lie",
        says="The address that is shown is a famous one; another was read.",
        make=rederived("wallets.csv.gz", COLD, FAMOUS),
        ask=verify,
        code=1,
        steps={"records": "the wallet 'btc-cold-2' shows another address than the one that was read"},
    ),
    Case(
        id="entity-shown-and-entity-judged",
        kind="lie",
        says="The engagement is about another entity than the bundle.",
        make=rederived("engagement.json", '"entity":"hanul"', '"entity":"kaede"'),
        ask=verify,
        code=1,
        steps={"records": "the entity is 'hanul', the engagement is about 'kaede'"},
    ),
    Case(
        id="a-line-of-which-nothing-is-to-be-read",
        kind="lie",
        says="The wallet is declared as before, of none of the instruments there are.",
        make=narrowed("btc-cold-2", ""),
        ask=verify,
        code=1,
        steps={"records": "narrows to no instrument, or to one twice"},
    ),
    Case(
        id="a-line-narrowed-to-another-network",
        kind="lie",
        says="The wallet is declared as before, of an instrument that its network has not.",
        make=narrowed("btc-cold-2", "eip155:31337/native"),
        ask=verify,
        code=1,
        steps={"records": "narrows to 'eip155:31337/native', which is none of its network's"},
    ),
    Case(
        id="a-holding-narrowed-away-after-it-was-read",
        kind="lie",
        says="The account is declared for the chain's own coin alone, as if nobody had asked for its tokens.",
        make=narrowed("eth-hot", "eip155:31337/native"),
        ask=verify,
        code=1,
        steps={"questions": "on eip155:31337, which the declaration does not name"},
    ),
    Case(
        id="two-sources-of-one-name",
        kind="lie",
        says="Two sources have one name, and nobody can say whose answers were read.",
        make=two_sources,
        ask=verify,
        code=1,
        steps={"records": "two sources are called 'local-evm-31338': whose answers were read is not known"},
    ),
    Case(
        id="bundle-under-no-rules",
        kind="lie",
        says="The engagement in the bundle names no rules, and everything was derived from that.",
        make=no_packs,
        ask=verify,
        code=1,
        steps={"records": "the engagement names no core rules, which always run"},
    ),
)

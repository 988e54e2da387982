"""Several sources of one network: who corroborates whom, and who is outvoted, never in silence."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tests.conformance.bench import Bench, Change, Other, answering
from tests.conformance.case import Case

from reservecheck.transport.record import Recorded, Reply

BITCOIN: Final = "bitcoin:regtest"
FIRST: Final = "eip155:31337"
SECOND: Final = "eip155:31338"
NETWORKS: Final = (BITCOIN, FIRST, SECOND)
BELOW: Final = ("asset_shortfall BTC", "asset_shortfall ETH", "asset_shortfall USDT")
GONE: Final = (
    "asset_shortfall ETH", "asset_shortfall USDT", "unread_cell ETH", "unread_cell USDT", "pin_time eip155:31337",
)  # fmt: skip


def corroborating(bench: Bench) -> None:
    bench.edit("engagement.toml", "[deciding]", '[deciding]\nevidence = "corroborated"')
    for network in NETWORKS:
        bench.edit("engagement.toml", f'"{network}" = {{ n = 1, k = 1 }}', f'"{network}" = {{ n = 2, k = 2 }}')


def two_operators(bench: Bench) -> None:
    corroborating(bench)
    bench.recollect(others=[Other(name=f"other-{number}", network=name) for number, name in enumerate(NETWORKS)])


def asking_two(bench: Bench, *others: Other) -> None:
    bench.edit("engagement.toml", "[deciding]", '[deciding]\nevidence = "corroborated"')
    bench.recollect(others=others)


def one_operator(bench: Bench) -> None:
    asking_two(
        bench, *(Other(name=f"x-{n}", network=name, operator="Rehearsal.") for n, name in enumerate(NETWORKS))
    )


def with_the_entity(bench: Bench) -> None:
    asking_two(
        bench,
        *(Other(name=f"x-{n}", network=name, operator="hanul", run_by="entity") for n, name in enumerate(NETWORKS)),
    )


def one_for_two(bench: Bench) -> None:
    bench.edit("engagement.toml", f'"{BITCOIN}" = {{ n = 1, k = 1 }}', f'"{BITCOIN}" = {{ n = 2, k = 2 }}')


def more_ether(item: Recorded) -> Reply:
    if item.reply.body is None:
        return item.reply
    return replace(
        item.reply, body=item.reply.body.replace(f"{500 * 10**18:064x}".encode(), f"{900 * 10**18:064x}".encode())
    )


def liar(bench: Bench) -> None:
    bench.recollect(others=[Other(name="liar", network=FIRST, says=more_ether)])


def of_three(bench: Bench) -> None:
    bench.edit("engagement.toml", f'"{FIRST}" = {{ n = 1, k = 1 }}', f'"{FIRST}" = {{ n = 3, k = 2 }}')


def liar_of_three(bench: Bench) -> None:
    of_three(bench)
    bench.recollect(others=[Other(name="liar", network=FIRST, says=more_ether), Other(name="third", network=FIRST)])


def two_liars(bench: Bench) -> None:
    of_three(bench)
    bench.recollect(others=[Other(name=name, network=FIRST, says=more_ether) for name in ("liar", "friend")])


def twin_liars(bench: Bench) -> None:
    bench.edit("engagement.toml", f'"{FIRST}" = {{ n = 1, k = 1 }}', f'"{FIRST}" = {{ n = 2, k = 2 }}')
    names = (("l1", "The Liar"), ("l2", "the-liar"))
    bench.recollect(others=[Other(name=name, network=FIRST, says=more_ether, operator=who) for name, who in names])


def said(network: str, purpose: str, old: str, new: str) -> Change:
    return answering(network, purpose, lambda text: text.replace(old, new), some=True)


def other_chain(bench: Bench) -> None:
    of_three(bench)
    says = said(FIRST, "chain", '"0x7a69"', '"0x1"')
    bench.recollect(others=[Other(name="elsewhere", network=FIRST, says=says), Other(name="third", network=FIRST)])


def timed_out(item: Recorded) -> Reply:
    return replace(item.reply, outcome="timed out", body=None)


def dissenter_dropped(bench: Bench) -> None:
    """Three were asked and one said something else; its card stays, for three are asked for, and its answers go."""
    of_three(bench)
    others = [Other(name="third", network=FIRST), Other(name="dissenter", network=FIRST, says=lambda _: None)]
    bench.recollect(others=others)
    bench.seal()


def friend(bench: Bench) -> None:
    asking_two(bench, *(Other(name=f"x-{n}", network=name, operator="HANUL") for n, name in enumerate(NETWORKS)))


def printed_name(bench: Bench) -> None:
    who = "Hanul Exchange"  # the wallets file adds "(fictional)"
    asking_two(bench, *(Other(name=f"x-{n}", network=name, operator=who) for n, name in enumerate(NETWORKS)))


def look_alike(bench: Bench) -> None:
    """The first operator's name, with one Cyrillic letter."""
    corroborating(bench)
    who = "R\u0435hearsal"
    bench.recollect(others=[Other(name=f"x-{n}", network=name, operator=who) for n, name in enumerate(NETWORKS)])
    bench.seal()


def entitys_last_look(bench: Bench) -> None:
    """The entity's node answers the last look with another block."""
    gone = answering(FIRST, "final", lambda _: '{"jsonrpc":"2.0","id":1,"result":null}')
    bench.recollect(others=[Other(name="entitys", network=FIRST, says=gone, operator="hanul", run_by="entity")])


def silent_second(bench: Bench) -> None:
    bench.recollect(others=[Other(name="silent", network=FIRST, says=timed_out)])


def behind_the_first(bench: Bench) -> None:
    """The entity's node, as a second source, says more than the practitioner's."""
    other = Other(name="entitys", network=FIRST, says=more_ether, operator="hanul", run_by="entity")
    bench.recollect(others=[other])


CASES: Final = (
    Case(
        id="two-operators-corroborate",
        kind="truth",
        says="Two operators who know nothing of each other answered the same for every holding.",
        make=two_operators,
        code=0,
        outcome="covered",
        figures={"BTC.by_evidence.corroborated": "1020", "BTC.by_evidence.observed": "0"},
    ),
    Case(
        id="one-operator-under-two-spellings",
        kind="lie",
        says="Two sources of one operator corroborate each other, for the second name has a full stop.",
        make=one_operator,
        code=1,
        outcome="incomplete",
        unknown=BELOW,
        figures={"BTC.by_evidence.corroborated": "0", "BTC.by_evidence.observed": "1020"},
    ),
    Case(
        id="corroborated-by-the-entity",
        kind="lie",
        says="Our own node says the same as the practitioner's, and that makes two.",
        make=with_the_entity,
        code=1,
        outcome="incomplete",
        unknown=BELOW,
        figures={"BTC.by_evidence.corroborated": "0", "BTC.by_evidence.observed": "1020"},
    ),
    Case(
        id="quorum-that-cannot-be-kept",
        kind="lie",
        says="The engagement asks for two of two sources, and one is read in silence.",
        make=one_for_two,
        code=2,
        words=("the engagement asks for 2 sources of distinct operators", "and 1 is named"),
    ),
    Case(
        id="two-sources-that-differ",
        kind="lie",
        says="Of two sources the one that saw more is right.",
        make=liar,
        code=1,
        outcome="incomplete",
        breaks=("sources_disagree eip155:31337",),
        unknown=("asset_shortfall ETH", "unread_cell ETH"),
        words=("liar says 900000000000000000000", "local-evm-31337 says 500000000000000000000"),
    ),
    Case(
        id="outvoted-and-said",
        kind="lie",
        says="Two of three say the same, so nobody needs to know what the third said.",
        make=liar_of_three,
        code=1,
        outcome="incomplete",
        breaks=("sources_disagree eip155:31337",),
        figures={"ETH.by_evidence.corroborated": "20359"},
        words=("liar says 900000000000000000000",),
    ),
    Case(
        id="two-liars-of-three",
        kind="lie",
        says="Two of three are mine, and two of three are believed.",
        make=two_liars,
        code=1,
        outcome="incomplete",
        breaks=("sources_disagree eip155:31337",),
        words=("local-evm-31337 says 500000000000000000000",),
    ),
    Case(
        id="two-names-of-one-liar",
        kind="lie",
        says="Two of three are one operator's, and outvote the third.",
        make=twin_liars,
        code=1,
        outcome="incomplete",
        breaks=("sources_disagree eip155:31337",),
        unknown=("asset_shortfall ETH", "unread_cell ETH"),
    ),
    Case(
        id="source-of-another-chain-among-three",
        kind="truth",
        says="A source that follows another chain is left out, and the two others are enough.",
        make=other_chain,
        code=0,
        outcome="covered",
        notes=("source_left_out elsewhere",),
    ),
    Case(
        id="second-source-that-was-silent",
        kind="truth",
        says="A second source said nothing: the first one's word is observed, and the silence is told.",
        make=silent_second,
        code=0,
        outcome="covered",
        notes=("source_left_out silent",),
        figures={"ETH.by_evidence.corroborated": "0"},
    ),
    Case(
        id="entity-under-its-own-name",
        kind="lie",
        says="A source that bears our name is a third party's.",
        make=friend,
        code=1,
        outcome="incomplete",
        unknown=BELOW,
        figures={"BTC.by_evidence.corroborated": "0"},
    ),
    Case(
        id="entity-under-its-printed-name",
        kind="lie",
        says="A source that bears the name on our letters is somebody else: the engagement calls us otherwise.",
        make=printed_name,
        code=1,
        outcome="incomplete",
        unknown=BELOW,
        figures={"BTC.by_evidence.corroborated": "0", "BTC.by_evidence.observed": "1020"},
    ),
    Case(
        id="operator-that-looks-like-another",
        kind="lie",
        says="Two operators agree; that their names look the same is chance.",
        make=look_alike,
        ask=lambda bench: bench.verify(),
        code=1,
        steps={"records": "operator is 'R\\u0435hearsal', which mixes letters of two alphabets in one word"},
    ),
    Case(
        id="answers-of-a-dissenter-dropped",
        kind="lie",
        says="Three sources were asked; that one of them has no answers in the bundle is a slip.",
        make=dissenter_dropped,
        ask=lambda bench: bench.verify(),
        code=1,
        steps={"records": "the log asks nothing of 'dissenter', and an honest run asks every source"},
    ),
    Case(
        id="entitys-node-that-saw-the-block-leave",
        kind="lie",
        says="Our node says that the block has left the chain, so that nothing read at it counts.",
        make=entitys_last_look,
        code=1,
        outcome="incomplete",
        breaks=("sources_disagree eip155:31337",),
        figures={"ETH.by_evidence.observed": "20359"},
    ),
    Case(
        id="second-source-behind-the-first",
        kind="lie",
        says="The practitioner's source is named, and the entity's own may answer in its place.",
        make=behind_the_first,
        code=1,
        outcome="incomplete",
        breaks=("sources_disagree eip155:31337",),
        figures={"ETH.by_evidence.observed": "20359", "ETH.by_evidence.claimed": "0"},
    ),
)

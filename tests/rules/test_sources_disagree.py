from __future__ import annotations

from tests.assess.inputs_factory import BITCOIN, BTC, ETHEREUM, inputs, observation
from tests.rules.asking import ask

from reservecheck.model.evidence import Disagreement, Said, SourceSeen
from reservecheck.rules.sources_disagree import RULE


def seen(network: str, name: str, left_out: str = "") -> SourceSeen:
    return SourceSeen(network=network, source=name, operator=name, run_by="third-party", left_out=left_out)


def differ(subject: str, instrument: str, *values: str, settled: bool = False) -> Disagreement:
    said = tuple(Said(source=name, value=value) for name, value in zip("abc", values, strict=False))
    return Disagreement(network=BITCOIN, subject=subject, instrument=instrument, said=said, settled=settled)


TWO = (seen(BITCOIN, "a"), seen(BITCOIN, "b"), seen(ETHEREUM, "c"))


def test_sources_disagree_holds_where_two_say_nothing_different() -> None:
    assert ask(RULE, inputs(observation=observation(sources=TWO))) == [
        ("holds", "critical", "bitcoin:regtest: 2 of 2 sources were used, and nothing they say differs")
    ]


def test_sources_disagree_breaks_and_names_who_says_what() -> None:
    found = (
        differ("the block at the cut-off", "", "7 aa", "8 bb"),
        differ("btc-hot", BTC, "1", "2", "2", settled=True),
    )
    words = (
        "bitcoin:regtest: its sources differ 2 times (the block at the cut-off: a says 7 aa, b says 8 bb, and "
        "nothing was taken; btc-hot bitcoin:regtest/native: a says 1, b says 2, c says 2)"
    )
    said = ask(RULE, inputs(observation=observation(sources=TWO, disagreements=found)))
    assert said == [("breaks", "critical", words)]


def test_sources_disagree_names_three_and_counts_all() -> None:
    found = tuple(differ(f"w{number}", BTC, "1", "2", settled=True) for number in range(5))
    ((_, _, message),) = ask(RULE, inputs(observation=observation(sources=TWO, disagreements=found)))
    assert message.startswith("bitcoin:regtest: its sources differ 5 times (w0 ")
    assert message.endswith("; and 2 more)")


def test_sources_disagree_has_nothing_to_compare_where_one_of_two_was_used() -> None:
    sources = (seen(BITCOIN, "a"), seen(BITCOIN, "b", "unreachable"))
    words = "bitcoin:regtest: 1 of 2 sources could be used, and there is nothing to compare"
    assert ask(RULE, inputs(observation=observation(sources=sources))) == [("not-applicable", "critical", words)]


def test_sources_disagree_has_nothing_to_look_at_with_one_source_a_network() -> None:
    assert ask(RULE, inputs(observation=observation(sources=(seen(BITCOIN, "a"), seen(ETHEREUM, "b"))))) == [
        ("not-applicable", "critical", "there is nothing to look at in what was received")
    ]

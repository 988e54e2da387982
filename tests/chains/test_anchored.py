from __future__ import annotations

from dataclasses import replace

from tests.assess.inputs_factory import ETH, ETHEREUM, TOKEN, registry, wallet
from tests.assess.inputs_factory import pin as factory_pin
from tests.pipeline.test_observe import HOT, job, source

from reservecheck.chains.anchored import NOT_ASKED, NOT_OWN, admissible, anchored, checkpoints, with_bare
from reservecheck.chains.panel import Panel, panel
from reservecheck.chains.quorum import JointReading, together
from reservecheck.chains.reader import NetworkReading, Reading
from reservecheck.model.anchor import Anchor
from reservecheck.model.evidence import Pin
from reservecheck.model.registry import Checkpoint, Registry
from reservecheck.model.words import UTXO_SET, Evidence
from reservecheck.observe import Job, _cells, declared_pairs

HASH = "ab" * 32


def pin(*agreed: str) -> Pin:
    return replace(factory_pin(ETHEREUM), hash=f"0x{HASH}", height=145, agreed=agreed)


def anchor(hash_: str = HASH, height: int = 145, source_: str = "an explorer") -> Anchor:
    return Anchor(
        network=ETHEREUM,
        height=height,
        hash=hash_,
        source=source_,
        taken_by="A. Sato",
        taken_at="2018-09-15T00:00:00Z",
    )


def sources(**run_by: str) -> Job:
    return job(
        wallet(1, "a", ETHEREUM, HOT), sources=tuple(source(ETHEREUM, who, name) for name, who in run_by.items())
    )


def known(of: Pin, given: Job) -> Pin:
    return anchored(of, given.panel(ETHEREUM), given.anchors)


def test_the_practitioners_own_source_at_the_block_anchors_it() -> None:
    given = sources(own="practitioner", rented="third-party")
    assert known(pin("own", "rented"), given).anchors == ("own, the practitioner's own source",)
    assert known(pin("rented"), given).anchors == ()


def test_a_source_of_the_entity_under_the_practitioners_flag_anchors_nothing() -> None:
    given = sources(own="practitioner")
    own = replace(given, sources=(replace(given.sources[0], operator=given.engagement.entity),))
    assert known(pin("own"), own).anchors == ()


def test_a_hash_that_was_looked_up_anchors_the_block_of_its_height() -> None:
    given = sources(rented="third-party")
    assert known(pin("rented"), replace(given, anchors=(anchor(),))).anchors == (
        "an explorer, looked up by A. Sato",
    )
    assert known(pin("rented"), replace(given, anchors=(anchor(height=144),))).anchors == ()


def test_one_hash_that_speaks_against_it_takes_all_anchors_away() -> None:
    given = replace(sources(own="practitioner"), anchors=(anchor(), anchor("cd" * 32, source_="another")))
    found = known(pin("own"), given)
    assert (found.anchors, found.against) == ((), (f"another, looked up by A. Sato, says {'cd' * 32}",))


NEXT = "cd" * 32


def of_evm(*agreed: str) -> Pin:
    """A pin that rests on the block after it."""
    return replace(pin(*agreed), state_root="0x" + "11" * 32, next_hash=f"0x{NEXT}")


def test_a_hash_that_was_looked_up_says_nothing_of_when_the_next_block_was_made() -> None:
    given = sources(rented="third-party")
    one, after = anchor(), anchor(NEXT, 146)
    assert known(of_evm("rented"), replace(given, anchors=(one,))).anchors == ()
    assert known(of_evm("rented"), replace(given, anchors=(after,))).anchors == ()
    assert known(of_evm("rented"), replace(given, anchors=(one, after))).anchors == (
        "an explorer, looked up by A. Sato",
    )
    assert known(replace(of_evm("rented"), next_hash=""), replace(given, anchors=(one, after))).anchors == ()


def test_another_next_block_takes_all_anchors_away() -> None:
    given = replace(sources(own="practitioner"), anchors=(anchor(), anchor("ee" * 32, 146, "another")))
    found = known(of_evm("own"), given)
    said = f"another, looked up by A. Sato, says of the next block {'ee' * 32}"
    assert (found.anchors, found.against) == ((), (said,))


def test_the_practitioners_own_source_needs_no_next_block() -> None:
    assert known(of_evm("own"), sources(own="practitioner")).anchors == ("own, the practitioner's own source",)


def test_sources_that_differ_in_the_next_block_leave_it_open() -> None:
    given = sources(own="practitioner", rented="third-party")
    one, other = read("", "own"), read("", "rented")
    pins = (of_evm("own"), replace(of_evm("rented"), next_hash=f"0x{'ee' * 32}"))
    joint = together(
        {"own": replace(one, pin=pins[0]), "rented": replace(other, pin=pins[1])}, given.panel(ETHEREUM)
    )
    assert joint.pin is not None
    assert joint.pin.next_hash == ""


def read(proof: str = "state proof", *agreed: str) -> NetworkReading:
    readings = {(HOT, name): Reading(5, "", (1,), proof) for name in (ETH, TOKEN)}
    return NetworkReading(pin=pin(*agreed or ("own",)), readings=readings)


def evidence(given: Job, *, looked: bool = True, **rows: int | None) -> list[Evidence]:
    joint: JointReading = together({"own": read()}, given.panel(ETHEREUM))
    assert joint.pin is not None
    given = replace(given, registry=decimals(**rows)) if rows else given
    shown = replace(joint, pin=known(joint.pin, given) if looked else joint.pin)
    return [
        cell.evidence
        for cell in _cells(given, list(declared_pairs(given)), {ETHEREUM: shown}, {ETHEREUM: "x@cutoff"})
    ]


def decimals(**rows: int | None) -> Registry:
    shipped = registry()
    token = replace(shipped.instruments[TOKEN], decimals=rows["token"])
    return replace(shipped, instruments={**shipped.instruments, TOKEN: token})


def test_a_proof_to_a_block_nobody_knows_is_what_one_source_says() -> None:
    assert evidence(sources(own="third-party")) == [Evidence.OBSERVED, Evidence.OBSERVED]
    assert evidence(sources(own="practitioner"), looked=False) == [Evidence.OBSERVED, Evidence.OBSERVED]


def test_a_proof_to_an_anchored_block_is_proven() -> None:
    assert evidence(sources(own="practitioner")) == [Evidence.PROVEN, Evidence.PROVEN]


def test_a_token_whose_decimals_only_the_token_says_is_not_proven() -> None:
    assert evidence(sources(own="practitioner"), token=None) == [Evidence.OBSERVED, Evidence.PROVEN]


def own_panel(run_by: str, operator: str = "somebody") -> Panel:
    return panel([replace(source(ETHEREUM, run_by, "own"), operator=operator)], None, "kaede")


def test_a_coin_sets_hash_is_proof_only_from_the_practitioners_own_source() -> None:
    sets = read(UTXO_SET)
    assert admissible(sets, own_panel("practitioner"), "own") is sets
    for other in (own_panel("third-party"), own_panel("entity"), own_panel("practitioner", "Kaede")):
        found = admissible(sets, other, "own")
        assert {reading.proof for reading in found.readings.values()} == {""}
        assert found.unproven == (2, NOT_OWN)
    assert admissible(sets, own_panel("practitioner"), "nobody").unproven == (2, NOT_OWN)


def test_a_state_proof_is_proof_whoever_hands_it_over() -> None:
    states = read()
    assert admissible(states, own_panel("entity"), "own") is states


def test_a_hash_looked_up_before_its_block_was_made_speaks_against_it() -> None:
    early = replace(anchor(), taken_at="1999-01-01T00:00:00Z")
    found = known(pin("own"), replace(sources(own="practitioner"), anchors=(early,)))
    assert (found.anchors, found.against) == ((), ("an explorer, looked up by A. Sato, before the block was made",))


def test_a_shipped_checkpoint_is_an_anchor_and_is_told_from_a_row_that_calls_itself_one() -> None:
    row = Checkpoint(height=145, hash=f"0x{HASH}", bits="", dated="2018-09-14")
    network = replace(registry().networks[ETHEREUM], checkpoints=(row,))
    rented = sources(rented="third-party").panel(ETHEREUM)
    shipped = anchored(pin("rented"), rented, checkpoints(network))
    assert shipped.anchors == ("a checkpoint of 2018-09-14 shipped with this tool",)
    posing = anchor(source_="a checkpoint of 2018-09-14 shipped with this tool")
    assert anchored(pin("rented"), rented, (posing,)).anchors == (f"{posing.source}, looked up by A. Sato",)


def test_what_a_source_is_to_prove_and_was_not_asked_to_is_counted_as_unproven() -> None:
    card = replace(source(ETHEREUM, "third-party", "own"), proofs=True)
    bare = read("")
    assert with_bare(bare, card).unproven == (2, NOT_ASKED)
    some = replace(bare, unproven=(1, "the node refuses"))
    assert with_bare(some, card).unproven == (2, "the node refuses")
    assert with_bare(replace(bare, unproven=(3, "x")), card).unproven == (3, "x")
    assert with_bare(read(), card).unproven == (0, "")
    assert with_bare(bare, replace(card, proofs=False)).unproven == (0, "")

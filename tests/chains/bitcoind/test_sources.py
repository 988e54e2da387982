from __future__ import annotations

from reservecheck.chains.bitcoind.sources import agreed
from reservecheck.chains.reader import NetworkReading, Reading
from reservecheck.model.evidence import Pin

KEY = ("51", "bitcoin:regtest/native")


def said(source: str, units: int | None, *, block: str = "aa" * 32, still_there: bool = True) -> NetworkReading:
    pin = Pin(
        id="bitcoin:regtest@cutoff", network="bitcoin:regtest", role="cutoff", height=7, hash=block, time=1, mtp=1,
        state_root=None, final=True, still_there=still_there, agreed=(source,), asked=(source,),
        exchanges=(len(source),),
    )  # fmt: skip
    return NetworkReading(pin=pin, readings={KEY: Reading(units, "" if units is not None else "timed out", (1,))})


def dead() -> NetworkReading:
    return NetworkReading(pin=None, readings={KEY: Reading(None, "unreachable", ())})


def test_one_source_speaks_for_itself() -> None:
    alone = said("a", 5)
    assert agreed({"a": alone}) is alone


def test_sources_that_agree_give_one_reading_with_all_exchanges() -> None:
    both = agreed({"a": said("a", 5), "bb": said("bb", 5)})
    assert both.readings[KEY] == Reading(5, "", (1, 1))
    assert both.pin is not None
    assert (both.pin.agreed, both.pin.asked, both.pin.exchanges) == (("a", "bb"), ("a", "bb"), (1, 2))


def test_sources_that_differ_leave_the_cell_unread_and_are_named() -> None:
    apart = agreed({"a": said("a", 5), "b": said("b", 6)})
    assert apart.readings[KEY] == Reading(None, "the sources disagree: a 5, b 6", (1, 1))


def test_a_source_that_read_nothing_neither_confirms_nor_contradicts() -> None:
    one = agreed({"a": said("a", None), "b": said("b", 6), "c": dead()})
    assert one.readings[KEY] == Reading(6, "", (1,))
    assert one.pin is not None
    assert (one.pin.agreed, one.pin.asked) == (("a", "b"), ("a", "b", "c"))


def test_two_blocks_at_the_cut_off_leave_everything_unread() -> None:
    apart = agreed({"a": said("a", 5), "b": said("b", 5, block="bb" * 32)})
    assert apart.pin is None
    assert apart.readings[KEY].reason == (
        "the sources disagree about the block at the cut-off: a 7 aaaaaaaaaaaa…, b 7 bbbbbbbbbbbb…"
    )


def test_all_sources_dead_leave_the_first_reason() -> None:
    assert agreed({"a": dead(), "b": dead()}).readings[KEY].reason == "unreachable"
    assert agreed({"a": said("a", None), "b": said("b", None)}).readings[KEY].reason == "timed out"


def test_a_pin_that_one_source_lost_is_not_still_there() -> None:
    pin = agreed({"a": said("a", 5), "b": said("b", 5, still_there=False)}).pin
    assert pin is not None
    assert not pin.still_there

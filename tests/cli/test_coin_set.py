"""UTXO sets at the pin through the whole command, on real nodes: written, read, compared, and their traps."""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from tests.chains.bitcoind.written_dumps import header, packed, stored, varint
from tests.cli.command_line import Ask, Said
from tests.cli.small_world import (
    BITCOIN,
    BTC_HOT,
    CUTOFF,
    NOBODY,
    PIN,
    Desk,
    World,
    mine_bitcoin,
    new_desk,
    source_of,
)
from tests.nodes.fault_proxy import (
    Answer,
    Fault,
    FaultProxy,
    Handler,
    altered,
    error_body,
    fault_proxy,
    hang,
    method,
    reset,
)
from tests.nodes.running import Node, bitcoind_node

SOURCE: Final = source_of(BITCOIN)
HIDDEN: Final = "whereabouts"
"""Part of every path; it must be found in no file and no message."""


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """A node of this test's own, which it may disturb."""
    with bitcoind_node(tmp_path, f"-mocktime={CUTOFF - 9000}") as own:
        mine_bitcoin(own)
        yield own


@pytest.fixture
def proxy(node: Node) -> Iterator[FaultProxy]:
    with fault_proxy(node) as before:
        yield before


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Where the dump is, or will be."""
    folder = tmp_path / HIDDEN
    folder.mkdir()
    return folder / "set.dat"


def named(desk: Desk, path: Path, *more: str) -> Desk:
    """The desk's Bitcoin source with a dump."""
    lines = "\n".join((f'network = "{BITCOIN}"', "proofs = true", f'utxo_set = "{path}"', *more))
    desk.write_providers()
    desk.change("providers.toml", f'network = "{BITCOIN}"', lines)
    return desk


def at(desk: Desk, node: Node, proxy: FaultProxy | None = None) -> Desk:
    """The desk with this test's own node, through its proxy."""
    other = new_desk(desk.folder, World({**desk.world.nodes, BITCOIN: node}))
    if proxy is not None:
        other.urls[BITCOIN] = proxy.url
    return other


def run(desk: Desk, ask: Ask) -> tuple[Said, dict[str, Any]]:
    """The whole command; what it leaves re-derives, and nowhere is the path."""
    bundle = desk.folder / "bundle"
    said = ask(*desk.run("--format", "json", "--bundle", str(bundle)))
    assert HIDDEN not in (said.out + said.err).replace(str(desk.folder), "")
    assert ask("verify", str(bundle)).code == 0
    for file in bundle.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            data = gzip.decompress(data) if file.suffix == ".gz" else data
            assert HIDDEN.encode() not in data
            assert b"set.dat" not in data
    return said, json.loads(said.out)


def cells(desk: Desk) -> dict[str, dict[str, str]]:
    """Bitcoin's cells of the bundle by label."""
    text = gzip.decompress((desk.folder / "bundle" / "cells.csv.gz").read_bytes()).decode()
    return {row["label"]: row for row in csv.DictReader(text.splitlines()) if row["pin"].startswith(BITCOIN)}


def worth(desk: Desk) -> list[tuple[str, str, str]]:
    return [(row["units"], row["evidence"], row["proof"]) for row in cells(desk).values()]


PROVEN: Final = [("10000000000", "proven", "UTXO set"), ("5000000000", "proven", "UTXO set")]
OBSERVED: Final = [("10000000000", "observed", ""), ("5000000000", "observed", "")]


def unproven(desk: Desk) -> tuple[int, str]:
    """How many holdings the bundle says were not proven, and why the first."""
    sources = json.loads((desk.folder / "bundle" / "pins.json").read_bytes())["sources"]
    (seen,) = (one for one in sources if one["source"] == SOURCE)
    return seen["unproven"], seen["why_unproven"]


def dumped(node: Node, path: Path, height: int = PIN) -> str:
    """A dump made by hand; its hash."""
    return str(node("dumptxoutset", str(path), "rollback", {"rollback": height})["txoutset_hash"])


def test_the_tool_has_the_set_written_reads_it_and_everything_is_proven(
    desk: Desk, ask: Ask, node: Node, proxy: FaultProxy, dump: Path
) -> None:
    desk.change("snapshot/engagement.toml", "[deciding]\n", '[deciding]\nevidence = "observed"\n')
    said, result = run(named(at(desk, node, proxy), dump), ask)
    assert (said.code, worth(desk)) == (0, PROVEN)
    assert unproven(desk) == (0, "")
    assert "not proven" not in said.err
    assert dump.stat().st_size > 1000
    assert node("getblockcount") == PIN + 14
    (asked,) = (one for one in proxy.asked if "dumptxoutset" in one.methods)
    call = json.loads(asked.body)
    assert call["params"] == [str(dump), "rollback", {"rollback": node("getblockhash", PIN)}]
    (bitcoin,) = (one for one in result["assets"] if one["asset"] == "BTC")
    assert bitcoin["by_evidence"]["proven"] == bitcoin["broad"]["held"]


def test_the_node_may_see_the_file_at_another_path(desk: Desk, ask: Ask, node: Node, dump: Path) -> None:
    there = dump.with_name("there")
    there.symlink_to(dump.parent)
    named(at(desk, node), dump, f'utxo_set_on_node = "{there / dump.name}"')
    said, _ = run(desk, ask)
    assert (said.code, worth(desk)) == (0, PROVEN)


def test_a_set_that_was_made_before_is_proven_by_the_hash_the_practitioner_states(
    desk: Desk, ask: Ask, node: Node, proxy: FaultProxy, dump: Path
) -> None:
    stated = dumped(node, dump)
    named(at(desk, node, proxy), dump, f'utxo_set_hash = "{stated}"')
    said, _ = run(desk, ask)
    assert (said.code, worth(desk)) == (0, PROVEN)
    assert not [one for one in proxy.asked if "dumptxoutset" in one.methods]


def test_a_set_whose_hash_nobody_states_proves_nothing(desk: Desk, ask: Ask, node: Node, dump: Path) -> None:
    dumped(node, dump)
    said, _ = run(named(at(desk, node), dump), ask)
    assert (said.code, worth(desk)) == (1, OBSERVED)
    why = "nobody states the hash of the UTXO set: write utxo_set_hash as dumptxoutset printed it"
    assert unproven(desk) == (2, why)
    assert f"source {SOURCE} ({BITCOIN}): 2 holdings not proven: {why}\n" in said.err


def test_a_set_with_another_hash_than_stated_proves_nothing(desk: Desk, ask: Ask, node: Node, dump: Path) -> None:
    own = dumped(node, dump)
    named(at(desk, node), dump, f'utxo_set_hash = "{"ab" * 32}"')
    run(desk, ask)
    assert worth(desk) == OBSERVED
    assert unproven(desk) == (2, f"the UTXO set's hash is {own}, the practitioner states {'ab' * 32}")


def test_a_node_may_write_straight_into_a_named_pipe(desk: Desk, ask: Ask, node: Node, dump: Path) -> None:
    os.mkfifo(dump)
    said, _ = run(named(at(desk, node), dump), ask)
    assert (said.code, worth(desk)) == (0, PROVEN)


def test_somebody_else_may_write_into_the_named_pipe(
    desk: Desk, ask: Ask, node: Node, proxy: FaultProxy, dump: Path
) -> None:
    stated = dumped(node, dump)
    pipe = dump.with_name("pipe")
    os.mkfifo(pipe)
    named(at(desk, node, proxy), pipe, f'utxo_set_hash = "{stated}"')
    writer = subprocess.Popen(["/bin/sh", "-c", f"cat '{dump}' > '{pipe}'"])
    said, _ = run(desk, ask)
    assert (said.code, worth(desk), writer.wait(10)) == (0, PROVEN, 0)
    assert not [one for one in proxy.asked if "dumptxoutset" in one.methods]


def test_a_node_that_lies_about_its_coins_is_found_out_by_its_own_set(
    desk: Desk, ask: Ask, node: Node, proxy: FaultProxy, dump: Path
) -> None:
    def lie(body: bytes) -> bytes:
        body = body.replace(b'"amount":50.00000000', b'"amount":50.00000001', 1)
        return body.replace(b'"total_amount":150.00000000', b'"total_amount":150.00000001')

    proxy.when(method("scantxoutset"), altered(lie))
    said, _ = run(named(at(desk, node, proxy), dump), ask)
    assert said.code == 1
    rows = cells(desk)
    (lied,) = (row for row in rows.values() if row["status"] == "unread")
    assert lied["reason"] in {
        "the UTXO set shows 10000000000, the node answered 10000000001",
        "the UTXO set shows 5000000000, the node answered 5000000001",
    }
    assert [row["proof"] for row in rows.values() if row["status"] == "read"] == ["UTXO set"]
    assert unproven(desk) == (1, lied["reason"])
    assert f"source {SOURCE} ({BITCOIN}): 1 holding not proven: {lied['reason']}\n" in said.err


def test_where_a_node_cannot_scan_the_set_alone_is_read(
    desk: Desk, ask: Ask, node: Node, proxy: FaultProxy, dump: Path
) -> None:
    proxy.when(method("scantxoutset"), error_body(-1, "no scans here"))
    said, _ = run(named(at(desk, node, proxy), dump), ask)
    assert (said.code, worth(desk)) == (0, PROVEN)


def by_hand(node: Node, path: Path, sats: int) -> None:
    """A dump of the pin anybody could write: one coin, on the first wallet, of the exchange's own making."""
    script = bytes.fromhex(node("validateaddress", BTC_HOT)["scriptPubKey"])
    coin = bytes.fromhex("11" * 32) + b"\x01\x00" + varint(10) + varint(packed(sats)) + stored(script)
    start = header(1)
    path.write_bytes(start[:11] + bytes.fromhex(node("getblockhash", PIN))[::-1] + start[43:] + coin)


NOBODY_STATES: Final = "nobody states the hash of the UTXO set: write utxo_set_hash as dumptxoutset printed it"


def test_invented_coins_alone_are_not_read(desk: Desk, ask: Ask, node: Node, proxy: FaultProxy, dump: Path) -> None:
    by_hand(node, dump, 60_040 * 10**8)
    proxy.when(method("scantxoutset"), error_body(-1, "no scans here"))
    run(named(at(desk, node, proxy), dump), ask)
    assert {(row["status"], row["units"], row["proof"]) for row in cells(desk).values()} == {("unread", "", "")}
    words = {"the UTXO set's hash is not stated by anybody, so it shows nothing"}
    assert {row["reason"] for row in cells(desk).values()} == words
    assert unproven(desk) == (2, NOBODY_STATES)


def test_invented_coins_do_not_take_an_honest_answer_away(desk: Desk, ask: Ask, node: Node, dump: Path) -> None:
    by_hand(node, dump, 12_345)
    run(named(at(desk, node), dump), ask)
    assert worth(desk) == OBSERVED
    count, why = unproven(desk)
    assert (count, why.startswith(f"{NOBODY_STATES}; and it shows ")) == (2, True)


def test_more_coins_than_there_can_be_end_no_run(desk: Desk, ask: Ask, node: Node, dump: Path) -> None:
    by_hand(node, dump, 10**16)
    run(named(at(desk, node), dump), ask)
    assert worth(desk) == OBSERVED
    total = "UTXO-set dump of 10,000,000,000,000,000 units: there are never more than 2,100,000,000,000,000"
    assert unproven(desk) == (2, total)


def test_a_stale_block_is_never_asked_for(desk: Desk, ask: Ask, node: Node, proxy: FaultProxy, dump: Path) -> None:
    seen: list[str] = []

    def reorganise(handler: Handler, answer: Callable[[], Answer]) -> None:
        seen.append("tips")
        if len(seen) == 2:
            node("invalidateblock", node("getblockhash", PIN))
            node("generatetoaddress", 20, NOBODY)
        handler.send(200, answer().body)

    proxy.when(method("getchaintips"), reorganise)
    said, _ = run(named(at(desk, node, proxy), dump), ask)
    assert (said.code, worth(desk)) == (1, OBSERVED)
    assert unproven(desk) == (2, "not rolled back: the block is not on the node's chain")
    assert not [one for one in proxy.asked if "dumptxoutset" in one.methods]
    assert not dump.exists()


def test_a_node_that_is_left_rolled_back_is_told_loudly_with_the_cure(
    desk: Desk, ask: Ask, node: Node, proxy: FaultProxy, dump: Path
) -> None:
    tip = node("getbestblockhash")

    def leave(handler: Handler, answer: Callable[[], Answer]) -> None:
        given = answer()
        node("invalidateblock", node("getblockhash", PIN + 1))
        handler.send(given.status, given.body)

    proxy.when(method("dumptxoutset"), leave)
    said, _ = run(named(at(desk, node, proxy), dump), ask)
    why = (
        f"the dump left the node at block {PIN}, before it stood at {PIN + 14}; once no dump is running, cure it "
        f"on the node: bitcoin-cli reconsiderblock {tip}"
    )
    assert unproven(desk) == (2, why)
    assert f"2 holdings not proven: {why}\n" in said.err
    assert worth(desk) == OBSERVED
    node("reconsiderblock", tip)
    assert node("getblockcount") == PIN + 14


def test_the_set_of_another_block_proves_nothing(desk: Desk, ask: Ask, node: Node, dump: Path) -> None:
    stated = dumped(node, dump, PIN - 1)
    named(at(desk, node), dump, f'utxo_set_hash = "{stated}"')
    run(desk, ask)
    base, pin = node("getblockhash", PIN - 1), node("getblockhash", PIN)
    assert worth(desk) == OBSERVED
    assert unproven(desk) == (2, f"the UTXO set is that of block {base}, not of block {PIN} {pin}")


def changed(data: bytes, how: str) -> bytes:
    match how:
        case "truncated":
            return data[:-10]
        case "foreign":
            return data[:7] + bytes.fromhex("f9beb4d9") + data[11:]
        case "version 1":
            return data[:5] + b"\x01\x00" + data[7:]
        case _:
            return b"not a dump at all" * 10


@pytest.mark.parametrize(
    "case",
    [
        ("truncated", "UTXO-set dump that is cut short: "),
        ("foreign", "UTXO-set dump of another network: its message start is f9beb4d9, not fabfb5da"),
        ("version 1", "UTXO-set dump of version 1: version 2 is read"),
        ("nothing", "no UTXO-set dump: it does not start with 7574786fff"),
    ],
)
def test_a_file_that_is_no_dump_of_the_network_proves_nothing(
    desk: Desk, ask: Ask, world: World, dump: Path, case: tuple[str, str]
) -> None:
    how, why = case
    dumped(world.nodes[BITCOIN], dump)
    dump.write_bytes(changed(dump.read_bytes(), how))
    run(named(desk, dump), ask)
    assert worth(desk) == OBSERVED
    count, said = unproven(desk)
    assert count == 2
    assert said.startswith(why)


@pytest.mark.parametrize(
    "case",
    [
        (hang, "the node did not dump its UTXO set: timed out"),
        (reset, "the node did not dump its UTXO set: reset"),
        (error_body(-1, "Unable to read UTXO set"), "the node did not dump its UTXO set: Unable to read UTXO set"),
        (
            error_body(-8, f"Couldn't open file /{HIDDEN}/set.dat.incomplete for writing."),
            "the node did not dump its UTXO set: the node could not open its file for writing",
        ),
    ],
)
def test_a_dump_that_fails_is_asked_for_once_and_told(
    desk: Desk, ask: Ask, proxy: FaultProxy, dump: Path, case: tuple[Fault, str]
) -> None:
    fault, why = case
    proxy.when(method("dumptxoutset"), fault)
    other = at(desk, proxy.node, proxy)
    object.__setattr__(other, "timeout_s", 2)
    run(named(other, dump), ask)
    assert unproven(desk) == (2, why)
    assert worth(desk) == OBSERVED
    assert len([one for one in proxy.asked if "dumptxoutset" in one.methods]) == 1

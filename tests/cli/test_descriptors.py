"""A declaration by descriptors, from the wallets file to the bundle, on a real node that holds the coins."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.command_line import Ask
from tests.cli.descriptor_world import COINBASE, FURTHER, Chain, Sora, descriptor_chain, table

EXTENDED = re.compile(rb"[tx]pub[1-9A-HJ-NP-Za-km-z]{20,}")


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    with descriptor_chain(tmp_path_factory.mktemp("descriptors")) as made:
        yield made


@pytest.fixture
def sora(tmp_path: Path, chain: Chain) -> Sora:
    return Sora(tmp_path, chain)


def tables(chain: Chain, further: str = "range = [0, 9]\ngap = 4", more: str = "") -> str:
    """All of them; `further` has a coin at index 14."""
    ranged = [
        table(label, text, (further if label == "further" else "range = [0, 9]\ngap = 5") + more)
        for label, text in chain.ranged.items()
    ]
    return "".join([*ranged, *(table(label, text, more.strip()) for label, text in chain.fixed.items())])


def answer(said: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said)
    return found


def bitcoin(found: dict[str, Any]) -> dict[str, Any]:
    return next(row for row in found["assets"] if row["asset"] == "BTC")


def findings(found: dict[str, Any]) -> list[str]:
    return [row["message"] for row in found["findings"] if row["rule"] == "coin_beyond_the_range"]


def everything_written(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            yield path, gzip.decompress(data) if path.suffix == ".gz" else data


def rows(bundle: Path, name: str) -> list[dict[str, str]]:
    with gzip.open(bundle / name, "rt", newline="") as lines:
        return list(csv.DictReader(lines))


def test_each_descriptor_holds_what_the_node_itself_finds_under_it(sora: Sora, ask: Ask) -> None:
    chain = sora.chain
    in_range = sum(chain.blocks.values()) - 1
    sora.lay_out(in_range * COINBASE, tables(chain))
    bundle = sora.folder / "bundle"
    said = ask(*sora.run("--bundle", str(bundle), "--format", "json"))
    found = answer(said.out)
    assert (said.code, found["outcome"]) == (0, "covered")
    assert bitcoin(found)["deciding"]["held"] == str(in_range * COINBASE)
    looked_at = len(chain.ranged) * 5 + 5 - 1  # the multipath has two branches, and `further` a gap of 4
    assert findings(found) == [
        f"{looked_at} holdings beyond the declared ranges were looked at, and nothing stands there"
    ]
    by_descriptor: dict[str, int] = {}
    for row in rows(bundle, "cells.csv.gz"):
        label = row["label"].partition("/")[0]
        by_descriptor[label] = by_descriptor.get(label, 0) + int(row["units"])
    for label, text in (chain.ranged | chain.fixed).items():
        wanted = {"desc": text, "range": 9} if label in chain.ranged else text
        total = chain.node("scantxoutset", "start", [wanted])["total_amount"]
        assert by_descriptor[label] == int(total.replace(".", "")), label
    assert ask("verify", str(bundle), "--wallets", str(sora.wallets)).code == 0


def test_a_coin_beyond_the_range_and_within_the_gap_is_a_finding_and_does_not_count(sora: Sora, ask: Ask) -> None:
    chain = sora.chain
    in_range = sum(chain.blocks.values()) - 1
    sora.lay_out(in_range * COINBASE, tables(chain, "range = [0, 9]\ngap = 5"))
    bundle = sora.folder / "bundle"
    said = ask(*sora.run("--bundle", str(bundle), "--format", "json"))
    found = answer(said.out)
    assert (said.code, found["outcome"]) == (1, "incomplete")
    stands = f"further: 50 BTC stand beyond its declared range, on 1 of its scripts (further/{FURTHER});"
    assert findings(found) == [f"{stands} the declaration is not complete, and they do not decide"]
    deciding = bitcoin(found)["deciding"]
    assert (deciding["held"], deciding["ratio"], deciding["bound"]) == (str(in_range * COINBASE), "100.00", "exact")
    assert bitcoin(found)["excluded"] == [{"reason": "beyond the declared range", "amount": "50"}]
    beyond = [row for row in rows(bundle, "wallets.csv.gz") if row["kind"] == "beyond-range"]
    assert f"further/{FURTHER}" in {row["label"] for row in beyond}
    assert ask("verify", str(bundle)).code == 0
    traced = ask("trace", str(bundle), "BTC", "--all")
    assert traced.code == 0


def test_a_coin_beyond_the_gap_is_not_seen(sora: Sora, ask: Ask) -> None:
    sora.lay_out(100, table("further", sora.chain.ranged["further"], "range = [0, 9]\ngap = 4"))
    found = answer(ask(*sora.run("--format", "json")).out)
    assert bitcoin(found)["broad"]["held"] == "150"
    assert findings(found) == ["4 holdings beyond the declared ranges were looked at, and nothing stands there"]


def test_what_stands_below_the_range_is_looked_at_too(sora: Sora, ask: Ask) -> None:
    sora.lay_out(50, table("further", sora.chain.ranged["further"], f"range = [{FURTHER}, {FURTHER}]\ngap = 5"))
    found = answer(ask(*sora.run("--format", "json")).out)
    assert "50 BTC stand beyond its declared range, on 1 of its scripts (further/9);" in findings(found)[0]


def test_a_script_beyond_one_range_that_is_declared_elsewhere_is_in_range(sora: Sora, ask: Ask) -> None:
    text = sora.chain.ranged["further"]
    both = table("one", text, "range = [0, 9]\ngap = 5") + table("two", text, "range = [10, 14]\ngap = 0")
    sora.lay_out(200, both)
    found = answer(ask(*sora.run("--format", "json")).out)
    assert (found["outcome"], bitcoin(found)["deciding"]["held"]) == ("covered", "200")
    assert [row["message"] for row in found["findings"] if row["rule"] == "duplicate_holding"] == [
        "15 lines, none declared twice"
    ]


def test_an_extended_key_is_in_nothing_that_is_written_said_or_asked(sora: Sora, ask: Ask) -> None:
    sora.lay_out(1000, tables(sora.chain, "range = [0, 9]\ngap = 5"))
    files = [str(sora.wallets), str(sora.snapshot)]
    bundle, evidence = str(sora.folder / "bundle"), str(sora.folder / "evidence")
    providers = ["--providers", str(sora.folder / "providers.toml")]
    said = [
        ask("lint", *files),
        ask("collect", *files, *providers, "--evidence", evidence),
        ask(*sora.run("--bundle", bundle, "--format", "text")),
        ask("verify", bundle),
        ask("trace", bundle, "BTC", "--all"),
        ask("report", bundle, "--format", "json"),
        ask("reperform", bundle, *providers),
    ]
    for one in said:
        assert EXTENDED.search((one.out + one.err).encode()) is None
    written = dict(everything_written(sora.folder))
    assert EXTENDED.search(written.pop(sora.wallets)) is not None
    assert len(written) > 20
    assert [path for path, data in written.items() if EXTENDED.search(data)] == []
    assert any(b"scantxoutset" in data for data in written.values())


def test_a_descriptor_is_published_where_the_entity_asks_for_it(sora: Sora, ask: Ask) -> None:
    sora.lay_out(1000, tables(sora.chain, "range = [0, 9]\ngap = 5", '\npublish = "descriptor"'))
    bundle = sora.folder / "bundle"
    ask(*sora.run("--bundle", str(bundle)))
    published = json.loads((bundle / "descriptors.json").read_text())
    assert [row["descriptor"] for row in published] == [*sora.chain.ranged.values(), *sora.chain.fixed.values()]
    asked = [data for path, data in everything_written(bundle) if path.name != "descriptors.json"]
    assert not any(EXTENDED.search(data) for data in asked)
    assert ask("verify", str(bundle), "--wallets", str(sora.wallets)).code == 0


def test_what_is_wrong_with_a_descriptor_is_said_with_its_line_and_without_it(sora: Sora, ask: Ask) -> None:
    text = sora.chain.ranged["wpkh"]
    bare, _, checksum = text.partition("#")
    private = sora.chain.node("listdescriptors", True, wallet="sora")["descriptors"][0]["desc"]  # noqa: FBT003  # JSON-RPC
    wrong = [
        table("a", bare, "range = [0, 9]"),
        table("b", f"{bare}#{checksum[::-1]}", "range = [0, 9]"),
        table("c", private, "range = [0, 9]"),
        table("d", text),
        table("e", sora.chain.fixed["p2pk"], "range = [0, 9]"),
        table("f", text.replace("wpkh", "wpk"), "range = [0, 9]"),
        table("g", text).replace("[[descriptor]]", "[[wallet]]").replace("descriptor =", "address ="),
    ]
    sora.lay_out(1, "".join(wrong))
    said = ask("lint", str(sora.wallets))
    assert said.code == 1
    every = said.out + said.err
    assert re.findall(rb"([tx]pub|[tx]prv)[1-9A-HJ-NP-Za-km-z]{9,}", every.encode()) == []
    for line, words in (
        (7, f"the checksum is missing\n  hint: compare it with its source, then add #{checksum} at its end"),
        (14, f"the checksum is #{checksum[::-1]}, and that of what stands before it is #{checksum}"),
        (21, "the descriptor holds a private key"),
        (25, "range is not stated, and the descriptor has one"),
        (36, "this descriptor stands for the same scripts at every index"),
        (42, "the checksum is #"),
        (49, "a text that is not shown is not an address of bitcoin:regtest"),
    ):
        assert f"sora.toml:{line}: {words}" in every, every

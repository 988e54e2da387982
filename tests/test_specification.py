"""docs/reference/bundle-v1-draft.md, followed with the standard library alone on bundles the program made."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import json
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from tests.pipeline.proven_evidence import give_proofs

from reservecheck.__main__ import run

ROOT: Final = Path(__file__).resolve().parent.parent
PLACES: Final = ("hanul-hole/2018-06-28", "kaede/2018-09-14-before", "nabi/2018-06-28")
PROVEN: Final = "hanul/2018-06-28 with proofs"
PAGE: Final = ROOT / "docs/reference/bundle-v1-draft.md"
NAME: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}(/[A-Za-z0-9][A-Za-z0-9._-]{0,127}){0,3}"
GZIP_HEADER: Final = bytes.fromhex("1f8b08000000000000ff")
GUARDED: Final = {"label", "id", "address", "custodian", "reason"}

Stored = Mapping[str, bytes]


@pytest.fixture(scope="module", params=[*PLACES, PROVEN])
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """The files of a rehearsal's bundle, as stored; one with state proofs in its answers."""
    folder = tmp_path_factory.mktemp("bundles")
    place, target = request.param.partition(" ")[0], folder / "bundle"
    wallets = ROOT / "wallets" / f"{place.partition('/')[0]}.toml"
    evidence = folder / "evidence"
    shutil.copytree(ROOT / "evidence" / place, evidence)
    if request.param == PROVEN:
        give_proofs(evidence)
    options = ["--evidence", str(evidence), "--bundle", str(target)]
    assert run(["run", str(wallets), str(ROOT / "snapshots" / place), *options]) in (0, 1)
    return {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()}


def content(stored: Stored, name: str) -> bytes:
    return gzip.decompress(stored[name]) if name.endswith(".gz") else stored[name]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canonical(value: object) -> bytes:
    """RFC 8785 for what these files hold: no floats, and keys of ASCII only."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def rows(stored: Stored, name: str) -> Iterator[dict[str, str]]:
    for row in csv.DictReader(io.StringIO(content(stored, name).decode(), newline="")):
        yield {key: text.removeprefix("'") if key in GUARDED else text for key, text in row.items()}


def parsed(stored: Stored, name: str) -> Any:  # noqa: ANN401  # JSON of any shape
    return json.loads(content(stored, name))


def log(stored: Stored) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content(stored, "exchanges.jsonl.gz").splitlines()]


def given_lines() -> Callable[[Mapping[str, bytes], str], bytes]:
    """The function that the page gives for reading an answer, as it stands there."""
    code = PAGE.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    assert len([line for line in code.splitlines() if line]) <= 10
    names: dict[str, Any] = {}
    exec(compile(code, str(PAGE), "exec"), names)  # noqa: S102  # what a reader would do with it
    found: Callable[[Mapping[str, bytes], str], bytes] = names["answer"]
    return found


def answered(stored: Stored) -> dict[str, bytes]:
    """Every answer of the log, by its digest."""
    members = {name: content(stored, name) for name in stored}
    return {one["answer"]: given_lines()(members, one["answer"]) for one in log(stored) if one["answer"]}


def nodes_of(body: bytes) -> set[bytes]:
    """The nodes of a body that is to be folded, none of one that is not."""
    texts = [] if b'"#' in body else re.findall(rb'"0x((?:e[0-9a-f]|f[0-9])[0-9a-f]{64,1062})"', body)
    nodes = (bytes.fromhex(text.decode()) for text in texts if len(text) % 2 == 0)
    return {node for node in nodes if is_one_list(node)}


def is_one_list(node: bytes) -> bool:
    """By the first bytes, which are 0xe0 to 0xf9."""
    after = max(0, node[0] - 0xF7)
    size = int.from_bytes(node[1 : 1 + after], "big") if after else node[0] - 0xC0
    return len(node) == 1 + after + size and size >= (0, 56, 256)[after]


def test_the_manifest_lists_every_file_with_both_digests(stored: Stored) -> None:
    manifest = parsed(stored, "manifest.json")
    assert manifest["format"] == "reservecheck/bundle/v1-draft"
    assert manifest["members"] == [
        {
            "bytes": len(stored[name]),
            "content_sha256": sha256(content(stored, name)),
            "name": name,
            "sha256": sha256(stored[name]),
        }
        for name in sorted(stored.keys() - {"manifest.json"})
    ]
    assert all(re.fullmatch(NAME, name) for name in stored)


def test_json_is_canonical_and_gzip_has_the_header(stored: Stored) -> None:
    for name, data in stored.items():
        if name.endswith(".json"):
            assert canonical(json.loads(data)) == data, name
        if name.endswith(".gz"):
            deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
            body = content(stored, name)
            checks = zlib.crc32(body).to_bytes(4, "little") + len(body).to_bytes(4, "little")
            assert data == GZIP_HEADER + deflate.compress(body) + deflate.flush() + checks, name


def test_csv_is_written_one_way_only(stored: Stored) -> None:
    for name in stored:
        if name.removesuffix(".gz").endswith(".csv"):
            text = content(stored, name).decode()
            again = io.StringIO()
            csv.writer(again, lineterminator="\n").writerows(csv.reader(io.StringIO(text, newline="")))
            assert again.getvalue() == text, name


def test_the_log_is_numbered_and_sorted(stored: Stored) -> None:
    entries = log(stored)
    assert [entry["n"] for entry in entries] == list(range(1, len(entries) + 1))
    keys = [(entry["network"], entry["source"], entry["purpose"], entry["ordinal"]) for entry in entries]
    assert keys == sorted(set(keys))
    assert all((entry["outcome"] == "answered") == (entry["answer"] is not None) for entry in entries)
    assert b"".join(map(canonical, entries)) == content(stored, "exchanges.jsonl.gz")


def test_every_answer_is_there_once_whole_or_folded(stored: Stored) -> None:
    bodies = answered(stored)
    assert all(sha256(body) == digest for digest, body in bodies.items())
    nodes = sorted(set().union(*map(nodes_of, bodies.values())))
    names = {f"bodies/{digest}{'.folded' if nodes_of(body) else ''}.gz" for digest, body in bodies.items()}
    assert names == {name for name in stored if name.startswith("bodies/")}
    lines = [b'"' + base64.b64encode(node) + b'"\n' for node in nodes]
    assert (content(stored, "nodes.jsonl.gz") if nodes else b"") == b"".join(lines)
    assert ("nodes.jsonl.gz" in stored) == bool(nodes)
    for digest, body in bodies.items():
        if mine := nodes_of(body):
            expected = body
            for node in mine:
                expected = expected.replace(b'"0x%b"' % node.hex().encode(), b'"#%d"' % (nodes.index(node) + 1))
            assert content(stored, f"bodies/{digest}.folded.gz") == expected


def test_answers_carry_the_ids_of_their_calls(stored: Stored) -> None:
    bodies = answered(stored)
    for entry in log(stored):
        answer = json.loads(bodies[entry["answer"]], parse_float=str)
        batch = isinstance(entry["request"], list)
        ids = sorted(one["id"] for one in (answer if batch else [answer]))
        assert ids == list(range(1, (len(entry["request"]) if batch else 1) + 1))


def test_no_balance_was_asked_for_before_every_block_was_found(stored: Stored) -> None:
    finding = [entry["at"] for entry in log(stored) if entry["purpose"] in ("chain", "pin")]
    balances = [entry["at"] for entry in log(stored) if entry["purpose"] not in ("chain", "pin", "final")]
    assert max(finding, default="") <= min(balances, default="9")


def test_cells_are_the_declared_holdings_each_once_and_in_order(stored: Stored) -> None:
    registry, engagement = parsed(stored, "registry.json"), parsed(stored, "engagement.json")["engagement"]
    expected, seen = [], set()
    for wallet in rows(stored, "wallets.csv.gz"):
        for name, row in sorted(registry["instruments"].items()) if wallet["kind"] == "address" else ():
            narrowed = wallet["instruments"] != "*" and name not in wallet["instruments"].split()
            wanted = row["asset"] in engagement["assets"] or not engagement["given"]
            holding = (wallet["network"], wallet["id"], name)
            if name.partition("/")[0] == wallet["network"] and wanted and not narrowed and holding not in seen:
                seen.add(holding)
                expected.append((f"{wallet['network']}@cutoff", wallet["label"], name))
    cells = list(rows(stored, "cells.csv.gz"))
    assert [(cell["pin"], cell["label"], cell["instrument"]) for cell in cells] == expected
    assert all((cell["units"] == "") == (cell["status"] == "unread") for cell in cells)
    numbers = {str(entry["n"]) for entry in log(stored)}
    assert all(set(cell["exchanges"].split()) <= numbers for cell in cells)


def test_duplicates_and_lines_are_as_described(stored: Stored) -> None:
    first: dict[tuple[str, str], str] = {}
    for number, wallet in enumerate(rows(stored, "wallets.csv.gz"), 1):
        key = (wallet["network"], wallet["id"])
        assert wallet["line"] == str(number)
        assert wallet["duplicate_of"] == first.get(key, "")
        first.setdefault(key, wallet["line"])


def test_held_of_an_asset_is_the_sum_of_its_cells_and_statements(stored: Stored) -> None:
    """Broad re-added from the members alone, where no lower figure of a letter or an encumbrance is involved."""
    registry, assessment = parsed(stored, "registry.json"), parsed(stored, "assessment.json")
    said = {one["instrument"]: one["decimals"] for one in parsed(stored, "pins.json")["decimals"]}
    held: dict[str, int] = {}
    for cell in rows(stored, "cells.csv.gz"):
        row = registry["instruments"][cell["instrument"]]
        decimals = said[row["instrument"]] if row["decimals"] is None else row["decimals"]
        scale = 10 ** (registry["assets"][row["asset"]]["decimals"] - decimals)
        held[row["asset"]] = held.get(row["asset"], 0) + int(cell["units"]) * scale
    for line in rows(stored, "custodians.csv") if "custodians.csv" in stored else ():
        held[line["asset"]] = held.get(line["asset"], 0) + units(line["balance"], registry, line["asset"])
    assert {
        asset["asset"]: units(asset["broad"]["held"], registry, asset["asset"]) for asset in assessment["assets"]
    } == held


def units(text: str, registry: Mapping[str, Any], asset: str) -> int:
    whole, _, fraction = text.partition(".")
    return int(whole + fraction.ljust(registry["assets"][asset]["decimals"], "0"))


def test_a_zip_is_the_same_bundle(tmp_path: Path) -> None:
    place = PLACES[-1]
    shared = ["run", str(ROOT / "wallets/nabi.toml"), str(ROOT / "snapshots" / place)]
    for name in ("folder", "archive.zip"):
        run([*shared, "--evidence", str(ROOT / "evidence" / place), "--bundle", str(tmp_path / name)])
    with zipfile.ZipFile(tmp_path / "archive.zip") as archive:
        entries = archive.infolist()
        assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
        assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        zipped = {entry.filename: archive.read(entry) for entry in entries}
    folder = tmp_path / "folder"
    assert zipped == {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }

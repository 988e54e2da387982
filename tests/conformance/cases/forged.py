"""Bundles forged with care: records that say too much, questions nobody asks, files beside it that are others."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case
from tests.conformance.cases.tampered import verify

from reservecheck.vault.canonical import canonical_json, sha256

Json = Any
CUSTODIAN: Final = b"label,asset,balance,as_of,document_sha256\nvault,BTC,5,2018-06-28T00:00:00+09:00,\n"
NOT_MADE_FROM: Final = "not the file the bundle was made from"


def with_snapshot(bench: Bench) -> int:
    return bench.verify("--snapshot", bench.snapshot)


def with_wallets(bench: Bench) -> int:
    return bench.verify("--wallets", bench.wallets)


def with_anchors(bench: Bench) -> int:
    return bench.verify("--anchors", bench.folder / "anchors.csv")


def forged(**edits: Callable[[Json], object]) -> Callable[[Bench], None]:
    """JSON members altered, by their names without `.json`, and everything else derived from them again."""

    def make(bench: Bench) -> None:
        bench.seal()
        changed = {}
        for name, edit in edits.items():
            parsed = json.loads(bench.member(f"{name}.json"))
            edit(parsed)
            changed[f"{name}.json"] = canonical_json(parsed)
        bench.rederive(changed)

    return make


def owed(asset: str, **values: object) -> Callable[[Json], object]:
    return lambda it: [line.update(values) for line in it["owed"] if line["asset"] == asset]


def asked(edit: Callable[[list[Json]], object]) -> Callable[[Bench], None]:
    """Lines of the log altered; they are sorted and numbered again."""

    def make(bench: Bench) -> None:
        bench.seal()
        lines = [json.loads(line) for line in bench.member("exchanges.jsonl.gz").splitlines()]
        edit(lines)
        lines.sort(key=lambda line: (line["network"], line["source"], line["purpose"], line["ordinal"]))
        for number, line in enumerate(lines, 1):
            line["n"] = number
        bench.rederive({"exchanges.jsonl.gz": b"".join(map(canonical_json, lines))})

    return make


def smuggled(**other: object) -> Callable[[Bench], None]:
    """One exchange more, with a text in it that nobody asked for."""

    def add(lines: list[Json]) -> None:
        planted = {"method": "eth_call", "params": ["C372429758 owes nothing"]}
        last = next(line for line in reversed(lines) if line["network"] == "eip155:31337")
        lines.append({**last, "ordinal": 900, "request": planted, **other})

    return asked(add)


def letters_added(*, listed: bool) -> Callable[[Bench], None]:
    """The practitioner received no letter; the bundle has four."""

    def make(bench: Bench) -> None:
        bench.seal()
        letters, file = bench.member("letters.csv"), (bench.snapshot / "letters.csv").read_bytes()
        bench.edit("snapshot.toml", 'letters = "letters.csv"\n', "")
        (bench.snapshot / "letters.csv").unlink()
        bench.bundle.rename(bench.folder / "before")
        bench.seal()
        edits: dict[str, bytes] = {"letters.csv": letters}
        if listed:
            line = {"bytes": len(file), "name": "letters.csv", "sha256": sha256(file)}
            for name, key in (("liabilities.json", "files"), ("engagement.json", "input_files")):
                parsed = json.loads(bench.member(name))
                at = next(n for n, one in enumerate(parsed[key]) if one["name"] == "encumbrances.csv")
                parsed[key].insert(at, line)
                edits[name] = canonical_json(parsed)
        bench.rederive(dict(edits))

    return make


def custodian_added(bench: Bench) -> None:
    bench.seal()
    bench.rederive({"custodians.csv": CUSTODIAN})


def letters_dropped(bench: Bench) -> None:
    bench.seal()
    bench.rederive({"letters.csv": lambda _: None})


def digests_of_nothing(key: str) -> Callable[[Json], object]:
    return lambda it: [file.update(sha256="0" * 64) for file in it[key] if file["name"] == "customers.csv"]


def private_digests(it: Json) -> None:
    digests_of_nothing("files")(it)
    digests_of_nothing("private_files")(it)


def house_retitled(bench: Bench) -> None:
    bench.seal()
    assert b",house," in bench.member("wallets.csv.gz")
    bench.rederive({"wallets.csv.gz": lambda data: data.replace(b",house,", b",customers,")})


def anchors_elsewhere(bench: Bench) -> None:
    bench.seal()
    row = f"bitcoin:regtest,131,{'ab' * 32},an explorer,A. Reader,2018-07-02T09:00:00+09:00\n"
    path = bench.folder / "anchors.csv"
    path.write_text(f"network,height,hash,source,taken_by,taken_at\n{row}", encoding="utf-8")


def lie(  # noqa: PLR0913, PLR0917  # a lie, how it is made, and what finds it
    id_: str,
    says: str,
    make: Callable[[Bench], None],
    steps: dict[str, str],
    ask: Callable[[Bench], int] = verify,
    words: tuple[str, ...] = (),
) -> Case:
    return Case(id=id_, kind="lie", says=says, make=make, ask=ask, code=1, steps=steps, words=words)


CASES: Final = (
    lie(
        "letters-nobody-received",
        "The bundle has letters of which the practitioner's folder knows nothing.",
        letters_added(listed=False),
        {
            "records": "liabilities.json: it lists no file that letters.csv was read from",
            "snapshot": "letters.csv: the bundle has it, the snapshot folder has not",
        },
        with_snapshot,
    ),
    lie(
        "letters-nobody-received-but-listed",
        "The letters nobody received are listed among the files, too.",
        letters_added(listed=True),
        {"snapshot": "letters.csv: the bundle has it, the snapshot folder has not"},
        with_snapshot,
    ),
    lie(
        "custodian-nobody-declared",
        "The bundle has a custodian's statement that the folder has not.",
        custodian_added,
        {
            "records": "liabilities.json: it lists no file that custodians.csv was read from",
            "snapshot": "custodians.csv: the bundle has it, the snapshot folder has not",
        },
        with_snapshot,
    ),
    lie(
        "letters-left-out",
        "The letters were listed, and are not in the bundle.",
        letters_dropped,
        {"records": "liabilities.json: it lists no file that encumbrances.csv was read from"},
    ),
    lie(
        "owed-less-than-the-extract-states",
        "Ten ETH are owed, beside an extract that states twenty thousand.",
        forged(liabilities=owed("ETH", gross="10", net="10")),
        {"records": "the extract states 20000 ETH, the rows add up to 10, and no finding says so"},
    ),
    lie(
        "rows-other-than-the-extract-states",
        "Fewer rows were read than the extract states, and nobody says so.",
        forged(liabilities=owed("ETH", rows=1)),
        {"records": "the extract states 170 rows, 131 were read, and no finding says so"},
    ),
    lie(
        "house-holds-more-than-everybody",
        "Of what customers are owed more is the house's than there is.",
        forged(liabilities=owed("ETH", house="20001")),
        {"records": "of ETH more stands on accounts of the house than on all accounts together"},
    ),
    lie(
        "grade-of-a-later-version",
        "The liability was tested, says the bundle; no version tests it yet.",
        forged(liabilities=lambda it: it.update(grade="L3")),
        {"records": "the grade is L3, and files are received at L0 or L1"},
    ),
    lie(
        "grade-of-rows-nobody-read",
        "The rows were summed again, says the bundle, and names no file of rows.",
        forged(liabilities=lambda it: it.update(private_files=[])),
        {"records": "the grade is L1, rows were summed, and there is no private file they stand in"},
    ),
    lie(
        "strict-by-its-own-word",
        "No engagement was given, so the strict defaults apply; the policy is another.",
        forged(engagement=lambda it: it["engagement"].update(given=False)),
        {"records": "no engagement was given, and these are not the strict defaults: "},
    ),
    lie(
        "digest-of-no-file",
        "The digest of the customers' file is nobody's, on the cover alone.",
        forged(engagement=digests_of_nothing("input_files")),
        {"records": "engagement.json: its input files do not end with the files of liabilities.json"},
    ),
    lie(
        "digest-of-no-file-everywhere",
        "The digest of the customers' file is nobody's, wherever it stands.",
        forged(engagement=digests_of_nothing("input_files"), liabilities=private_digests),
        {"snapshot": f"customers.csv: {NOT_MADE_FROM}"},
        with_snapshot,
    ),
    lie(
        "name-of-another-exchange",
        "The coins are one exchange's, the printed name is another's.",
        forged(engagement=lambda it: it.update(name="Another Exchange")),
        {"wallets": "the name is 'Another Exchange', the wallets file says 'Hanul Exchange (fictional)'"},
        with_wallets,
    ),
    lie(
        "house-coins-retitled-in-the-bundle",
        "House wallets are customers' in the bundle; the declaration says otherwise.",
        house_retitled,
        {"wallets": "wallets.csv.gz: differs at line "},
        with_wallets,
    ),
    lie(
        "decoder-nobody-has",
        "An exchange that nothing reads carries a text into the bundle.",
        smuggled(decoder="none/1"),
        {"questions": "is read by 'none/1', which nobody asks eip155:31337 for"},
    ),
    lie(
        "purpose-nobody-has",
        "An exchange of no known purpose carries a text into the bundle.",
        smuggled(purpose="zzz"),
        {"questions": "is asked for 'zzz', which nobody asks eip155:31337 for"},
    ),
    lie(
        "method-nobody-calls",
        "An exchange calls what no reader calls, and carries a text into the bundle.",
        smuggled(request={"method": "note", "params": ["planted"]}),
        {"questions": "calls 'note', which nobody asks eip155:31337 for"},
    ),
    lie(
        "answered-before-the-block",
        "The answers are older than the block they are about.",
        asked(lambda lines: [line.update(at="2017-01-01T00:00:00Z") for line in lines]),
        {"questions": "was answered before the block it is about was made"},
    ),
    lie(
        "source-of-no-kind",
        "A source is of a kind nobody knows.",
        forged(sources=lambda it: it[0].update(kind="oracle")),
        {"records": "sources.json: kind of 'local-bitcoin' is 'oracle', none of bitcoind, evm"},
    ),
    lie(
        "source-run-by-a-new-word",
        "A source is run by a word that means nothing, and so not by the entity.",
        forged(sources=lambda it: it[0].update(run_by="the exchange")),
        {"records": "sources.json: run_by of 'local-bitcoin' is 'the exchange', none of "},
    ),
    lie(
        "finality-of-no-number",
        "A network is final after x confirmations.",
        forged(registry=lambda it: it["networks"]["eip155:31337"].update(finality="confirmations:x")),
        {"records": "registry.json: 'eip155:31337': finality is 'confirmations:x', which no registry holds"},
    ),
    lie(
        "finality-of-five-thousand-digits",
        "A network is final after more blocks than anybody can write.",
        forged(
            registry=lambda it: it["networks"]["bitcoin:regtest"].update(finality="confirmations:" + "9" * 5000)
        ),
        {"records": "registry.json: 'bitcoin:regtest': finality is 'confirmations:9999"},
    ),
    lie(
        "anchors-of-another-height",
        "Block hashes were compared, says the reader; none of them is of a block of the bundle.",
        anchors_elsewhere,
        {
            "anchors": (
                "anchors, line 2: no block 131 of bitcoin:regtest in this bundle; it has 722\nnothing compared"
            )
        },
        with_anchors,
        ("nothing compared",),
    ),
)

"""Bundles altered by somebody who writes the manifest anew: only deriving everything again gives them away."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from tests.conformance.bench import Bench, answering
from tests.conformance.case import Case
from tests.conformance.cases.tampered import a_body, verify

from reservecheck.vault.canonical import canonical_json


def rewritten(name: str, old: str, new: str, entity: str = "hanul") -> Callable[[Bench], None]:
    """One member altered, and the manifest with it."""

    def make(bench: Bench) -> None:
        bench.start(entity)
        bench.seal()
        bench.reseal({name: lambda data: data.decode().replace(old, new, 1).encode()})

    return make


def edited(name: str, edit: Callable[[Any], None]) -> Callable[[Bench], None]:
    """One JSON member altered, written canonically, and the manifest with it."""

    def make(bench: Bench) -> None:
        bench.seal()
        parsed = json.loads(bench.member(name))
        edit(parsed)
        bench.reseal({name: canonical_json(parsed)})

    return make


def body_removed(bench: Bench) -> None:
    bench.seal()
    bench.reseal({f"bodies/{a_body(bench)}": lambda _: None})


def body_of_another(bench: Bench) -> None:
    """A body under its old name, with another content."""
    bench.seal()
    bench.reseal({f"bodies/{a_body(bench)}": lambda data: data + b" "})


def foreign_body(bench: Bench) -> None:
    bench.seal()
    bench.reseal({f"bodies/{'7' * 64}.gz": b"{}"})


def log_lines(bench: Bench, edit: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    bench.seal()
    lines = [json.loads(line) for line in bench.member("exchanges.jsonl.gz").splitlines()]
    after = edit(lines)
    for number, line in enumerate(after, 1):
        line["n"] = number
    text = "".join(
        json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n" for line in after
    )
    bench.reseal({"exchanges.jsonl.gz": text.encode()})


def purpose(line: dict[str, Any], network: str, name: str) -> bool:
    return bool(line["network"] == network and line["purpose"] == name)


def swapped(bench: Bench) -> None:
    """The two EVM chains' answers to the question for balances, each in the other's place."""

    def swap(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        one, two = (line for line in lines if line["purpose"] == "cells" and line["network"].startswith("eip155"))
        one["answer"], two["answer"] = two["answer"], one["answer"]
        return lines

    log_lines(bench, swap)


def line_removed(bench: Bench) -> None:
    """The question whether the block was still there is taken out; its body goes too."""

    def remove(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [line for line in lines if not purpose(line, "eip155:31337", "decimals")]

    log_lines(bench, remove)


def question_put_in(bench: Bench) -> None:
    def put_in(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        asked = next(line for line in lines if purpose(line, "eip155:31338", "chain"))
        return [*lines, {**asked, "network": "eip155:31339"}]

    log_lines(bench, put_in)


def other_source(bench: Bench) -> None:
    def rename(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**line, "source": "nobody"} if line["network"] == "eip155:31338" else line for line in lines]

    log_lines(bench, rename)


def wallet_dropped(bench: Bench) -> None:
    """The house's wallet goes out of the declaration, cells and all; the log still asks for it."""
    bench.seal()
    rows = bench.member("wallets.csv.gz").decode().splitlines()
    kept = [row for row in rows if ",usdt-company," not in row]
    cells = bench.member("cells.csv.gz").decode().splitlines()
    left = [row for row in cells if ",usdt-company," not in row]
    bench.reseal(
        {"wallets.csv.gz": "\n".join([*kept, ""]).encode(), "cells.csv.gz": "\n".join([*left, ""]).encode()}
    )


def lying_balance(bench: Bench) -> None:
    """The hole's missing ether is written into the recorded answer, and all is derived again."""
    bench.start("hanul-hole")
    had, wanted = (f"{amount * 10**18:064x}" for amount in (11_500, 19_500))

    def lie(said: str) -> str:
        assert said.count(had) == 1
        return said.replace(had, wanted)

    bench.recollect(answering("eip155:31337", "cells", lie))
    bench.seal()


def lying_and_anchored(bench: Bench) -> None:
    """Anchors of another chain for the block that was read."""
    bench.seal()
    pin = next(pin for pin in json.loads(bench.member("pins.json"))["pins"] if pin["network"] == "eip155:31337")
    text = "network,height,hash,source,taken_by,taken_at\n"
    text += f"eip155:31337,{pin['height']},0x{'7' * 64},a public explorer,a reader,2018-07-01T00:00:00Z\n"
    (bench.folder / "anchors.csv").write_text(text, encoding="utf-8")


def anchored(bench: Bench) -> int:
    return bench.verify("--anchors", bench.folder / "anchors.csv")


def smaller_extract(bench: Bench) -> None:
    """A bundle of a smaller extract, derived in full; the true one is in the reader's hands."""
    bench.start("hanul-hole")
    bench.silence()
    bench.rows("customers.csv", lambda row: f"{row.split(',')[0]},ETH,1,spot" if ",ETH," in row else row)
    bench.seal()
    bench.bundle.rename(bench.folder / "kept")
    bench.start("hanul-hole")
    (bench.folder / "kept").rename(bench.bundle)


def looser_engagement(bench: Bench) -> None:
    """A bundle derived under a looser engagement than the one in the practitioner's hands."""
    bench.start("hanul-hole")
    bench.edit("engagement.toml", "[accept]", '[tolerance]\nETH = "8000"\n\n[accept]')
    bench.seal()
    bench.bundle.rename(bench.folder / "kept")
    bench.start("hanul-hole")
    (bench.folder / "kept").rename(bench.bundle)


def with_snapshot(bench: Bench) -> int:
    return bench.verify("--snapshot", bench.snapshot)


def _decimals(registry: Any) -> None:  # noqa: ANN401  # parsed JSON
    registry["assets"]["ETH"]["decimals"] = 17


def _finality(registry: Any) -> None:  # noqa: ANN401  # parsed JSON
    registry["networks"]["bitcoin:regtest"]["finality"] = "confirmations:0"


def _burn(registry: Any) -> None:  # noqa: ANN401  # parsed JSON
    registry["burn"] = []


def _pack(packs: Any) -> None:  # noqa: ANN401  # parsed JSON
    packs[0]["text"] = packs[0]["text"].replace('ratio = "1"', 'ratio = "0.5"')


def _no_pack(packs: Any) -> None:  # noqa: ANN401  # parsed JSON
    packs.clear()


def _own_pack(packs: Any) -> None:  # noqa: ANN401  # parsed JSON
    packs[0]["id"] = "lenient/1"


CASES: Final = (
    Case(
        id="outcome-rewritten",
        kind="lie",
        says="The assessment says covered, and the manifest fits.",
        make=rewritten("assessment.json", '"outcome":"shortfall"', '"outcome":"covered"', "hanul-hole"),
        ask=verify,
        code=1,
        steps={"figures": "differs at $.outcome: the bundle says 'covered', it re-derives to 'shortfall'"},
    ),
    Case(
        id="ratio-rewritten",
        kind="lie",
        says="The assessment says 100.00 % where 60.00 % were derived, and the manifest fits.",
        make=rewritten("assessment.json", '"ratio":"60.00"', '"ratio":"100.00"', "hanul-hole"),
        ask=verify,
        code=1,
        steps={"figures": "assessment.json: differs at $.a"},
    ),
    Case(
        id="cells-rewritten",
        kind="lie",
        says="The table of balances says more than the recorded answers, and the manifest fits.",
        make=rewritten("cells.csv.gz", "11500000000000000000000", "19500000000000000000000", "hanul-hole"),
        ask=verify,
        code=1,
        steps={"answers": "cells.csv.gz: differs at line"},
    ),
    Case(
        id="pin-rewritten",
        kind="lie",
        says="The list of blocks names another height, and the manifest fits.",
        make=rewritten("pins.json", '"height":722', '"height":721'),
        ask=verify,
        code=1,
        steps={"answers": "the bundle says 721, it re-derives to 722"},
    ),
    Case(
        id="debts-rewritten",
        kind="lie",
        says="What is owed was made smaller in the bundle, and the manifest fits.",
        make=rewritten("liabilities.json", '"gross":"20000"', '"gross":"12000"', "hanul-hole"),
        ask=verify,
        code=1,
        steps={"records": "liabilities.json: a line of what is owed is malformed"},
    ),
    Case(
        id="debts-rewritten-with-their-net",
        kind="lie",
        says="What is owed was made smaller, gross and net alike, and the manifest fits.",
        make=rewritten(
            "liabilities.json",
            '"gross":"20000","house":"0","negative":"0","net":"20000"',
            '"gross":"12000","house":"0","negative":"0","net":"12000"',
            "hanul-hole",
        ),
        ask=verify,
        code=1,
        steps={
            "records": "the extract states 20000 ETH, the rows add up to 12000, and no finding says so",
            "figures": "assessment.json: differs at $.",
        },
    ),
    Case(
        id="smaller-extract-derived-in-full",
        kind="lie",
        says="A bundle of a smaller extract re-derives in all its parts.",
        make=smaller_extract,
        ask=with_snapshot,
        code=1,
        steps={"snapshot": "liabilities.json: differs at"},
    ),
    Case(
        id="policy-rewritten",
        kind="lie",
        says="The policy in the bundle asks for less, and the manifest fits.",
        make=rewritten("engagement.json", '"control":"undemonstrated"', '"control":"signed"'),
        ask=verify,
        code=1,
        steps={"figures": "assessment.json: differs at"},
    ),
    Case(
        id="looser-engagement-derived-in-full",
        kind="lie",
        says="A bundle under a looser engagement than the practitioner's re-derives in all its parts.",
        make=looser_engagement,
        ask=with_snapshot,
        code=1,
        steps={"snapshot": "engagement.json: differs at $.engagement.tolerance.ETH: the bundle says '8000'"},
    ),
    Case(
        id="answers-swapped",
        kind="lie",
        says="Two recorded answers stand in each other's places, and the manifest fits.",
        make=swapped,
        ask=verify,
        code=1,
        steps={"answers": "cells.csv.gz: differs at line", "figures": "assessment.json: differs at"},
    ),
    Case(
        id="log-line-removed",
        kind="lie",
        says="A question and its answer are gone from the log, and the manifest fits.",
        make=line_removed,
        ask=verify,
        code=1,
        steps={"records": "nothing in the bundle needs it", "answers": "differs", "figures": "differs"},
    ),
    Case(
        id="answer-removed",
        kind="lie",
        says="A recorded answer is gone, and the manifest fits.",
        make=body_removed,
        ask=verify,
        code=1,
        steps={"records": "has no member bodies/"},
    ),
    Case(
        id="answer-under-a-false-name",
        kind="lie",
        says="A recorded answer has another content under its digest's name, and the manifest fits.",
        make=body_of_another,
        ask=verify,
        code=1,
        steps={"records": "body"},
    ),
    Case(
        id="foreign-answer",
        kind="lie",
        says="An answer nobody asked for lies among the answers, and the manifest fits.",
        make=foreign_body,
        ask=verify,
        code=1,
        steps={"records": f"bodies/{'7' * 64}.gz: the manifest lists it, but nothing in the bundle needs it"},
    ),
    Case(
        id="question-about-another-chain",
        kind="lie",
        says="The log asks about a chain that nobody declared.",
        make=question_put_in,
        ask=verify,
        code=1,
        steps={"questions": "about eip155:31339, which nobody declared"},
    ),
    Case(
        id="answers-of-a-source-nobody-named",
        kind="lie",
        says="The answers came from a source that nobody named.",
        make=other_source,
        ask=verify,
        code=1,
        steps={
            "records": "the log asks nothing of 'local-evm-31338', and an honest run asks every source",
            "questions": "asks nobody about eip155:31338, which nobody declared",
            "answers": "cells.csv.gz: differs at line",
            "figures": "it re-derives to 'at-least'",
        },
    ),
    Case(
        id="wallet-dropped",
        kind="lie",
        says="A wallet is gone from the declaration and its balances with it; it was asked about.",
        make=wallet_dropped,
        ask=verify,
        code=1,
        steps={
            "questions": "on eip155:31338, which the declaration does not name",
            "figures": "assessment.json: differs at",
        },
    ),
    Case(
        id="registry-in-other-bytes",
        kind="lie",
        says="The registry says the same in other bytes, so that its digest is another.",
        make=rewritten("registry.json", '{"assets":', '{ "assets":'),
        ask=verify,
        code=1,
        steps={"records": "registry.json: says the same, but not in the bytes this tool writes"},
    ),
    Case(
        id="asset-redefined-in-the-bundle",
        kind="lie",
        says="In this bundle an ether has seventeen decimals.",
        make=edited("registry.json", _decimals),
        ask=verify,
        code=1,
        steps={"shipped": "assets: ETH is not as shipped", "figures": "it re-derives to"},
    ),
    Case(
        id="finality-redefined-in-the-bundle",
        kind="lie",
        says="In this bundle a block is final at once.",
        make=edited("registry.json", _finality),
        ask=verify,
        code=1,
        steps={
            "records": "registry.json: 'bitcoin:regtest': finality is 'confirmations:0', which no registry holds"
        },
    ),
    Case(
        id="burn-addresses-gone-from-the-bundle",
        kind="lie",
        says="In this bundle no address is a burn address.",
        make=edited("registry.json", _burn),
        ask=verify,
        code=1,
        steps={"shipped": "burn: the addresses nobody can spend from are not those shipped"},
    ),
    Case(
        id="shipped-pack-altered-under-its-name",
        kind="lie",
        says="The rules are core/1; half is enough in them.",
        make=edited("rules.json", _pack),
        ask=verify,
        code=1,
        steps={"shipped": "the pack core/1 is not the one shipped with this tool"},
    ),
    Case(
        id="no-pack-in-the-bundle",
        kind="lie",
        says="The bundle brings no rules.",
        make=edited("rules.json", _no_pack),
        ask=verify,
        code=1,
        steps={"shipped": "the packs are not those the engagement names"},
    ),
    Case(
        id="own-pack-in-the-bundle",
        kind="lie",
        says="The bundle brings rules of its own, and is to be judged by them.",
        make=edited("rules.json", _own_pack),
        ask=verify,
        code=1,
        steps={"shipped": "the pack lenient/1 is not shipped with this tool"},
    ),
    Case(
        id="source-renamed-as-the-practitioners",
        kind="lie",
        says="The source was the entity's, and the bundle calls it the practitioner's, or the other way round.",
        make=rewritten("sources.json", '"run_by":"practitioner"', '"run_by":"entity"'),
        ask=verify,
        code=1,
        steps={"answers": "cells.csv.gz: differs at line", "figures": "assessment.json: differs at"},
    ),
    Case(
        id="chain-of-ones-own-against-anchors",
        kind="lie",
        says="The block we read is the block everybody has.",
        make=lying_and_anchored,
        ask=anchored,
        code=1,
        steps={"anchors": f"a public explorer says 0x{'7' * 64}"},
    ),
    Case(
        id="lying-answer-derived-in-full",
        kind="lie",
        says="A balance was written into the recorded answer before all was derived; nobody can see it offline,"
        " so verify names whose word it is.",
        make=lying_balance,
        ask=lambda bench: bench.verify(form="text"),
        code=0,
        words=(
            "What you still trust:",
            "block hashes you have not compared with any chain",
            "what local-evm-31337 (eip155:31337), run by rehearsal (practitioner) answered",
            "Every figure re-derives from the recorded answers.",
        ),
        never=("verified", "solvent"),
    ),
)

"""A verification in words and as JSON: the steps, what still has to be trusted, the outcome last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reservecheck.anchors import drawing_block
from reservecheck.assess.readings import scales
from reservecheck.chains.anchored import is_scaled
from reservecheck.members.confirmations import NAME as CONFIRMATIONS
from reservecheck.model.evidence import Pin
from reservecheck.model.words import UTXO_SET
from reservecheck.moments import utc_text
from reservecheck.pipeline import TOOL
from reservecheck.report.plain import plain
from reservecheck.vault.canonical import Json, canonical_json
from reservecheck.verify import blocks_of

if TYPE_CHECKING:
    from reservecheck.verify import Step, Verification

MOST_DIFFERENCES = 20
_COUNTED = ("snapshot", "commitment")
_BESIDE = {
    "snapshot": "it was not made from this snapshot folder",
    "commitment": "what it says of the commitment does not come out of these customer rows and this secret",
    "wallets": "it was not made from this wallets file",
    "anchors": "its blocks are not shown to be those of your anchors",
}


def as_text(done: Verification) -> str:
    """Numbered steps, each ok or its differences; then trust; then the outcome."""
    lines: list[str] = []
    for step in done.steps:
        lines.append(f"{step.number} {step.name:<10} {'DIFFERS' if step.differences else 'ok'}")
        lines += [f"    {plain(said)}" for said in step.differences[:MOST_DIFFERENCES]]
        if len(step.differences) > MOST_DIFFERENCES:
            lines.append(f"    … and {len(step.differences) - MOST_DIFFERENCES} more")
        lines += [f"    {plain(said)}" for said in step.remarks[:MOST_DIFFERENCES]]
    lines.append("")
    if done.ok:
        lines.append("Every figure re-derives from the recorded answers.")
    elif done.only_beside:
        differ = " and ".join(dict.fromkeys(_differs(step) for step in done.steps if step.differences))
        lines.append(f"Every figure re-derives, but {differ}. Rely on none before you know why.")
    else:
        lines.append("This bundle does NOT re-derive. No figure in it should be relied on.")
    lines += ["", *_trusted(done)]
    if done.assessment is not None:
        checks = done.assessment.checks
        lines += [
            "",
            f"checks: {checks.held} held, {checks.broke} broke, {checks.not_assessable} not assessable",
            f"outcome recorded here: {done.assessment.outcome}" if done.ok else "outcome: none, see above",
        ]
    return "\n".join(lines)


def _differs(step: Step) -> str:
    """What a step beside the bundle comes to; where nothing but answers differs, neither trees nor files do."""
    answers = step.name in _COUNTED and all(said.startswith(f"{CONFIRMATIONS}: ") for said in step.differences)
    return "the answers it counts are not those of the list in this folder" if answers else _BESIDE[step.name]


def as_json(done: Verification) -> bytes:
    """The same as one JSON object."""
    pins: list[Json] = []
    if done.assessment is not None:
        pins = [
            {
                "anchored": pin.id in done.anchored,
                "hash": pin.hash,
                "height": pin.height,
                "network": pin.network,
                "next_hash": pin.next_hash or None,
                "time": utc_text(pin.time) if pin.time else None,
            }
            for pin in blocks_of(done.assessment)
        ]
    steps: list[Json] = [
        {
            "differences": list(step.differences),
            "name": step.name,
            "number": step.number,
            "ok": not step.differences,
            "remarks": list(step.remarks),
        }
        for step in done.steps
    ]
    outcome = None if done.assessment is None or not done.ok else str(done.assessment.outcome)
    return canonical_json(
        {
            "ok": done.ok,
            "outcome": outcome,
            "schema": "reservecheck/verification/v1-draft",
            "steps": steps,
            "trusted": {"blocks": pins, "operators": list(_operators(done)), "statements": _statements(done)},
        }
    )


def _trusted(done: Verification) -> list[str]:
    if done.assessment is None:
        return []
    pins = blocks_of(done.assessment)
    bare = [pin for pin in pins if pin.id not in done.anchored]
    lines = ["What you still trust:"]
    if bare:
        lines.append(
            f"  {len(bare)} block hash{'es' if len(bare) != 1 else ''} you have not compared with any chain:"
        )
    lines += [said for pin in bare for said in _hashes(pin)]
    if len(pins) > len(bare):
        count = len(pins) - len(bare)
        lines.append(f"  {count} block hash{'es agree' if count != 1 else ' agrees'} with your anchors")
        lines += [f"    {said}" for said in _proven(done)]
    lines += [f"  what {plain(one)} answered" for one in _operators(done)]
    if done.opened is not None and done.opened.gathered.cover.tool != TOOL:
        lines.append(f"  that {plain(done.opened.gathered.cover.tool)} wrote it, and this is {TOOL}")
    lines += [f"  that {plain(said)}" for said in _looked_up(done)]
    count = _statements(done)
    lines.append(
        f"  {count} statement{'s' if count != 1 else ''} on paper: bank lines, custodians, letters, prices"
    )
    lines += [f"  that {said}" for said in (*_rebuilt(done), *_drawn(done))]
    lines.append("  that the declaration is complete and that what is owed was stated in full")
    return lines


def _proven(done: Verification) -> list[str]:
    """What is proven to the blocks the reader knows, and what rests on a hash that no block holds, a line each."""
    if done.assessment is None or not done.ok:
        return []
    inputs, found = done.assessment.position.inputs, []
    scale_of = scales(inputs.registry, inputs.observation)
    for pin in (one for one in done.assessment.pins if one.id in done.anchored):
        cells = [cell for cell in inputs.observation.cells if cell.pin == pin.id]
        sound = [
            cell
            for cell in cells
            if cell.proof and isinstance(scale_of[cell.instrument], int)
            if is_scaled(inputs.registry.instruments[cell.instrument])
        ]
        sets = sum(1 for cell in sound if cell.proof == UTXO_SET)
        if len(sound) > sets:
            words = "are proven to a block you know yourself"
            found.append(f"{len(sound) - sets} of {len(cells)} holdings of {pin.network} {words}")
        if sets:
            words = "rest on a set of coins whose hash no block holds: compare it with that of a node of yours"
            found.append(f"{sets} of {len(cells)} holdings of {pin.network} {words}")
    return found


def _hashes(pin: Pin) -> Iterator[str]:
    """What is to be looked up: the block, and the one after it, which is to be later than the cut-off."""
    yield f"    {pin.network} block {pin.height}{_when(pin)}  {plain(pin.hash)}"
    if pin.next_hash:
        yield f"    {pin.network} block {pin.height + 1}, later than the cut-off  {plain(pin.next_hash)}"


def _when(pin: Pin) -> str:
    return f" of {utc_text(pin.time)}" if pin.time else ""


def _drawn(done: Verification) -> Iterator[str]:
    """What a draw of customers rests on that no bundle can show."""
    books = None if done.opened is None else done.opened.books
    kept = None if books is None else books.confirmations
    if kept is not None:
        by = kept.drawn_by
        yield f"the commitment {by.commitment} was public before block {by.height} of {plain(by.network)} was made"
        yield "the list of those drawn was filled in with what customers answered"
        if not any(pin.id in done.anchored for pin in drawing_block(books)):
            yield f"the hash {by.block} is that block's ({by.read_from})"
        if not any(step.name == "commitment" for step in done.steps):
            yield "those counted are those the block drew, which takes the snapshot and the secret to see"


def _looked_up(done: Verification) -> list[str]:
    """Who is said to have looked which block up, for the practitioner."""
    if done.opened is None:
        return []
    rows = done.opened.gathered.job.anchors
    return [f"{row.taken_by} found {row.network} block {row.height} at {row.source}" for row in rows]


def _rebuilt(done: Verification) -> list[str]:
    """Trees that came out of rows the reader has not seen, unless he has built them again himself."""
    if done.opened is None or done.opened.books is None or any(step.name == "commitment" for step in done.steps):
        return []
    stated = done.opened.books.liabilities.commitment
    count = 0 if stated is None else sum(tree.is_rebuilt for tree in stated.trees)
    words = "root committed to came" if count == 1 else "roots committed to came"
    return [f"{count} {words} out of customer rows you have not seen"] if count else []


def _operators(done: Verification) -> tuple[str, ...]:
    if done.opened is None:
        return ()
    cards = done.opened.gathered.job.sources
    return tuple(f"{card.name} ({card.network}), run by {card.operator} ({card.run_by})" for card in cards)


def _statements(done: Verification) -> int:
    if done.opened is None or done.opened.books is None:
        return 0
    books = done.opened.books
    return sum(len(lines or ()) for lines in (books.cash, books.custodians, books.letters, books.prices))

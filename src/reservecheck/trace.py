"""One figure down to its bytes: ratio, lines, cells, block, source, digest of the recorded answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reservecheck.bundle import Gathered
from reservecheck.errors import ReservecheckError
from reservecheck.model.assessment import Assessment, AssetPosition, CashPosition
from reservecheck.model.evidence import Cell, Pin
from reservecheck.money import format_amount
from reservecheck.report.figures import grouped
from reservecheck.transport.record import Recorded
from reservecheck.vault.canonical import sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One recorded exchange a figure rests on."""

    n: int
    source: str
    purpose: str
    decoder: str
    outcome: str
    answer_sha256: str  # "" for a failure
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedLine:
    """One declared line's part of the figure."""

    line: int
    label: str
    address: str
    instrument: str
    amount: str  # whole units of the instrument, or "unread"
    status: str
    reason: str  # why it is unread, or how much of it is locked and why
    evidence: str
    control: str
    exchanges: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Everything the ratio of one asset or currency rests on; exactly one of the first two is there."""

    asset: AssetPosition | None
    cash: CashPosition | None
    lines: tuple[TracedLine, ...]  # largest first
    statements: tuple[str, ...]
    pins: tuple[Pin, ...]
    exchanges: tuple[Answered, ...]


def trace(gathered: Gathered, assessment: Assessment, figure: str) -> Trace:
    """Trace an asset or a currency by its name, in any letter case; raises ReservecheckError for another text."""
    wanted = figure.upper()
    position = assessment.position
    found = next((item for item in position.assets if item.asset == wanted), None)
    cash = next((item for item in position.cash if item.currency == wanted), None)
    if found is None and cash is None:
        known = ", ".join([item.asset for item in position.assets] + [item.currency for item in position.cash])
        raise ReservecheckError(f"the bundle has no figure {figure[:40]!r}", hint=f"it has: {known}")
    cells = _cells(gathered, assessment, wanted)
    numbers = sorted({n for cell in cells for n in cell.exchanges} | _pin_numbers(assessment, cells))
    used = {cell.pin for cell in cells}
    scale = _scale(gathered, assessment)
    largest_first = sorted(cells, key=lambda cell: (-(cell.units or 0), cell.line))
    return Trace(
        asset=found,
        cash=cash,
        lines=tuple(_line(gathered, cell, scale) for cell in largest_first),
        statements=_statements(assessment, wanted),
        pins=tuple(pin for pin in assessment.pins if pin.id in used),
        exchanges=tuple(_answered(gathered.log.exchanges[n - 1]) for n in numbers),
    )


def _cells(gathered: Gathered, assessment: Assessment, asset: str) -> list[Cell]:
    instruments = gathered.job.registry.instruments
    cells = assessment.position.inputs.observation.cells
    return [cell for cell in cells if instruments[cell.instrument].asset == asset]


def _scale(gathered: Gathered, assessment: Assessment) -> dict[str, int | None]:
    said = {item.instrument: item.decimals for item in assessment.position.inputs.observation.decimals}
    instruments = gathered.job.registry.instruments.values()
    return {
        row.instrument: said.get(row.instrument) if row.decimals is None else row.decimals for row in instruments
    }


def _pin_numbers(assessment: Assessment, cells: list[Cell]) -> set[int]:
    used = {cell.pin for cell in cells}
    return {n for pin in assessment.pins if pin.id in used for n in pin.exchanges}


def _line(gathered: Gathered, cell: Cell, scale: Mapping[str, int | None]) -> TracedLine:
    wallet = gathered.job.wallets[cell.line - 1]
    decimals = scale.get(cell.instrument)
    return TracedLine(
        line=cell.line,
        label=cell.label,
        address=wallet.address,
        instrument=cell.instrument,
        amount="unread" if cell.units is None or decimals is None else format_amount(cell.units, decimals),
        status=cell.status,
        reason=cell.reason or _locked(cell, decimals),
        evidence=cell.evidence,
        control=cell.control,
        exchanges=cell.exchanges,
    )


def _locked(cell: Cell, decimals: int | None) -> str:
    if not cell.locked or decimals is None:
        return ""
    return f"{format_amount(cell.locked, decimals)} locked: {cell.locked_why}"


def _statements(assessment: Assessment, asset: str) -> tuple[str, ...]:
    inputs = assessment.position.inputs
    decimals = inputs.registry.assets[asset].decimals if asset in inputs.registry.assets else 0
    said = [
        f"{line.label}: {grouped(line.units, decimals)} {asset}, a statement as of {line.as_of}"
        for line in inputs.books.custodians or ()
        if line.asset == asset
    ]
    said += [
        f"{line.label}: {grouped(line.units, decimals)} {asset} at {line.institution}, title {line.title}"
        for line in inputs.books.cash or ()
        if line.currency == asset
    ]
    said += [
        f"letter {letter.id} from {letter.from_}: {grouped(letter.units, decimals)} {asset} "
        f"on {letter.label}, received {letter.received_on}, {letter.channel}"
        for letter in inputs.books.letters or ()
        if letter.asset == asset
    ]
    return tuple(said)


def _answered(item: Recorded) -> Answered:
    return Answered(
        n=item.n,
        source=item.question.source,
        purpose=item.question.purpose,
        decoder=item.question.decoder,
        outcome=item.reply.outcome,
        answer_sha256="" if item.reply.body is None else sha256(item.reply.body),
        at=item.reply.at,
    )

"""What customers are owed, from a customer file or from totals, against what the extract says of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from reservecheck.books.customer_tally import CustomerTotals
from reservecheck.books.ledger import Ledger, ledger_findings
from reservecheck.books.snapshot import SNAPSHOT, Snapshot
from reservecheck.books.totals import Totals
from reservecheck.errors import InputError, MoneyError, Problem
from reservecheck.model.books import Liabilities, OwedLine, RowFinding
from reservecheck.model.committed import Committed
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Asset
from reservecheck.model.words import Grade
from reservecheck.money import format_amount, parse_amount

_TOTAL: Final = "total"
_LISTED: Final = "listed"


def liabilities(  # noqa: PLR0913  # what a liability is made of, by name
    snapshot: Snapshot,
    assets: Mapping[str, Asset],
    *,
    customers: CustomerTotals | None,
    totals: Totals,
    ledger: Ledger | None = None,
    commitment: Committed | None = None,
    private_files: tuple[InputFile, ...],
) -> Liabilities:
    """The lines of both, and every way in which they differ from [extract], [classes] and ledger as a finding.

    Totals beside a customer file are for classes that [classes] declares as `total`; the grade is then L0, that of
    the weaker part. Raises InputError for totals of any other class, and for control totals that are no amounts.
    """
    rows = () if customers is None else customers.lines
    if customers is not None:
        _check_apart(snapshot, totals.lines)
    net = Counter({} if customers is None else dict(customers.net))
    for line in totals.lines:
        net[line.asset] += line.gross
    findings = () if customers is None else customers.findings
    findings += totals.findings
    findings += _row_count(snapshot, customers)
    findings += _control_totals(snapshot, assets, net)
    findings += _class_checks(snapshot, customers, totals)
    lines = tuple(sorted((*rows, *totals.lines), key=lambda line: (line.asset, line.class_)))
    findings += () if ledger is None else ledger_findings(ledger, lines, assets)
    return Liabilities(
        grade=Grade.TOTALS if totals.lines else Grade.RESUMMED,
        lines=lines,
        findings=findings,
        extract=snapshot.extract,
        classes=snapshot.classes,
        private_files=private_files,
        commitment=commitment,
    )


def _check_apart(snapshot: Snapshot, totals: tuple[OwedLine, ...]) -> None:
    for line in totals:
        if snapshot.classes.get(line.class_) != _TOTAL:
            message = f"{line.asset} in class {line.class_!r} has a total beside a customer file"
            hint = f'it would count twice: only a class that [classes] declares as "{_TOTAL}" may have one'
            raise InputError(Problem(path=snapshot.files["totals"][0], message=message, hint=hint))


def _row_count(snapshot: Snapshot, customers: CustomerTotals | None) -> tuple[RowFinding, ...]:
    stated = snapshot.extract.rows
    if customers is None or stated is None or stated == customers.rows:
        return ()
    place = f"{SNAPSHOT}:{snapshot.toml.line('extract', 'rows')} says {stated} rows, {customers.rows} were read"
    return (_finding("mismatch-rows", "", abs(stated - customers.rows), 0, place),)


def _control_totals(
    snapshot: Snapshot, assets: Mapping[str, Asset], net: Mapping[str, int]
) -> tuple[RowFinding, ...]:
    problems: list[Problem] = []
    findings: list[RowFinding] = []
    for asset, text in sorted(snapshot.extract.totals.items()):
        at = ("extract", "totals", asset)
        row = assets.get(asset)
        if row is None:
            problems.append(
                snapshot.toml.problem(f"the asset {asset!r} is unknown", *at, hint="add it to the registry")
            )
            continue
        try:
            stated = parse_amount(text, row.decimals)
        except MoneyError as error:
            problems.append(snapshot.toml.problem(error.message, *at, hint=error.hint))
            continue
        difference = abs(stated - net.get(asset, 0))
        if difference:
            read = format_amount(net.get(asset, 0), row.decimals)
            place = f"{SNAPSHOT}:{snapshot.toml.line(*at)} says {text} {asset}, the rows add up to {read}"
            findings.append(_finding("mismatch-total", asset, 1, difference, place))
    if problems:
        raise InputError(*problems)
    return tuple(findings)


def _class_checks(snapshot: Snapshot, customers: CustomerTotals | None, totals: Totals) -> tuple[RowFinding, ...]:
    """Each class on the checklist is there, and none that somebody asserted not to be."""
    there = dict(totals.classes)
    there |= {} if customers is None else customers.classes
    findings = [
        _finding("class-contradicted", "", 1, 0, f"{there[class_]} class {class_!r}: {words}")
        for class_, words in sorted(snapshot.classes.items())
        if class_ in there and words not in (_LISTED, _TOTAL)
    ]
    expected = [class_ for class_, words in sorted(snapshot.classes.items()) if words in (_LISTED, _TOTAL)]
    if not there and len(expected) == 1:
        return tuple(findings)  # without a class column the rows are those of the only class there is
    findings += [
        _finding("class-absent", "", 1, 0, f"{SNAPSHOT}:{snapshot.toml.line('classes', class_)} class {class_!r}")
        for class_ in expected
        if class_ not in there
    ]
    return tuple(findings)


def _finding(kind: str, asset: str, count: int, units: int, place: str) -> RowFinding:
    return RowFinding(kind=kind, asset=asset, count=count, units=units, where=(place,))

"""Where `liabilities.json` contradicts itself: rows, totals, house accounts, grade, commitment, list of files.

Whoever derives a bundle anew can write any total. What the extract said of itself stands beside it, and a total
that differs from it does so under a finding; where there is none, somebody changed one of the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from reservecheck.errors import MoneyError
from reservecheck.members.books import LIABILITIES
from reservecheck.members.confirmations import NAME as CONFIRMATIONS
from reservecheck.members.confirmations import confirmations_contradicted
from reservecheck.members.registers import CASH, CUSTODIANS, ENCUMBRANCES, LETTERS, PRICES, RECONCILING
from reservecheck.model.books import Books, Liabilities
from reservecheck.model.committed import COMMITMENT_FILE
from reservecheck.model.confirmations import CONFIRMATIONS_FILE
from reservecheck.model.registry import Registry
from reservecheck.model.words import Grade
from reservecheck.money import format_amount, parse_amount

_SNAPSHOT: Final = "snapshot.toml"
_IN_ROLE_ORDER: Final = (CASH, PRICES, CUSTODIANS, LETTERS, RECONCILING, ENCUMBRANCES)


def contradictions(books: Books, registry: Registry) -> list[str]:
    """A sentence each; empty for whatever this tool read from a snapshot folder."""
    owed = books.liabilities
    found = [*_grade(owed), *_rows(owed), *_totals(owed, registry), *_house(owed)]
    found += [*_rebuilt(owed, registry), *_files(books)]
    answers = [f"{CONFIRMATIONS}: {said}" for said in confirmations_contradicted(books)]
    return [*(f"{LIABILITIES}: {said}" for said in found), *answers]


def _grade(owed: Liabilities) -> Iterator[str]:
    if owed.grade not in (Grade.TOTALS, Grade.RESUMMED):
        yield f"the grade is {owed.grade}, and files are received at L0 or L1"
    if not owed.private_files and (owed.grade is not Grade.TOTALS or any(line.rows for line in owed.lines)):
        yield f"the grade is {owed.grade}, rows were summed, and there is no private file they stand in"
    if owed.grade is not Grade.TOTALS and (not _read(owed) or any(not line.rows for line in owed.lines)):
        yield f"the grade is {owed.grade}, and something is owed in no row that was read"


def _read(owed: Liabilities) -> int:
    """How many rows of customers were read, those that are out of scope among them."""
    outside = sum(finding.count for finding in owed.findings if finding.kind == "out-of-scope")
    return sum(line.rows for line in owed.lines) + outside


def _rows(owed: Liabilities) -> Iterator[str]:
    read, stated = _read(owed), owed.extract.rows
    if stated is None or (not read and owed.grade is Grade.TOTALS):
        return
    said = sum(finding.count for finding in owed.findings if finding.kind == "mismatch-rows")
    if abs(stated - read) != said:
        yield f"the extract states {stated} rows, {read} were read, and no finding says so"


def _totals(owed: Liabilities, registry: Registry) -> Iterator[str]:
    net: Counter[str] = Counter()
    for line in owed.lines:
        net[line.asset] += line.net
    said = {finding.asset: finding.units for finding in owed.findings if finding.kind == "mismatch-total"}
    for asset, text in sorted(owed.extract.totals.items()):
        row = registry.assets.get(asset)
        if row is None:
            yield f"the extract states a total of {asset[:40]!r}, which the registry lacks"
            continue
        try:
            stated = parse_amount(text, row.decimals)
        except MoneyError:
            yield f"the extract's total of {asset} is {text[:60]!r}, which is no amount"
            continue
        if abs(stated - net[asset]) != said.get(asset, 0):
            read = format_amount(net[asset], row.decimals)
            yield f"the extract states {text} {asset}, the rows add up to {read}, and no finding says so"


def _house(owed: Liabilities) -> Iterator[str]:
    for line in owed.lines:
        if line.house > line.gross:
            yield f"of {line.asset} more stands on accounts of the house than on all accounts together"


def _rebuilt(owed: Liabilities, registry: Registry) -> Iterator[str]:
    """With the secret, trees are built again from the rows that were summed: all that can be, and no other."""
    trees = () if owed.commitment is None else owed.commitment.trees
    given = any(tree.rebuilt is not None for tree in trees)
    for tree in trees:
        row = registry.assets.get(tree.asset)
        read = [line for line in owed.lines if line.asset == tree.asset and line.rows]
        can_be = bool(read) and row is not None and row.decimals == tree.decimals
        if given and (tree.rebuilt is not None) != can_be:
            done = "could not be built again, and was" if tree.rebuilt else "was not built again, and others were"
            yield f"the tree of {tree.asset[:40]!r} {done}"
        elif tree.rebuilt is not None and tree.rebuilt.total != (rows := sum(line.gross for line in read)):
            yield f"the tree of {tree.asset} was built again to {tree.rebuilt.total}, its rows add up to {rows}"
        elif tree.rebuilt is not None and tree.rebuilt.root == tree.root and not tree.is_rebuilt:
            yield f"the tree of {tree.asset} has one root and two totals"


def _files(books: Books) -> Iterator[str]:
    """Every register was read from a listed file. Files stand in the order of their roles, claims last."""
    owed = books.liabilities
    names = [file.name for file in books.files]
    if names[:1] != [_SNAPSHOT]:
        yield f"the list of files does not begin with {_SNAPSHOT}"
    for file in owed.private_files:
        if file not in books.files:
            yield f"the private file {file.name[:80]!r} is not in the list of files"
    stated = [name for name in names if name.rpartition("/")[2] == COMMITMENT_FILE]
    if len(stated) != int(owed.commitment is not None):
        known = "no commitment" if owed.commitment is None else "one commitment"
        yield f"it lists {COMMITMENT_FILE} {len(stated)} times, and the bundle has {known}"
    private = {file.name for file in owed.private_files}
    candidates = [name for name in names[1:] if name not in private]
    there = (books.cash, books.prices, books.custodians, books.letters, books.reconciling, books.encumbrances)
    registers = [name for name, lines in zip(_IN_ROLE_ORDER, there, strict=True) if lines is not None]
    totals = (1,) if owed.grade is Grade.TOTALS else (0, 1)
    tried = [list(_unlisted(candidates[before:], registers)) for before in totals]
    if all(tried):
        yield from tried[0]


def _unlisted(candidates: Sequence[str], registers: Sequence[str]) -> Iterator[str]:
    """How these files cannot be those the registers were read from; any name will do but that of another one."""
    mine = candidates[: len(registers)]
    for place, register in enumerate(registers):
        name = mine[place].rpartition("/")[2] if place < len(mine) else ""
        if not name or (name != register and name in (*_IN_ROLE_ORDER, COMMITMENT_FILE, CONFIRMATIONS_FILE)):
            yield f"it lists no file that {register} was read from"
            return
    for name in candidates[len(registers) :]:
        if name in _IN_ROLE_ORDER:
            yield f"it lists {name}, and the bundle has no such register"
            return

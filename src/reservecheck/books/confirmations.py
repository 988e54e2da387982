"""The practitioner's list of customers drawn and asked, with the columns their answers are written into.

`liabilities draw` writes it, the practitioner fills it in. It is full of customers and balances: it leaves his
machine as counts, and no message repeats a field of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from reservecheck.books.register import Location, RegisterRow, input_file, read_register, refuse, register_rows
from reservecheck.commitment.commitment_file import MOST_DRAWS
from reservecheck.errors import MoneyError, Problem
from reservecheck.model.confirmations import Confirmations, DrawnBy, ReadFrom
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Asset
from reservecheck.moments import parse_moment, utc_text
from reservecheck.money import parse_amount

DRAWN: Final = ("number", "asset", "customer", "amount", "hits")
ANSWERED: Final = ("answer", "stated", "received_on", "channel", "received_by")
"""Left empty by the draw: what the customer said, and by which way it came."""
DRAWN_BY: Final = ("commitment_sha256", "network", "height", "block_hash", "block_time", "read_from")
"""What drew, the same in every row."""
COLUMNS: Final = (*DRAWN, *ANSWERED, *DRAWN_BY)
REMARK: Final = "remark"
AGREES: Final = "agrees"
DIFFERS: Final = "differs"
NO_REPLY: Final = "no-reply"
DIRECT: Final = "direct"
VIA_ENTITY: Final = "via-entity"
DAY_S: Final = 86_400
"""A day received on is some place's day, the block's time is UTC."""
_COUNT: Final = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)
_HEIGHT: Final = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_HEX: Final = "64 characters of 0-9 and a-f, as the draw wrote it"
_NETWORK: Final = re.compile(r"[a-z0-9-]+:[a-z0-9-]+", re.ASCII)
_GUARD: Final = "'"
"""Before an id that a spreadsheet would run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One customer drawn; amounts in smallest units. `stated` is what an answer that differs says."""

    number: int
    asset: str
    customer: str
    units: int
    hits: int
    answer: str = NO_REPLY
    stated: int = 0
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedList:
    """A list as read."""

    drawn_by: DrawnBy
    sha256: str
    asked: tuple[Asked, ...]

    def about(self, asset: str) -> tuple[Asked, ...]:
        """The rows about one asset."""
        return tuple(row for row in self.asked if row.asset == asset)


def unanswered(kept: AskedList) -> Confirmations:
    """What may be said of a list that is not held against any tree."""
    return Confirmations(
        drawn_by=kept.drawn_by,
        list_sha256=kept.sha256,
        listed=tuple(sorted({row.asset for row in kept.asked})),
        answers=(),
        otherwise=dict(sorted(Counter(row.asset for row in kept.asked if row.answer == DIFFERS).items())),
    )


def read_confirmations(
    at: Location, assets: Mapping[str, Asset], *, as_of: int | None
) -> tuple[AskedList, InputFile]:
    """The list, filled in as far as answers came. Raises InputError for every row that says two things, or none.

    `as_of` is the extract's, in seconds since 1970: no answer about its balances is older.
    """
    file = read_register(at, required=COLUMNS, optional=(REMARK,))
    problems: list[Problem] = []
    rows = tuple(register_rows(file, assets, problems))
    by = _drawn_by(rows[0])
    _require_one_draw(rows)
    asked = tuple(_asked(row) for row in rows)
    for row, one in zip(rows, asked, strict=True):
        if one.answer != NO_REPLY:
            _received(row, by, as_of)
    refuse(problems)
    return AskedList(drawn_by=by, sha256=file.sha256, asked=asked), input_file(file)


def _require_one_draw(rows: Iterable[RegisterRow]) -> None:
    """Every row was drawn by what drew the first, and nothing stands twice."""
    drawn_by: list[str] = []
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        mine = [row.values[name] for name in DRAWN_BY]
        drawn_by = drawn_by or mine
        if mine != drawn_by:
            row.problem("it was drawn by something else than the first row", "write one list a draw")
        keys = {(row.values["number"],), (row.values["asset"], _customer(row))}
        if keys & seen:
            row.problem("its number or its customer stands twice", "write one row a customer and asset")
        seen |= keys


def _customer(row: RegisterRow) -> str:
    return row.values["customer"].removeprefix(_GUARD)


def _drawn_by(row: RegisterRow) -> DrawnBy:
    read_from = ReadFrom(_word(row, "read_from", tuple(ReadFrom)))
    given = row.values["block_time"]
    if row.values["read_from"] == read_from and bool(given) == (read_from is ReadFrom.TYPED):
        row.problem(
            f"read_from is {read_from}, and block_time is {'given' if given else 'empty'}",
            "leave both as the draw wrote them: a source tells the time, and nobody types it",
        )
    return DrawnBy(
        commitment=_matching(row, "commitment_sha256", _DIGEST, _HEX),
        network=_matching(row, "network", _NETWORK, "a network, as the draw wrote it"),
        height=_number(row, "height", _HEIGHT),
        block=_matching(row, "block_hash", _DIGEST, _HEX),
        time=_time(row) if given else "",
        read_from=read_from,
    )


def _time(row: RegisterRow) -> str:
    time = _quietly(row, "block_time", row.moment)
    try:
        return utc_text(parse_moment(time)) if time else ""
    except (ValueError, OverflowError):  # an instant before the first year of UTC, or after the last
        row.problem("block_time is no instant of a block", "leave the column as the draw wrote it")
        return ""


def _asked(row: RegisterRow) -> Asked:
    asset = row.values["asset"]
    if asset not in row.assets:
        row.problem("the asset is unknown", "leave the column as the draw wrote it")
    hits = _number(row, "hits", _COUNT)
    if hits > MOST_DRAWS:
        row.problem(f"hits is more than {MOST_DRAWS}", "leave the column as the draw wrote it")
    if not row.values["customer"]:
        row.problem("customer is empty", "leave the column as the draw wrote it")
    units = _amount(row, "amount")
    answer = row.values["answer"] or NO_REPLY
    if answer in {AGREES, DIFFERS}:
        stated, channel = _answer(row, answer, units)
    else:
        stated, channel = 0, ""
        _require_silence(row, answer)
    return Asked(
        number=_number(row, "number", _COUNT),
        asset=asset,
        customer=_customer(row),
        units=units,
        hits=hits,
        answer=answer,
        stated=stated,
        channel=channel,
    )


def _answer(row: RegisterRow, answer: str, units: int) -> tuple[int, str]:
    """(what was stated, by which way); an answer is one thing, dated, and somebody received it."""
    said = row.values["stated"]
    stated = _amount(row, "stated") if said or answer == DIFFERS else units
    if min(stated, units) >= 0 and (stated == units) != (answer == AGREES):
        other = DIFFERS if answer == AGREES else AGREES
        row.problem(f"answer is {answer}, and stated says otherwise", f"write {other}, or correct stated")
    if not row.values["received_by"].strip():
        row.problem("received_by is empty", "write who received the answer")
    return stated, _word(row, "channel", (DIRECT, VIA_ENTITY))


def _received(row: RegisterRow, by: DrawnBy, as_of: int | None) -> None:
    day = _quietly(row, "received_on", row.day)
    if not day:
        return
    latest = parse_moment(day if "T" in day.upper() else f"{day}T23:59:59Z") + DAY_S
    if by.time and latest < parse_moment(by.time):
        row.problem(f"received_on is before the block of {by.time} that drew", "nobody was drawn by then")
    elif as_of is not None and latest < as_of:
        row.problem(
            f"received_on is before {utc_text(as_of)}, which balances are as of", "nobody was drawn by then"
        )


def _require_silence(row: RegisterRow, answer: str) -> None:
    if answer != NO_REPLY:
        _word(row, "answer", (AGREES, DIFFERS, NO_REPLY))
        return
    filled = [name for name in ANSWERED[1:] if row.values[name]]
    if filled:
        hint = f"write {AGREES} or {DIFFERS}: whatever came is an answer"
        are = "is" if len(filled) == 1 else "are"
        row.problem(f"there is no answer, and {', '.join(filled)} {are} filled in", hint)


def _word(row: RegisterRow, column: str, words: Iterable[str]) -> str:
    allowed = tuple(words)
    value = row.values[column]
    if value in allowed:
        return value
    row.problem(f"{column} is not a word of this column", f"write one of {', '.join(allowed)}")
    return allowed[-1]


def _amount(row: RegisterRow, column: str) -> int:
    asset = row.assets.get(row.values["asset"])
    if asset is None:
        return 0
    units = -1
    with suppress(MoneyError):
        units = parse_amount(row.values[column], asset.decimals)
    if units < 0:
        hint = f"write it in whole units with at most {asset.decimals} digits after the point"
        row.problem(f"{column} is not an amount of {asset.asset}", hint)
    return units


def _number(row: RegisterRow, column: str, pattern: re.Pattern[str]) -> int:
    return int(_matching(row, column, pattern, "a whole number, as the draw wrote it") or 0)


def _matching(row: RegisterRow, column: str, pattern: re.Pattern[str], wanted: str) -> str:
    if pattern.fullmatch(row.values[column]) is None:
        row.problem(f"{column} is not as it was written", f"write {wanted}")
        return ""
    return row.values[column]


def _quietly(row: RegisterRow, column: str, read: Callable[[str], str]) -> str:
    """A day or an instant; what stands there instead is not repeated."""
    before = len(row.problems)
    value = read(column)
    if len(row.problems) > before:
        del row.problems[before:]
        row.problem(f"{column} is not a day or an instant", "write it as 2018-09-21 or 2018-09-21T10:00:00+09:00")
        return ""
    return value

"""What an export calls its assets: registered ids mean themselves, everything else is said in a file.

format = "reservecheck/tickers/v1"
[tickers]
"1000SATS" = { asset = "SATS", multiplier = "1000" }   # one of the export's is so many of the asset
btc = { asset = "BTC" }

A name never tells its multiplier: 1000SATS may be a thousand of them or a coin of that name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from reservecheck.errors import InputError, MoneyError, Problem
from reservecheck.importers.cells import ONE, Amount
from reservecheck.model.registry import ASSET_NAME
from reservecheck.money import parse_multiplier
from reservecheck.vault.toml_file import TomlFile, read_toml

FORMAT: Final = "reservecheck/tickers/v1"
_LONGEST: Final = 60
_FILL_IN: Final = "FILL IN"
_OF_LONG_EXPORTS: Final = frozenset(
    {
        *("asset", "balance", "amount", "quantity", "currency", "coin", "symbol"),
        *("자산", "코인", "통화", "잔고", "잔액", "수량"),
        *("資産", "通貨", "残高", "数量"),
    }
)
"""Names of columns in exports that have a row for each balance."""
_LONG: Final = "where every row is one balance, give --asset-column and --balance-column"
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_LIKE_A_TICKER: Final = re.compile(r"[A-Za-z0-9._/-]{1,20}", re.ASCII)
_MOST_DIGITS: Final = 4
_MOST_NAMES: Final = 2_000
_MOST_HIDDEN: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticker:
    """One name of an export: one of it is `multiplier` of the asset."""

    name: str
    asset: str
    multiplier: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Tickers:
    """All names that mean something, and the digest of the file that says so ("" without one)."""

    known: Mapping[str, Ticker]
    registered: Collection[str]
    sha256: str = ""

    def get(self, name: str) -> Ticker | None:
        """What a name means; None if nobody said."""
        return self.known.get(name)

    def unknown(self, names: Mapping[str, Problem], *, of_header: bool) -> InputError:
        """One error for all names that are unknown, with the lines to write; `names` with a problem at their place.

        Names of a header are repeated. In rows, a column of customers' ids may have been taken for one of assets:
        of those only what is written like an asset is repeated, and none of very many.
        """
        if not of_header and len(names) > _MOST_NAMES:
            place = next(iter(names.values()))
            message = f"more than {_MOST_NAMES} different names stand where assets are expected"
            return InputError(replace(place, message=message, hint="is --asset-column the right one?"))
        shown = [name for name in names if of_header or _may_be_shown(name)]
        hidden = [place for name, place in names.items() if name not in shown]
        problems = hidden[:_MOST_HIDDEN]
        if shown:
            lines = "\n    ".join([f'format = "{FORMAT}"', "[tickers]", *map(self._line, shown)])
            skip = "; leave out columns without balances with --skip" if of_header else ""
            long = of_header and any(name.casefold() in _OF_LONG_EXPORTS for name in shown)
            hint = f"say what each is in a file, and give that with --tickers{skip}:\n    {lines}"
            hint = f"{_LONG}; else {hint}" if long else hint
            message = f"{len(shown)} {'names are' if len(shown) > 1 else 'name is'} not known as an asset"
            problems.append(replace(names[shown[0]], message=message, hint=hint))
        return InputError(*problems)

    def _line(self, name: str) -> str:
        near = name.upper() if name.upper() in self.registered else _FILL_IN
        multiplier = "1" if near != _FILL_IN else _FILL_IN
        key = name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
        return f'{key} = {{ asset = "{near}", multiplier = "{multiplier}" }}'


def _may_be_shown(name: str) -> bool:
    """Whether a name is written like an asset, and not like a customer."""
    digits = sum(map(str.isdigit, name.lstrip("10")))
    return _LIKE_A_TICKER.fullmatch(name) is not None and digits <= _MOST_DIGITS and not name.isdigit()


def read_tickers(path: Path | None, registered: Collection[str]) -> Tickers:
    """The names of a file, and the ids of the registry, which mean themselves.

    Raises InputError for whatever is unknown, missing or malformed in the file, all at once.
    """
    own = {name: Ticker(name=name, asset=name, multiplier=ONE) for name in registered}
    if path is None:
        return Tickers(known=own, registered=registered)
    file = read_toml(path)
    reading = _Reading(file=file, registered=registered)
    return Tickers(known=own | reading.tickers(), registered=registered, sha256=file.sha256)


@dataclass(slots=True, kw_only=True)
class _Reading:
    """A file while it is read, with what is wrong with it."""

    file: TomlFile
    registered: Collection[str]
    problems: list[Problem] = field(default_factory=list)

    def tickers(self) -> dict[str, Ticker]:
        root = self.file.root(self.problems)
        root.text("format", pattern=re.escape(FORMAT), meaning=f'"{FORMAT}"')
        table = root.table("tickers", required=True)
        found = {}
        for name in table.names():
            below = table.table(name)
            asset, multiplier = below.text("asset"), below.text("multiplier", default="1")
            below.done()
            for message, hint in self._wrong(name, asset):
                table.problem(message, name, hint=hint)
            found[name] = Ticker(name=name, asset=asset, multiplier=self._multiplier(multiplier, name))
        table.done()
        root.done()
        if self.problems:
            raise InputError(*self.problems)
        return found

    def _wrong(self, name: str, asset: str) -> Iterable[tuple[str, str]]:
        if name in self.registered:
            yield f"{name!r} is a registered asset", "a registered id means itself: leave it out"
        if not name.isprintable() or len(name) > _LONGEST:
            yield f"{name[:_LONGEST]!r} is not a name", f"a name is at most {_LONGEST} characters of one line"
        if asset and ASSET_NAME.fullmatch(asset) is None:
            yield f"{asset[:_LONGEST]!r} is not an asset", "write capitals, digits and points, such as BTC"

    def _multiplier(self, text: str, name: str) -> Amount:
        try:
            exact = parse_multiplier(text)
        except MoneyError as error:
            self.problems.append(self.file.problem(error.message, "tickers", name, hint=error.hint))
            return ONE
        places = len(text.partition(".")[2])
        return Amount(int(exact * 10**places), places)

"""The price register: one whole unit of an asset in the engagement's currency, with its source and instant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from reservecheck.books.register import Location, RegisterRow, input_file, read_register, refuse, register_rows
from reservecheck.errors import Problem
from reservecheck.model.books import Price
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Asset
from reservecheck.moments import parse_moment

_PRICE: Final = re.compile(r"(0|[1-9][0-9]{0,18})(\.[0-9]{1,30})?", re.ASCII)


def read_prices(at: Location, assets: Mapping[str, Asset], *, currency: str) -> tuple[tuple[Price, ...], InputFile]:
    """Every price. Raises InputError for zero, an unknown asset, a second price, a missing source or instant."""
    columns = ("asset", "price", "source", "as_of")
    file = read_register(at, required=columns, optional=("method", "supplied_by"))
    problems: list[Problem] = []
    prices: dict[str, Price] = {}
    for row in register_rows(file, assets, problems):
        asset, price = row.asset("asset"), _price(row)
        source, as_of = row.text("source"), row.moment("as_of")
        if asset in prices:
            row.problem(f"{asset} has two prices", "keep the one the engagement's policy names")
        elif asset == currency and price != 1:
            row.problem(f"one {currency} is {row.values['price']} {currency}", "write 1, or leave the row out")
        prices[asset] = Price(
            asset=asset,
            price=price,
            text=row.values["price"],
            source=source,
            as_of=as_of,
            as_of_epoch=parse_moment(as_of) if as_of else 0,
            method=row.values["method"],
            supplied_by=row.values["supplied_by"],
        )
    refuse(problems)
    return tuple(prices.values()), input_file(file)


def _price(row: RegisterRow) -> Fraction:
    text = row.values["price"]
    if _PRICE.fullmatch(text) is None:
        row.problem(f"{text!r} is not a price", "write digits and a point, such as 717390 or 0.0042")
        return Fraction(1)
    price = Fraction(text)
    if not price:
        row.problem(
            "the price is zero", "an asset without a price is left out; then valued figures are not computable"
        )
    return price

"""The gate through which amounts enter a frame: text that passes one strict pattern, or a MoneyError.

No parser of the frame library is trusted with unchecked text: its casts accept `1e-8`, `+5` and `.5`, and round
surplus digits silently. The pattern is `money.AMOUNT_PATTERN`, the same that `money.parse_amount` applies.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from reservecheck.errors import MoneyError
from reservecheck.money import AMOUNT_PATTERN, MAX_DECIMALS

DECIMAL_SCALE: Final = 18
_DIGITS: Final = 38
_WHOLE_DIGITS: Final = 19


def amounts_from_text(frame: pl.DataFrame | pl.LazyFrame, column: str, decimals: int) -> pl.LazyFrame:
    """The same frame with a text column of whole units replaced by Int128 smallest units (10^−decimals).

    Raises MoneyError unless the column is text and every value is an amount with at most `decimals` digits
    after the point.
    """
    lazy = frame.lazy()
    kind = lazy.collect_schema()[column]
    if kind != pl.String:
        raise MoneyError(f"the column {column!r} is {kind}: amounts enter as text")
    bad = lazy.select((~is_amount(pl.col(column), decimals)).sum()).collect(engine="streaming").item()
    if bad:
        raise MoneyError(f"{bad} values of {column!r} are not amounts with at most {decimals} decimals")
    return lazy.with_columns(units_of_text(pl.col(column), decimals).alias(column))


def is_amount(text: pl.Expr, decimals: int | pl.Expr, *, most: int = MAX_DECIMALS) -> pl.Expr:
    """Whether text is an amount with at most `decimals` digits after the point; false for null.

    Amounts of 10^38 units and more are none: digits before the point and decimals make at most 38. `most` is the
    largest value `decimals` takes.
    """
    length = text.str.len_bytes()
    point = text.str.find(".", literal=True)
    fits = (length <= point + 1 + decimals).fill_null(value=True)
    if most + _WHOLE_DIGITS > _DIGITS:
        whole = point.fill_null(length) - text.str.starts_with("-").cast(pl.UInt32)
        fits &= whole + decimals <= _DIGITS
    return (text.str.contains(AMOUNT_PATTERN) & fits).fill_null(value=False)


def are_amounts(texts: pl.Series, decimals: int) -> bool:
    """Whether every text is an amount with at most `decimals` digits after the point; false if one is missing.

    It says what `is_amount` says, of a whole column at once and in one look at each text: the pattern itself holds
    the most digits.
    """
    more = min(_WHOLE_DIGITS, _DIGITS - decimals) - 1
    fraction = rf"(\.[0-9]{{1,{decimals}}})?" if decimals else ""
    pattern = rf"^-?(0|[1-9][0-9]{{0,{more}}}){fraction}$"
    return texts.null_count() == 0 and texts.str.contains(pattern).all()


def units_of_text(text: pl.Expr, decimals: int) -> pl.Expr:
    """Int128 units of 10^−decimals of text for which `is_amount` holds; meaningless for any other text.

    Up to 18 decimals through Decimal(38, decimals), which holds 19 digits before the point; above, by moving the
    point in the text.
    """
    if not 0 <= decimals <= MAX_DECIMALS:
        raise MoneyError(f"{decimals} decimals: an asset has 0 to {MAX_DECIMALS}")
    if decimals <= DECIMAL_SCALE:
        return text.cast(pl.Decimal(_DIGITS, decimals)).to_physical()
    parts = text.str.split_exact(".", 1)
    fraction = parts.struct.field("field_1").fill_null("").str.pad_end(decimals, "0")
    return (parts.struct.field("field_0") + fraction).cast(pl.Int128)

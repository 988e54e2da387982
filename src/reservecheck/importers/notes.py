"""What is said of an export beside its rows: each thing is counted, and has one sentence."""

from __future__ import annotations

from typing import Final

ALSO_UTF8: Final = "lines-also-utf-8"
EMPTY_ROWS: Final = "empty-rows"
EMPTY_CELLS: Final = "empty-cells"
ZERO_CELLS: Final = "zero-cells"
ABOVE_HEADER: Final = "lines-above-the-header"
EXPONENTS: Final = "exponents"
FORMULAS: Final = "formulas"
FULL_NUMBERS: Final = "numbers-of-15-digits"
NEXT_NUMBERS: Final = "numbers-of-16-or-17-digits"
HIDDEN_ROWS: Final = "hidden-rows"
HIDDEN_COLUMNS: Final = "hidden-columns"
HIDDEN_SHEET: Final = "hidden-sheet"
OTHER_SHEETS: Final = "other-sheets"
HIDDEN_SHEETS: Final = "other-hidden-sheets"
NO_ROWS: Final = "customers-without-a-row"

NOTES: Final = {
    ABOVE_HEADER: ("{} line above the header was left out", "{} lines above the header were left out"),
    EMPTY_ROWS: ("{} row has no value at all and was left out", "{} rows have no value at all and were left out"),
    EMPTY_CELLS: (
        "{} balance is empty: taken as nothing owed and left out",
        "{} balances are empty: taken as nothing owed and left out",
    ),
    ZERO_CELLS: (
        "{} balance is zero and was left out (--keep-zeros writes it)",
        "{} balances are zero and were left out (--keep-zeros writes them)",
    ),
    NO_ROWS: (
        "{} row has an id and no balance: it is not in the output",
        "{} rows have an id and no balance: they are not in the output",
    ),
    EXPONENTS: (
        "{} amount has an exponent and was taken at its own value (--exponents)",
        "{} amounts have an exponent and were taken at their own value (--exponents)",
    ),
    ALSO_UTF8: (
        "{} line is UTF-8 as well: look at the ids, the encoding may be wrong",
        "{} lines are UTF-8 as well: look at the ids, the encoding may be wrong",
    ),
    FORMULAS: (
        "{} cell is a formula: the value stored beside it was taken, nothing was worked out",
        "{} cells are formulas: the value stored beside them was taken, nothing was worked out",
    ),
    FULL_NUMBERS: (
        "{} number has 15 digits, the most a spreadsheet keeps: more may have been cut off",
        "{} numbers have 15 digits, the most a spreadsheet keeps: more may have been cut off",
    ),
    NEXT_NUMBERS: (
        "{} number is written as a double, with 16 or 17 digits: taken as the one of 15 that was typed",
        "{} numbers are written as doubles, with 16 or 17 digits: taken as the one of 15 that was typed",
    ),
    HIDDEN_ROWS: (
        "{} row is hidden, and was read all the same",
        "{} rows are hidden, and were read all the same",
    ),
    HIDDEN_COLUMNS: (
        "{} column is hidden, and was read all the same",
        "{} columns are hidden, and were read all the same",
    ),
    HIDDEN_SHEET: ("the sheet that was read is hidden", "the sheet that was read is hidden"),
    OTHER_SHEETS: ("{} other sheet was not read", "{} other sheets were not read"),
    HIDDEN_SHEETS: (
        "{} of the sheets that were not read is hidden",
        "{} of the sheets that were not read are hidden",
    ),
}
"""By its word: what is said of one, and of several."""

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
    ABOVE_HEADER: "lines above the header were left out",
    EMPTY_ROWS: "rows have no value at all and were left out",
    EMPTY_CELLS: "balances are empty: taken as nothing owed and left out",
    ZERO_CELLS: "balances are zero and were left out (--keep-zeros writes them)",
    NO_ROWS: "rows have an id and no balance: they are not in the output",
    EXPONENTS: "amounts have an exponent and were taken at their own value (--exponents)",
    ALSO_UTF8: "lines are UTF-8 as well: look at the ids, the encoding may be wrong",
    FORMULAS: "cells are formulas: the value stored beside them was taken, nothing was worked out",
    FULL_NUMBERS: "numbers have 15 digits, the most a spreadsheet keeps: more may have been cut off",
    NEXT_NUMBERS: "numbers are written as doubles, with 16 or 17 digits: taken as the one of 15 that was typed",
    HIDDEN_ROWS: "rows are hidden, and were read all the same",
    HIDDEN_COLUMNS: "columns are hidden, and were read all the same",
    HIDDEN_SHEET: "the sheet that was read is hidden",
    OTHER_SHEETS: "other sheets were not read",
    HIDDEN_SHEETS: "of the sheets that were not read are hidden",
}

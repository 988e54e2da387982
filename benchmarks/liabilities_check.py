"""What customers are owed, checked whole: `python -m benchmarks.liabilities_check [--rows 100000000]`.

A deterministic file of 10,000,000 rows (100,000,000 if asked) with known totals, a ledger and an earlier round is
looked at by `check_liabilities` in a process of its own, whose peak memory is measured. Against it, in the same
run: csv.DictReader and Decimal over the same questions on the first 1,000,000 rows, and DuckDB over the same
questions on the whole file, where it can be imported. Goals: ten times the first in rows a second, one and a half
times the second, at most 2,048 MB.
"""

from __future__ import annotations

import argparse
import csv
import decimal
import importlib
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.liabilities_totals import compile_once, generate

from reservecheck.liability_check import Beside, check_liabilities
from reservecheck.model.progress import silent
from reservecheck.model.registry import Asset, Registry
from reservecheck.money import AMOUNT_PATTERN, format_amount

ROWS = 10_000_000
SAMPLE = 1_000_000
RATIO_GOAL = 10
DUCKDB_GOAL = Decimal("1.5")
MEMORY_GOAL_MB = 2048
BITS = 42  # so that a closing balance of 100,000,000 rows has no more than 19 digits before the point
DECIMALS = {f"C{number:02d}": (0, 2, 6, 8, 18)[number % 5] for number in range(50)}
FILES = 'customers = ["customers.csv"]\nledger = "ledger.csv"\nprevious = "previous.csv"\n'
SNAPSHOT = 'format = "reservecheck/snapshot/v1"\nentity = "bench"\n[files]\n' + FILES
QUESTIONS = """
WITH rows AS (
  SELECT customer, asset, balance, TRY_CAST(balance AS DECIMAL(38, 18)) AS units
  FROM read_csv('{path}', header = true, all_varchar = true, quote = '', delim = ',')
)
SELECT asset, count(*), sum(greatest(units, 0)), sum(greatest(-units, 0)), max(units), arg_max(customer, units),
  count(*) FILTER (WHERE NOT regexp_full_match(balance, '-?(0|[1-9][0-9]{{0,18}})([.][0-9]+)?')),
  count(*) FILTER (WHERE units = 0), count(*) FILTER (WHERE trim(customer) = ''),
  max(length(rtrim(split_part(balance, '.', 2), '0')))
FROM rows GROUP BY asset
"""
REPEATED = """
SELECT count(*) FROM (SELECT customer, asset FROM read_csv('{path}', header = true, all_varchar = true, quote = '',
  delim = ',') GROUP BY ALL HAVING count(*) > 1)
"""
ALIKE = """
SELECT count(*) FROM (
  SELECT lower(nfc_normalize(customer)) AS folded FROM (SELECT DISTINCT customer
  FROM read_csv('{path}', header = true, all_varchar = true, quote = '', delim = ',')) GROUP BY folded
  HAVING count(*) > 1)
"""


def main() -> int:
    """Print one line of JSON; exit 0 when the totals are exact and the goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measure(asked.measure)
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compiled = compile_once()
        expected = generate(folder, asked.rows, BITS)
        write_beside(folder, expected)
        plain = asking_loop(folder)
        command = [sys.executable, "-m", "benchmarks.liabilities_check", "--measure", name]
        measured = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        duckdb = in_duckdb(folder / "customers.csv")
    exact = measured["gross"] == {asset: format_amount(units, DECIMALS[asset]) for asset, units in expected.items()}
    rate = asked.rows * 1000 // measured["ms"]
    ratio = Decimal(rate * 100 // plain) / 100
    times = None if isinstance(duckdb, str) else Decimal(duckdb * 100 // measured["ms"]) / 100
    met = exact and ratio >= RATIO_GOAL and measured["peak_rss_mb"] <= MEMORY_GOAL_MB
    met = met and measured["kinds"] == ["classes-not-stated"] and (times is None or times >= DUCKDB_GOAL)
    result = {
        "rows": asked.rows,
        "rows_per_s": rate,
        "ratio": str(ratio),
        "ratio_duckdb": str(times) if times is not None else f"not measured: {duckdb}",
        "peak_rss_mb": measured["peak_rss_mb"],
        "exact": exact,
        "found": measured["kinds"],
        "compiled": compiled,
        "goals": {"ratio": RATIO_GOAL, "ratio_duckdb": str(DUCKDB_GOAL), "peak_rss_mb": MEMORY_GOAL_MB},
        "met": met,
    }
    print(json.dumps(result))
    return 0 if met else 1


def write_beside(folder: Path, totals: dict[str, int]) -> None:
    """The ledger that agrees, and an earlier round a tenth smaller."""
    ledger = [f"{asset},{format_amount(units, DECIMALS[asset])}\n" for asset, units in totals.items()]
    before = [f"{asset},{format_amount(units * 9 // 10, DECIMALS[asset])}\n" for asset, units in totals.items()]
    folder.joinpath("ledger.csv").write_text("asset,total\n" + "".join(ledger), encoding="utf-8")
    folder.joinpath("previous.csv").write_text("asset,owed\n" + "".join(before), encoding="utf-8")
    folder.joinpath("snapshot.toml").write_text(SNAPSHOT, encoding="utf-8")


def asking_loop(folder: Path) -> int:
    """Rows a second of a loop that looks for the same."""
    gross: dict[str, Decimal] = {}
    negative: dict[str, Decimal] = {}
    largest: dict[str, Decimal] = {}
    digits: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    folded: dict[str, str] = {}
    odd = 0
    pattern = re.compile(AMOUNT_PATTERN)
    start = time.perf_counter()
    with decimal.localcontext(prec=60), folder.joinpath("customers.csv").open(encoding="utf-8", newline="") as file:
        for count, row in enumerate(csv.DictReader(file), 1):
            customer, asset, text = row["customer"], row["asset"], row["balance"]
            fraction = text.partition(".")[2]
            if not customer.strip() or pattern.match(text) is None or len(fraction) > DECIMALS[asset]:
                odd += 1
                continue
            balance = Decimal(text)
            side = negative if balance < 0 else gross
            side[asset] = side.get(asset, Decimal(0)) + balance
            largest[asset] = max(balance, largest.get(asset, balance))
            digits[asset] = max(digits[asset], len(fraction.rstrip("0")))
            odd += (customer, asset) in seen or not balance
            seen.add((customer, asset))
            odd += folded.setdefault(customer.casefold(), customer) != customer
            if count == SAMPLE:
                break
    return int(SAMPLE / (time.perf_counter() - start))


def in_duckdb(path: Path) -> int | str:
    """Milliseconds for the same questions, or why there are none."""
    if find_spec("duckdb") is None:
        return "duckdb cannot be imported here"
    duckdb: Any = importlib.import_module("duckdb")
    connection = duckdb.connect()
    connection.execute(f"SET memory_limit = '{MEMORY_GOAL_MB}MB'")
    start = time.perf_counter()
    for question in (QUESTIONS, REPEATED, ALIKE):
        connection.execute(question.format(path=path)).fetchall()
    return int((time.perf_counter() - start) * 1000) + 1


def measure(folder: Path) -> None:
    """Look at the snapshot in this process; print totals, what was found, milliseconds and peak memory."""
    assets = {
        name: Asset(asset=name, name=name, kind="coin", decimals=decimals, issuer="", source="")
        for name, decimals in DECIMALS.items()
    }
    registry = Registry(networks={}, assets=assets, instruments={}, burn=frozenset())
    start = time.perf_counter()
    check = check_liabilities(folder, Beside(), silent, registry)
    elapsed = time.perf_counter() - start
    result = {
        "gross": {line.asset: format_amount(line.gross, DECIMALS[line.asset]) for line in check.liabilities.lines},
        "kinds": [doubt.kind for doubt in check.doubts],
        "ms": int(elapsed * 1000) + 1,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    sys.exit(main())

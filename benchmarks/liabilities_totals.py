"""10,000,000 customer rows, checked and summed: `python -m benchmarks.liabilities_totals`.

A deterministic file with known totals is read by `read_books` in a process of its own, whose peak memory is
measured. Against it, in the same run, the loop an auditor would write, csv.DictReader and Decimal, on the first
1,000,000 rows: once as bare sums, which check nothing, and once with the questions `read_books` answers too
(negative balances apart, malformed amounts, repeated rows, ids that look alike). Goals: ten times faster than the
bare sums, in at most 1,024 MB. `ratio_same_questions`, against the loop that does the same, is printed beside it.
The extra `fast` is what meets the first goal with room to spare; `compiled` says whether it is there. Its machine
code is made once on a machine, before anything is measured.
"""

from __future__ import annotations

import csv
import decimal
import json
import os
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

from reservecheck.books.folder import read_books
from reservecheck.model.progress import silent
from reservecheck.model.registry import Asset, Registry
from reservecheck.money import AMOUNT_PATTERN, format_amount

ROWS = 10_000_000
SAMPLE = 1_000_000
ROWS_A_CUSTOMER = 5
RATIO_GOAL = 10
MEMORY_GOAL_MB = 1024
DECIMALS = {f"C{number:02d}": (0, 2, 6, 8, 18)[number % 5] for number in range(50)}
SNAPSHOT = 'format = "reservecheck/snapshot/v1"\nentity = "bench"\n[files]\ncustomers = ["customers.csv"]\n'


def main() -> int:
    """Print one line of JSON; exit 0 when the totals are exact and the goals are met."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compiled = compile_once()
        expected = generate(folder, ROWS)
        plain, asking = plain_loop(folder), asking_loop(folder)
        command = [sys.executable, "-m", "benchmarks.liabilities_totals", name]
        measured = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    exact = measured["gross"] == {asset: str(units) for asset, units in expected.items()}
    rate = ROWS * 1000 // measured["ms"]
    ratio, same_questions = rate * 100 // plain, rate * 100 // asking
    met = exact and ratio >= RATIO_GOAL * 100 and measured["peak_rss_mb"] <= MEMORY_GOAL_MB
    result = {
        "rows": ROWS,
        "rows_per_s": rate,
        "ratio": f"{ratio // 100}.{ratio % 100:02d}",
        "ratio_same_questions": f"{same_questions // 100}.{same_questions % 100:02d}",
        "peak_rss_mb": measured["peak_rss_mb"],
        "exact": exact,
        "compiled": compiled,
        "goals": {"ratio": RATIO_GOAL, "peak_rss_mb": MEMORY_GOAL_MB},
        "met": met,
    }
    print(json.dumps(result))
    return 0 if met else 1


def compile_once() -> bool:
    """Have the loop's machine code made and kept, if it can be; whether it can."""
    if find_spec("numba") is None:
        return False
    from reservecheck.kernels.name_table import name_table  # noqa: PLC0415  # optional
    from reservecheck.kernels.plain_lines import count_lines, plain_rows  # noqa: PLC0415  # optional

    count_lines(b"u,A,1\n")
    return plain_rows(b"u,A,1\n", name_table(["A"], [0], [0])) is not None


def generate(folder: Path, rows: int, bits: int = 50) -> dict[str, int]:
    """Write the snapshot, balances of so many bits; the totals in smallest units, known from the rows alone."""
    assets = list(DECIMALS)
    totals: Counter[str] = Counter()
    folder.joinpath("snapshot.toml").write_text(SNAPSHOT, encoding="utf-8")
    state = 20180914
    with folder.joinpath("customers.csv").open("w", encoding="utf-8") as file:
        file.write("customer,asset,balance\n")
        for start in range(0, rows, 100_000):
            lines = []
            for row in range(start, min(start + 100_000, rows)):
                state = state * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
                customer, place = divmod(row, ROWS_A_CUSTOMER)
                asset = assets[(customer * 7 + place * 11) % len(assets)]
                units = state >> 64 - bits
                totals[asset] += units
                lines.append(f"user-{customer:08d},{asset},{format_amount(units, DECIMALS[asset])}\n")
            file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())  # or the disk would still be busy with it while others are measured
    return dict(totals)


def plain_loop(folder: Path) -> int:
    """Rows a second of plain sums."""
    totals: dict[str, Decimal] = {}
    start = time.perf_counter()
    with decimal.localcontext(prec=60), folder.joinpath("customers.csv").open(encoding="utf-8", newline="") as file:
        for count, row in enumerate(csv.DictReader(file), 1):
            totals[row["asset"]] = totals.get(row["asset"], Decimal(0)) + Decimal(row["balance"])
            if count == SAMPLE:
                break
    return int(SAMPLE / (time.perf_counter() - start))


def asking_loop(folder: Path) -> int:
    """Rows a second of a loop that also looks for what `read_books` looks for."""
    gross: dict[str, Decimal] = {}
    negative: dict[str, Decimal] = {}
    seen: set[tuple[str, str]] = set()
    folded: dict[str, str] = {}
    odd = 0
    pattern = re.compile(AMOUNT_PATTERN)
    start = time.perf_counter()
    with decimal.localcontext(prec=60), folder.joinpath("customers.csv").open(encoding="utf-8", newline="") as file:
        for count, row in enumerate(csv.DictReader(file), 1):
            customer, asset, text = row["customer"], row["asset"], row["balance"]
            if not customer.strip() or pattern.match(text) is None:
                odd += 1
                continue
            if len(text.partition(".")[2]) > DECIMALS[asset]:
                odd += 1
                continue
            balance = Decimal(text)
            side = negative if balance < 0 else gross
            side[asset] = side.get(asset, Decimal(0)) + balance
            odd += (customer, asset) in seen or not balance
            seen.add((customer, asset))
            odd += folded.setdefault(customer.casefold(), customer) != customer
            if count == SAMPLE:
                break
    return int(SAMPLE / (time.perf_counter() - start))


def measure(folder: Path) -> None:
    """Read the snapshot in this process; print totals, milliseconds and peak memory."""
    assets = {
        name: Asset(asset=name, name=name, kind="coin", decimals=decimals, issuer="", source="")
        for name, decimals in DECIMALS.items()
    }
    registry = Registry(networks={}, assets=assets, instruments={}, burn=frozenset())
    start = time.perf_counter()
    books = read_books(folder, registry, entity="bench", currency="JPY", progress=silent)
    elapsed = time.perf_counter() - start
    result = {
        "gross": {line.asset: str(line.gross) for line in books.liabilities.lines},
        "ms": int(elapsed * 1000) + 1,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    if sys.argv[1:]:
        measure(Path(sys.argv[1]))
    else:
        sys.exit(main())

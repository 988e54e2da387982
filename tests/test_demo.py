from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.demo import SCENES, shortened

ROOT = Path(__file__).resolve().parent.parent


def test_the_demo_returns_what_it_promises_and_reads_well() -> None:
    done = subprocess.run(
        [sys.executable, "tools/demo.py"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert done.stdout.count("REHEARSAL: names and figures are fictional.") == len(SCENES)
    assert done.stdout.count('deciding.control = "undemonstrated"') == len(SCENES)
    assert "(segregated 100.00 %, broad 103.00 %)" in done.stdout
    for figure in ("127.00 %", "132.42 %", "102.16 %", "103.27 %", "72.76 %", "60.58 %", "32.73 %"):
        assert figure in done.stdout
    assert done.stdout.endswith("change a byte and verify again.\n")
    assert max(map(len, done.stdout.splitlines())) <= 170


def test_sections_that_were_shown_before_are_left_out() -> None:
    report = "head\n\nRead at\n───────\n  - block\n\nCash\n────\n  - money\n"
    said = "(sections shown above are left out here; `reservecheck report` prints them all)"
    assert shortened(report).splitlines() == ["head", "", "Cash", "────", "  - money", said]

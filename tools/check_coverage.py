"""The coverage gate: every branch of the core, and at least 95 % of everything, the command line included."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

CORE = ("errors.py", "money.py", "moments.py", "model/", "addresses/", "commitment/", "tables", "assess/", "rules/")
OVERALL = 95


def main() -> int:
    """Report, and compare with the gate; 1 if it is missed."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "coverage.json"
        coverage("report")
        coverage("json", "--quiet", "-o", str(target))
        report = json.loads(target.read_text(encoding="utf-8"))
    missed = []
    for name, file in sorted(report["files"].items()):
        inside = name.partition("src/reservecheck/")[2]
        summary = file["summary"]
        if inside.startswith(CORE) and (summary["missing_lines"] or summary["missing_branches"]):
            missed.append(f"{name}: the core is covered to the last branch, this is not")
    total = report["totals"]["percent_covered"]
    if total < OVERALL:
        missed.append(f"{total:.2f} % of all branches are covered, the gate is {OVERALL} %")
    for said in missed:
        print(said)
    return 1 if missed else 0


def coverage(*arguments: str) -> None:
    """Run the coverage program of this environment; leaves with its code when it fails."""
    done = subprocess.run([sys.executable, "-m", "coverage", *arguments], check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


if __name__ == "__main__":
    sys.exit(main())

"""How long `reservecheck --help` takes beside a bare `import typer`: `python -m benchmarks.start_up`.

Both are run in turn, many times, each in a fresh interpreter; the least processor time of each counts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Final

RUNS: Final = 15
GOAL: Final = 3


def main() -> None:
    """Print both times and, last, the ratio as JSON."""
    commands = {
        "help": [sys.executable, "-m", "reservecheck", "--help"],
        "typer": [sys.executable, "-c", "import typer"],
    }
    least = dict.fromkeys(commands, float("inf"))
    walls = dict.fromkeys(commands, float("inf"))
    for _ in range(RUNS):
        for name, command in commands.items():
            before, started = os.times(), time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            walls[name] = min(walls[name], time.perf_counter() - started)
            after = os.times()
            spent = after.children_user + after.children_system - before.children_user - before.children_system
            least[name] = min(least[name], spent)
    for name in commands:
        print(f"{name:<6} {least[name]:.3f} s of processor time, {walls[name]:.3f} s in all")
    ratio = least["help"] / least["typer"]
    print(json.dumps({"benchmark": "start_up", "goal": f"<= {GOAL}", "ratio": round(ratio, 2)}))


if __name__ == "__main__":
    main()

"""The main job on the shipped rehearsals, offline: `make demo`. Succeeds when each step returned its expected code.

The chains were recorded from real local nodes; nothing here needs a node, a key or a network.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
WORK: Final = ROOT / ".demo"
RULE: Final = "═" * 100
SAID_BEFORE: Final = ("Read at", "Notes", "What this does not show")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One run with what to look for in it, and the exit code it must have."""

    entity: str
    moment: str
    words: str
    exit_code: int


SCENES: Final = (
    Scene(
        entity="hanul",
        moment="2018-06-28",
        words="An exchange shaped after a published audit of June 2018: 103 % in coins, 127 % in cash.",
        exit_code=0,
    ),
    Scene(
        entity="hanul-hole",
        moment="2018-06-28",
        words="The same 103 % and 127 %, and 8,000 ETH are missing inside. This is why figures are per asset.",
        exit_code=1,
    ),
    Scene(
        entity="kaede",
        moment="2018-09-14-before",
        words="Another, shaped after a theft of September 2018, half an hour before it. Liabilities are invented.",
        exit_code=0,
    ),
    Scene(
        entity="kaede",
        moment="2018-09-14-after",
        words="The same wallets two hours later: what the company owned was gone first, then the customers'.",
        exit_code=1,
    ),
    Scene(
        entity="nabi",
        moment="2018-06-28",
        words="An exchange that shows statements and no chain. Statements never decide.",
        exit_code=1,
    ),
)


def main() -> int:
    """Run every scene, verify every bundle, trace one figure; 1 if any step returned another code."""
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir()
    unexpected: list[str] = []
    for scene in SCENES:
        bundle = WORK / f"{scene.entity}-{scene.moment}"
        place = f"{scene.entity}/{scene.moment}"
        print(f"\n{RULE}\n{scene.words}\n", flush=True)
        arguments = ["run", f"wallets/{scene.entity}.toml", f"snapshots/{place}", "--evidence", f"evidence/{place}"]
        name = str(bundle.relative_to(ROOT))
        unexpected.append(run([*arguments, "--bundle", name], scene.exit_code, shorter=scene != SCENES[0]))
        if scene == SCENES[0]:
            unexpected.append(run(["verify", name], 0))
        else:
            unexpected.append(run(["verify", name], 0, quiet=True))
    print(f"\n{RULE}\nOne figure down to its bytes.\n", flush=True)
    unexpected.append(run(["trace", ".demo/kaede-2018-09-14-after", "btc"], 0))
    print(f"\n{RULE}")
    for said in filter(None, unexpected):
        print(said)
    if not any(unexpected):
        print("Every step returned the code it should. The bundles are in .demo/; change a byte and verify again.")
    return 1 if any(unexpected) else 0


def run(arguments: list[str], expected: int, *, shorter: bool = False, quiet: bool = False) -> str:
    """Run one command as a user would; what was unexpected about it, or nothing."""
    print(f"$ reservecheck {' '.join(arguments)}", flush=True)
    program = Path(sys.executable).with_name("reservecheck")
    done = subprocess.run([program, *arguments], check=False, cwd=ROOT, capture_output=True, text=True)
    if not quiet:
        print((shortened(done.stdout) if shorter else done.stdout) + done.stderr, end="")
    print(f"(exit code {done.returncode})\n", flush=True)
    if done.returncode == expected:
        return ""
    return f"reservecheck {' '.join(arguments)}: exit code {done.returncode}, expected {expected}"


def shortened(report: str) -> str:
    """A report without the sections that say the same every time; the first one is shown whole."""
    kept, keeping = [], True
    lines = report.splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if below and set(below) == {"─"}:
            keeping = line not in SAID_BEFORE
        if keeping:
            kept.append(line)
    return "\n".join([*kept, "(sections shown above are left out here; `reservecheck report` prints them all)", ""])


if __name__ == "__main__":
    sys.exit(main())

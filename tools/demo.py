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
    unexpected = []
    for scene in SCENES:
        bundle = WORK / f"{scene.entity}-{scene.moment}"
        place = f"{scene.entity}/{scene.moment}"
        print(f"\n{RULE}\n{scene.words}\n", flush=True)
        arguments = ["run", f"wallets/{scene.entity}.toml", f"snapshots/{place}", "--evidence", f"evidence/{place}"]
        steps = [
            ([*arguments, "--bundle", str(bundle.relative_to(ROOT))], scene.exit_code),
            (["verify", str(bundle.relative_to(ROOT))], 0),
        ]
        unexpected += [said for step, code in steps if (said := run(step, code))]
    print(f"\n{RULE}\nOne figure down to its bytes.\n", flush=True)
    unexpected += [said for said in [run(["trace", ".demo/kaede-2018-09-14-after", "btc"], 0)] if said]
    print(f"\n{RULE}")
    for said in unexpected:
        print(said)
    if not unexpected:
        print("Every step returned the code it should. The bundles are in .demo/; change a byte and verify again.")
    return 1 if unexpected else 0


def run(arguments: list[str], expected: int) -> str:
    """Run one command as a user would; what was unexpected about it, or nothing."""
    print(f"$ reservecheck {' '.join(arguments)}", flush=True)
    program = Path(sys.executable).with_name("reservecheck")
    code = subprocess.run([program, *arguments], check=False, cwd=ROOT).returncode
    print(f"(exit code {code})\n", flush=True)
    return "" if code == expected else f"reservecheck {' '.join(arguments)}: exit code {code}, expected {expected}"


if __name__ == "__main__":
    sys.exit(main())

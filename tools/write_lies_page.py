"""Writes docs/concepts/lies.md from the conformance cases: `python -m tools.write_lies_page`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from tests.conformance.case import Case
from tests.conformance.corpus import CASES, CHAPTERS

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "concepts" / "lies.md"
HEAD: Final = """\
# Lies and truths

Somebody who wants a better answer than the true one can shrink what is owed, show coins that are not his, choose
the instant, the token, the price or the judge, or alter the evidence afterwards. Each way that this version can see
is a case below, in the liar's own words, and the tests put it to the command line. A case names every check that
must break, every check that cannot be assessed, and the words of a refusal, so that none passes for a wrong reason.
The truths stand among them: what is so must not be refused.

What no check can see is said in every report: debts that were not recorded, coins borrowed for the day, friends who
sign, forged letters.

There are {lies} lies and {truths} truths. Exit codes: 0 asked and answered yes, 1 asked and answered otherwise, 2
the question could not be put. Where a lie ends with 0, the answer stands and what it rests on is printed beside it.
"""


def page() -> str:
    """The page, chapter by chapter."""
    lies = sum(case.kind == "lie" for case in CASES)
    text = HEAD.format(lies=lies, truths=len(CASES) - lies)
    for chapter, cases in CHAPTERS.items():
        text += f"\n## {chapter}\n\n| case | what is said | what comes of it |\n|---|---|---|\n"
        text += "".join(f"| `{case.id}` | {_words(case)} | {_end(case)} |\n" for case in cases)
    return text


def _words(case: Case) -> str:
    said = case.says.replace("|", "\\|").replace("<", "&lt;")
    return said if case.kind == "lie" else f"*true:* {said}"


def _end(case: Case) -> str:
    if case.steps:
        how = f"verify differs at {', '.join(case.steps)}"
    elif case.outcome:
        checks = [f"`{name.partition(' ')[0]}`" for name in (*case.breaks, *case.unknown, *case.notes)]
        how = ": ".join([case.outcome, ", ".join(dict.fromkeys(checks))]) if checks else case.outcome
    else:
        how = "refused" if case.code == 2 else "said in words"  # noqa: PLR2004  # the exit code of a bad question
    return f"exit {case.code}, {how}"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

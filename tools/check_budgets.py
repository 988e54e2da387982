"""House budgets, checked: sizes of modules, functions, rule and command files, tests, and words that silence.

Limits: modules 300 lines, tests 500, functions 40, rule and command files 80; test:source at least 1.2.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULE, TEST, FUNCTION, SMALL = 300, 500, 40, 80
SMALL_FOLDERS = ("src/reservecheck/rules/", "src/reservecheck/cli/")
LARGER_SMALL = {
    "src/reservecheck/cli/trace_words.py",
    "src/reservecheck/cli/verification_words.py",
    "src/reservecheck/cli/collecting.py",
}
NOT_A_RULE = {"words.py", "words_owed.py", "judge.py", "core.py", "rule.py", "figures.py"}
BANNED_NAMES = {"utils", "helpers", "common", "manager", "base"}
SILENCE = re.compile(r"#\s*(noqa|type:\s*ignore)(?P<code>[:\[][^#]*)?(?P<reason>#.*)?")
TEST_RATIO = 12  # tenths


def main() -> int:
    """Print every budget that is broken; 1 if any is."""
    sources = sorted((ROOT / "src").rglob("*.py"))
    tests = sorted((ROOT / "tests").rglob("*.py"))
    broken = [said for path in [*sources, *tests] for said in problems(path)]
    lines = {kind: sum(map(length, paths)) for kind, paths in (("source", sources), ("tests", tests))}
    if lines["tests"] * 10 < lines["source"] * TEST_RATIO:
        broken.append(f"tests have {lines['tests']} lines for {lines['source']} of source: at least 1.2 are asked")
    for said in broken:
        print(said)
    print(f"budgets: {len(sources)} modules, {lines['source']} lines; {lines['tests']} lines of tests")
    return 1 if broken else 0


def problems(path: Path) -> Iterator[str]:
    """What is over budget in one file."""
    name = path.relative_to(ROOT).as_posix()
    text = path.read_text(encoding="utf-8")
    limit = TEST if name.startswith("tests/") else MODULE
    if name.startswith(SMALL_FOLDERS) and path.name not in NOT_A_RULE and name not in LARGER_SMALL:
        limit = SMALL
    if length(path) > limit:
        yield f"{name}: {length(path)} lines, the budget is {limit}"
    if path.stem in BANNED_NAMES:
        yield f"{name}: a name that says nothing"
    if name.startswith("src/"):
        yield from long_functions(name, text)
    for number, line in enumerate(text.splitlines(), 1):
        for found in SILENCE.finditer(line):
            if not found["code"] or not found["reason"]:
                yield f"{name}:{number}: a silenced check needs its code and a reason"


def long_functions(name: str, text: str) -> Iterator[str]:
    """Functions over budget."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > FUNCTION:
                yield f"{name}:{node.lineno}: {node.name} has {size} lines, the budget is {FUNCTION}"


def length(path: Path) -> int:
    """Lines of a file."""
    return path.read_text(encoding="utf-8").count("\n")


if __name__ == "__main__":
    sys.exit(main())

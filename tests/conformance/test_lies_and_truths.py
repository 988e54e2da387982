"""Every lie ends as it should, for the reason it should; every truth passes."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.bench import Bench
from tests.conformance.case import Case
from tests.conformance.corpus import CASES


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_it_ends_as_it_should_and_for_the_reason_it_should(case: Case, tmp_path: Path) -> None:
    with ExitStack() as stack:
        bench = Bench(tmp_path, stack)
        bench.start()
        case.make(bench)
        code = case.ask(bench)
    assert "internal error" not in bench.said
    assert "Traceback" not in bench.said
    for words in case.words:
        assert words in bench.said, bench.said[-3000:]
    for words in case.never:
        assert words not in bench.said
    if case.outcome:
        _assessed(case, bench.answer)
    if case.steps:
        _verified(case, bench.answer)
    assert code == case.code, bench.said[-3000:]


def _assessed(case: Case, answer: dict[str, Any]) -> None:
    found = [finding for finding in answer["findings"] if finding["severity"] != "note"]
    assert _named(found, "breaks") == sorted(case.breaks)
    assert _named(found, "not-assessable") == sorted(case.unknown)
    noted = [finding for finding in answer["findings"] if finding["severity"] == "note"]
    assert set(case.notes) <= set(_named(noted, "breaks") + _named(noted, "not-assessable"))
    assert {path: _figure(answer, path) for path in case.figures} == case.figures
    assert answer["outcome"] == case.outcome


def _named(findings: list[dict[str, Any]], outcome: str) -> list[str]:
    return sorted(f"{one['rule']} {one['subject']}" for one in findings if one["outcome"] == outcome)


def _figure(answer: dict[str, Any], path: str) -> str:
    name, *keys = path.split(".")
    here: Any = answer["aggregate"]
    if name != "aggregate":
        rows = [*answer["assets"], *answer["cash"]]
        here = next(row for row in rows if name in (row.get("asset"), row.get("currency")))
    for key in keys:
        here = here[key]
    return str(here)


def _verified(case: Case, answer: dict[str, Any]) -> None:
    differ = {step["name"]: "\n".join(step["differences"]) for step in answer["steps"] if not step["ok"]}
    assert differ.keys() == case.steps.keys(), differ
    for name, words in case.steps.items():
        assert words in differ[name]
    assert answer["ok"] is False
    assert answer["outcome"] is None

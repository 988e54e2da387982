from __future__ import annotations

import re
from pathlib import Path

import reservecheck.rules as package
from reservecheck.model.words import Severity
from reservecheck.rules.core import CORE

ROOT = Path(__file__).parents[2]
NO_RULES = {"__init__", "core", "figures", "judge", "rule", "words", "words_owed"}
IDS = [rule.id for rule in CORE]


def test_no_rule_stands_twice_and_none_is_forgotten() -> None:
    files = {path.stem for path in Path(package.__path__[0]).glob("*.py")} - NO_RULES
    assert len(set(IDS)) == len(IDS)
    assert set(IDS) == files


def test_every_rule_has_a_test_file_whose_tests_bear_its_name() -> None:
    for name in IDS:
        source = (Path(__file__).parent / f"test_{name}.py").read_text(encoding="utf-8")
        tests = re.findall(r"^def (test_\w+)", source, re.MULTILINE)
        assert tests
        assert all(test.startswith(f"test_{name}_") for test in tests), name


def test_every_rule_has_its_section_in_the_reference_in_the_order_they_are_asked() -> None:
    text = (ROOT / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
    assert re.findall(r"^## `(\w+)`$", text, re.MULTILINE) == IDS


def test_the_reference_states_each_rules_title_and_severity() -> None:
    text = (ROOT / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
    for rule in CORE:
        assert f"## `{rule.id}`\n\n*{rule.title}.* Severity: {rule.severity}.\n" in text


def test_only_the_last_rules_are_notes() -> None:
    weights = [rule.severity is Severity.NOTE for rule in CORE]
    assert weights == sorted(weights)

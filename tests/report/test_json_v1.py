from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.assess.inputs_factory import ROOT
from tests.report.assessments import covered, nothing_owed, nothing_read, troubled

from reservecheck.model.assessment import Assessment
from reservecheck.report.json_v1 import assessment_json, json_bytes
from reservecheck.vault.canonical import canonical_json

GOLDENS = Path(__file__).parent / "goldens"


def parsed(assessment: Assessment) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json_bytes(assessment))
    return found


@pytest.mark.parametrize("name", ["covered", "troubled"])
def test_the_bytes_are_the_golden_ones(name: str) -> None:
    assessment = {"covered": covered, "troubled": troubled}[name]()
    assert json_bytes(assessment) == (GOLDENS / f"{name}.json").read_bytes()


def test_the_bytes_are_canonical() -> None:
    assert json_bytes(covered()) == canonical_json(assessment_json(covered()))


def test_the_shape_is_the_published_one() -> None:
    found = parsed(covered())
    assert set(found) == {
        *("schema", "rehearsal", "entity", "name", "cutoff", "currency", "policy", "packs", "outcome", "checks"),
        *("pins", "sources", "commitment", "confirmations", "assets", "aggregate", "cash", "findings"),
    }
    assert found["schema"] == "reservecheck/assessment/v1-draft"
    assert found["rehearsal"] is True
    assert found["packs"] == ["core/1"]
    assert found["policy"]["deciding"]["control"] == "undemonstrated"
    assert found["pins"][0]["anchored"] is False
    assert found["pins"][0]["local_test_chain"] is True
    assert set(found["findings"][0]) == {"rule", "outcome", "severity", "subject", "message", "values"}


def test_amounts_are_whole_units_and_ratios_stand_beside_their_exact_fraction() -> None:
    btc = parsed(covered())["assets"][0]
    assert btc["owed"] == "98"
    assert btc["deciding"] == {
        "held": "100",
        "ratio": "102.04",
        "ratio_exact": "50/49",
        "bound": "exact",
        "ratio_upper": None,
        "ratio_upper_exact": None,
    }
    assert btc["broad"] == {"held": "130", "ratio": "132.65", "ratio_exact": "65/49"}
    assert (btc["shortfall"], btc["surplus"]) == ("0", "2")


def test_what_was_committed_to_stands_with_each_asset_and_currency() -> None:
    found = parsed(troubled())
    assert found["commitment"] == {
        "scheme": "por-mst/1",
        "entity": "kaede",
        "snapshot": "kaede/2018-09-14",
        "sha256": "c0" * 32,
        "draw": None,
    }
    rows = {row.get("asset") or row["currency"]: row for row in (*found["assets"], *found["cash"])}
    trees = {name: (row["grade"], row["commitment"]) for name, row in rows.items()}
    stated = {"height": 4, "root": ROOT, "rebuilt": False}
    assert trees["BTC"] == ("L1", {**stated, "total": "98"})
    assert trees["ETH"] == ("L1", {**stated, "total": "100"})
    assert trees["JPY"] == ("L2", {**stated, "total": "1000000", "rebuilt": True})
    assert trees["KDE"] == ("L1", None)


def test_without_a_commitment_there_is_null() -> None:
    found = parsed(covered())
    assert found["commitment"] is None
    assert {row["commitment"] for row in (*found["assets"], *found["cash"])} == {None}


def test_what_cannot_be_computed_is_null_with_a_finding_that_says_why() -> None:
    found = parsed(nothing_read())
    (btc,) = found["assets"]
    assert btc["deciding"]["bound"] == "unknown"
    assert btc["deciding"]["ratio"] is btc["broad"]["ratio"] is btc["shortfall"] is btc["surplus"] is None
    assert found["aggregate"]["ratio"] is None
    assert found["aggregate"]["why"] == "no price for BTC"
    (jpy,) = found["cash"]
    assert jpy["asserted"] is False
    assert jpy["deciding"] is jpy["segregated"] is jpy["broad"] is jpy["confirmed"] is None
    messages = [row["message"] for row in found["findings"] if row["outcome"] == "not-assessable"]
    assert "BTC: no price above zero in JPY, so no valued figure is computed" in messages
    assert "JPY: 5 are owed, and no cash register was received" in messages


def test_nothing_owed_has_no_ratio() -> None:
    found = parsed(nothing_owed())
    assert found["assets"][0]["deciding"]["ratio"] is None
    assert found["aggregate"]["worst_asset"] is None
    assert found["outcome"] == "incomplete"


def test_findings_include_those_that_hold_and_never_repeat_a_subject() -> None:
    findings = parsed(troubled())["findings"]
    keys = [(row["rule"], row["subject"]) for row in findings]
    assert len(set(keys)) == len(keys)
    assert {row["outcome"] for row in findings} == {"holds", "breaks", "not-assessable", "not-applicable"}

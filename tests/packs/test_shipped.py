from __future__ import annotations

import hashlib

import pytest

from reservecheck.errors import ReservecheckError
from reservecheck.model.engagement import DEFAULT_SKEW_SECONDS, DEFAULT_WINDOW_MINUTES
from reservecheck.packs.shipped import known_packs, load_pack
from reservecheck.rules.core import CORE
from reservecheck.rules.statement_date import DAY_SECONDS


def test_the_core_pack_lists_exactly_the_core_rules_in_their_order() -> None:
    rules = [(rule.id, rule.title, rule.severity) for rule in load_pack("core/1").rules]
    assert rules == [(rule.id, rule.title, str(rule.severity)) for rule in CORE]


def test_thresholds_are_those_the_rules_use() -> None:
    assert load_pack("core/1").thresholds == {
        "ratio": "1",
        "skew_seconds": DEFAULT_SKEW_SECONDS,
        "window_minutes": DEFAULT_WINDOW_MINUTES,
        "statement_days": DAY_SECONDS // 86_400,
    }


def test_a_pack_carries_its_own_text_and_digest() -> None:
    pack = load_pack("core/1")
    assert pack.sha256 == hashlib.sha256(pack.text.encode()).hexdigest()
    assert pack.text.startswith("# The core rules.")
    assert 'id = "core/1"' in pack.text


def test_a_pack_says_when_its_source_was_read_and_that_nobody_confirmed_the_wording() -> None:
    pack = load_pack("core/1")
    assert pack.dated == "2026-11-22"
    assert "as read on 2026-11-22" in pack.source
    assert not pack.wording_confirmed


def test_every_known_pack_loads_under_its_own_id() -> None:
    assert [load_pack(name).id for name in known_packs()] == list(known_packs())


def test_an_unknown_pack_is_refused_with_the_ids_that_are_shipped() -> None:
    with pytest.raises(ReservecheckError) as caught:
        load_pack("kr/1")
    assert str(caught.value) == "there is no rule pack 'kr/1'\n  hint: shipped packs: core/1"

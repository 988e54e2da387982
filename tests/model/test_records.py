from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import fields, is_dataclass

import pytest

from reservecheck import model
from reservecheck.model.progress import silent

RECORDS = [
    kind
    for found in pkgutil.iter_modules(model.__path__)
    for _, kind in inspect.getmembers(importlib.import_module(f"reservecheck.model.{found.name}"), is_dataclass)
    if kind.__module__ == f"reservecheck.model.{found.name}"
]


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_every_record_is_frozen_and_named_by_keyword(kind: type) -> None:
    parameters = kind.__dataclass_params__  # type: ignore[attr-defined]  # every dataclass has them
    assert parameters.frozen
    assert all(field.kw_only for field in fields(kind))


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_no_record_holds_a_float(kind: type) -> None:
    assert not [field.name for field in fields(kind) if "float" in str(field.type)]


def test_there_are_records() -> None:
    assert len(RECORDS) > 30


def test_the_listener_that_hears_nothing_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    silent("reading", 1, 2)
    assert capsys.readouterr() == ("", "")

from __future__ import annotations

import pytest

from reservecheck import errors
from reservecheck.errors import InputError, Problem, ReservecheckError


def test_a_problem_says_where_what_and_what_to_do() -> None:
    assert str(Problem(path="a.toml", line=7, message="no", hint="yes")) == "a.toml:7: no\n  hint: yes"
    assert str(Problem(path="a.toml", message="no")) == "a.toml: no"


def test_an_error_says_its_hint_after_its_message() -> None:
    assert str(ReservecheckError("no", hint="yes")) == "no\n  hint: yes"
    assert str(ReservecheckError("no")) == "no"


def test_an_input_error_lists_every_problem() -> None:
    problems = (Problem(path="a", line=1, message="x"), Problem(path="b", message="y", hint="z"))
    error = InputError(*problems)
    assert error.problems == problems
    assert str(error) == "a:1: x\nb: y\n  hint: z"


def test_an_input_error_without_a_problem_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"^an InputError names at least one problem$"):
        InputError()


@pytest.mark.parametrize(
    "name",
    [
        "InputError",
        "MoneyError",
        "AddressError",
        "SourceError",
        "PinError",
        "ReplayError",
        "BundleError",
        "OutputError",
    ],
)
def test_every_error_is_one_of_ours(name: str) -> None:
    assert issubclass(getattr(errors, name), ReservecheckError)
    assert name in (errors.__doc__ or "")

from __future__ import annotations

import pytest

from reservecheck import errors
from reservecheck.errors import InputError, Problem, ReservecheckError

KINDS = (
    *(errors.MoneyError, errors.AddressError, errors.SourceError, errors.PinError),
    *(errors.ReplayError, errors.CommitmentError, errors.ProofError, errors.BundleError, errors.OutputError),
)


def test_a_problem_says_where_what_and_what_to_write_instead() -> None:
    assert (
        str(Problem(path="a.toml", line=3, message="wrong", hint="write x")) == "a.toml:3: wrong\n  hint: write x"
    )
    assert str(Problem(path="a.toml", line=3, message="wrong")) == "a.toml:3: wrong"
    assert str(Problem(path="a.toml", message="wrong")) == "a.toml: wrong"


def test_an_error_says_what_and_a_hint_if_there_is_one() -> None:
    assert str(ReservecheckError("wrong")) == "wrong"
    assert str(ReservecheckError("wrong", hint="write x")) == "wrong\n  hint: write x"
    assert (ReservecheckError("wrong").message, ReservecheckError("wrong").hint) == ("wrong", "")


def test_an_input_error_names_every_problem() -> None:
    first, second = Problem(path="a", line=1, message="one"), Problem(path="b", message="two", hint="write x")
    error = InputError(first, second)
    assert error.problems == (first, second)
    assert str(error) == "a:1: one\nb: two\n  hint: write x"


def test_an_input_error_without_a_problem_is_none() -> None:
    with pytest.raises(ValueError, match=r"^an InputError names at least one problem$"):
        InputError()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_is_of_one_family(kind: type[ReservecheckError]) -> None:
    assert issubclass(kind, ReservecheckError)
    assert issubclass(InputError, ReservecheckError)
    assert str(kind("wrong", hint="write x")) == "wrong\n  hint: write x"


def test_no_message_shows_an_extended_key_wherever_it_was_written() -> None:
    xpub = "xpub6CatWdiZiodmUeTDp8LT5or8nmbKNcuyvz7WyksVFkKB4RHwCD3XyuvPEbvqAQY3rAPshWcMLo"
    problem = Problem(path="a.toml", line=3, message=f"label is {xpub!r}", hint=f"not {xpub[:40]}")
    assert str(problem) == "a.toml:3: label is '(an extended key)'\n  hint: not (an extended key)"
    assert (
        str(errors.AddressError(f"{xpub} is odd", hint=xpub))
        == "(an extended key) is odd\n  hint: (an extended key)"
    )

from __future__ import annotations

import pytest
from base58_bech32.base58 import b58encode_check

from reservecheck import errors
from reservecheck.errors import CommitmentError, InputError, Problem, ReservecheckError

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


WIFS = (
    "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn",
    "5HpHagT65TZzG1PH3CSu63k8DbpvD8s5ip4nEB3kEsreAnchuDf",
)
XPRV = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxr"


@pytest.mark.parametrize("key", [*WIFS, XPRV, f"Ltpv{XPRV[4:]}", f"dgpv{XPRV[4:]}", f"zprv{XPRV[4:]}"])
def test_no_message_shows_a_private_key_wherever_it_was_written(key: str) -> None:
    problem = Problem(path=f"lists/{key}.csv", message=f"({key!r}, 'x') twice", hint=f"not [{key}]")
    told = "(a private key)"
    assert str(problem) == f"lists/{told}.csv: ('{told}', 'x') twice\n  hint: not [{told}]"
    assert str(errors.OutputError(f"{key} cannot be written")) == f"{told} cannot be written"


def test_a_private_key_is_taken_out_of_what_it_was_glued_to() -> None:
    assert errors.discreet(f"my{WIFS[0]}{WIFS[1]}key") == "my(a private key)(a private key)key"


@pytest.mark.parametrize(
    "text",
    [
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        "0x" + "12" * 32,
        WIFS[0][:-1] + "m",
        "words of a file that was read and of which every line is longer than that of any other",
    ],
)
def test_what_is_no_key_stays_in_a_message(text: str) -> None:
    assert errors.discreet(text) == text


def test_words_of_a_seed_phrase_are_not_repeated() -> None:
    words = " ".join(["abandon"] * 11 + ["about"])
    assert errors.discreet(f"label is '{words}'") == "label is '(words of a seed phrase)'"
    assert errors.discreet(f'an unknown key "{words}"') == 'an unknown key "(words of a seed phrase)"'


def test_other_bytes_with_a_checksum_are_no_private_key() -> None:
    text = b58encode_check(bytes([127]) + bytes(range(32))).decode()
    assert len(text) == 51
    assert errors.discreet(text) == text


def test_no_message_tells_a_terminal_anything() -> None:
    problem = Problem(path="x\x1b[2J\nok", message="of \u202eBTC\nCOVERED", hint="write a\n  b\x07")
    assert str(problem) == "x\\u{1b}[2J\\u{a}ok: of \\u{202e}BTC\\u{a}COVERED\n  hint: write a\n  b\\u{7}"
    assert str(InputError(problem, problem)) == f"{problem}\n{problem}"
    assert str(CommitmentError("of \x1b[8mBTC\n")) == "of \\u{1b}[8mBTC\\u{a}"

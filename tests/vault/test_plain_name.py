from __future__ import annotations

import pytest

from reservecheck.vault.plain_name import is_date, is_plain, name_problem

WRITE = "write 1 to 80 letters and digits of any script, single blanks, and . , & ' ( ) - / only"


@pytest.mark.parametrize(
    "text",
    [
        "Hanul Exchange (fictional)",
        "한울거래소",
        "株式会社カエデ",
        "हिन्दी बैंक",
        "Müller & Söhne, Co. / A-B's",
        "7",
        "é",
        "Банк Москва",
        "Alfa-Банк (Москва)",
        "ΑΒΓ Τράπεζα",
        "株式会社ABC",
        "3-я Лига",
        "ＡＢＣ Bank",
        "x" * 80,
    ],
)
def test_names_of_any_script_are_names(text: str) -> None:
    assert is_plain(text)
    assert name_problem("name", text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "x" * 81,
        " a",
        "a ",
        "a  b",
        "a\nb",
        "a\tb",
        "a: covered",
        "a · covered",
        "100 %",
        "\u2800",
        "a\u2800b",
        "a\x1b[31mb",
        "a\u202eb",
        "a\u200bb",
        "a\u00a0b",
        "a\u3164b",
        "a\ua789b",
        "a\ua78fb",
        "a\ufe0fb",
        "a_b",
        "<b>",
        "=cmd",
        "()",
        "-",
        "a|b",
        "`a`",
        "😀",
    ],
)
def test_what_may_be_something_else_is_no_name(text: str) -> None:
    assert not is_plain(text)
    assert name_problem("name", text) == (f"name is {text[:80]!r}, not a name on one line", WRITE)


@pytest.mark.parametrize(
    "text",
    [
        "R\u0435hearsal",
        "h\u0430nul",
        "The h\u0430nul, Inc.",
        "\u039fmega",
        "\u13a2bank",
        "\u0570anul",
        "\u2c9eslo",
        "\ua4d0ank",
        "B\U0001d6b6nk",
        "\u0410lph\u03b1",
    ],
)
def test_a_word_in_two_alphabets_that_look_alike_is_no_name(text: str) -> None:
    assert not is_plain(text)
    hint = "write each word in one alphabet"
    said = f"operator is {text!a}, which mixes letters of two alphabets in one word"
    assert name_problem("operator", text) == (said, hint)
    unquoted = "operator mixes letters of two alphabets in one word"
    assert name_problem("operator", text, quotes=False) == (unquoted, hint)


@pytest.mark.parametrize("text", ["FILL IN", "Full Name"])
def test_a_placeholder_is_no_name(text: str) -> None:
    for key, whose in (
        ("practitioner", " of the firm or person that runs the engagement"),
        ("by", " of who declares the wallets"),
        ("operator", " of who runs the source"),
        ("none_asserted_by", " of who asserts that there are none"),
        ("extracted_by", " of who made the extract"),
        ("observed_by", " of who watched it being made"),
        ("institution", " of the bank"),
        ("name", ""),
    ):
        assert name_problem(key, text) == (
            f"{key} is {text!r}, which stands where a name belongs",
            f"write the name{whose} in its place",
        )


def test_days_and_instants_are_told_from_other_texts() -> None:
    assert is_date("2018-09-14")
    assert is_date("2018-09-14T17:00:00+09:00")
    assert is_date("2018-09-14 17:00Z")
    assert not is_date("2018-09-14: covered")
    assert not is_date("2018-09-14T17:00:00")

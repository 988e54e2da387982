"""Tables of a TOML file: every kind of value, every message."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reservecheck.errors import Problem
from reservecheck.vault.toml_file import read_toml
from reservecheck.vault.toml_table import Table


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str], tuple[Table, list[Problem]]]:
    def read(text: str) -> tuple[Table, list[Problem]]:
        path = tmp_path / "f.toml"
        path.write_text(text, encoding="utf-8")
        problems: list[Problem] = []
        return read_toml(path, shown="f.toml").root(problems), problems

    return read


Read = Callable[[str], tuple[Table, list[Problem]]]


def test_values_of_every_kind_are_read(table: Read) -> None:
    root, problems = table(
        'a = "x"\nb = 3\nc = true\nd = ["y"]\ne = 2018-06-28T00:00:00+09:00\nf = 2018-06-28\n'
        'g = "2018-06-27T15:00:00Z"\n[h]\ni = "hot"\n[[j]]\nk = 1\n'
    )
    assert (root.text("a"), root.integer("b"), root.flag("c"), root.texts("d")) == ("x", 3, True, ("y",))
    assert root.moment("e") == ("2018-06-28T00:00:00+09:00", 1530111600)
    assert (root.written("f"), root.written("a")) == ("2018-06-28", "x")
    assert root.moment("g") == ("2018-06-27T15:00:00Z", 1530111600)
    assert root.table("h").choice("i", ["hot", "cold"]) == "hot"
    assert [below.integer("k") for below in root.tables("j")] == [1]
    assert root.is_table("h")
    assert "h" in root
    root.done()
    assert problems == []


def test_what_is_absent_comes_back_as_its_default(table: Read) -> None:
    root, problems = table("")
    assert root.text("a", default="x") == "x"
    assert root.choice("a", ["x"], default="x") == "x"
    assert root.integer("a", default=7) == 7
    assert root.flag("a", default=True) is True
    assert root.texts("a", default=("x",)) == ("x",)
    assert root.written("a", default="x") == "x"
    assert root.moment_or_none("a") is None
    assert root.tables("a") == ()
    assert root.table("a").data == {}
    assert root.raw("a") is None
    assert not root.is_table("a")
    assert problems == []


def test_a_required_value_that_is_missing_is_named(table: Read) -> None:
    root, problems = table("[x]\n")
    below = root.table("x")
    assert (below.text("a"), below.integer("b"), below.flag("c"), below.texts("d")) == ("", 0, False, ())
    assert below.choice("g", ["hot", "cold"]) == ""
    assert (below.choice("e", ["x"]), below.moment("f"), root.table("y", required=True).data) == ("", ("", 0), {})
    assert [str(problem) for problem in problems] == [
        'f.toml:1: [x] lacks "a"\n  hint: write a = "…"',
        'f.toml:1: [x] lacks "b"\n  hint: write b = a whole number',
        'f.toml:1: [x] lacks "c"\n  hint: write c = true or false',
        'f.toml:1: [x] lacks "d"\n  hint: write d = ["…", "…"]',
        'f.toml:1: [x] lacks "g"\n  hint: write g = one of hot, cold',
        'f.toml:1: [x] lacks "e"\n  hint: write e = "x"',
        'f.toml:1: [x] lacks "f"\n  hint: write f = 2018-06-28T00:00:00+09:00',
        'f.toml:1: the file lacks "y"\n  hint: write y = { … }',
    ]


@pytest.mark.parametrize(
    ("text", "read", "expected"),
    [
        ("a = 1.50", lambda t: t.text("a"), 'f.toml:1: a is a number\n  hint: write a = "…"'),
        ("a = 1", lambda t: t.text("a"), 'f.toml:1: a is a whole number\n  hint: write a = "…"'),
        ('a = ""', lambda t: t.text("a"), "f.toml:1: a is empty"),
        (
            'a = "X"',
            lambda t: t.text("a", pattern="[a-z]+", meaning="lower-case letters"),
            "f.toml:1: a is 'X'\n  hint: write lower-case letters",
        ),
        (
            'a = "X"',
            lambda t: t.text("a", pattern="[a-z]+"),
            "f.toml:1: a is 'X'\n  hint: write a text like [a-z]+",
        ),
        (
            'a = "warm"',
            lambda t: t.choice("a", ["hot", "cold"]),
            "f.toml:1: a is 'warm'\n  hint: write one of hot, cold",
        ),
        ("a = true", lambda t: t.integer("a"), "f.toml:1: a is true or false\n  hint: write a = a whole number"),
        (
            "a = 9",
            lambda t: t.integer("a", low=1, high=8),
            "f.toml:1: a is 9\n  hint: write a whole number from 1 to 8",
        ),
        ("a = 1", lambda t: t.flag("a"), "f.toml:1: a is a whole number\n  hint: write a = true or false"),
        (
            'a = [\n"x",\n2]',
            lambda t: t.texts("a"),
            'f.toml:3: a holds a whole number\n  hint: write a = ["…", "…"]',
        ),
        ('a = [""]', lambda t: t.texts("a"), 'f.toml:1: a holds text\n  hint: write a = ["…", "…"]'),
        ("a = [[]]", lambda t: t.tables("a"), "f.toml:1: a holds a list, not a table\n  hint: write a = [{ … }]"),
        (
            "[a]",
            lambda t: t.tables("a"),
            "f.toml:1: a is a table\n  hint: write a = [{ … }], or [[a]] above each of them",
        ),
        ("a = []", lambda t: t.table("a"), "f.toml:1: a is a list\n  hint: write a = { … }"),
        (
            "a = 2018-06-28T00:00:00",
            lambda t: t.moment("a"),
            (
                "f.toml:1: a has no offset\n"
                "  hint: write 2018-06-28T00:00:00+09:00 for Seoul or Tokyo, 2018-06-28T00:00:00Z for UTC"
            ),
        ),
        (
            "a = 2018-06-28",
            lambda t: t.moment("a"),
            "f.toml:1: a is a date, not an instant\n  hint: write a = 2018-06-28T00:00:00+09:00",
        ),
        (
            "a = 12:00:00",
            lambda t: t.moment_or_none("a"),
            "f.toml:1: a is a time, not an instant\n  hint: write a = 2018-06-28T00:00:00+09:00",
        ),
        (
            'a = "2018-06-28"',
            lambda t: t.moment("a"),
            (
                "f.toml:1: a is '2018-06-28', not an instant with an offset\n"
                "  hint: write a = 2018-06-28T00:00:00+09:00"
            ),
        ),
        (
            'a = "' + "x" * 80 + '"',
            lambda t: t.choice("a", ["y"]),
            f"f.toml:1: a is '{'x' * 60}…'\n  hint: write one of y",
        ),
    ],
)
def test_a_wrong_value_is_told_with_its_line_and_what_to_write(
    table: Read, text: str, read: Callable[[Table], object], expected: str
) -> None:
    root, problems = table(text)
    read(root)
    assert str(problems[0]) == expected


def test_unknown_keys_are_named_with_what_was_meant(table: Read) -> None:
    root, problems = table("lable = 1\nzzz = 1\n[[wallet]]\n[wallet.x]\nq = 1\n")
    root.text("label", default="")
    root.tables("wallet")[0].table("x").done()
    root.done()
    assert [str(problem) for problem in problems] == [
        'f.toml:5: [wallet.x] has an unknown key "q"\n  hint: no key belongs here',
        'f.toml:1: the file has an unknown key "lable"\n  hint: did you mean "label"?',
        'f.toml:2: the file has an unknown key "zzz"\n  hint: the keys here are label, wallet',
    ]


def test_a_file_that_may_hold_secrets_is_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "f.toml"
    path.write_text('a = "key"\nb = "key"\nc = "key"\nkey = 1\n[[t]]\nkey = 1\n[u]\nkey = 1\n')
    problems: list[Problem] = []
    root = read_toml(path, shown="f.toml").root(problems, quotes=False)
    root.text("a", pattern="x", meaning="an x")
    root.choice("b", ["x", "y"])
    root.moment("c")
    root.tables("t")[0].done()
    root.table("u").done()
    root.done()
    assert [problem.message for problem in problems] == [
        "a is something else",
        "b is something else",
        "c is something else, not an instant with an offset",
        "[[t]] has an unknown key",
        "[u] has an unknown key",
        "the file has an unknown key",
    ]
    assert "key" not in "".join(
        problem.message.replace("unknown key", "") + problem.hint for problem in problems[:3]
    )


def test_a_table_with_free_keys_has_no_unknown_ones(table: Read) -> None:
    root, problems = table('[[a]]\n[[a]]\nBTC = "1"\n')
    below = root.tables("a")[1]
    assert (below.names(), below.title, below.line) == (("BTC",), "[[a]]", 2)
    below.problem("about BTC", "BTC", hint="none")
    below.done()
    assert [str(problem) for problem in problems] == ["f.toml:3: about BTC\n  hint: none"]

"""TOML files: digests, lines, and every message a wrong file gets."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.errors import InputError
from reservecheck.vault.toml_file import read_toml
from reservecheck.vault.toml_lines import key_lines
from reservecheck.vault.toml_table import UnquotedNumber

SAMPLE = '''# a comment = [not a table]
format = "x/v1"
text = """
[not.a.header]
"quoted" \\""" still"""
list = [
  1, # one
  [2, 3],
  { a = 1, b = { c = 2 } },
]
dotted.inner."strange key" = 1.5
literal = 'a # b'
empty = {}

[accept]
instruments = [{ instrument = "i" }, { instrument = "j" }]
[[wallet]]
label = "one"
[[wallet]]
label = "two"
[wallet.extra]
note = 2018-09-14T17:00:00+09:00
[[wallet.more]]
deep = 1
[[wallet.more]]
deep = 2
'''


def test_every_key_table_and_element_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "sample.toml"
    path.write_text(SAMPLE, encoding="utf-8")
    file = read_toml(path)
    expected = {
        ("format",): 2,
        ("text",): 3,
        ("list",): 6,
        ("list", 0): 7,
        ("list", 1, 1): 8,
        ("list", 2, "b", "c"): 9,
        ("dotted", "inner", "strange key"): 11,
        ("literal",): 12,
        ("empty",): 13,
        ("accept",): 15,
        ("accept", "instruments", 1, "instrument"): 16,
        ("wallet",): 17,
        ("wallet", 0): 17,
        ("wallet", 1): 19,
        ("wallet", 1, "label"): 20,
        ("wallet", 1, "extra", "note"): 22,
        ("wallet", 1, "more", 1, "deep"): 26,
    }
    assert {keys: file.line(*keys) for keys in expected} == expected


def test_a_key_that_is_not_there_has_the_line_of_its_nearest_parent(tmp_path: Path) -> None:
    path = tmp_path / "sample.toml"
    path.write_text(SAMPLE, encoding="utf-8")
    file = read_toml(path)
    assert file.line("wallet", 1, "missing", "deeper") == 19
    assert file.line("nowhere") == 1


def test_the_digest_is_that_of_the_bytes_as_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "sample.toml"
    content = b"\xef\xbb\xbfa = 1\r\nb = 2\r\n"
    path.write_bytes(content)
    file = read_toml(path, shown="shown/as.toml")
    assert (file.bytes, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (file.shown, dict(file.data), file.line("b")) == ("shown/as.toml", {"a": 1, "b": 2}, 2)


def test_a_number_with_a_point_never_becomes_a_float(tmp_path: Path) -> None:
    path = tmp_path / "sample.toml"
    path.write_text("a = 0.1000\nb = [1e3, inf]\n", encoding="utf-8")
    data = read_toml(path).data
    assert type(data["a"]) is UnquotedNumber
    assert data["a"] == "0.1000"
    assert [type(item) for item in data["b"]] == [UnquotedNumber, UnquotedNumber]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"a = 1\nb = \n",
            "f.toml:2: not TOML: Invalid value\n  hint: see https://toml.io for the rules",
        ),
        (
            b"a = [1,\n",  # the end is what is missing
            "f.toml:2: not TOML: Invalid value before the end of the file\n  hint: see https://toml.io",
        ),
        (b"a = 1\nb = '\xb0\xa1'\n", "f.toml:2: the text is not UTF-8\n  hint: save the file as UTF-8"),
        (b"a = " + b"[" * 5000, "f.toml: not TOML: "),
        (b"a = " + b"9" * 5000, "f.toml: not TOML: Exceeds the limit"),
    ],
)
def test_a_file_that_is_not_toml_is_refused_with_its_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "f.toml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_toml(path, shown="f.toml")
    assert str(caught.value).startswith(message)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_toml(tmp_path / "absent.toml", shown="absent.toml")
    assert str(caught.value) == "absent.toml: cannot be read: No such file or directory"


KEYS = st.sampled_from(["a", "b", "'c d'", '"e.f"'])
VALUES = st.recursive(
    st.sampled_from(["1", "'x]'", '"y}"', '"""m\nn"""', "'''o\n=p'''", "1.5", "true", "2018-09-14T17:00:00Z"]),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: "[\n" + ",\n".join(items) + "\n]"),
    max_leaves=5,
)


@given(st.lists(st.tuples(KEYS, VALUES), max_size=4, unique_by=lambda pair: pair[0]))
def test_the_line_of_any_key_is_where_it_was_written(pairs: list[tuple[str, str]]) -> None:
    text, expected = "", {}
    for key, value in pairs:
        expected[key.strip("'\"")] = text.count("\n") + 1
        text += f"{key} = {value}\n\n"
    tomllib.loads(text)
    found = key_lines(text)
    assert {path[0]: line for path, line in found.items() if len(path) == 1} == expected

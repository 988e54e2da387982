"""The secret's file, and the books of a folder whose trees are built again with it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.asking import asked
from tests.conformance.bench import Bench
from tests.conformance.cases.debts import totals_only
from tests.conformance.committing import SECRET, committed, hand_over, owed, published

from reservecheck import rebuilt_trees
from reservecheck.commitment.rebuilding import rebuild
from reservecheck.errors import InputError
from reservecheck.model.books import Books
from reservecheck.model.committed import Committed
from reservecheck.model.progress import silent
from reservecheck.pipeline import prepare, read_snapshot
from reservecheck.rebuilt_trees import read_secret, rebuilt_books


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    made = Bench(tmp_path, ExitStack())
    made.start()
    return made


def books_of(bench: Bench, secret: bytes = SECRET) -> Books:
    prepared = prepare(bench.wallets, bench.snapshot, ())
    books = read_snapshot(prepared, bench.snapshot, silent)
    return rebuilt_books(bench.snapshot, books, prepared.job, secret, silent)


def refusal(bench: Bench, secret: bytes = SECRET) -> str:
    with pytest.raises(InputError) as refused:
        books_of(bench, secret)
    return str(refused.value)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_is_a_line_of_hex(tmp_path: Path, end: str) -> None:
    path = tmp_path / "secret.hex"
    path.write_bytes(f"{SECRET.hex()}{end}".encode())
    assert read_secret(path) == SECRET


@pytest.mark.parametrize("text", ["", SECRET.hex()[:-1], f"{SECRET.hex()}\n\n", "ZZ" * 32, SECRET.hex().upper()])
def test_what_is_no_secret_is_refused_without_a_word_of_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "secret.hex"
    path.write_text(text, newline="")
    with pytest.raises(InputError) as refused:
        read_secret(path)
    assert str(refused.value) == f"{path}: not a secret\n  hint: write a line of 64 digits of lower-case hex"


@pytest.mark.parametrize("secret", [SECRET.hex(), SECRET.hex().upper()])
def test_a_secret_on_the_command_line_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(InputError) as refused:
        read_secret(Path(secret))
    assert str(refused.value) == (
        "--commitment-secret: this is a secret, not a file\n"
        "  hint: write it into a file: what stands on a command line is seen by others"
    )


def test_a_secret_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"secret\.hex: cannot be read: No such file or directory"):
        read_secret(tmp_path / "secret.hex")


def test_every_tree_comes_out_of_the_rows_again(bench: Bench) -> None:
    committed()(bench)
    stated = books_of(bench).liabilities.commitment
    assert stated is not None
    assert [(tree.asset, tree.is_rebuilt) for tree in stated.trees] == [
        ("BTC", True),
        ("ETH", True),
        ("KRW", True),
        ("USDT", True),
    ]


@pytest.mark.parametrize("name", ["customers.csv", "snapshot.toml"])
def test_the_trees_are_of_the_very_files_that_were_summed(bench: Bench, name: str) -> None:
    committed()(bench)
    prepared = prepare(bench.wallets, bench.snapshot, ())
    books = read_snapshot(prepared, bench.snapshot, silent)
    first, *others = (bench.snapshot / name).read_text().splitlines(keepends=True)
    again = reversed(others) if name == "customers.csv" else ("\n", *others)
    (bench.snapshot / name).write_text("".join((first, *again)))
    with pytest.raises(InputError) as refused:
        rebuilt_books(bench.snapshot, books, prepared.job, SECRET, silent)
    assert str(refused.value).startswith(f"{name}: the file is not what was read before\n  hint: copy the folder")


def test_nobody_is_drawn_from_a_tree_that_did_not_come_out(bench: Bench) -> None:
    asked()(bench)
    right, wrong = books_of(bench).confirmations, books_of(bench, bytes(32)).confirmations
    assert right is not None
    assert wrong is not None
    assert [one.asset for one in right.answers] == ["BTC", "ETH", "KRW", "USDT"]
    assert wrong == replace(right, answers=())


def test_the_house_is_that_of_the_findings(bench: Bench) -> None:
    (bench.snapshot / "house.csv").write_text("customer\nC1\n")
    bench.edit("snapshot.toml", "[files]\n", '[files]\nhouse = "house.csv"\n')
    asked()(bench)
    prepared = prepare(bench.wallets, bench.snapshot, ())
    books = read_snapshot(prepared, bench.snapshot, silent)
    (bench.snapshot / "house.csv").write_text("customer\n")
    with pytest.raises(InputError, match=r"house\.csv"):
        rebuilt_books(bench.snapshot, books, prepared.job, SECRET, silent)


def test_without_a_commitment_a_secret_is_refused(bench: Bench) -> None:
    assert refusal(bench) == (
        "snapshot.toml: a commitment's secret was given, and no commitment is listed\n"
        '  hint: write commitment = "commitment.json" under [files], or leave --commitment-secret out'
    )


def test_without_rows_a_secret_is_refused(bench: Bench) -> None:
    stated = published(owed(bench))
    totals_only(bench)
    hand_over(bench, stated)
    assert refusal(bench) == (
        "snapshot.toml: a commitment's secret was given, and there are no customer rows to build its trees from\n"
        "  hint: leave --commitment-secret out"
    )


def test_rows_that_changed_between_two_readings_are_refused(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    committed()(bench)

    def other(*given: Any) -> Committed:  # noqa: ANN401  # as they came
        done = rebuild(*given)
        first = done.trees[0]
        assert first.rebuilt is not None
        less = replace(first.rebuilt, total=first.rebuilt.total - 1)
        return replace(done, trees=(replace(first, rebuilt=less), *done.trees[1:]))

    monkeypatch.setattr(rebuilt_trees, "rebuild", other)
    assert refusal(bench) == (
        "snapshot.toml: the rows of BTC changed while they were read\n  hint: run again when nobody writes to them"
    )


def test_a_tree_nobody_can_build_is_named(bench: Bench) -> None:
    stated = published(owed(bench))
    tall = replace(stated.trees[0], scope=replace(stated.trees[0].scope, height=31))
    hand_over(bench, replace(stated, trees=(tall, *stated.trees[1:])))
    assert refusal(bench) == (
        "commitment.json: BTC: a tree of height 31 is not built again for 40 customers: 22 is the tallest\n"
        "  hint: whoever publishes a height decides how much memory its readers need; ask for a lower tree"
    )

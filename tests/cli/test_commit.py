"""`reservecheck liabilities commit`: what is printed, published and kept, and what is refused."""

from __future__ import annotations

import base64
import json
import secrets
import shutil
import stat
import traceback
from pathlib import Path
from typing import Final

import pytest
from tests.cli.command_line import Ask

from reservecheck import committing, private_trees
from reservecheck.commitment.commitment_file import read_commitments
from reservecheck.commitment.scheme import salt

ROOT: Final = Path(__file__).resolve().parents[2]
HANUL: Final = ROOT / "snapshots/hanul/2018-06-28"
SECRET: Final = bytes(range(1, 33))
KEEP: Final = "; whoever reads it learns what every customer is owed\n"


@pytest.fixture
def hanul(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HANUL, tmp_path / "hanul"))


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The random secret, told to the test."""
    monkeypatch.setattr(secrets, "token_bytes", lambda size: SECRET[:size])
    return SECRET


def dressed(published: bytes) -> list[bytes]:
    """The secret in any dress, and a salt made with it."""
    salted = [salt(SECRET, tree.scope.context, b"C372429758") for tree in read_commitments(published).trees]
    texts = [SECRET.hex(), SECRET.hex().upper(), repr(SECRET), str(list(SECRET)), *(one.hex() for one in salted)]
    return [SECRET, base64.b64encode(SECRET), *salted, *(text.encode() for text in texts)]


def test_trees_are_published_and_kept_and_nothing_secret_is_said(
    ask: Ask, hanul: Path, tmp_path: Path, known: bytes
) -> None:
    private, out = tmp_path / "private", tmp_path / "commitment.json"
    said = ask("liabilities", "commit", hanul, "--private", private, "--out", out)
    assert said.code == 0
    assert said.err == f"publish: {out}\nkeep closed, and a copy of it: {private}{KEEP}"
    lines = said.out.splitlines()
    assert lines[0] == "hanul commits to what it owes, as hanul/2018-06-28T00:00:00+09:00"
    assert lines[1::2] == [
        "  BTC      height  6  total 1,000",
        "  ETH      height  6  total 20,000",
        "  KRW      height  6  total 100,000,000,000",
        "  USDT     height  5  total 10,000,000",
    ]
    data = out.read_bytes()
    assert lines[2::2] == [f"           root {tree.root.hex()}" for tree in read_commitments(data).trees]
    assert (private / "secret.hex").read_text() == f"{known.hex()}\n"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    for one in dressed(data):
        assert not [text for text in (said.out.encode(), said.err.encode(), data) if one in text], one


def test_the_json_is_what_was_published(ask: Ask, hanul: Path, tmp_path: Path) -> None:
    out = tmp_path / "public" / "commitment.json"
    draw = ("--draw", "bitcoin:mainnet:1200000:amount:60")
    given = ("--private", tmp_path / "private", "--out", out, "--id", "q2", "--height", "7", *draw)
    said = ask("liabilities", "commit", hanul, *given, "--format", "json")
    answer = json.loads(said.out)
    assert answer["schema"] == "reservecheck/liabilities-committed/v1-draft"
    assert answer["commitment"] == json.loads(out.read_bytes())
    assert answer["without_rows"] == {}
    published = read_commitments(out.read_bytes())
    assert published.snapshot == "q2"
    assert {tree.scope.height for tree in published.trees} == {7}
    assert json.loads(out.read_bytes())["draw"] == {
        "network": "bitcoin:mainnet", "height": 1200000, "method": "amount", "size": 60
    }  # fmt: skip


def test_a_draw_is_said(ask: Ask, hanul: Path, tmp_path: Path) -> None:
    given = (
        "--private",
        tmp_path / "private",
        "--out",
        tmp_path / "c.json",
        "--draw",
        "eip155:1:99000000:customer:3",
    )
    said = ask("liabilities", "commit", hanul, *given)
    assert said.out.splitlines()[-1] == "draw: 3 a tree by customer, at height 99000000 of eip155:1"


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (
            "btc:mainnet:1200000:amount:60",
            "error: a draw's network: btc:mainnet is not known here\n  hint: there are bitcoin:mainnet, ",
        ),
        (
            "bitcoin:mainnet:910000:amount:60",
            "error: a draw's height: block 935000 of bitcoin:mainnet was there on 2026-02-25\n  hint: announce a",
        ),
    ],
)
def test_a_draw_that_can_never_be_is_not_published(
    ask: Ask, hanul: Path, tmp_path: Path, draw: str, said: str
) -> None:
    out = tmp_path / "c.json"
    found = ask("liabilities", "commit", hanul, "--private", tmp_path / "p", "--out", out, "--draw", draw)
    assert found.code == 2
    assert found.err.startswith(said)
    assert not out.exists()


def test_what_may_be_rued_is_said_before_it_is_published(ask: Ask, hanul: Path, tmp_path: Path) -> None:
    with (hanul / "customers.csv").open("a") as file:
        file.write("C372429758,BTC,56.80944346,spot\n")
    given = ("--private", tmp_path / "p", "--out", tmp_path / "c.json", "--draw", "eip155:1:99000000:amount:58")
    said = ask("liabilities", "commit", hanul, *given)
    assert said.code == 0
    assert said.err.splitlines()[:3] == [
        "look first: `liabilities check` finds something in these rows, and what is published stays",
        "58 draws of each tree are too few for grade L3, which takes 59",
        "whoever makes the block of eip155:1 can choose who is drawn: announce a block of Bitcoin",
    ]


@pytest.mark.parametrize(("height", "early"), [(940_000, True), (960_000, False)])
def test_a_block_that_is_expected_before_the_balances_is_said_to_be(
    ask: Ask, hanul: Path, tmp_path: Path, height: int, *, early: bool
) -> None:
    """The newest checkpoint is block 935,000, of February 2026: 18,000 blocks more are made by the end of June."""
    for name in ("snapshot.toml", "engagement.toml"):
        text = (hanul / name).read_text(encoding="utf-8").replace("2018-06-28T", "2026-06-30T")
        (hanul / name).write_text(text, encoding="utf-8")
    given = (
        "--private",
        tmp_path / "p",
        "--out",
        tmp_path / "c.json",
        "--draw",
        f"bitcoin:mainnet:{height}:amount:60",
    )
    said = ask("liabilities", "commit", hanul, *given)
    assert said.code == 0
    warning = f"block {height} of bitcoin:mainnet is likely made before the balances, and then draws nobody"
    assert (warning in said.err.splitlines()) is early


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        ("bitcoin:mainnet:amount:60", "a draw is NETWORK:HEIGHT:METHOD:SIZE, as bitcoin:mainnet:1200000:amount:60"),
        ("1:amount:60", "a draw is NETWORK:HEIGHT:METHOD:SIZE, as bitcoin:mainnet:1200000:amount:60"),
        ("b:m:-1:amount:60", "a draw is NETWORK:HEIGHT:METHOD:SIZE, as bitcoin:mainnet:1200000:amount:60"),
        ("b:m:1:amount:²", "a draw is NETWORK:HEIGHT:METHOD:SIZE, as bitcoin:mainnet:1200000:amount:60"),
        (f"b:m:{'9' * 17}:amount:1", "a draw is NETWORK:HEIGHT:METHOD:SIZE, as bitcoin:mainnet:1200000:amount:60"),
        ("b:m:1:luck:60", "a draw's method: luck is not amount or customer"),
        ("b:m:1:amount:10001", "a draw's size: 10001 is not between 1 and 10000"),
        ("b:m:0:amount:1", "a draw's height: 0 is not between 1 and 9007199254740991"),
        ("bitcoin:1200000:amount:60", "a draw's network: bitcoin is not written like bitcoin:mainnet"),
    ],
)
def test_a_draw_that_is_none_is_refused(ask: Ask, hanul: Path, tmp_path: Path, draw: str, words: str) -> None:
    private = tmp_path / "private"
    said = ask("liabilities", "commit", hanul, "--private", private, "--out", tmp_path / "c", "--draw", draw)
    assert said.code == 2
    assert said.err == (f"error: Invalid value for --draw: {words}\n  hint: --help says what can be asked\n")
    assert not private.exists()


def refused(ask: Ask, *given: object) -> str:
    said = ask("liabilities", "commit", *given)
    assert (said.code, said.out) == (2, "")
    return said.err.removeprefix("error: ")


def test_nothing_is_overwritten_and_nothing_private_lies_in_what_is_given_away(
    ask: Ask, hanul: Path, tmp_path: Path
) -> None:
    private, out = tmp_path / "private", tmp_path / "commitment.json"
    new = "\n  hint: name a new target: nothing is ever overwritten\n"
    out.touch()
    assert refused(ask, hanul, "--private", private, "--out", out) == f"{out} exists already{new}"
    out.unlink()
    inside = private / "commitment.json"
    assert refused(ask, hanul, "--private", private, "--out", inside) == (
        f"{inside} would lie in the private folder\n  hint: it is to be published: name another place\n"
    )
    for path, name, what in ((hanul, "", "a snapshot folder"), (tmp_path / "b", "manifest.json", "a bundle")):
        path.mkdir(exist_ok=True)
        if name:
            (path / name).touch()
        words = refused(ask, hanul, "--private", path / "private", "--out", out)
        assert words.startswith(f"{path / 'private'} would be private and inside of {what}")
    private.mkdir()
    (private / "x").touch()
    assert refused(ask, hanul, "--private", private, "--out", out) == (
        f"{private} is not empty\n  hint: name a new folder: nothing is ever overwritten\n"
    )
    assert not out.exists()


SWAPPED: Final = "--private names a new folder, --out the file to publish, as commitment.json: were they swapped?"


@pytest.mark.parametrize("names", [("published", "private"), ("published.json", "p.json"), ("p", "")])
def test_targets_that_were_swapped_are_told_before_anything_is_read(
    ask: Ask, tmp_path: Path, names: tuple[str, str]
) -> None:
    out, private = (tmp_path / name for name in reversed(names))
    words = refused(ask, tmp_path / "no-snapshot", "--private", private, "--out", out)
    said = f"--out names {out}, and takes a file that ends in .json"
    if private.suffix:
        said = f"--private names {private}, and takes a folder"
    assert words == f"{said}\n  hint: {SWAPPED}\n"
    assert [*tmp_path.iterdir()] == []


def test_a_height_without_room_or_that_nobody_builds_again_leaves_nothing(
    ask: Ask, hanul: Path, tmp_path: Path
) -> None:
    private, out = tmp_path / "private", tmp_path / "commitment.json"
    for height in (5, 23):
        words = refused(ask, hanul, "--private", private, "--out", out, "--height", height)
        assert words == (
            f"BTC: a tree of height {height} is not made for 40 customers\n"
            "  hint: for BTC give --height from 6 to 22, nobody builds a taller one again; other trees may need"
            " more\n"
        )
    assert not private.exists()
    assert not out.exists()


def test_totals_alone_make_no_tree(ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "kaede"
    folder.mkdir()
    text = 'format = "reservecheck/snapshot/v1"\nentity = "kaede"\n[files]\ntotals = "totals.csv"\n'
    (folder / "snapshot.toml").write_text(text)
    (folder / "totals.csv").write_text("asset,owed\nBTC,1\n")
    given = (folder, "--private", tmp_path / "private", "--out", tmp_path / "c.json")
    assert refused(ask, *given) == (
        f"{folder / 'snapshot.toml'}: there is no moment to name the commitment by\n"
        "  hint: write [extract] as_of, or give --id\n"
    )
    assert refused(ask, *given, "--id", "x") == (
        f"{folder / 'snapshot.toml'}: there are no customer rows, and totals alone make no tree\n"
        "  hint: list the customers' file\n"
    )
    assert not (tmp_path / "private").exists()


def test_a_secret_is_brought_in_a_file_and_never_typed(ask: Ask, hanul: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.hex"
    given = (hanul, "--private", tmp_path / "private", "--out", tmp_path / "c.json", "--secret")
    for text in ("", "ab", f"{SECRET.hex()} ", SECRET.hex().upper()):
        path.write_text(text)
        words = f"{path}: not a secret\n  hint: write a line of 64 digits of lower-case hex\n"
        assert refused(ask, *given, path) == words
    assert refused(ask, *given, SECRET.hex()) == (
        "--secret: this is a secret, not a file\n"
        "  hint: write it into a file: what stands on a command line is seen by others\n"
    )
    path.write_text(f"{SECRET.hex()}\n")
    assert ask("liabilities", "commit", *given, path).code == 0
    assert (tmp_path / "private/secret.hex").read_text() == path.read_text()


def test_rows_that_change_while_they_are_read_leave_nothing(
    ask: Ask, hanul: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committing, "_gross_of_rows", lambda _: {"BTC": 1, "LTC": 2})
    assert refused(ask, hanul, "--private", tmp_path / "private", "--out", tmp_path / "c.json") == (
        f"{hanul / 'snapshot.toml'}: the rows of BTC changed while they were read\n"
        "  hint: commit again when nobody writes to them\n"
    )
    assert not (tmp_path / "private").exists()


def test_an_id_of_nothing_is_none(ask: Ask, hanul: Path, tmp_path: Path) -> None:
    given = ("liabilities", "commit", hanul, "--private", tmp_path / "private", "--out", tmp_path / "c.json")
    said = ask(*given, "--id", "")
    assert (said.code, said.err) == (2, "error: a commitment's snapshot: it is empty or not Unicode text\n")


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, OSError(28, "No space left on device")])
def test_nothing_is_left_and_nothing_told_of_the_secret_when_it_is_interrupted(
    ask: Ask,
    hanul: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: type[BaseException] | BaseException,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(committing.os, "fsync", fail)  # type: ignore[attr-defined]  # of the module
    given = ("liabilities", "commit", hanul, "--private", tmp_path / "private", "--out", tmp_path / "c.json")
    said = ask(*given)
    assert said.code == (130 if error is KeyboardInterrupt else 2)
    assert SECRET.hex() not in said.out + said.err
    assert not (tmp_path / "private").exists()
    assert not (tmp_path / "c.json").exists()


def test_a_file_to_publish_that_cannot_be_written_leaves_nothing(
    ask: Ask, hanul: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, out = tmp_path / "private", tmp_path / "public" / "commitment.json"
    out.parent.touch()
    words = refused(ask, hanul, "--private", private, "--out", out)
    assert words == f"{out} cannot be written: File exists\n"
    out.parent.unlink()
    for error in (OSError(28, "No space left on device"), KeyboardInterrupt()):

        def fail(_: int, error: BaseException = error) -> None:
            if out.exists():
                raise error

        monkeypatch.setattr(committing.os, "fsync", fail)  # type: ignore[attr-defined]  # of the module
        said = ask("liabilities", "commit", hanul, "--private", private, "--out", out)
        if isinstance(error, OSError):
            assert said.err == f"error: {out} cannot be written: No space left on device\n"
        else:
            assert said.code == 130
        assert not out.exists()
        assert not private.exists()


def test_a_traceback_does_not_tell_the_secret(
    ask: Ask, hanul: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bytes
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(private_trees.PrivateWriter, "add", fail)
    given = ("liabilities", "commit", hanul, "--private", tmp_path / "private", "--out", tmp_path / "c.json")
    with pytest.raises(RuntimeError) as caught:
        ask(*given, "--debug")
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert known.hex() not in told
    assert repr(known) not in told
    assert not (tmp_path / "private").exists()

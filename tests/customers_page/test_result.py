"""What a customer reads: amounts exact, the sentence around them, and what to do with it."""

from __future__ import annotations

import hashlib
import json
import random
import shlex
import time
from pathlib import Path
from typing import Any, Final

import pytest
from tests.commitment.trees import SCOPE
from tests.customers_page.chromium import WAIT_S, Tab
from tests.customers_page.sites import ADDRESS, PROOFS, published, tree_of, written
from tests.inclusion.proofs import DATA as OTHERS

from reservecheck.commitment.columns import Row
from reservecheck.commitment.scheme import Scope
from reservecheck.money import format_amount, grouped

PAGE: Final = Path(__file__).parents[2] / "src/reservecheck/inclusion/page"
READING: Final = (PAGE / "reading.js").read_text(encoding="utf-8")


def changed(proof: str, **fields: Any) -> str:  # noqa: ANN401  # any JSON
    return json.dumps({**json.loads(proof), **fields}, ensure_ascii=False)


def test_a_counted_proof_is_said_in_plain_words(opened: Tab, proofs: dict[str, str]) -> None:
    opened.paste(proofs["ada"])
    said = opened.text(".card")
    assert (
        f"In the statement “{SCOPE.snapshot}”, Hanul says it owes its customers 1,030.50000077 BTC in total. "
        "Your 1.50000000 BTC is counted in that." in said
    )
    assert "Counted: 1.5 BTC" in said
    assert f"Compare 1.50000000 BTC with your own records as of “{SCOPE.snapshot}”." in said
    assert "This says nothing about the coins Hanul holds." in said
    assert "It must be yours, and one that nobody else has" in said
    assert "\nada\n" in said


def test_the_root_stands_beside_the_statement_s(opened: Tab, proofs: dict[str, str]) -> None:
    opened.paste(proofs["ada"])
    root = json.loads(proofs["ada"])["root"]
    said = opened.text(".card")
    assert f"Root in your proof\n{root}\nRoot in the commitment on this page\n{root}\n" in said


def test_an_amount_of_zero_is_not_said_to_be_counted_money(opened: Tab, proofs: dict[str, str]) -> None:
    opened.paste(proofs["zoë"])
    said = opened.text(".card")
    assert "Counted with an amount of zero: BTC" in said
    assert "and owes you none of it." in said
    assert "is counted in that" not in said


def test_parts_are_added_up(opened: Tab, proofs: dict[str, str]) -> None:
    opened.paste(proofs["two"])
    assert "Your 0.00000077 BTC is counted in that." in opened.text(".card")
    assert "Your amount is the sum of 2 entries in this proof." in opened.text(".card")


def test_eighteen_decimals_are_exact(opened: Tab) -> None:
    opened.paste(PROOFS["erin"])
    assert "Your 0.999999999999999999 ETH is counted in that." in opened.text(".card")


def test_the_largest_amount_and_the_most_decimals_are_exact(page: Tab, tmp_path: Path) -> None:
    tree, (proof,) = tree_of(Scope(snapshot="s", asset="X", decimals=255, height=0), Row("only", (1 << 128) - 1))
    page.open(f"file://{written(tmp_path / 'site', published(tree, snapshot='s'))}#en")
    page.paste(proof)
    assert f"Your 0.{(1 << 128) - 1!s:0>255} X is counted in that." in page.text(".card")


def test_amounts_are_those_of_the_program(page: Tab) -> None:
    chance = random.Random(2018)  # noqa: S311  # the same amounts in every run
    cases = [(chance.getrandbits(chance.randint(1, 128)), chance.randint(0, 30)) for _ in range(2_000)]
    page.run(f"{READING};0")
    listed = json.dumps([[str(units), decimals] for units, decimals in cases])
    found = page.run(f"{listed}.map(([units, decimals]) => decimal(BigInt(units), decimals, true))")
    assert found == [grouped(format_amount(units, decimals)) for units, decimals in cases]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("snapshot", "hanul/2017-09-14", "This differs: snapshot.\n\nIn your proof\nhanul/2017-09-14\n"),
        (
            "total",
            "7",
            (
                "This differs: total.\n\n"
                "In your proof\n0.00000007 BTC\nIn the commitment on this page\n1,030.50000077 BTC\n"
            ),
        ),
    ],
)
def test_what_differs_from_the_commitment_is_shown_on_both_sides(
    opened: Tab, proofs: dict[str, str], field: str, value: str, words: str
) -> None:
    opened.paste(changed(proofs["ada"], **{field: value}))
    assert f"The proof belongs to another statement. {words}" in opened.text(".card")


def test_an_asset_without_a_tree_is_said_to_be_owed_to_nobody(opened: Tab, proofs: dict[str, str]) -> None:
    opened.paste(changed(proofs["ada"], asset="DOGE"))
    assert (
        "The commitment on this page has no total in DOGE. Going by it, Hanul does not say that it owes any DOGE."
        "\n\n"
        "In your proof\nDOGE\nIn the commitment on this page\nBTC, ETH\n" in opened.text(".card")
    )
    assert opened.reasons() == ["the proof names another asset than the commitment"]


@pytest.mark.parametrize("name", ["okx_v1", "bybit_1", "mexc"])
def test_a_proof_of_another_exchange_is_said_to_look_like_one(opened: Tab, name: str) -> None:
    opened.choose(OTHERS / f"{name}.json")
    said = "This page reads only proofs of Hanul in the format por-mst/1."
    assert said in opened.text(".card")
    assert opened.reasons() == ["the fields are not those of por-mst/1"]


@pytest.mark.parametrize(
    "case",
    [
        (
            "en",
            "This is a published commitment (commitment.json), the same file for everybody, and not your proof.",
        ),
        (
            "ko",
            "공개 약정값(commitment.json)이며 고객님의 증명이 아닙니다.",
        ),
        ("ja", "公開値（コミットメント、commitment.json）であり、お客様の証明ではありません。"),
    ],
)
def test_the_commitment_in_place_of_a_proof_is_told_to_be_one(
    opened: Tab, commitment: bytes, tmp_path: Path, case: tuple[str, str]
) -> None:
    language, words = case
    opened.run(f"location.hash = '{language}'")
    opened.until(f"document.documentElement.lang === '{language}'")
    (tmp_path / "commitment.json").write_bytes(commitment)
    opened.drop(tmp_path / "commitment.json")
    assert opened.cards() == ["refused"]
    assert words in opened.text(".card")
    assert opened.reasons() == ["the fields are not those of por-mst/1"]
    assert not opened.run("document.querySelector('.card .command') !== null")
    assert opened.run("document.querySelectorAll('.card p').length") == 3


def test_a_pasted_commitment_of_another_time_is_told_to_be_none_of_a_proof(opened: Tab, commitment: bytes) -> None:
    opened.paste(commitment.decode().replace(SCOPE.snapshot, "another"))
    assert "and not your proof. Choose the proof file that was given to you alone." in opened.text(".card")
    assert "download your proof once more" not in opened.text(".card")


def test_proofs_that_may_be_misread_together_are_noted(opened: Tab, proofs: dict[str, str]) -> None:
    opened.paste(proofs["ada"].strip() + "\n" + proofs["ben"].strip())
    assert "Do not add their amounts up" in opened.text("#cards")
    assert "These proofs carry different customer ids." in opened.text("#cards")
    opened.paste(proofs["ada"])
    assert "Do not add" not in opened.text("#cards")


@pytest.mark.parametrize(
    "name", ["proof.json", "my proof.json", "it's; rm -rf $HOME.json", "-rf.json", "증명 \u200b.json"]
)
def test_the_command_is_one_line_that_a_shell_takes_apart_rightly(
    opened: Tab, proofs: dict[str, str], tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text(proofs["ada"], encoding="utf-8")
    opened.choose(tmp_path / name)
    shown = name.replace("\u200b", "\\u{200b}")
    path = f"./{shown}" if shown.startswith("-") else shown
    words = ["reservecheck", "inclusion", "check", path, "--commitment", "commitment.json"]
    assert shlex.split(opened.text(".command")) == words
    assert "\n" not in opened.text(".command")


def test_both_files_are_named_by_their_digest(
    opened: Tab, proofs: dict[str, str], commitment: bytes, tmp_path: Path
) -> None:
    (tmp_path / "proof.json").write_text(proofs["ada"], encoding="utf-8")
    opened.choose(tmp_path / "proof.json")
    said = opened.text(".card")
    proof = hashlib.sha256((tmp_path / "proof.json").read_bytes()).hexdigest()
    assert f"SHA-256 of your proof file\n{proof}\n" in said
    assert f"SHA-256 of commitment.json\n{hashlib.sha256(commitment).hexdigest()}" in said


def test_the_statement_is_linked_where_its_address_was_given(opened: Tab, page: Tab, tmp_path: Path) -> None:
    link = "document.querySelector('#statement-link a')"
    assert opened.run(f"[{link}.href, {link}.rel]") == [ADDRESS, "noreferrer noopener"]
    tree, _ = tree_of(Scope(snapshot="s", asset="X", decimals=0, height=0), Row("only", 1))
    page.open(f"file://{written(tmp_path / 'site', published(tree, snapshot='s'), None)}#en")
    assert page.text("#statement-link") == "Ask Hanul or its auditor for the signed statement."


def test_the_commitment_is_downloaded_from_a_page_that_was_saved_alone(
    page: Tab, index: Path, commitment: bytes, tmp_path: Path
) -> None:
    alone = tmp_path / "saved.html"
    alone.write_bytes(index.read_bytes())
    got = tmp_path / "got"
    page.call("Page.setDownloadBehavior", behavior="allow", downloadPath=str(got))
    page.open(f"file://{alone}#en")
    page.run("document.querySelector('#trees a').click()")
    page.browser.wait(page.session, "Page.downloadWillBegin")
    until = time.monotonic() + WAIT_S
    while not (got / "commitment.json").is_file():
        assert time.monotonic() < until, "nothing was downloaded"
        time.sleep(0.01)
    assert (got / "commitment.json").read_bytes() == commitment

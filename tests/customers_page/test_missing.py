"""What was not given, or is not there to be given: nothing that a customer may take to be counted as well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.commitment.trees import SCOPE
from tests.customers_page.chromium import Tab
from tests.customers_page.sites import PROOFS, published, tree_of, written

from reservecheck.commitment.columns import Row
from reservecheck.commitment.scheme import Scope

ABSENT = {
    "en": "An asset that the statement does not have at all is counted for nobody.",
    "ko": "공시문에 아예 없는 자산은 누구의 것도 포함되지 않았습니다.",
    "ja": "公表文書にまったくない資産は、誰の分も含まれていません。",
}
MISSING = {
    "en": "Of ETH you gave no file: nothing here shows that what you held of them was counted. Ask for the file.",
    "ko": "다음 자산은 주신 파일이 없습니다: ETH. 이 자산의 금액이 포함되었다는 것은 여기에서 전혀 확인되지 "
    "않았습니다. 해당 파일을 요청하십시오.",
    "ja": "次の資産については、ファイルがありません：ETH。これらの資産の金額が含まれていることは、"
    "ここでは何も確認されていません。そのファイルをお求めください。",
}
ANOTHER = {
    "en": "The proof may be of another statement: use the page, or the commitment, of that statement. "
    f"If it was given to you for “{SCOPE.snapshot}”, tell Hanul and whoever signed the statement the reason.",
    "ko": "다른 공시문의 증명일 수 있습니다. 그 공시문의 페이지나 공개 약정값을 사용하십시오. "
    f"“{SCOPE.snapshot}”의 증명으로 받으신 파일이라면 Hanul 측과 공시문 서명자에게 사유를 알리십시오.",
    "ja": "別の公表文書の証明かもしれません。その公表文書のページまたは公開値（コミットメント）をお使いください。"
    f"「{SCOPE.snapshot}」の証明として受け取ったものであれば、Hanul と公表文書の署名者に理由をお伝えください。",
}


def speak(page: Tab, language: str) -> None:
    page.run(f"location.hash = '{language}'")
    page.until(f"document.documentElement.lang === '{language}'")


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_an_asset_of_which_no_file_was_given_is_said_not_to_be_shown(
    opened: Tab, proofs: dict[str, str], language: str
) -> None:
    speak(opened, language)
    opened.paste(proofs["ada"])
    assert opened.run("[...document.querySelectorAll('#cards > p')].map((one) => one.textContent)") == [
        MISSING[language],
        ABSENT[language],
    ]


def test_where_every_asset_was_given_only_the_others_are_spoken_of(opened: Tab, proofs: dict[str, str]) -> None:
    opened.paste(proofs["ada"].strip() + "\n" + PROOFS["erin"])
    assert opened.cards() == ["counted", "counted"]
    assert "you gave no file" not in opened.text("#cards")
    assert ABSENT["en"] in opened.text("#cards")


def test_a_file_that_was_refused_was_given(opened: Tab, proofs: dict[str, str]) -> None:
    other = json.dumps({**json.loads(PROOFS["erin"]), "root": "0" * 64}, ensure_ascii=False)
    opened.paste(proofs["ada"].strip() + "\n" + other)
    assert opened.cards() == ["counted", "refused"]
    assert "you gave no file" not in opened.text("#cards")


def test_where_nothing_is_counted_nothing_is_said_of_what_is_missing(opened: Tab, proofs: dict[str, str]) -> None:
    opened.paste(json.dumps({**json.loads(proofs["ada"]), "root": "0" * 64}))
    assert opened.cards() == ["refused"]
    assert not opened.run("document.querySelector('#cards > p') !== null")


def test_of_many_assets_the_first_are_named(page: Tab, tmp_path: Path) -> None:
    trees = [
        tree_of(Scope(snapshot="s", asset=f"A{number:03}", decimals=0, height=0), Row("only", 1))
        for number in range(53)
    ]
    page.open(f"file://{written(tmp_path / 'site', published(*(one for one, _ in trees), snapshot='s'))}#en")
    page.paste(trees[0][1][0])
    named = ", ".join(f"A{number:03}" for number in range(1, 51))
    assert f"Of {named}, … (+2) you gave no file:" in page.text("#cards")


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_a_proof_of_another_snapshot_is_sent_to_the_page_of_its_statement(
    opened: Tab, proofs: dict[str, str], language: str
) -> None:
    speak(opened, language)
    opened.paste(json.dumps({**json.loads(proofs["ada"]), "snapshot": "hanul/2017-09-14"}))
    assert ANOTHER[language] in opened.text(".card")
    assert "download your proof once more" not in opened.text(".card")


def test_a_proof_that_differs_otherwise_is_downloaded_once_more(opened: Tab, proofs: dict[str, str]) -> None:
    opened.paste(json.dumps({**json.loads(proofs["ada"]), "total": "7"}))
    assert "Keep the file as it is and download your proof once more." in opened.text(".card")

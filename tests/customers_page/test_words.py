"""Three languages: the same keys, every refusal in words, none left in English, nothing that misleads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from tests.commitment.trees import SCOPE
from tests.customers_page.chromium import Chromium, Tab, tab

from reservecheck.inclusion.site import LANGUAGES

PAGE: Final = Path(__file__).parents[2] / "src/reservecheck/inclusion/page"
WORDS: Final[dict[str, Any]] = {
    name: json.loads((PAGE / f"words/{name}.json").read_text(encoding="utf-8")) for name in LANGUAGES
}
SCRIPTS: Final = "".join(
    (PAGE / name).read_text(encoding="utf-8") for name in ("reading.js", "page.js", "index.html")
)
VERIFIER: Final = (PAGE / "por_mst_1.js").read_text(encoding="utf-8")
MISLEADING: Final = re.compile(
    r"\bverified\b|\bsafe|\bsolven|\bproof of reserves|\bguarantee|\bsecure|✓|✔"
    r"|안전|지급준비|보증|검증됨|인증|安全|保証|支払準備|検証済",
    re.IGNORECASE,
)
NAMES: Final = re.compile(
    r"SHA-256|por-mst/1|commitment\.json|reservecheck|https|JSON|Unicode|NFC|ID|Hanul|BTC|ETH|English|2\^128|[0-9a-f]{64}"
)

in_each = pytest.mark.parametrize("language", LANGUAGES)


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:  # noqa: ANN401  # JSON
    if isinstance(value, str):
        yield path, value
        return
    for key, inner in value.items():
        yield from leaves(inner, (*path, key))


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@in_each
def test_every_language_has_the_same_keys_in_the_same_order(language: str) -> None:
    assert [path for path, _ in leaves(WORDS[language])] == [path for path, _ in leaves(WORDS["en"])]


@in_each
def test_every_refusal_of_the_verifier_has_words(language: str) -> None:
    thrown = [found[2] for found in re.finditer(r"new Refused\((['\"`])(.+?)\1\)", VERIFIER)]
    assert len(thrown) == VERIFIER.count("new Refused(")
    assert set(WORDS[language]["reasons"]) == set(thrown)
    assert set(WORDS[language]["odd"]) == set(re.findall(r'"(it is [^"]+)"', VERIFIER))


@in_each
def test_every_field_the_verifier_names_has_a_name(language: str) -> None:
    called = set(re.findall(r'\b(?:whole|text|hash|amount)\([^,]+, "(\w+)"', VERIFIER))
    compared = re.search(r"for \(const name of \[(.+?)\]\) \{\n\s+if \(proof\[name\]", VERIFIER)
    assert compared is not None
    assert set(WORDS[language]["fields"]) == called | set(re.findall(r'"(\w+)"', compared[1])) | {"customer"}


@in_each
def test_words_are_used_and_what_is_used_is_there(language: str) -> None:
    nested = {"fields", "odd", "reasons"}
    used = set(re.findall(r'data-word="(\w+)"', SCRIPTS)) | set(re.findall(r'"(\w+)"', SCRIPTS))
    used |= set(re.findall(r"words\(\)\.(\w+)", SCRIPTS)) | {"language"}
    assert set(WORDS[language]) - used - nested == set()
    assert set(re.findall(r'data-word="(\w+)"', SCRIPTS)) <= set(WORDS[language])


@in_each
def test_a_sentence_has_the_same_places_as_in_english(language: str) -> None:
    english = dict(leaves(WORDS["en"]))
    for path, text in leaves(WORDS[language]):
        assert places(text) - {"entity"} == places(english[path]) - {"entity"}, path


@in_each
def test_no_word_says_more_than_was_checked(language: str) -> None:
    assert [text for _, text in leaves(WORDS[language]) if MISLEADING.search(text)] == []


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_no_english_is_left_in_the_words(language: str) -> None:
    for path, text in leaves(WORDS[language]):
        assert not re.search(r"[A-Za-z]{2,}", NAMES.sub("", re.sub(r"\{\w+\}", "", text))), path


def test_korean_and_japanese_are_in_a_polite_register() -> None:
    blunt = {
        "ko": re.compile(r"(?<!니)다\.|(?:한|된|있|없|했)다(?:\.|$)|[어아]요\."),
        "ja": re.compile(r"(?:である|する|した|ない|いる|ある|だ)。$"),
    }
    for language, form in blunt.items():
        said = [text for _, text in leaves(WORDS[language]) if form.search(text)]
        assert [one for one in said if not one.endswith("ません。")] == []


APART: Final = "[lang]:not(html), script, style, noscript, [translate=no]"
SHOWN: Final = f"""[...document.querySelectorAll('body *')].filter((one) => !one.closest('{APART}'))
    .flatMap((one) => [...one.childNodes]).filter((one) => one.nodeType === 3)
    .map((one) => one.data.trim()).filter(Boolean)"""


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_no_english_is_left_on_the_page(opened: Tab, proofs: dict[str, str], language: str) -> None:
    opened.run(f"location.hash = '{language}'")
    opened.until(f"document.documentElement.lang === '{language}'")
    bad = proofs["ada"].replace('"amount":"1', '"amount":"2')
    other = json.dumps({**json.loads(proofs["ada"]), "asset": "ETH"})
    opened.paste("\n".join((proofs["ada"].strip(), proofs["zoë"].strip(), bad.strip(), other, '{"self":{}}')))
    assert opened.cards() == ["counted", "counted", "refused", "refused", "refused"]
    known = (SCOPE.snapshot, "Hanul", "BTC", "ETH")
    for text in opened.run(SHOWN):
        own = re.sub("|".join(map(re.escape, known)), "", text)
        assert not re.search(r"[A-Za-z]{2,}", NAMES.sub("", own)), text


@pytest.mark.parametrize(
    ("languages", "hash_", "expected"),
    [
        (["ko-KR", "en"], "", "ko"),
        (["ja"], "", "ja"),
        (["de-DE", "ja-JP"], "", "ja"),
        (["de-DE"], "", "en"),
        (["kok-IN"], "", "en"),  # Konkani
        (["ko-KR"], "#ja", "ja"),
        (["ko-KR"], "#xx", "ko"),
    ],
)
def test_the_language_is_that_of_the_browser_unless_the_address_names_one(
    browser: Chromium, index: Path, languages: list[str], hash_: str, expected: str
) -> None:
    with tab(browser, languages) as page:
        page.open(f"file://{index}{hash_}")
        assert page.run("document.documentElement.lang") == expected
        assert page.run("document.title") == WORDS[expected]["title"]
        assert page.run("document.querySelector('nav [aria-current]').lang") == expected


def test_results_are_said_again_in_the_language_chosen_after_them(opened: Tab, proofs: dict[str, str]) -> None:
    opened.paste(proofs["ada"])
    opened.run("location.hash = 'ko'")
    opened.until("document.documentElement.lang === 'ko'")
    assert "포함됨: 1.5 BTC" in opened.text(".card")
    assert opened.text("#status") == "읽은 증명: 1건. 포함 확인: 1건. 포함이 확인되지 않음: 0건."

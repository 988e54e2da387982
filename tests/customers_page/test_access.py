"""The page with a keyboard alone, with a screen reader, on a phone, in the dark, without motion."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from tests.customers_page.chromium import Tab
from tests.customers_page.sites import published, tree_of, written

from reservecheck.commitment.columns import Row
from reservecheck.commitment.scheme import Scope
from reservecheck.inclusion.site import LANGUAGES

LEAST_CONTRAST: Final = 4.5
STOPS: Final = ["#en", "#ko", "#ja", "files", "text", "Check the text", "The signed statement", "SUMMARY"]
FOCUSED: Final = """(() => { const one = document.activeElement;
    return one.id || one.getAttribute('href')?.match(/^#../)?.[0] || (one.tagName === 'SUMMARY' ? one.tagName
        : one.innerText) })()"""
OUTLINE: Final = """(() => { const one = document.activeElement;
    const style = getComputedStyle(one.id === 'files' ? one.nextElementSibling : one);
    return [style.outlineStyle, parseFloat(style.outlineWidth)] })()"""
CONTRASTS: Final = """(() => {
  const parts = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const light = (colour) => {
    const [red, green, blue] = parts(colour).map((one) => one / 255)
      .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((parts(colour)[3] ?? 1) === 1) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('body *')]
    .filter((one) => one.checkVisibility())
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((one) => {
      const [dark, bright] = [light(getComputedStyle(one).color), light(behind(one))].sort((a, b) => a - b);
      return [Math.floor(100 * (bright + 0.05) / (dark + 0.05)), one.tagName, one.textContent.slice(0, 40)];
    });
})()"""


def said_of(node: dict[str, Any]) -> tuple[str, str]:
    return node["role"]["value"], node.get("name", {}).get("value", "")


def properties(node: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one["value"].get("value") for one in node.get("properties", [])}


def stops(page: Tab, most: int) -> Iterator[str]:
    """Where the focus goes with the tabulator, as far as this."""
    for _ in range(most):
        page.press("Tab")
        yield page.run(FOCUSED)


def led_to(page: Tab, stop: str) -> None:
    assert stop in stops(page, 20), f"the keyboard does not reach {stop}"


def test_the_keyboard_reaches_everything_in_the_order_it_is_read(opened: Tab) -> None:
    assert list(stops(opened, len(STOPS))) == STOPS


def test_the_focus_is_seen_wherever_it_is(opened: Tab, proofs: dict[str, str]) -> None:
    for _ in range(len(STOPS)):
        opened.press("Tab")
        style, width = opened.run(OUTLINE)
        assert (style, width >= 2) == ("solid", True), opened.run(FOCUSED)
    opened.paste(proofs["ada"])
    assert opened.run(FOCUSED) == "results-heading"


def test_a_proof_is_checked_with_the_keyboard_alone(opened: Tab, proofs: dict[str, str]) -> None:
    led_to(opened, "text")
    opened.call("Input.insertText", text=proofs["ada"])
    opened.press("Tab")
    opened.press("Enter")
    opened.until("!document.querySelector('#results').hidden")
    assert opened.cards() == ["counted"]
    assert opened.run(FOCUSED) == "results-heading"
    assert opened.run(OUTLINE)[0] == "solid"


@pytest.mark.parametrize("key", ["Enter", " "], ids=["enter", "space"])
def test_the_file_picker_opens_with_the_keyboard(opened: Tab, key: str) -> None:
    opened.call("Page.setInterceptFileChooserDialog", enabled=True)
    led_to(opened, "files")
    opened.press(key)
    opened.browser.wait(opened.session, "Page.fileChooserOpened")
    assert [one["mode"] for one in opened.heard("Page.fileChooserOpened")] == ["selectMultiple"]


def test_the_language_is_changed_with_the_keyboard(opened: Tab) -> None:
    led_to(opened, "#ko")
    opened.press("Enter")
    opened.until("document.documentElement.lang === 'ko'")
    assert opened.run("location.hash") == "#ko"
    assert opened.run(FOCUSED) == "#ko"


def test_a_screen_reader_is_told_what_everything_is(opened: Tab) -> None:
    told = [said_of(node) for node in opened.tree()]
    for expected in [
        ("navigation", "Language"),
        ("link", "한국어"),
        ("main", ""),
        ("region", "Your proof"),
        ("button", "Choose files"),
        ("textbox", "Or paste the text of a proof (several: one on each line)"),
        ("button", "Check the text"),
        ("status", ""),
        ("region", "What this page cannot show"),
        ("region", "The statement"),
        ("link", "The signed statement"),
        ("contentinfo", ""),
    ]:
        assert expected in told
    assert not [one for one in told if one[0] in {"button", "link", "textbox"} and not one[1]]


def test_a_screen_reader_hears_the_result_and_is_led_to_it(opened: Tab, proofs: dict[str, str]) -> None:
    (before,) = [node for node in opened.tree() if said_of(node)[0] == "status"]
    assert properties(before)["live"] == "polite"
    opened.paste(proofs["ada"].strip() + "\n" + json.dumps({"a": 1}))
    assert opened.text("[role=status]") == "Proofs read: 2. Counted: 1. Not shown to be counted: 1."
    tree = opened.tree()
    (focused,) = [node for node in tree if properties(node).get("focused") and said_of(node)[0] != "RootWebArea"]
    assert said_of(focused) == ("heading", "What came of it")
    told = [said_of(node) for node in tree]
    assert ("article", "Counted: 1.5 BTC") in told
    assert ("article", "Not shown to be counted") in told


def test_headings_leave_no_level_out(opened: Tab, proofs: dict[str, str]) -> None:
    opened.paste(proofs["ada"].strip() + "\n" + json.dumps({"a": 1}))
    levels = [properties(node)["level"] for node in opened.tree() if said_of(node)[0] == "heading"]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_a_result_is_told_by_words_and_not_by_colour(opened: Tab, proofs: dict[str, str]) -> None:
    opened.paste(proofs["ada"].strip() + "\n" + json.dumps({"a": 1}))
    headings = opened.run("[...document.querySelectorAll('.card h3')].map((one) => one.innerText)")
    assert headings == ["Counted: 1.5 BTC", "Not shown to be counted"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_does_not_scroll_sideways(page: Tab, tmp_path: Path, proofs: dict[str, str], language: str) -> None:
    scope = Scope(snapshot="s" * 128, asset="A" * 20, decimals=200, height=1)
    tree, (proof,) = tree_of(scope, Row("x" * 300, (1 << 128) - 1))
    page.size(320, 568, mobile=True)
    commitment = published(tree, entity="E" * 128, snapshot=scope.snapshot)
    page.open(f"file://{written(tmp_path / 'site', commitment)}#{language}")
    width = "[document.documentElement.scrollWidth, document.body.scrollWidth]"
    assert page.run(width) == [320, 320]
    page.run("document.querySelector('details').open = true")
    page.paste(proof.strip() + "\n" + proofs["ada"].strip() + "\n" + json.dumps({"a": 1}))
    assert page.cards() == ["counted", "refused", "refused"]
    assert page.run(width) == [320, 320]
    assert page.run("matchMedia('(max-width: 320px)').matches")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(opened: Tab, proofs: dict[str, str], scheme: str) -> None:
    opened.prefer(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
    opened.run("document.querySelector('details').open = true")
    opened.paste(proofs["ada"].strip() + "\n" + json.dumps({"a": 1}))
    found = opened.run(CONTRASTS)
    assert len(found) > 50
    assert [one for one in found if one[0] < 100 * LEAST_CONTRAST] == []
    assert opened.run("getComputedStyle(document.body).backgroundColor") == (
        "rgb(246, 247, 249)" if scheme == "light" else "rgb(17, 22, 29)"
    )


def test_nothing_moves_for_who_wants_no_motion(opened: Tab) -> None:
    moving = """[...document.querySelectorAll('*')]
        .filter((one) => getComputedStyle(one).transitionDuration !== '0s').length"""
    assert opened.run(moving) > 0
    opened.prefer(prefers_reduced_motion="reduce")
    assert opened.run(moving) == 0

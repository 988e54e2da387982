from __future__ import annotations

import pytest

from reservecheck.report.plain import for_markdown, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("kaede btc-hot 1", "kaede btc-hot 1"),
        ("카에데", "카에데"),
        ("\x1b[2J", "\\u{1b}[2J"),
        ("a\nb\tc\r", "a\\u{a}b\\u{9}c\\u{d}"),
        ("evil\u202egnp.exe", "evil\\u{202e}gnp.exe"),
        ("zero\u200bwidth", "zero\\u{200b}width"),
        ("\x9b31m", "\\u{9b}31m"),
        ("\u2028", "\\u{2028}"),
        ("hangul\u3164filler", "hangul\\u{3164}filler"),
        ("\u2800", "\\u{2800}"),
        ("a\ufe0fb", "a\\u{fe0f}b"),
        ("no\xa0break", "no\\u{a0}break"),
        ("株式会社\u3000楓", "株式会社\u3000楓"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_instead(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>&\"'", "&lt;b&gt;&amp;\"'"),
        ("[x](y)", "\\[x\\](y)"),
        ("a|b", "a\\|b"),
        ("*_`~#", "\\*\\_\\`\\~\\#"),
        ("https://x.example", "https:&#47;&#47;x.example"),
        ("www.x.example", "www&#46;x.example"),
        ("a@b.example", "a&#64;b.example"),
    ],
)
def test_what_markdown_would_render_is_shown_instead(text: str, shown: str) -> None:
    assert for_markdown(text) == shown

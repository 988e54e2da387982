"""The page talks to nobody and runs nothing but itself, whatever is put into it and wherever it lies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from tests.commitment.trees import SCOPE
from tests.customers_page.chromium import Tab
from tests.customers_page.sites import Served, published, served, tree_of, written

from reservecheck.commitment.columns import Row
from reservecheck.commitment.scheme import Scope

HOSTILE: Final = (
    "<img src=https://evil.example/x onerror='document.title=1'><script>document.title=2</script>\"'&amp;"
)


@pytest.fixture
def server(index: Path) -> Iterator[Served]:
    with served(index.parent) as running:
        yield running


def requests(page: Tab) -> list[str]:
    """Every request since the tab was at about:blank, by address."""
    return [one["request"]["url"] for one in page.heard("Network.requestWillBeSent")]


def used(page: Tab, proofs: dict[str, str], folder: Path) -> None:
    """Everything a customer does: paste, choose, drop, change the language, open what is folded."""
    (folder / "proof.json").write_text(proofs["ben"], encoding="utf-8")
    page.paste(proofs["ada"])
    assert page.cards() == ["counted"]
    page.choose(folder / "proof.json")
    page.drop(folder / "proof.json")
    page.paste('{"scheme": "https://evil.example/"}')
    for language in ("ko", "ja", "en"):
        page.run(f"location.hash = '{language}'")
        page.until(f"document.documentElement.lang === '{language}'")
    page.run("document.querySelector('details').open = true")


def test_from_a_file_the_page_asks_for_itself_and_for_nothing_else(
    fresh: Tab, index: Path, proofs: dict[str, str], tmp_path: Path
) -> None:
    fresh.call(
        "Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0
    )
    fresh.open(f"file://{index}")
    used(fresh, proofs, tmp_path)
    assert requests(fresh) == [f"file://{index}"]
    assert fresh.heard("Log.entryAdded") == []
    assert fresh.heard("Runtime.exceptionThrown") == []


def test_from_a_server_the_page_is_asked_for_once_and_nothing_after(
    fresh: Tab, server: Served, proofs: dict[str, str], tmp_path: Path
) -> None:
    fresh.open(server.url)
    assert requests(fresh) == [server.url]
    fresh.call(
        "Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0
    )
    used(fresh, proofs, tmp_path)
    assert requests(fresh) == [server.url]
    assert server.asked == ["GET /"]


def test_nothing_is_stored_and_no_cookie_set(
    fresh: Tab, server: Served, proofs: dict[str, str], tmp_path: Path
) -> None:
    fresh.open(server.url)
    used(fresh, proofs, tmp_path)
    assert fresh.call("Network.getCookies")["cookies"] == []
    stored = "Promise.all([indexedDB.databases(), caches.keys(), navigator.serviceWorker.getRegistrations()])"
    assert fresh.run(stored) == [[], [], []]
    assert fresh.run("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


@pytest.mark.parametrize(
    "tried",
    [
        "fetch('{url}stolen')",
        "new Promise((yes, no) => Object.assign(new Image(), {{ onload: yes, onerror: no, src: '{url}x' }}))",
        "new Promise((yes, no) => Object.assign(new WebSocket('ws{rest}x'), {{ onopen: yes, onerror: no }}))",
        "new Promise((yes, no) => Object.assign(new EventSource('{url}x'), {{ onopen: yes, onerror: no }}))",
        "import('{url}por_mst_1.js')",
    ],
    ids=["fetch", "image", "socket", "events", "module"],
)
def test_the_policy_blocks_what_a_script_would_send(fresh: Tab, server: Served, tried: str) -> None:
    fresh.open(server.url)
    script = tried.format(url=server.url, rest=server.url.removeprefix("http"))
    assert fresh.run(f"({script}).then(() => 'sent', () => 'blocked')") == "blocked"
    fresh.run("navigator.sendBeacon('/x', 'balance')")  # it tells nobody whether anything was sent
    fresh.run("new Promise((done) => setTimeout(done, 100))")
    assert server.asked == ["GET /"]
    assert [one["entry"]["source"] for one in fresh.heard("Log.entryAdded")].count("security") >= 1


def test_the_policy_blocks_scripts_forms_and_text_as_html(fresh: Tab, server: Served) -> None:
    fresh.open(server.url)
    added = (
        "const one = document.createElement('script'); one.text = 'document.title = 9'; document.body.append(one)"
    )
    assert fresh.run(f"(() => {{ try {{ {added} }} catch (error) {{ return error.name }} }})()") == "TypeError"
    assert fresh.run(
        "(() => { try { document.body.innerHTML = '<b>x</b>' } catch (error) { return error.name } })()"
    ) == ("TypeError")
    put = "const one = document.createElement('{}'); {}; document.body.append(one)"
    style = put.format("style", "one.textContent = 'body { opacity: 0 }'")
    assert fresh.run(f"(() => {{ {style}; return getComputedStyle(document.body).opacity }})()") == "1"
    form = put.format("form", "one.action = '/stolen'")
    fresh.run(f"{form}; one.submit(); 0")
    fresh.run("new Promise((done) => setTimeout(done, 100))")
    assert server.asked == ["GET /"]


@pytest.mark.parametrize("place", ["customer", "snapshot", "entity", "file"])
def test_html_in_a_proof_is_text(page: Tab, tmp_path: Path, place: str) -> None:
    texts: dict[str, Any] = {"customer": "ada", "snapshot": SCOPE.snapshot, "entity": "Hanul"}
    name = "proof.json"
    if place == "file":
        name = HOSTILE.replace("/", "∕")
    else:
        texts[place] = HOSTILE
    scope = Scope(snapshot=texts["snapshot"], asset="BTC", decimals=8, height=1)
    tree, (proof,) = tree_of(scope, Row(texts["customer"], 7))
    commitment = published(tree, entity=texts["entity"], snapshot=scope.snapshot)
    page.open(f"file://{written(tmp_path / 'site', commitment)}#en")
    (tmp_path / name).write_text(proof, encoding="utf-8")
    page.choose(tmp_path / name)
    assert page.cards() == ["counted"]
    assert (name if place == "file" else HOSTILE) in page.text()
    assert page.run("document.querySelectorAll('img, main script').length") == 0
    assert page.run("document.title") == "Were you counted in what the exchange says it owes?"
    assert requests(page) == [f"file://{tmp_path / 'site' / 'index.html'}"]


@pytest.mark.parametrize("place", ["snapshot", "asset"])
def test_html_in_a_refused_proof_is_text(opened: Tab, proofs: dict[str, str], place: str) -> None:
    opened.paste(json.dumps({**json.loads(proofs["ada"]), place: HOSTILE}))
    assert opened.cards() == ["refused"]
    assert f"In your proof\n{HOSTILE}\n" in opened.text(".card")
    assert opened.run("document.querySelectorAll('img, main script').length") == 0


def test_signs_nobody_sees_are_written_out(page: Tab, tmp_path: Path) -> None:
    scope = Scope(snapshot="s", asset="BTC", decimals=8, height=0)
    tree, (proof,) = tree_of(scope, Row("a\u200bd\u3164a\u202e\u2800\xa0", 7))
    page.open(f"file://{written(tmp_path / 'site', published(tree, snapshot='s'))}#en")
    page.paste(proof)
    assert page.text(".id") == "a\\u{200b}d\\u{3164}a\\u{202e}\\u{2800}\\u{a0}"


def test_where_a_browser_hashes_nothing_the_page_says_so(opened: Tab, proofs: dict[str, str]) -> None:
    opened.run("Object.defineProperty(crypto, 'subtle', { value: undefined }); 0")
    opened.run(f"document.getElementById('text').value = {json.dumps(proofs['ada'])}")
    opened.run("document.querySelector('#paste button').click()")
    assert opened.text("#status").startswith("This browser lets a page compute hashes only over https")
    assert opened.cards() == []


def test_where_the_check_cannot_run_the_page_says_that_nothing_was_shown(
    opened: Tab, proofs: dict[str, str]
) -> None:
    opened.run("globalThis.porMst1 = undefined; 0")  # as in a browser that cannot read the verifier
    opened.run(f"document.getElementById('text').value = {json.dumps(proofs['ada'])}")
    opened.run("document.querySelector('#paste button').click()")
    opened.until("document.querySelector('#status').textContent !== 'Checking …'")
    assert opened.text("#status").startswith("The check could not be run in this browser. Nothing was shown")
    assert opened.cards() == []

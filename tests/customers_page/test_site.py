"""The files of the site: the verifier as it is shipped, the commitment as it is published, nothing else."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

import pytest
from tests.commitment.trees import SCOPE
from tests.customers_page import chromium
from tests.customers_page.sites import ADDRESS, ETH, published

from reservecheck.errors import InputError, ReservecheckError
from reservecheck.inclusion.site import HANDED_ON, digests, site

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "src/reservecheck/inclusion/page"
COMMITMENT: Final = published(ETH)


def index(commitment: bytes = COMMITMENT, address: str | None = ADDRESS) -> str:
    return site(commitment, "commitment.json", address)["index.html"].decode()


def script_of(page: str, number: int) -> str:
    found: list[str] = re.findall(r"<script type=\"module\">(.*?)</script>", page, re.DOTALL)
    return found[number]


def embedded(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="published">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    made: dict[str, object] = json.loads(found[1])
    return made


def test_the_verifier_in_the_page_is_the_one_that_is_shipped_byte_for_byte() -> None:
    shipped = (FOLDER / "por_mst_1.js").read_bytes()
    assert script_of(index(), 0).encode() == shipped + HANDED_ON.encode()
    assert site(COMMITMENT, "c", None)["por_mst_1.js"] == shipped


def test_the_commitment_in_the_page_and_beside_it_is_the_one_that_is_published() -> None:
    assert embedded(index())["commitment"] == COMMITMENT.decode()
    assert embedded(index())["digest"] == hashlib.sha256(COMMITMENT).hexdigest()
    assert site(COMMITMENT, "c", None)["commitment.json"] == COMMITMENT


def test_the_policy_names_the_scripts_and_the_style_that_stand_in_the_page() -> None:
    page = index()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)[0]
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in (script_of(page, 0), script_of(page, 1), style)
    ]
    assert policy == (
        f"default-src 'none'; script-src {hashes[0]} {hashes[1]}; style-src {hashes[2]}; connect-src 'none'; "
        "form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def test_the_page_loads_nothing() -> None:
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", index(), flags=re.DOTALL)
    assert re.findall(r"\b(?:src|href|action|style|on\w+)=", markup) == []


@pytest.mark.parametrize("name", ["por_mst_1.js", "reading.js", "page.js", "style.css"])
def test_no_text_that_stands_in_the_page_ends_its_element(name: str) -> None:
    assert re.search(r"</|<!--|<script", (FOLDER / name).read_text(encoding="utf-8"), re.IGNORECASE) is None


def test_html_in_a_commitment_does_not_leave_its_element() -> None:
    page = index(published(ETH, entity="</script><script>alert(1)</script><!--"))
    assert page.count("<script") == index().count("<script")
    assert json.loads(str(embedded(page)["commitment"]))["entity"] == "</script><script>alert(1)</script><!--"


def test_braces_in_a_commitment_are_no_places_of_the_page() -> None:
    page = index(published(ETH, entity="{{style}}{entity}"))
    assert json.loads(str(embedded(page)["commitment"]))["entity"] == "{{style}}{entity}"


def test_the_same_commitment_makes_the_same_bytes() -> None:
    assert dict(site(COMMITMENT, "a", ADDRESS)) == dict(site(COMMITMENT, "b", ADDRESS))
    assert index() != index(address=None)


def test_digests_are_written_as_sha256sum_reads_them(tmp_path: Path) -> None:
    files = site(COMMITMENT, "c", ADDRESS)
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict"],  # noqa: S607  # of the machine's own coreutils
        input=digests(files) + "\n",
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=True,
    )
    assert checked.stdout == "commitment.json: OK\nindex.html: OK\npor_mst_1.js: OK\n"


def test_what_is_no_commitment_makes_no_page() -> None:
    with pytest.raises(InputError) as refused:
        site(b"[]", "commitment.json", None)
    said = "commitment.json: the fields are not those of reservecheck/commitment/v1-draft"
    assert str(refused.value) == f"{said}\n  hint: it has to be the file as the exchange published it"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://",
        "http://hanul.example/statement.pdf",
        "javascript:alert(1)",
        "HTTPS://hanul.example",
        "https://hanul.example/a b",
        "https://hanul.example/\n",
        "https://한울.example",
        "https://x/" + "a" * 2_000,
    ],
)
def test_an_address_that_is_not_of_https_makes_no_page(address: str) -> None:
    with pytest.raises(ReservecheckError) as refused:
        site(COMMITMENT, "commitment.json", address)
    assert str(refused.value) == (
        "the statement's address is not one that begins with https://\n"
        "  hint: write it as in https://exchange.example/statement.pdf"
    )


def test_an_address_cannot_leave_the_place_it_stands_in() -> None:
    page = index(address='https://x/"></script><script>alert(1)</script>')
    assert page.count("<script") == index().count("<script")
    assert html.unescape(str(embedded(page)["statement"])) == 'https://x/"></script><script>alert(1)</script>'


def test_the_page_is_in_the_wheel(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        inside = set(opened.namelist())
    shipped = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert len(shipped) == 8
    assert {f"reservecheck/inclusion/page/{path.relative_to(FOLDER).as_posix()}" for path in shipped} <= inside


def test_without_a_browser_the_tests_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    with pytest.raises(pytest.fail.Exception) as failed:
        chromium.program()
    assert str(failed.value) == (
        "no Chromium is installed: on Debian run tools/install_chromium.sh as root; elsewhere install Chromium and "
        "name its program in CHROMIUM"
    )


def test_the_snapshot_is_the_commitment_s() -> None:
    assert json.loads(str(embedded(index())["commitment"]))["snapshot"] == SCOPE.snapshot

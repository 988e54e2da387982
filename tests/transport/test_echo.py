"""Every spelling in which a host repeats a credential is found, and honest answers are not taken for one."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.transport.echo import echoes, texts_of_headers, texts_of_url
from reservecheck.transport.endpoint import Endpoint
from reservecheck.transport.wire import Wire

HOST = "http://127.0.0.1:8545"
KEY = "sk-9f86d081884c7d659a2f"
BASE64 = "Zm9v/YmFy+cXV1eA/9f86d0=="
PHRASE, SHORT = "correct-horse", "horse"
ODD = "a b|c^d-0123456789"
SIGNS = st.characters(min_codepoint=32, max_codepoint=126)


def repeats(endpoint: Endpoint, text: str) -> bool:
    """Whether an answer with a text in it, as it stands, counts as an echo."""
    wire = Wire("a", endpoint, largest_body=1)
    found = wire.echoes(f'{{"error":{{"message":"key {text} has no access"}}}}'.encode())
    wire.close()
    return found


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        (Endpoint(HOST, headers={"Authorization": f"Bearer {KEY}"}), KEY),
        (Endpoint(HOST, headers={"Authorization": f"Bearer {KEY}"}), f"bearer {KEY}"),
        (Endpoint(HOST, headers={"Cookie": f"a=b; session={KEY}"}), KEY),
        (Endpoint(HOST, headers={"X-Api-Key": BASE64}), BASE64.replace("/", "\\/")),
        (Endpoint(HOST, headers={"X-Api-Key": BASE64}), quote(BASE64, safe="")),
        (Endpoint(HOST, headers={"X-Api-Key": 'say"key"\\0123'}), 'say\\"key\\"\\\\0123'),
        (Endpoint(HOST, user="alice123", password=PHRASE), b64encode(b"alice123:correct-horse").decode()),
        (Endpoint(HOST, user="alice1", password=PHRASE), b64encode(b"alice1:correct-horse").decode()[:-1]),
        (Endpoint(HOST, user="al", password=SHORT), "al:horse"),
        (Endpoint("http://al:hor%3Fse@h.example"), "al:hor?se"),
        (Endpoint("http://alice123:hor%3Fse-1@h.example"), "hor%3fse-1"),
        (Endpoint("http://alice123:hor%3Fse@h.example"), b64encode(b"alice123:hor?se").decode()),
        (Endpoint(f"{HOST}/rpc?apikey={quote(BASE64, safe='')}"), quote(BASE64, safe="")),
        (Endpoint(f"{HOST}/rpc?apikey={quote(BASE64, safe='')}"), BASE64),
        (Endpoint(f"{HOST}/rpc?apikey=a+b+c+d+e"), "a b c d e"),
        (Endpoint(f"{HOST}/?{KEY}"), KEY),
        (Endpoint(f"{HOST}/?net=1&{KEY}"), KEY),
        (Endpoint(f"{HOST}/v3/{quote(ODD)}"), quote(ODD)),
        (Endpoint(f"{HOST}/v3/{quote(ODD)}"), ODD),
        (Endpoint(f"{HOST}/v3/one%2F0123456789"), "one/0123456789"),
        (Endpoint(f"{HOST}/v2/abcdef012345678"), "abcdef012345678"),
        (Endpoint(f"{HOST}/v2/abcdef012345"), "abcdef012345"),
        (Endpoint(f"{HOST}/v2/{KEY}"), KEY.upper()),
        (Endpoint(f"{HOST}/v2/key<0123456789abcdef"), "key\\u003c0123456789abcdef"),
        (Endpoint(f"{HOST}/v2/key<0123456789abcdef"), "key\\\\u003C0123456789abcdef"),
        (Endpoint(f"{HOST}/v2/%F0%9F%94%91-0123456789"), "\\ud83d\\udd11-0123456789"),
        (Endpoint("https://9f86d081884c7d65.eth.example.com"), "9f86d081884c7d65"),
    ],
)
def test_a_credential_is_found_however_it_is_repeated(endpoint: Endpoint, said: str) -> None:
    assert repeats(endpoint, said)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/v3/ethereum/mainnet/rpc", "/v3/ethereum/mainnet/rpc"),
        ("/ethereum-mainnet/arbitrum-one.v1", "ethereum-mainnet arbitrum-one.v1"),
        ("/ext/bc/C/rpc", "ext bc C rpc"),
        ("/node-of-us", "node-of-us"),
        ("/?network=ethereum", "ethereum"),
        ("/?v=3", "3"),
        ("", "127.0.0.1"),
    ],
)
def test_a_word_of_everybodys_paths_is_no_credential(path: str, said: str) -> None:
    assert not repeats(Endpoint(HOST + path), said)


def test_a_short_word_of_a_header_or_a_host_is_no_credential() -> None:
    assert not repeats(Endpoint(HOST, headers={"Authorization": f"Bearer {KEY}"}), "Bearer")
    assert not repeats(Endpoint("https://publicnode-of-somebody.example.com"), "publicnode-of-somebody")
    assert not repeats(Endpoint(HOST, user="bob", password=SHORT), "bob horse")


def test_without_credentials_nothing_is_an_echo() -> None:
    assert not echoes(b"", ())
    assert not echoes(b'{"result":"\\"0x"}', ())


def test_a_cookie_is_found_with_its_user_and_as_it_is_sent(tmp_path: Path) -> None:
    cookie = tmp_path / ".cookie"
    cookie.write_text("__cookie__:0123456789")
    for said in ("0123456789", "__cookie__:0123456789", b64encode(b"__cookie__:0123456789").decode()):
        assert repeats(Endpoint(HOST, cookie_file=cookie), said)


@given(st.text(SIGNS, min_size=8), st.integers(0, 4))
def test_a_header_is_found_in_json_inside_json(value: str, times: int) -> None:
    said = value
    for _ in range(times):
        said = json.dumps({"message": said})
    assert echoes(said.encode(), texts_of_headers([value], None))


@given(st.text(SIGNS, min_size=12).filter(lambda text: any(map(str.isdecimal, text))))
def test_a_path_is_found_as_sent_and_decoded(key: str) -> None:
    texts = texts_of_url("h", b"/v9/" + quote(key, safe="").encode() + b"?x=1", b"")
    assert not texts or (echoes(key.encode(), texts) and echoes(quote(key, safe="").encode(), texts))
